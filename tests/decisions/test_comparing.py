"""Over everybody only who came out otherwise is written down: each way to come out otherwise is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from songhe.eligibility.decisions import comparing
from songhe.eligibility.decisions.models import ItemCount, Receipt, Run, Standing
from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.eligibility.decisions.places import known_places, places_of
from songhe.eligibility.decisions.statements import Listed, decided
from songhe.foundation.access.scope import scoped
from songhe.people.models import Person, Sheet
from songhe.policy.api import holdings, pack_of
from tests.decisions.crowd import NOW, TODAY, laid_in
from tests.decisions.doors import ALLOWANCE, EVERYBODY, receives
from tests.policy.releases import issued_release

VISITS = "home-visits"
_ANY_NUMBER_IS_MANY = (
    "parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0",
    "max_parallel_workers_per_gather = 2", "enable_indexscan = off", "enable_bitmapscan = off",
    "enable_nestloop = off", "enable_mergejoin = off",
)  # fmt: skip


@pytest.fixture
def people(db: None) -> Iterator[list[Person]]:
    """People of whom everything is decided, nobody of whom receives anything."""
    with scoped(EVERYBODY, "test"):
        laid_in()
        issued_release()
        again()
        yield list(Person.objects.filter(standing="present").order_by("pk"))


def again() -> Run:
    return run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)


def held(person: Person) -> set[str]:
    word = Standing.objects.get(pk=person.pk).held
    return {slug for slug, place in known_places().items() if word & 1 << place}


def receiving(item: str) -> int:
    return sum(ItemCount.objects.filter(position=known_places()[item]).values_list("receiving", flat=True))


@pytest.mark.covers("ENT-01")
def test_whoever_receives_something_new_has_moved(people: list[Person]) -> None:
    first, second = people[:2]
    receives(first, ALLOWANCE)
    receives(second, ALLOWANCE)
    receives(second, VISITS)
    assert again().figures["changed"] == 2
    assert (held(first), held(second)) == ({ALLOWANCE}, {ALLOWANCE, VISITS})
    assert (receiving(ALLOWANCE), receiving(VISITS)) == (2, 1)
    assert again().figures["changed"] == 0


@pytest.mark.covers("ENT-01")
def test_whoever_receives_something_no_more_has_moved(people: list[Person]) -> None:
    receives(people[0], ALLOWANCE)
    again()
    Receipt.objects.update(until_date=TODAY)
    assert again().figures["changed"] == 1
    assert held(people[0]) == set()


def test_one_receives_instead_of_another(people: list[Person]) -> None:
    """As many receipts as bits: it is seen all the same."""
    first, second = people[:2]
    receives(first, ALLOWANCE)
    again()
    Receipt.objects.update(until_date=TODAY)
    receives(second, ALLOWANCE)
    assert again().figures["changed"] == 2
    assert (held(first), held(second)) == (set(), {ALLOWANCE})


def test_receipts_and_facts_may_change_at_once(people: list[Person]) -> None:
    first, second, third = people[:3]
    receives(first, ALLOWANCE)
    receives(third, ALLOWANCE)
    Sheet.objects.filter(pk__in=[first.pk, second.pk]).update(assistance="minimum_living", lives_alone=True)
    before = {row.pk: row.yes for row in Standing.objects.filter(pk__in=[first.pk, second.pk])}
    run = again()
    assert run.figures["changed"] == 1 + sum(
        row.pk == first.pk or row.yes != before[row.pk] for row in Standing.objects.filter(pk__in=before)
    )
    assert [held(one) for one in (first, second, third)] == [{ALLOWANCE}, set(), {ALLOWANCE}]
    kept = list(Standing.objects.order_by("pk").values("pk", "yes", "unknown", "held", "fen"))
    redetermine(actor=EVERYBODY, persons=[one.pk for one in (first, second, third)], on=TODAY, now=NOW)
    assert list(Standing.objects.order_by("pk").values("pk", "yes", "unknown", "held", "fen")) == kept


@pytest.mark.parametrize("few", [0, 20_000])
def test_many_who_moved_and_few_come_out_alike(people: list[Person], few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "FEW", few)
    receives(people[0], ALLOWANCE)
    Sheet.objects.filter(pk=people[0].pk).update(lives_alone=True, assistance="minimum_living")
    Sheet.objects.filter(pk=people[1].pk).update(standing="merged")
    figures = again().figures
    assert (figures["changed"], figures["gone"]) == (1, 1)
    assert held(people[0]) == {ALLOWANCE}
    assert not Standing.objects.filter(pk=people[1].pk).exists()


def test_who_left_is_gone_and_counted_no_more(people: list[Person]) -> None:
    receives(people[0], ALLOWANCE)
    before = again().figures
    Sheet.objects.filter(pk=people[0].pk).update(standing="merged")
    figures = again().figures
    assert (figures["gone"], figures["people"]) == (1, before["people"] - 1)
    assert receiving(ALLOWANCE) == 0
    assert again().figures["gone"] == 0


def test_workers_join_what_they_decided(people: list[Person]) -> None:
    """The subquery that keeps outcomes together must not keep the workers out, as an OFFSET of another type does."""
    held_lists = holdings(TODAY, "")
    places = places_of([item.slug for one in held_lists for item in pack_of(one.release).items])
    statement = decided(tuple(Listed.on(one, TODAY, places) for one in held_lists))
    with connection.cursor() as cursor:
        for setting in _ANY_NUMBER_IS_MANY:
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute(
            f"EXPLAIN SELECT count(*) FROM ({statement.text}) AS d"
            " JOIN decisions_standing s ON s.person_id = d.person_id WHERE s.yes <> d.yes",
            statement.parameters,
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.index("Gather") < plan.index("Hash Join"), plan
