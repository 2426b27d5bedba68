"""What a worker settles at a door: outcomes, answers that decide, taking back, two workers at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from songhe.eligibility.decisions.models import Matter, Receipt, Standing
from songhe.eligibility.decisions.operations.working import answer, nobody_there, settle, take_back
from songhe.eligibility.decisions.places import known_places, outcome_at
from songhe.eligibility.decisions.queries.doors import door_of, who_live_at
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.api import facts_of, sheet_as_known
from songhe.people.models import Household, Person
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import (
    ALLOWANCE,
    EVERYBODY,
    SIBLING,
    decided,
    house,
    open_matters,
    receives,
    resident,
    worker,
)

LATER = NOW + timedelta(minutes=5)
WHEN: dict[str, Any] = {"today": TODAY, "now": LATER}


@dataclass(frozen=True)
class Home:
    """Two doors."""

    household: Household
    husband: Person
    wife: Person
    neighbour: Person


@pytest.fixture
def home(db: None) -> Iterator[Home]:
    """A couple who may have the allowance, of her one fact is not known; next door one is overpaid."""
    with scoped(EVERYBODY, "test"):
        household = house()
        husband = resident("王德福", 84, household=household)
        wife = resident("余秀珍", 83, household=household, lives_alone=None)
        neighbour = resident("柯国强", 79)
        receives(neighbour, ALLOWANCE)
        decided()
        yield Home(household, husband, wife, neighbour)


def matter(person: Person, kind: str, item: str = ALLOWANCE) -> Matter:
    return open_matters(person)[kind, item]


def visit(home: Home) -> Task:
    return Task.objects.filter(kind="decisions.visit", subject=home.household.pk).latest("opened_at")


def settled(one: Matter, outcome: str, **more: Any) -> Matter:
    return settle(actor=worker(), matter=one.pk, outcome=outcome, **{**WHEN, **more})


@pytest.mark.covers("PER-03")
def test_a_household_is_one_door_with_what_is_to_be_settled_for_each(home: Home) -> None:
    door = door_of(worker(), home.household.pk, TODAY, NOW)
    assert [(one.person.name, len(one.open)) for one in door.residents] == [("王德福", 1), ("余秀珍", 2)]
    assert door.task is not None and door.task.title == "上门一户，可享没享2项，要问1件"
    assert door.address == home.household.address
    assert who_live_at([home.household.pk]) == {home.household.pk: "王德福、余秀珍"} or who_live_at(
        [home.household.pk]
    ) == {home.household.pk: "余秀珍、王德福"}


def test_tags_are_the_groups_of_the_register(home: Home) -> None:
    alone = resident("陈秀英", 79, lives_alone=True, assistance="minimum_living")
    (one,) = door_of(worker(), alone.pk, TODAY, NOW).residents
    assert one.tags == ("独居", "低保")


@pytest.mark.covers("PER-03")
def test_a_door_of_elsewhere_is_none(home: Home) -> None:
    with scoped(worker(SIBLING), "test"), pytest.raises(NotFound):
        door_of(worker(SIBLING), home.household.pk, TODAY, NOW)
    with pytest.raises(NotFound):
        settle(actor=worker(SIBLING), matter=matter(home.husband, "offer").pk, outcome="offered", **WHEN)


def test_who_accepts_from_a_day_receives_from_that_day(home: Home) -> None:
    settled(matter(home.husband, "offer"), "accepted", from_date=date(2026, 12, 1))
    receipt = Receipt.objects.get(person=home.husband, item=ALLOWANCE)
    assert (receipt.from_date, receipt.until_date, receipt.source) == (date(2026, 12, 1), None, "社区登记")
    assert open_matters(home.husband) == {}
    assert visit(home).title == "上门一户，可享没享1项，要问1件"


def test_an_application_that_was_passed_on_says_to_whom(home: Home) -> None:
    with pytest.raises(BadInput, match="申请交给了谁"):
        settled(matter(home.husband, "offer"), "accepted")
    row = settled(matter(home.husband, "offer"), "accepted", reason="申请交给凤凰街道 何俊")
    assert row.reason == "申请交给凤凰街道 何俊"
    assert not Receipt.objects.filter(person=home.husband).exists()


def test_who_declines_says_why(home: Home) -> None:
    with pytest.raises(BadInput, match="为什么不要"):
        settled(matter(home.husband, "offer"), "declined")
    row = settled(matter(home.husband, "offer"), "declined", reason="儿子在管")
    assert (row.outcome, row.reason, row.closer, row.closed_at) == ("declined", "儿子在管", "周敏", LATER)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("offer", "stopped"), ("offer", "moot"), ("offer", ""), ("offer", "谢谢"), ("ask", "accepted")],
)
def test_an_outcome_fits_its_kind(home: Home, kind: str, outcome: str) -> None:
    item = ALLOWANCE if kind == "offer" else "home-visits"
    with pytest.raises(BadInput, match="结果"):
        settled(matter(home.wife, kind, item), outcome, reason="说明一下")


@pytest.mark.parametrize("day", [date(1, 1, 1), TODAY - timedelta(days=367), TODAY + timedelta(days=367)])
def test_what_is_written_at_a_door_begins_about_now(home: Home, day: date) -> None:
    with pytest.raises(BadInput, match="太远了"):
        settled(matter(home.husband, "offer"), "accepted", from_date=day)


def test_a_question_is_not_corrected_without_an_answer(home: Home) -> None:
    with pytest.raises(BadInput, match="回答"):
        settled(matter(home.wife, "ask", "home-visits"), "corrected", reason="改了")


def test_nobody_found_moves_the_last_day_and_leaves_the_matter_open(home: Home) -> None:
    first = matter(home.husband, "offer")
    row = settled(first, "unreached", reason="门锁着")
    assert row.closed_at is None and row.due_date == first.due_date + timedelta(days=7)
    assert row.reason == "11月18日没找到人，门锁着"
    number = nobody_there(actor=worker(), door=home.household.pk, **WHEN)
    assert number == 3
    assert visit(home).due_date == matter(home.wife, "offer").due_date


def test_a_receipt_is_stopped_from_a_day(home: Home) -> None:
    stop = matter(home.neighbour, "stop")
    settled(stop, "stopped", from_date=date(2026, 12, 1))
    assert Receipt.objects.get(person=home.neighbour).until_date == date(2026, 12, 1)
    task = Task.objects.get(kind="decisions.visit", subject=home.neighbour.pk)
    assert (task.state, task.outcome, task.closed_by_id) == ("closed", "done", worker().account_id)


@pytest.mark.covers("ENT-04")
def test_an_answer_decides_at_once(home: Home) -> None:
    place = known_places()["home-visits"]
    before = Standing.objects.get(pk=home.wife.pk)
    assert outcome_at(before.yes, before.unknown, place) == "u"
    ask = matter(home.wife, "ask", "home-visits")
    done = answer(actor=worker(), matter=ask.pk, value="true", **WHEN)
    assert ("home-visits", "u", "y") in done.changes
    after = Standing.objects.get(pk=home.wife.pk)
    assert outcome_at(after.yes, after.unknown, place) == "y"
    assert (done.matter.outcome, done.matter.closer) == ("corrected", "周敏")
    assert facts_of(home.wife.pk, TODAY)["lives_alone"].value is True
    assert sheet_as_known(home.wife.pk, TODAY, LATER)["lives_alone"] is True
    assert ("ask", "home-visits") not in open_matters(home.wife)


def test_an_answer_the_fact_does_not_take_is_refused(home: Home) -> None:
    with pytest.raises(BadInput):
        answer(actor=worker(), matter=matter(home.wife, "ask", "home-visits").pk, value="也许", **WHEN)
    with pytest.raises(BadInput, match="不是要问的"):
        answer(actor=worker(), matter=matter(home.wife, "offer").pk, value="true", **WHEN)


def test_an_answer_is_taken_back_and_all_is_as_it_was(home: Home) -> None:
    ask = matter(home.wife, "ask", "home-visits")
    before = (Standing.objects.get(pk=home.wife.pk).yes, set(open_matters(home.wife)))
    answer(actor=worker(), matter=ask.pk, value="true", **WHEN)
    row = take_back(actor=worker(), matter=ask.pk, today=TODAY, now=LATER + timedelta(seconds=8))
    assert row.closed_at is None
    assert facts_of(home.wife.pk, TODAY)["lives_alone"].value is None
    assert (Standing.objects.get(pk=home.wife.pk).yes, set(open_matters(home.wife))) == before
    again = answer(
        actor=worker(), matter=ask.pk, value="false", today=TODAY, now=LATER + timedelta(minutes=1)
    )  # fmt: skip
    assert ("home-visits", "u", "n") in again.changes


@pytest.mark.parametrize(
    ("whose", "kind", "outcome", "more"),
    [
        ("husband", "offer", "accepted", {"from_date": date(2026, 12, 1)}),
        ("husband", "offer", "declined", {"reason": "不想要"}),
        ("neighbour", "stop", "stopped", {"from_date": date(2026, 12, 1)}),
    ],
)
def test_what_was_settled_is_taken_back(home: Home, whose: str, kind: str, outcome: str, more: dict[str, Any]) -> None:
    person = getattr(home, whose)
    before = list(Receipt.objects.filter(person=person).values_list("item", "from_date", "until_date"))
    row = settled(matter(person, kind), outcome, **more)
    take_back(actor=worker(), matter=row.pk, today=TODAY, now=LATER + timedelta(seconds=8))
    assert list(Receipt.objects.filter(person=person).values_list("item", "from_date", "until_date")) == before
    assert open_matters(person).keys() == {(kind, ALLOWANCE)}
    assert Task.objects.filter(kind="decisions.visit", subject=row.door).exclude(state="closed").count() == 1


def test_only_who_settled_takes_back_and_only_within_a_day(home: Home) -> None:
    row = settled(matter(home.husband, "offer"), "offered")
    with pytest.raises(Refused, match="只有办的人"):
        take_back(actor=worker(name="何俊"), matter=row.pk, **WHEN)
    with pytest.raises(Refused, match="超过1天"):
        take_back(actor=worker(), matter=row.pk, today=TODAY, now=LATER + timedelta(days=1, seconds=1))
    with pytest.raises(Conflict, match="没有办结"):
        take_back(actor=worker(), matter=matter(home.wife, "offer").pk, **WHEN)


@pytest.mark.covers("PER-03")
def test_one_visit_closes_the_task_when_nothing_is_left(home: Home) -> None:
    answer(actor=worker(), matter=matter(home.wife, "ask", "home-visits").pk, value="false", **WHEN)
    settled(matter(home.husband, "offer"), "declined", reason="儿子在管")
    assert visit(home).state != "closed"
    settled(matter(home.wife, "offer"), "accepted", from_date=date(2026, 12, 1))
    task = visit(home)
    assert (task.state, task.outcome, task.closed_by_id) == ("closed", "done", worker().account_id)
    assert Task.objects.filter(kind="decisions.visit", subject=home.household.pk).count() == 1


def test_the_last_answer_closes_the_task_by_who_asked(db: None) -> None:
    with scoped(EVERYBODY, "test"):
        alone = resident("陈秀英", 82, lives_alone=None)
        receives(alone, ALLOWANCE)
        decided()
        answer(actor=worker(), matter=matter(alone, "ask", "home-visits").pk, value="false", **WHEN)
        task = Task.objects.get(kind="decisions.visit", subject=alone.pk)
        assert (task.state, task.outcome, task.closed_by_id) == ("closed", "done", worker().account_id)


def test_the_second_of_two_workers_is_told_who_settled_it(home: Home) -> None:
    one = matter(home.husband, "offer")
    settled(one, "declined", reason="儿子在管")
    with pytest.raises(Conflict, match="周敏刚办了这一件：不要"):
        settle(actor=worker(name="何俊"), matter=one.pk, outcome="offered", **WHEN)


def test_a_reader_settles_nothing(home: Home) -> None:
    from tests.policy.releases import somebody

    leader = somebody("district_leader", "周敏", "420704")
    with pytest.raises(Refused):
        settle(actor=leader, matter=matter(home.husband, "offer").pk, outcome="offered", **WHEN)
    with pytest.raises(Refused):
        answer(actor=leader, matter=matter(home.wife, "ask", "home-visits").pk, value="true", **WHEN)
