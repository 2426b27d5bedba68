"""Work in the background: its states, its rights, its progress, and how it ends."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from songhe.foundation import jobs
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.jobs.handlers import handler
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import cancel, check_may_see, may_cancel, start
from songhe.foundation.jobs.queue import waiting
from songhe.foundation.jobs.running import MOST_ATTEMPTS, ended_before, run_in_place, run_queued, take_up_stalled
from songhe.foundation.jobs.states import TRANSITIONS, JobState
from songhe.kernel.errors import Conflict, NotFound, Refused
from tests.foundation import job_handlers
from tests.platform_fixtures import TODAY, ActorFor

NOW = timezone.now()
CITY = Actor.system("测试", "420700")


def found(job: Job) -> Job:
    with scoped(CITY, "test"):
        return Job.objects.get(pk=job.pk)


@pytest.fixture
def officer(account_for: Callable[..., Account]) -> Actor:
    acting = actor_of(account_for("district_officer", "420704000000"), TODAY)
    assert acting is not None
    return acting


def test_work_that_waits_is_done_and_tells_what_came_of_it(db: None) -> None:
    job = start(CITY, "test.count", {"upto": 5}, "数到五", now=NOW)
    assert (job.state, job.region_code) == (JobState.QUEUED, "420700000000")
    (done,) = run_queued()
    assert done.state == JobState.DONE
    assert (done.done, done.total, done.message, done.percent) == (5, 5, "数到5", 100)
    assert done.result == {"counts": {"数到": 5}}
    assert done.started_at is not None and done.finished_at is not None


def test_work_begins_only_when_the_transaction_commits(db: None) -> None:
    class Undone(Exception):
        pass

    begun = []
    with suppress(Undone), scoped(CITY, "test"):
        begun.append(start(CITY, "test.count", {"upto": 1}, "数数"))
        raise Undone
    assert begun[0].queue_id is not None
    assert waiting([begun[0].queue_id]) == set()
    assert run_queued() == []


def test_an_unknown_kind_is_not_started(db: None) -> None:
    with pytest.raises(NotFound, match="没有人会做"):
        start(CITY, "没有人会做", {}, "什么")


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        handler("test.count")(job_handlers.broken)


def test_work_belongs_to_a_region_within_the_actors(db: None, officer: Actor) -> None:
    job = start(officer, "test.count", {"upto": 1}, "数数", "420704001000")
    assert job.region_code == "420704001000"
    with pytest.raises(NotFound):
        start(officer, "test.count", {"upto": 1}, "数数", "420703000000")
    with scoped(Actor.system("测试", "420703"), "test"):
        assert not Job.objects.exists()


@pytest.mark.parametrize(("old", "new"), list(itertools.product(JobState, JobState)))
def test_states_move_only_along_the_table(db: None, old: JobState, new: JobState) -> None:
    with scoped(CITY, "test"):
        job = Job.objects.create(kind="test.count", title="数数", region_code="420700000000", created_at=NOW, state=old)
        if new in TRANSITIONS[old]:
            job.move(new)
            assert found(job).state == new
        else:
            with pytest.raises(Conflict):
                job.move(new)
            assert found(job).state == old


def test_a_right_is_asked_when_work_starts(actor: ActorFor, db: None) -> None:
    with pytest.raises(Refused, match="导入"):
        start(actor("community_worker"), "test.guarded", {}, "要权限的")


@pytest.mark.covers("NET-02")
def test_a_right_revoked_after_the_start_counts_when_the_work_runs(officer: Actor) -> None:
    job = start(officer, "test.guarded", {}, "要权限的")
    Grant.objects.filter(account_id=officer.account_id).update(ended_at=NOW)
    ended = run_in_place(job)
    assert ended.state == JobState.FAILED
    assert "权限" in ended.message


def test_a_smaller_role_held_now_is_not_enough(officer: Actor) -> None:
    job = start(officer, "test.guarded", {}, "要权限的")
    Grant.objects.filter(account_id=officer.account_id).update(role_id="community_worker")
    ended = run_in_place(job)
    assert (ended.state, "导入" in ended.message) == (JobState.FAILED, True)


def test_an_account_that_was_stopped_gets_no_result(officer: Actor) -> None:
    job = start(officer, "test.count", {"upto": 1}, "数数")
    Account.objects.filter(pk=officer.account_id).update(is_active=False)
    assert run_in_place(job).state == JobState.FAILED


def test_work_runs_with_the_rights_of_who_started_it(officer: Actor) -> None:
    job = start(officer, "test.guarded", {}, "要权限的")
    assert run_in_place(job).result == {"counts": {"动作": len(officer.actions)}}


def test_a_refusal_is_told_in_its_own_words(db: None) -> None:
    ended = run_in_place(start(CITY, "test.refused", {}, "坏文件"))
    assert (ended.state, ended.message, ended.error_code) == (JobState.FAILED, "第3行：出生日期写错了", "")


def test_a_bug_is_told_by_a_code_that_leads_to_the_log_without_data(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="songhe"):
        ended = run_in_place(start(CITY, "test.broken", {}, "坏的"))
    assert ended.state == JobState.FAILED
    assert len(ended.error_code) == 4
    assert ended.error_code in caplog.text
    assert "ValueError" in caplog.text and "job_handlers.py" in caplog.text
    assert job_handlers.KEY not in caplog.text + ended.message


def test_waiting_work_is_stopped_at_once(officer: Actor) -> None:
    job = start(officer, "test.count", {"upto": 1}, "数数")
    stopped = cancel(actor=officer, job=job, now=NOW)
    assert stopped.state == JobState.CANCELLED
    with scoped(officer, "test"):
        assert Entry.objects.get(subject=str(job.pk)).action == "jobs.cancel"
    assert job.queue_id is not None and waiting([job.queue_id]) == set()
    with pytest.raises(Conflict, match="停了"):
        cancel(actor=officer, job=job, now=NOW)
    assert run_queued() == []


def test_running_work_is_stopped_when_it_next_asks(officer: Actor) -> None:
    job = start(officer, "test.count", {"upto": 3}, "数数")

    def stopped_midway(progress: Any) -> None:
        with scoped(progress.actor, "test"):
            progress.check_cancelled()
            cancel(actor=officer, job=job, now=NOW)
        progress.check_cancelled()
        pytest.fail("went on")

    handler("test.midway")(stopped_midway)
    with scoped(officer, "test"):
        Job.objects.update(kind="test.midway", arguments={})
    ended = run_in_place(job, immediate=True)
    assert (ended.state, ended.result) == (JobState.CANCELLED, {})
    assert "退回" in ended.message


def test_others_work_is_seen_and_stopped_only_with_the_action(officer: Actor, actor: ActorFor) -> None:
    job = start(officer, "test.count", {"upto": 1}, "数数")
    check_may_see(officer, job)
    check_may_see(actor("city_officer"), job)
    assert may_cancel(officer, job)
    stranger = actor("community_worker", "420704001002")
    assert not may_cancel(stranger, job)
    with pytest.raises(Refused):
        check_may_see(stranger, job)
    with pytest.raises(Refused, match="停掉"):
        cancel(actor=actor("city_officer"), job=job, now=NOW)
    assert cancel(actor=actor("system_admin"), job=job, now=NOW).state == JobState.CANCELLED


def test_finish_is_the_last_word_and_belongs_in_a_transaction(db: None, tmp_path: Any) -> None:
    arguments = {"region": "420704001002", "flag": str(tmp_path / "flag"), "seconds": 0}
    ended = run_in_place(start(CITY, "test.slow", arguments, "慢活"))
    assert (ended.state, ended.result) == (JobState.DONE, {"counts": {"户": 1}})

    def talks_on(progress: Any) -> None:
        with scoped(progress.actor, "test"):
            progress.finish()
        with pytest.raises(RuntimeError, match="finished"):
            progress.at(1)

    handler("test.talks")(talks_on)
    assert run_in_place(start(CITY, "test.talks", {}, "还说")).state == JobState.DONE


def test_work_that_ended_is_not_done_again(db: None) -> None:
    job = start(CITY, "test.count", {"upto": 1}, "数数")
    first = run_in_place(job)
    assert run_in_place(job).finished_at == first.finished_at


def test_work_whose_worker_was_killed_too_often_is_given_up(db: None) -> None:
    job = start(CITY, "test.count", {"upto": 1}, "数数")
    with scoped(CITY, "test"):
        Job.objects.update(state=JobState.RUNNING, attempts=MOST_ATTEMPTS)
    ended = run_in_place(job)
    assert (ended.state, ended.message) == (JobState.FAILED, "中断了3次，没有再试")


def test_work_that_the_queue_lost_is_put_back(db: None) -> None:
    job = start(CITY, "test.count", {"upto": 1}, "数数")
    assert take_up_stalled(seconds=30) == 0
    cancelled = job.queue_id
    assert cancelled is not None
    jobs.queue.withdraw(cancelled)
    assert take_up_stalled(seconds=30) == 1
    again = found(job).queue_id
    assert again is not None and again != cancelled and waiting([again]) == {again}


def test_old_work_is_forgotten(db: None) -> None:
    run_in_place(start(CITY, "test.count", {"upto": 1}, "数数"))
    start(CITY, "test.count", {"upto": 1}, "还在排队")
    assert ended_before(timezone.now() - timedelta(days=1)) == 0
    assert ended_before(timezone.now() + timedelta(minutes=1)) == 1


def test_what_songhe_starts_itself_may_do_everything(db: None) -> None:
    ended = run_in_place(start(CITY.system("松鹤", "420700", {"people.import"}), "test.guarded", {}, "自己的"))
    assert ended.state == JobState.DONE


def test_a_day_has_no_meaning_for_old_grants(officer: Actor) -> None:
    job = start(officer, "test.count", {"upto": 1}, "数数")
    Grant.objects.filter(account_id=officer.account_id).update(until_date=date(2026, 1, 1))
    assert run_in_place(job).state == JobState.FAILED
