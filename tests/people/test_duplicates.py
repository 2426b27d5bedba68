"""Pairs of files that may be one person's: found once, decided, undone; seen by who sees both files."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.duplicates import jobs, operations
from songhe.people.duplicates.listeners import on_person_moved, on_person_unmerged
from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.operations import (
    decide_different,
    decide_later,
    decide_merge,
    find_pairs,
    undo_decision,
)
from songhe.people.duplicates.presenters import state_of
from songhe.people.duplicates.terms import PairState
from songhe.people.events import PersonMoved, PersonUnmerged
from songhe.people.linkage import explain
from songhe.people.models import Person
from songhe.people.operations.merging import unmerge_persons
from songhe.people.operations.moving import move_person
from songhe.people.operations.rehoming import common_region, scope_of_both
from tests.people.register import FENGHUANG, GULOU, HUARONG, NOW, TODAY, WUDU, current, later, number, registered
from tests.platform_fixtures import ActorFor


def acting(actor: Actor, hours: int = 1, **more: Any) -> dict[str, Any]:
    return {"actor": actor, "today": TODAY, "now": later(hours), **more}


@pytest.fixture
def likely(monkeypatch: pytest.MonkeyPatch) -> list[pl.DataFrame]:
    """Stands in for the comparison: the first two files of the table are likely one person's."""
    seen: list[pl.DataFrame] = []

    def found(register: pl.DataFrame) -> pl.DataFrame:
        seen.append(register)
        first, second = register["person_id"].to_list()[:2]
        return pl.DataFrame(
            {"left": [second], "right": [first], "probability": [0.97], "name": ["same"], "name_bits": [9.0]}
        )

    monkeypatch.setattr(operations, "find_duplicates", found)
    return seen


@pytest.fixture
def pair(everywhere: Actor, likely: list[pl.DataFrame]) -> Pair:
    registered(everywhere)
    registered(everywhere, identity="", name="李桂芬", living_region=WUDU, birth_date=date(1942, 3, 18))
    assert find_pairs(**acting(everywhere)) == 1
    return Pair.objects.get()


@pytest.mark.covers("PER-02")
def test_a_pair_is_found_once_and_lies_where_both_files_are_seen(
    everywhere: Actor, pair: Pair, likely: list[pl.DataFrame]
) -> None:
    assert pair.left_id < pair.right_id
    assert (pair.region_code, pair.probability, pair.evidence) == (
        "420704001000",
        0.97,
        {"name": "same", "name_bits": 9.0},
    )
    assert likely[0].filter(pl.col("id_number").is_not_null())["id_number"].to_list() == [number()]
    assert find_pairs(**acting(everywhere, 2)) == 0
    assert Task.objects.filter(kind="people.duplicate", subject=pair.pk).count() == 1


@pytest.mark.covers("PER-01")
def test_a_merge_of_a_pair_undone_leaves_the_register_as_it_was(everywhere: Actor, pair: Pair) -> None:
    before = current()
    with pytest.raises(NotFound, match="这份档案"):
        decide_merge(**acting(everywhere), pair_id=pair.pk, survivor_id=pair.pk)
    merged = decide_merge(**acting(everywhere, 2), pair_id=pair.pk, survivor_id=pair.right_id, reason="同一张身份证")
    assert (merged.state, Person.objects.get(pk=pair.left_id).merged_into_id) == ("merged", pair.right_id)
    assert list(Task.objects.values_list("state", "outcome")) == [("closed", "merged")]
    with pytest.raises(Conflict, match="先撤回"):
        decide_different(actor=everywhere, now=later(3), pair_id=pair.pk, reason="不是")
    undo_decision(**acting(everywhere, 3), pair_id=pair.pk, reason="是姐妹")
    assert current() == before
    assert Pair.objects.get().state == "open"
    assert Task.objects.exclude(state="closed").count() == 1


def test_different_stays_different_when_it_is_found_again(everywhere: Actor, pair: Pair) -> None:
    with pytest.raises(BadInput, match="原因"):
        decide_different(actor=everywhere, now=later(2), pair_id=pair.pk, reason="")
    decide_different(actor=everywhere, now=later(2), pair_id=pair.pk, reason="是姐妹")
    assert find_pairs(**acting(everywhere, 3)) == 0
    assert Pair.objects.get().state == "different"
    undo_decision(**acting(everywhere, 4), pair_id=pair.pk, reason="弄错了")
    assert Pair.objects.get().state == "open"


def test_later_keeps_the_task_and_can_be_decided(everywhere: Actor, pair: Pair) -> None:
    decide_later(actor=everywhere, now=later(2), pair_id=pair.pk)
    assert Task.objects.exclude(state="closed").count() == 1
    undo_decision(**acting(everywhere, 3), pair_id=pair.pk, reason="现在看")
    decide_later(actor=everywhere, now=later(4), pair_id=pair.pk)
    assert decide_merge(**acting(everywhere, 5), pair_id=pair.pk, survivor_id=pair.left_id).state == "merged"


