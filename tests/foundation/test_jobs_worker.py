"""The worker as a process: it takes what waits, is killed, asked to end, and loses its database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from songhe.config.cli.work import work
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.preparing import Database
from songhe.foundation.jobs import start
from songhe.foundation.jobs.boards import BoardBeside
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import cancel
from songhe.foundation.jobs.running import run_beside, run_in_place
from songhe.foundation.jobs.states import JobState
from songhe.kernel.errors import BadInput
from songhe.people.models import Household
from tests.foundation import job_handlers  # noqa: F401

CITY = Actor.system("测试", "420700")
FENGHUANG = "420704001002"
ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS = 40


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, platform_database: Database) -> Iterator[Database]:
    """What the test writes is committed; afterwards the owner empties the tables it may have touched."""
    with django_db_blocker.unblock():
        yield platform_database
        connections.close_all()
    with psycopg.connect(platform_database.owner, autocommit=True) as owner:
        owner.execute("TRUNCATE jobs_job, people_household, procrastinate_jobs, procrastinate_workers CASCADE")


@contextmanager
def worker(database: Database) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.job_worker"],
        cwd=ROOT,
        env=os.environ | {"SONGHE_DATABASE": database.web, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def now(job: Job) -> Job:
    with scoped(CITY, "test"):
        return Job.objects.get(pk=job.pk)


def until(true: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def households() -> int:
    with scoped(CITY, "test"):
        return Household.objects.filter(address="慢活").count()


def slow(flag: Path, seconds: float) -> Job:
    with scoped(CITY, "test"):
        return start(CITY, "test.slow", {"region": FENGHUANG, "flag": str(flag), "seconds": seconds}, "慢活")


def test_a_killed_workers_job_is_taken_up_and_done_once(committed: Database, tmp_path: Path) -> None:
    job = slow(tmp_path / "flag", 60)
    with worker(committed) as first:
        until(lambda: now(job).done > 0, "progress is seen while the work is open")
        assert (now(job).state, households()) == (JobState.RUNNING, 0)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with worker(committed):
        until(lambda: now(job).state == JobState.DONE, "another worker does it")
    done = now(job)
    assert (done.attempts, done.result, households()) == (2, {"counts": {"户": 1}}, 1)


def test_a_worker_asked_to_end_undoes_and_puts_back(committed: Database, tmp_path: Path) -> None:
    job = slow(tmp_path / "flag", 60)
    with worker(committed) as first:
        until(lambda: now(job).done > 0, "it works")
        first.send_signal(signal.SIGTERM)
        assert first.wait(_PATIENCE_SECONDS) == 0
    assert (now(job).state, now(job).attempts, households()) == (JobState.QUEUED, 0, 0)
    with worker(committed):
        until(lambda: now(job).state == JobState.DONE, "the next worker does it")
    assert households() == 1


def test_running_work_is_stopped_from_outside_and_undone(committed: Database, tmp_path: Path) -> None:
    job = slow(tmp_path / "flag", 60)
    with worker(committed):
        until(lambda: now(job).done > 0, "it works")
        with scoped(CITY, "test"):
            cancel(actor=Actor.system("测试", "420700", {"jobs.stop"}), job=job, now=job.created_at)
        until(lambda: now(job).state == JobState.CANCELLED, "it stops")
    assert households() == 0


def test_broken_connections_are_mended_and_the_work_begins_anew(committed: Database, tmp_path: Path) -> None:
    job = slow(tmp_path / "flag", 60)
    with worker(committed) as process:
        until(lambda: now(job).done > 0, "it works")
        with psycopg.connect(committed.web, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = 'songhe_web' AND datname = current_database() AND pid <> pg_backend_pid() "
                "AND pid <> ALL(%s)",
                [_own_pids()],
            )
        until(lambda: now(job).state == JobState.DONE, "it is done again after all")
        assert process.poll() is None
    assert (now(job).attempts, households()) == (2, 1)


def _own_pids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return [cursor.fetchone()[0]]


def test_two_workers_never_do_one_job(committed: Database, tmp_path: Path) -> None:
    job = slow(tmp_path / "flag", 0)
    with BoardBeside(job.pk, job.region_code) as other:
        assert other.taken
        run_beside(job.pk, job.region_code)
        assert run_in_place(job).state == JobState.QUEUED
        assert households() == 0
    run_beside(job.pk, job.region_code)
    assert run_in_place(job).state == JobState.DONE
    run_beside(job.pk, job.region_code)
    assert (now(job).state, now(job).attempts, households()) == (JobState.DONE, 1, 1)


def test_the_command_works_until_it_is_asked_to_end(committed: Database, tmp_path: Path) -> None:
    job = slow(tmp_path / "flag", 0)
    with scoped(CITY, "test"):
        Job.objects.update(kind="nobody.knows")
    settings = {"SONGHE_DATABASE": committed.web, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.Popen(
        [sys.executable, "-m", "songhe.config.cli", "work"], cwd=ROOT, env=os.environ | settings, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        until(lambda: now(job).state == JobState.FAILED, "it takes what waits")
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 0
    assert said.splitlines() == ["后台起来了", "后台停了"]
    assert "找不到" in now(job).message


def test_without_a_database_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SONGHE_DATABASE", raising=False)
    with pytest.raises(BadInput, match="SONGHE_DATABASE"):
        work.callback(at_once=1)  # type: ignore[misc]
