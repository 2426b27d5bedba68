"""Two at the same moment: one deed after the other, the second told so in words, and nobody waits for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from songhe.assessment.models import Assessment, Assessor, Form, Result
from songhe.assessment.operations.asking import accept, ask
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.objecting import object_to
from songhe.assessment.operations.reviewing import confirm, send_back
from songhe.assessment.operations.visiting import FieldChange, content_digest, save_form, sign, submit
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import SongheError
from tests.assessment.teams import (
    DRAWING,
    NOW,
    TODAY,
    able,
    acting,
    appointed,
    assessor,
    basics,
    changes_of,
    handed_in,
    older_person,
    organisation,
)
from tests.database import database_copy

DESK = Actor(None, "何俊", "", frozenset(f"assessment.{one}" for one in ("ask", "accept", "review", "read")))
ROUNDS = 6


@pytest.fixture(scope="module")
def team(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Assessor]]:
    """Two who are sent, in a database of one's own in which everything is committed."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    with database_copy("_assessing") as copy, django_db_blocker.unblock():
        parts = conninfo_to_dict(copy.web)
        settings.update(NAME=parts["dbname"], USER=parts["user"], HOST=parts["host"], PORT=parts["port"])
        connections.close_all()
        with scoped(DESK, "test"):
            body = organisation()
            both = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False, login="lwb")]
        yield both
        connections.close_all()
        settings.update(before)


def together(*deeds: Any) -> list[str]:
    """Runs all at once, each in its own thread and transaction; what came of each."""
    barrier = Barrier(len(deeds))

    def run(deed: Any) -> str:
        try:
            barrier.wait()
            with scoped(DESK, "test"):
                deed()
            return "done"
        except SongheError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def signed(team: list[Assessor]) -> tuple[Assessment, Form]:
    """A form filled in and signed, with nothing left but to hand it in."""
    with scoped(DESK, "test"):
        row, me, form_id = appointed(DESK, older_person(), team), acting(team[0]), uuid4()
        save_form(actor=me, assessment=row.pk, form_id=form_id, changes=changes_of(able(), basics()), now=NOW)
        form = Form.objects.get(pk=form_id)
        for one in team:
            sign(actor=me, form_id=form_id, assessor=one.pk, drawing=DRAWING, digest=content_digest(form), now=NOW)
        return row, form


@pytest.mark.covers("ASM-01")
def test_handing_in_and_changing_at_once_ends_one_way_or_the_other(team: list[Assessor]) -> None:
    for _round in range(ROUNDS):
        row, form = signed(team)
        change = [FieldChange("B.1.1", "0", "4", NOW)]
        came = together(
            lambda form=form: submit(actor=acting(team[0]), form_id=form.pk, assessed_date=TODAY, now=NOW),
            lambda row=row, form=form, change=change: save_form(
                actor=acting(team[1]), assessment=row.pk, form_id=form.pk, changes=change, now=NOW
            ),
        )
        with scoped(DESK, "test"):
            form.refresh_from_db()
            row.refresh_from_db()
        if form.state == "submitted":
            assert (came[0], form.answers["B.1.1"], row.state) == ("done", "4", "submitted")
            assert "已经交了" in came[1]
        else:
            assert ("还没签字" in came[0], form.answers["B.1.1"], row.state) == (True, "0", "appointed")


@pytest.mark.covers("ASM-01")
def test_a_form_is_handed_in_once_and_reviewed_once(team: list[Assessor]) -> None:
    row, form = signed(team)
    hand_in = lambda who: submit(actor=acting(who), form_id=form.pk, assessed_date=TODAY, now=NOW)  # noqa: E731
    assert together(*(lambda who=who: hand_in(who) for who in team * 2)) == ["done"] * 4
    came = Counter(
        together(
            *(lambda: confirm(actor=DESK, assessment=row.pk, now=NOW) for _ in range(2)),
            *(lambda: send_back(actor=DESK, assessment=row.pk, words="再看", now=NOW) for _ in range(2)),
        )
    )
    assert came["done"] == 1
    with scoped(DESK, "test"):
        row.refresh_from_db()
        assert (row.state, Result.objects.filter(assessment=row).count()) in {("confirmed", 1), ("appointed", 0)}


@pytest.mark.covers("ASM-01")
def test_one_is_asked_for_and_one_objection_is_raised(team: list[Assessor]) -> None:
    with scoped(DESK, "test"):
        person = older_person()
        done = appointed(DESK, person, team, "institution")
        handed_in(done, team, able())
        result = confirm(actor=DESK, assessment=done.pk, now=NOW)
    asked = together(
        *(
            lambda: ask(actor=DESK, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
            for _ in range(4)
        )
    )
    assert asked.count("done") == 1
    raised = together(
        *(lambda: object_to(actor=DESK, result=result.pk, words="不对", raised_by="self", now=NOW) for _ in range(4))
    )
    assert raised.count("done") == 1


@pytest.mark.covers("ASM-04")
def test_nobody_is_sent_to_two_doors_by_two_desks_at_once(team: list[Assessor]) -> None:
    for number in range(ROUNDS):
        at, rows = NOW + timedelta(days=400 + number), []
        with scoped(DESK, "test"):
            for _two in range(2):
                row = ask(
                    actor=DESK, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self",
                    now=NOW,
                )  # fmt: skip
                accept(actor=DESK, assessment=row.pk, now=NOW)
                rows.append(assign(actor=DESK, assessment=row.pk, assessors=[one.pk for one in team], now=NOW))
        came = together(
            *(lambda row=row, at=at: appoint(actor=DESK, assessment=row.pk, visit_at=at, place="", now=NOW)
              for row in rows)
        )  # fmt: skip
        assert came.count("done") == 1, came
        assert any("在别处" in one for one in came)