@pytest.mark.covers("NET-02")
def test_who_does_not_see_both_files_sees_no_pair(everywhere: Actor, pair: Pair, actor: ActorFor) -> None:
    community = actor("street_officer", FENGHUANG)
    with scoped(community, "test"), pytest.raises(NotFound):
        decide_later(actor=community, now=later(2), pair_id=pair.pk)
    worker = actor("community_worker", "420704001")
    with scoped(worker, "test"), pytest.raises(Refused):
        decide_later(actor=worker, now=later(2), pair_id=pair.pk)
    street = actor("street_officer", "420704001")
    with scoped(street, "test"):
        assert decide_later(actor=street, now=later(2), pair_id=pair.pk).state == "later"


def test_a_pair_follows_a_file_that_moves(everywhere: Actor, pair: Pair) -> None:
    move_person(**acting(everywhere, 2), person_id=pair.left_id, place="living", area=HUARONG, on_date=TODAY)
    told = PersonMoved(
        region=HUARONG, person=pair.left_id, kind="moved_in", on_date=TODAY, from_region=FENGHUANG, to_region=HUARONG
    )
    on_person_moved(told)
    on_person_moved(told)
    assert Pair.objects.get().region_code == "420700000000"
    assert Task.objects.get().region_code == "420700000000"


def test_a_merge_undone_on_the_page_of_the_file_opens_the_pair_again(everywhere: Actor, pair: Pair) -> None:
    merged = decide_merge(**acting(everywhere, 2), pair_id=pair.pk, survivor_id=pair.right_id)
    told = PersonUnmerged(region=FENGHUANG, person=pair.right_id, merged=pair.left_id)
    on_person_unmerged(told)
    assert Pair.objects.get().state == "merged"  # an old message: this merge stands
    assert merged.merge_event is not None
    unmerge_persons(**acting(everywhere, 3), event_id=merged.merge_event, reason="是姐妹")
    on_person_unmerged(told)
    on_person_unmerged(told)
    assert Pair.objects.get().state == "open"
    assert Task.objects.exclude(state="closed").count() == 1
    assert decide_merge(**acting(everywhere, 4), pair_id=pair.pk, survivor_id=pair.right_id).state == "merged"


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (FENGHUANG, FENGHUANG, FENGHUANG),
        (FENGHUANG, WUDU, "420704001000"),
        (FENGHUANG, GULOU, "420704000000"),
        (FENGHUANG, HUARONG, "420700000000"),
        (FENGHUANG, "429901001001", "420000000000"),
        (FENGHUANG, "150602001001", "000000000000"),
    ],
)
def test_the_smallest_division_that_holds_both(one: str, other: str, both: str) -> None:
    assert common_region(one, other) == both
    assert scope_of_both(one, other) == (both if both.strip("0") else "")


def test_the_real_comparison_finds_a_mistyped_number_and_explains_it(everywhere: Actor) -> None:
    surnames, given = "李王张刘陈杨黄赵周吴", "桂芳秀英建国玉兰福海德明春梅"
    for place in range(40):
        registered(
            everywhere, identity=number(f"19{40 + place % 9}0{1 + place % 9}1{place % 10}", 100 + place), phone="",
            name=surnames[place % 10] + given[place % 14] + given[(place * 3 + 1) % 14],
        )  # fmt: skip
    registered(everywhere)
    registered(everywhere, identity=number(sequence=4))
    assert find_pairs(**acting(everywhere), region="420704", tasks=False) >= 1
    best = Pair.objects.order_by("-probability")[0]
    names = set(Person.objects.filter(pk__in=(best.left_id, best.right_id)).values_list("name", flat=True))
    assert names == {"李桂芳"}
    assert explain(best.evidence)
    assert not Task.objects.exists()


def test_nothing_to_compare_is_no_pair(everywhere: Actor) -> None:
    assert find_pairs(**acting(everywhere)) == 0
    registered(everywhere)
    assert find_pairs(**acting(everywhere)) == 0
    assert later(1) > NOW


def test_files_are_compared_in_the_background(everywhere: Actor, likely: list[pl.DataFrame]) -> None:
    registered(everywhere)
    registered(everywhere, identity="")
    said: list[tuple[int, int, str]] = []
    job = SimpleNamespace(actor=everywhere, at=lambda *step: said.append(step))
    assert jobs.find(job, region="420704")["counts"] == {"新找到的对": 1}  # type: ignore[arg-type]
    assert said[-1][:2] == (1, 1)


def test_other_pairs_of_a_merged_file_are_settled_with_it_and_open_again_when_it_is_undone(
    everywhere: Actor, pair: Pair
) -> None:
    third = registered(everywhere, identity="", name="李桂香")
    left, right = sorted((pair.left_id, third.pk))
    other = Pair.objects.create(left_id=left, right_id=right, region_code="420704001000", probability=0.5, found_at=NOW)
    decide_merge(**acting(everywhere, 2), pair_id=pair.pk, survivor_id=pair.right_id)
    other.refresh_from_db()
    assert other.state == "settled"
    with pytest.raises(Conflict, match="另一对里已合并"):
        decide_later(actor=everywhere, now=later(3), pair_id=other.pk)
    undo_decision(**acting(everywhere, 4), pair_id=pair.pk, reason="是姐妹")
    other.refresh_from_db()
    assert other.state == "open"
    assert Task.objects.filter(subject=other.pk).exclude(state="closed").count() == 1


@pytest.mark.parametrize("state", PairState)
def test_every_state_has_a_mark_and_a_word(state: PairState) -> None:
    assert all(state_of(Pair(state=state)))
