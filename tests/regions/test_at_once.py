"""Two administrators at the same moment: one change after the other, and the second is checked against the first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import Conflict, Refused
from songhe.regions.models import Alteration, Division
from songhe.regions.operations import altering
from songhe.regions.operations.altering import apply_due_changes, decide
from songhe.regions.permissions import CHANGE
from songhe.regions.queries import as_of
from songhe.regions.seeding import load_divisions

WUDU, GUCHENG, NANTA = "420704001002", "420704001003", "420704001004"
ADMIN = Actor.system("何俊", "420700", [CHANGE])
TODAY, DAY, LATER = date(2026, 11, 18), date(2026, 3, 1), date(2027, 1, 1)
AT_ONCE = 4


@pytest.fixture(scope="module", autouse=True)
def ezhou(database: None) -> None:
    load_divisions("420700", date(2023, 7, 1))


def together(*deeds: Any) -> list[str]:
    """Runs all at once, each in its own thread and transaction; what came of each."""
    barrier = Barrier(len(deeds))

    def run(deed: Any) -> str:
        try:
            barrier.wait()
            with transaction.atomic():
                deed()
            return "done"
        except (Refused, Conflict) as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def doing(planned: Any, on_date: date = DAY) -> Any:
    return lambda: decide(
        actor=ADMIN, today=TODAY, now=timezone.now(), planned=planned, on_date=on_date, document="鄂州政函〔2026〕5号"
    )


def test_a_code_is_given_once() -> None:
    came = together(*(doing(altering.adding("420704001090", f"松鹤{number}社区")) for number in range(AT_ONCE)))
    assert came.count("done") == 1
    assert sum("已有" in one for one in came) == AT_ONCE - 1
    assert Division.objects.filter(code="420704001090").count() == 1


def test_two_that_merge_into_each_other_do_not_both_go() -> None:
    came = together(doing(altering.merging([WUDU], GUCHENG)), doing(altering.merging([GUCHENG], WUDU)))
    assert came.count("done") == 1
    assert [as_of(code, DAY) is not None for code in (WUDU, GUCHENG)].count(True) == 1


def test_two_workers_do_what_is_due_once() -> None:
    doing(altering.renaming(NANTA, "南塔新社区"), LATER)()
    came: list[int] = []
    together(*(lambda: came.append(apply_due_changes(today=LATER, now=timezone.now())) for _ in range(2)))
    assert sorted(came) == [0, 1]
    assert Alteration.objects.get(on_date=LATER).state == "done"
