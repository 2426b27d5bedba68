"""Long work is begun, left, watched from elsewhere, stopped; its end is told by a notice."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from songhe.foundation.jobs import Progress
from songhe.foundation.jobs.running import run_beside
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import sync_api

JOBS = "SELECT id FROM jobs_job WHERE state = 'queued' ORDER BY created_at DESC LIMIT 1"
STATE = "SELECT state FROM jobs_job WHERE id = %s"
DISTRICT = "420704000000"


@contextmanager
def held_half_way(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A worker does the newest job and stops half way until the event is set."""
    ((job,),) = town.rows(JOBS)
    half_way, go_on = threading.Event(), threading.Event()
    at = Progress.at

    def told(self: Progress, done: int, total: int, words: str = "", **more: Any) -> None:
        at(self, 40, 100, "写了一半", **more)
        half_way.set()
        go_on.wait(60)
        self.check_cancelled()

    monkeypatch.setattr(Progress, "at", told)

    def work() -> None:
        run_beside(job, DISTRICT)
        connections.close_all()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    assert half_way.wait(60)
    yield go_on
    go_on.set()
    worker.join(60)
    monkeypatch.undo()


def test_work_goes_on_while_nobody_looks_and_is_found_again(
    enter: VisitorFor, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = enter("officer-420704")
    officer.opens("/people/")
    officer.follows("导出", "要哪些列")
    officer.clicks(re.compile(r"^导出[\d,]+人$"), "导出老人名单")
    address = officer.path()
    with held_half_way(town, monkeypatch):
        officer.opens(address)
        officer.sees("写了一半")
        officer.opens("/")
        officer.opens("/jobs/")
        officer.sees("在做的", "导出老人名单", "写了一半")
    officer.opens("/")
    officer.opens("/notices/")
    officer.clicks(re.compile("^打开：.*导出老人名单"))
    officer.sees("看结果")
    assert officer.path() == address
    officer.opens("/jobs/")
    row = officer.page.get_by_role("row", name=re.compile("^导出老人名单"))
    sync_api.expect(row.first).to_contain_text("完成")


def test_work_is_stopped_and_leaves_nothing(enter: VisitorFor, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = enter("officer-420704")
    officer.opens("/people/?age_from=80")
    officer.follows("导出", "要哪些列")
    officer.clicks(re.compile(r"^导出[\d,]+人$"), "导出老人名单")
    address = officer.path()
    with held_half_way(town, monkeypatch):
        officer.opens(address)
        officer.follows("停掉", "做到一半的都退回")
        officer.clicks("停掉")
    officer.opens(address)
    officer.sees("按要求停了")
    assert officer.page.get_by_role("link", name="看结果").count() == 0
    assert town.one(STATE, address.split("/")[2]) == "cancelled"
