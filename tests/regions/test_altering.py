"""Divisions merge, split, move and end: history is kept, the other rooms are told, rules say no in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Entry
from songhe.foundation.notices.models import Notice
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.regions.models import Alteration, Division
from songhe.regions.operations import altering
from songhe.regions.operations.altering import apply_due_changes, decide, retry, try_out, withdraw
from songhe.regions.queries import as_of, children_of, part_counts, successors, tree
from songhe.regions.seeding import load_divisions
from songhe.regions.states import AlterationState

pytestmark = [pytest.mark.django_db, pytest.mark.covers("PER-01")]

SINCE, BEFORE, DAY = date(2023, 7, 1), date(2026, 2, 28), date(2026, 3, 1)
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)
CITY, ECHENG, HUARONG = "420700000000", "420704000000", "420703000000"
FENGHUANG, GULOU, NEW_STREET = "420704001000", "420704002000", "420704009000"
WUDU, ANOTHER = "420704001002", "420704001003"


@pytest.fixture(autouse=True)
def ezhou(db: None) -> None:
    load_divisions("420700", SINCE)


@pytest.fixture
def admin(actor: Any) -> Actor:
    found: Actor = actor(role="system_admin", region="420700")
    return found


def done(actor: Actor, planned: Any, on_date: date = DAY, today: date = TODAY) -> Alteration:
    return decide(actor=actor, today=today, now=NOW, planned=planned, on_date=on_date, document="鄂州政函〔2026〕5号")


def told() -> list[tuple[str, dict[str, Any]]]:
    return [(one.name.rpartition(".")[2], one.body) for one in StoredEvent.objects.order_by("pk")]


def codes(found: Any) -> list[str]:
    return [one.digits for one in found]


def test_a_new_community_stands_from_its_day_in_the_division_its_code_says(admin: Actor) -> None:
    done(admin, altering.adding("420704001099", "松鹤社区"))
    assert as_of("420704001099", BEFORE) is None
    made = as_of("420704001099", DAY)
    assert made is not None
    assert (made.name, made.level, made.kind, made.parent) == ("松鹤社区", 12, "community", FENGHUANG)
    assert told() == []


def test_a_renamed_division_keeps_its_code_and_its_old_name_on_old_days(admin: Actor) -> None:
    done(admin, altering.renaming(WUDU, "吴都新社区"))
    before, after = as_of(WUDU, BEFORE), as_of(WUDU, DAY)
    assert before is not None
    assert after is not None
    assert (before.name, after.name, after.kind) == ("吴都社区", "吴都新社区", before.kind)
    assert [one.name for one in successors(WUDU, BEFORE, TODAY)] == ["吴都新社区"]


def test_a_merged_community_is_there_before_and_its_successor_after(admin: Actor) -> None:
    done(admin, altering.merging([WUDU], ANOTHER))
    assert as_of(WUDU, BEFORE) is not None
    assert as_of(WUDU, DAY) is None
    assert codes(successors(WUDU, BEFORE, DAY)) == [ANOTHER]
    assert codes(successors(WUDU, BEFORE, BEFORE)) == [WUDU]
    event = {"region": "", "before_code": WUDU, "after_code": ANOTHER, "on_date": "2026-03-01"}
    assert told() == [("DivisionReplaced", event)]


def test_two_communities_become_a_new_one(admin: Actor) -> None:
    done(admin, altering.merging([WUDU, ANOTHER], "420704001090", "松鹤社区"))
    assert codes(successors(WUDU, BEFORE, DAY)) == codes(successors(ANOTHER, BEFORE, DAY)) == ["420704001090"]
    assert [body["before_code"] for _, body in told()] == [WUDU, ANOTHER]


def test_streets_merge_with_all_they_hold_and_numbers_that_are_taken_give_way(admin: Actor) -> None:
    here, there = children_of(FENGHUANG, BEFORE).count(), children_of(GULOU, BEFORE).count()
    clashing = {one[9:] for one in children_of(FENGHUANG, BEFORE).values_list("code", flat=True)} & {
        one[9:] for one in children_of(GULOU, BEFORE).values_list("code", flat=True)
    }
    assert clashing
    done(admin, altering.merging([FENGHUANG], GULOU))
    assert children_of(GULOU, DAY).count() == here + there
    assert as_of(FENGHUANG, DAY) is None
    assert children_of(FENGHUANG, BEFORE).count() == here
    names = [one.name for one in successors(WUDU, BEFORE, DAY)]
    assert names == ["吴都社区"]
    events = told()
    assert events[-1][0] == "DivisionAbsorbed"
    assert len(events) == here + 1
    assert len({body["after_code"] for name, body in events if name == "DivisionReplaced"}) == here


def test_streets_that_become_a_new_one_tell_so_once_where_no_number_changes(admin: Actor) -> None:
    done(admin, altering.merging([FENGHUANG, GULOU], NEW_STREET, "凤楼街道"))
    names = [name for name, _ in told()]
    assert names[0] == "DivisionReplaced"
    assert names[-1] == "DivisionAbsorbed"
    assert codes(successors(WUDU, BEFORE, DAY)) == ["420704009002"]
    assert all(one.parent == NEW_STREET for one in children_of(NEW_STREET, DAY))


def test_a_street_moves_to_another_district_with_all_its_communities(admin: Actor) -> None:
    here = children_of(FENGHUANG, BEFORE).count()
    done(admin, altering.moving(FENGHUANG, "420703001"))
    assert children_of("420703001000", DAY).count() == here
    assert [one.parent for one in successors(FENGHUANG, BEFORE, DAY)] == [HUARONG]
    assert [(name, body["before_code"], body["after_code"]) for name, body in told()] == [
        ("DivisionReplaced", FENGHUANG, "420703001000")
    ]
    counts = part_counts(CITY, 6, DAY)[HUARONG]
    assert counts[12] == part_counts(CITY, 6, BEFORE)[HUARONG][12] + here


def test_what_moved_may_come_back_to_its_old_code(admin: Actor) -> None:
    done(admin, altering.moving(FENGHUANG, "420703001"))
    done(admin, altering.moving("420703001", FENGHUANG), date(2026, 6, 1))
    assert codes(successors(WUDU, BEFORE, TODAY)) == ["420704001002"]
    assert codes(successors(WUDU, BEFORE, date(2026, 5, 1))) == ["420703001002"]


def test_a_split_street_keeps_the_rest_and_says_so(admin: Actor) -> None:
    going = [one.code for one in children_of(FENGHUANG, BEFORE)[:3]]
    stays = children_of(FENGHUANG, BEFORE).count() - 3
    done(admin, altering.splitting(FENGHUANG, NEW_STREET, "新凤街道", going))
    assert children_of(FENGHUANG, DAY).count() == stays
    assert children_of(NEW_STREET, DAY).count() == 3
    assert codes(successors(FENGHUANG, BEFORE, DAY)) == ["420704001", "420704009"]
    name, body = told()[-1]
    assert (name, body["before_code"], body["after_codes"]) == ("DivisionSplit", FENGHUANG, [FENGHUANG, NEW_STREET])


def test_a_split_community_tells_that_its_people_must_be_sorted(admin: Actor) -> None:
    done(admin, altering.splitting(WUDU, "420704001090", "吴都东社区"))
    assert told() == [
        (
            "DivisionSplit",
            {"region": "", "before_code": WUDU, "after_codes": [WUDU, "420704001090"], "on_date": "2026-03-01"},
        )
    ]


def test_a_chain_is_followed_to_its_end(admin: Actor) -> None:
    done(admin, altering.merging([WUDU], ANOTHER))
    done(admin, altering.moving(ANOTHER, "420704001090"), date(2026, 5, 1))
    done(admin, altering.renaming("420704001090", "松鹤社区"), date(2026, 7, 1))
    assert [one.name for one in successors(WUDU, BEFORE, TODAY)] == ["松鹤社区"]
    assert codes(successors(WUDU, BEFORE, date(2026, 4, 30))) == [ANOTHER]
    assert successors("420704001090", BEFORE, TODAY) == ()


def test_an_ended_division_has_no_successor(admin: Actor) -> None:
    done(admin, altering.ending(WUDU))
    assert successors(WUDU, BEFORE, TODAY) == ()
    assert told() == [("DivisionEnded", {"region": "", "before_code": WUDU, "on_date": "2026-03-01"})]


@pytest.mark.parametrize("leap", [date(2024, 2, 29), date(2028, 2, 29)])
def test_a_leap_day_is_a_day_like_others(admin: Actor, leap: date) -> None:
    done(admin, altering.merging([WUDU], ANOTHER), leap, today=leap)
    assert as_of(WUDU, leap.replace(day=28)) is not None
    assert as_of(WUDU, leap) is None
    assert codes(successors(WUDU, leap.replace(day=28), leap)) == [ANOTHER]


def test_the_tree_of_a_day_holds_what_stood_then(admin: Actor) -> None:
    done(admin, altering.merging([WUDU], ANOTHER))
    streets = {one.division.code: one for one in tree(DAY, ECHENG)}
    old = {one.division.code: one for one in tree(BEFORE, ECHENG)}
    assert len(old[FENGHUANG].branches) == len(streets[FENGHUANG].branches) + 1
    (province,) = tree(DAY, down_to=4)
    assert [one.division.name for one in province.branches] == ["鄂州市"]


REFUSALS: list[tuple[Any, str]] = [
    (lambda: altering.ending(FENGHUANG), "下面还有15个区划"),
    (lambda: altering.ending("420704001099"), "没有代码是420704001099的区划"),
    (lambda: altering.adding(WUDU, "松鹤社区"), "代码420704001002已有：吴都社区"),
    (lambda: altering.adding("420709001", "松鹤街道"), "上级420709还没有登记"),
    (lambda: altering.renaming(WUDU, "吴都社区"), "现在就叫吴都社区"),
    (lambda: altering.moving(WUDU, "420703009"), "是村级，420703009是乡镇级的代码"),
    (lambda: altering.moving(WUDU, WUDU), "一样"),
    (lambda: altering.moving(WUDU, ANOTHER), "已有"),
    (lambda: altering.merging([WUDU], FENGHUANG), "是村级"),
    (lambda: altering.merging([WUDU], WUDU), "两个"),
    (lambda: altering.merging([WUDU], "420704001090", "松鹤社区"), "只换代码的"),
    (lambda: altering.splitting(FENGHUANG, NEW_STREET, "新凤街道"), "没有选"),
    (lambda: altering.splitting(FENGHUANG, NEW_STREET, "新凤街道", ["420704002001"]), "不直接在凤凰街道下面"),
    (lambda: altering.splitting(WUDU, ANOTHER, "吴都东社区"), "已有"),
]  # fmt: skip


@pytest.mark.parametrize(("planned", "words"), REFUSALS)
def test_a_rule_says_no_in_words_and_nothing_is_left(admin: Actor, planned: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        done(admin, planned())
    with pytest.raises(Refused, match=words):
        done(admin, planned(), date(2027, 1, 1))
    assert Alteration.objects.count() == 0
    assert Division.objects.count() == 391


def test_a_street_cannot_give_away_all_its_communities(admin: Actor) -> None:
    everything = [one.code for one in children_of(FENGHUANG, DAY)]
    with pytest.raises(Refused, match="全划走了"):
        done(admin, altering.splitting(FENGHUANG, NEW_STREET, "新凤街道", everything))


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: altering.adding("42070", "松鹤社区"), "代码"),
        (lambda: altering.adding("000000", "松鹤社区"), "代码"),
        (lambda: altering.adding("420704001099", "松"), "名称"),
        (lambda: altering.adding("420704001099", "松鹤<社区"), "名称"),
        (lambda: altering.moving(WUDU, "不是代码"), "新代码"),
    ],
)
def test_what_is_no_code_and_no_name_is_told_by_its_field(make: Any, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        make()
    assert refused.value.where == where


@pytest.mark.parametrize("day", [SINCE, date(2023, 6, 30)])
def test_history_is_not_rewritten(admin: Actor, day: date) -> None:
    with pytest.raises(Refused):
        done(admin, altering.renaming(WUDU, "吴都新社区"), day)


def test_what_changed_since_cannot_be_changed_before(admin: Actor) -> None:
    done(admin, altering.merging([WUDU], ANOTHER))
    with pytest.raises(Refused, match="才变过"):
        done(admin, altering.renaming(WUDU, "吴都新社区"), date(2025, 1, 1))
    with pytest.raises(Refused, match="才变过"):
        done(admin, altering.moving(FENGHUANG, "420703001"), date(2025, 1, 1))
    with pytest.raises(Refused, match="以前是吴都社区的"):
        done(admin, altering.adding(WUDU, "松鹤社区"), date(2026, 8, 1))


def test_a_day_too_far_off_and_a_change_without_a_document_are_bad_input(admin: Actor) -> None:
    for day in (date(1900, 1, 1), date(2199, 1, 1)):
        with pytest.raises(BadInput, match="生效日期"):
            done(admin, altering.ending(WUDU), day)
    with pytest.raises(BadInput, match="文号"):
        decide(actor=admin, today=TODAY, now=NOW, planned=altering.ending(WUDU), on_date=DAY, document=" ")


def test_only_who_may_change_divisions_does_and_only_in_the_own_region(actor: Any, admin: Actor) -> None:
    with pytest.raises(Refused, match="改行政区划"):
        done(actor(role="city_officer", region="420700"), altering.ending(WUDU))
    with pytest.raises(NotFound):
        done(actor(role="system_admin", region="420703"), altering.ending(WUDU))
    with pytest.raises(NotFound):
        done(actor(role="system_admin", region="420704"), altering.moving(FENGHUANG, "420703001"))


def test_trying_out_changes_nothing(admin: Actor) -> None:
    found = try_out(actor=admin, today=TODAY, planned=altering.merging([FENGHUANG], GULOU), on_date=DAY)
    assert (len(found.ended), len(found.opened)) == (16, 15)
    assert as_of(FENGHUANG, DAY) is not None
    assert told() == []


def test_a_change_of_tomorrow_waits_for_its_day(admin: Actor) -> None:
    day = date(2027, 1, 1)
    planned = done(admin, altering.merging([WUDU], ANOTHER), day)
    assert planned.state == AlterationState.WAITING
    assert as_of(WUDU, day) is not None
    assert apply_due_changes(today=date(2026, 12, 31), now=NOW) == 0
    assert apply_due_changes(today=date(2027, 1, 2), now=NOW) == 1
    assert apply_due_changes(today=date(2027, 1, 2), now=NOW) == 0
    assert as_of(WUDU, date(2026, 12, 31)) is not None
    assert as_of(WUDU, day) is None
    assert [body["on_date"] for _, body in told()] == ["2027-01-01"]


def test_a_change_that_is_taken_back_never_happens(admin: Actor) -> None:
    planned = done(admin, altering.ending(WUDU), date(2027, 1, 1))
    assert withdraw(actor=admin, now=NOW, alteration_id=planned.pk).state == AlterationState.WITHDRAWN
    assert apply_due_changes(today=date(2027, 1, 1), now=NOW) == 0
    with pytest.raises(Conflict, match="已撤回"):
        withdraw(actor=admin, now=NOW, alteration_id=planned.pk)


def test_a_change_that_is_not_possible_on_its_day_says_why_and_can_be_done_later(
    admin: Actor, account_for: Any
) -> None:
    account = account_for("system_admin")
    own = Actor(account.pk, account.name, admin.region, admin.actions)
    first = done(own, altering.adding("420704001090", "松鹤社区"), date(2027, 1, 1))
    second = done(own, altering.moving(WUDU, "420704001090"), date(2027, 1, 1))
    assert apply_due_changes(today=date(2027, 1, 1), now=NOW) == 1
    second.refresh_from_db()
    assert (second.state, second.problem) == (AlterationState.FAILED, "代码420704001090已有：松鹤社区")
    assert [one.text for one in Notice.objects.filter(account=account)] == [second.problem]
    with pytest.raises(Refused, match="已有"):
        retry(actor=own, today=date(2027, 1, 2), now=NOW, alteration_id=second.pk)
    with pytest.raises(Conflict):
        retry(actor=own, today=date(2027, 1, 2), now=NOW, alteration_id=first.pk)
    third = done(own, altering.moving(WUDU, "420704001091"), date(2027, 1, 2))
    done(own, altering.renaming(ANOTHER, "南塔新社区"), date(2027, 1, 2))
    assert apply_due_changes(today=date(2027, 1, 2), now=NOW) == 2
    third.refresh_from_db()
    assert third.done_at == NOW


def test_each_change_leaves_an_entry(admin: Actor, everywhere: Actor) -> None:
    altered = done(admin, altering.merging([WUDU], ANOTHER))
    entry = Entry.objects.get(action="regions.merge")
    assert entry.subject == WUDU
    assert entry.detail["codes"] == [WUDU, ANOTHER]
    assert entry.detail["id"] == str(altered.pk)


def test_two_who_change_the_same_at_once_do_not_both(admin: Actor) -> None:
    done(admin, altering.adding("420704001090", "松鹤社区"))
    with pytest.raises(Refused, match="已有"):
        done(admin, altering.adding("420704001090", "鹤松社区"), date(2026, 5, 1))


def test_the_database_itself_refuses_a_second_time_of_a_code(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from songhe.regions.operations.ledger import Ledger

    monkeypatch.setattr(Ledger, "free", lambda *_: None)
    with pytest.raises(Conflict, match="别人刚改过"):
        done(admin, altering.adding(WUDU, "鹤松社区"))


def test_three_become_one_and_get_its_name_on_one_day(admin: Actor) -> None:
    done(admin, altering.merging([WUDU], ANOTHER))
    done(admin, altering.renaming(ANOTHER, "松鹤社区"))
    done(admin, altering.merging(["420704001004"], ANOTHER))
    for code in (WUDU, ANOTHER, "420704001004"):
        assert [one.name for one in successors(code, BEFORE, TODAY)] == ["松鹤社区"]
    assert [one.name for one in successors(ANOTHER, DAY, TODAY)] == ["松鹤社区"]


def test_two_parts_leave_on_one_day(admin: Actor) -> None:
    done(admin, altering.splitting(WUDU, "420704001090", "吴都东社区"))
    done(admin, altering.splitting(WUDU, "420704001091", "吴都西社区"))
    assert codes(successors(WUDU, BEFORE, DAY)) == [WUDU, "420704001090", "420704001091"]


def test_what_took_others_in_does_not_go_itself_on_the_same_day(admin: Actor) -> None:
    done(admin, altering.merging([WUDU], ANOTHER))
    for planned in (altering.merging([ANOTHER], "420704001004"), altering.moving(ANOTHER, "420704001090")):
        with pytest.raises(Refused, match="才变过"):
            done(admin, planned)
    done(admin, altering.adding("420704001092", "松鹤社区"))
    with pytest.raises(Refused, match="才变过"):
        done(admin, altering.splitting(FENGHUANG, NEW_STREET, "新凤街道", ["420704001092"]))
