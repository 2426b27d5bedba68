"""Events: told with the deed, delivered once each, tried again, shown when they fail, decided by a person."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from django.db import connection, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.outbox import publish
from songhe.foundation.outbox.delivering import LONGEST_WAIT, MOST_ATTEMPTS, deliver, told_error, wait_after
from songhe.foundation.outbox.events import Event, kind_named, name_of, read, written
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.operations import give_up, send_again
from songhe.foundation.outbox.queries import counts, deliveries, delivery_named
from songhe.foundation.outbox.states import TRANSITIONS, State, check_move
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import Household

FENGHUANG, GULOU, HUARONG = "420704001002", "420704002008", "420703100209"
CITY = Actor.system("测试", "420700", ("events.read", "events.retry"))
LATER = datetime(2100, 1, 1, tzinfo=UTC)
HERE = __name__


class Reason(StrEnum):
    """A code."""

    ILL = "ill"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied(Event):
    """A field of each type."""

    person: uuid.UUID
    on_date: date
    seen_at: datetime | None = None
    reason: Reason = Reason.ILL
    others: tuple[uuid.UUID, ...] = ()
    count: int = 0
    sure: bool = True
    note: str = ""


seen: list[Event] = []


def takes(event: Event) -> None:
    seen.append(event)


def makes_a_household(event: Event) -> None:
    Household.objects.create(region_code=event.region)


def fails(event: Event) -> None:
    Household.objects.create(region_code=event.region)
    raise ValueError("万长松 429900194403120027")


def breaks_the_database(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


listening: dict[str, tuple[str, ...]] = {}


@pytest.fixture(autouse=True)
def table(settings: object) -> Iterator[None]:
    sys.modules.setdefault(HERE, sys.modules[__name__])
    settings.OUTBOX_SUBSCRIPTIONS = f"{HERE}.listening"
    seen.clear()
    listening.clear()
    yield
    listening.clear()


def died(**fields: object) -> PersonDied:
    values = {"region": FENGHUANG, "person": uuid.UUID(int=42), "on_date": date(2026, 3, 1)} | fields
    return PersonDied(**values)


def tell(*handlers: str, event: PersonDied | None = None) -> None:
    listening[name_of(PersonDied)] = tuple(f"{HERE}.{handler}" for handler in handlers)
    publish(event or died())


def only() -> Delivery:
    return Delivery.objects.get()


def fail_for_good() -> Delivery:
    tell("fails")
    for number in range(MOST_ATTEMPTS):
        deliver(now=LATER + timedelta(hours=2 * number))
    return only()


def test_an_event_survives_being_written_and_read() -> None:
    event = died(
        seen_at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
        others=(uuid.UUID(int=1), uuid.UUID(int=2)),
        count=3,
        sure=False,
    )
    kind = kind_named(name_of(PersonDied))
    assert read(kind, written(event)) == event
    assert read(kind, {**written(died()), "left": "behind"}) == died()


@pytest.mark.parametrize("value", ["万长松", "429900194403120027", "42990019440312002X", "13812345521", "a b", 1.5])
def test_an_event_carries_nobodys_data(value: object) -> None:
    with pytest.raises(ValueError, match="note"):
        written(died(note=value))


@pytest.mark.parametrize(
    "name", ["songhe.no_such.Event", "songhe.people.models.Person", f"{HERE}.Gone", f"{HERE}.takes"]
)
def test_a_name_that_is_no_event_is_told(name: str) -> None:
    with pytest.raises(LookupError):
        kind_named(name)


def test_an_event_is_told_in_a_transaction_only() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        publish(died())


def test_an_event_reaches_each_handler_once(db: None) -> None:
    tell("takes", "makes_a_household")
    assert StoredEvent.objects.get().body["person"] == str(uuid.UUID(int=42))
    assert deliver(now=LATER) == 2
    assert seen == [died()]
    assert deliver(now=LATER) == 0
    assert {one.state for one in Delivery.objects.all()} == {State.DONE}
    with scoped(CITY, "test"):
        assert Household.objects.get().region_code == FENGHUANG
        entry = Entry.objects.get(table_name="people_household")
    assert (entry.actor_name, entry.purpose) == ("outbox", "outbox PersonDied")


def test_an_event_nobody_listens_to_is_kept(db: None) -> None:
    publish(died())
    assert StoredEvent.objects.count() == 1
    assert not Delivery.objects.exists()


def test_what_is_undone_is_not_told(db: None) -> None:
    with transaction.atomic():
        tell("takes")
        transaction.set_rollback(True)
    assert deliver(now=LATER) == 0
    assert seen == []


def test_no_more_are_taken_than_asked(db: None) -> None:
    for _ in range(3):
        tell("takes")
    assert [deliver(limit=2, now=LATER), deliver(limit=2, now=LATER)] == [2, 1]


def test_a_handler_works_in_the_region_of_its_event(db: None) -> None:
    tell("makes_a_household", event=died(region=HUARONG))
    deliver(now=LATER)
    with scoped(Actor.system("测试", "420703"), "test"):
        assert Household.objects.get().region_code == HUARONG


def test_a_failed_handler_leaves_nothing_and_is_tried_again_later(db: None) -> None:
    tell("fails", "takes")
    assert deliver(now=LATER) == 2
    failed = Delivery.objects.get(handler__endswith="fails")
    assert (failed.state, failed.attempts, failed.next_try_at) == (State.WAITING, 1, LATER + timedelta(seconds=10))
    assert seen == [died()]
    with scoped(CITY, "test"):
        assert not Household.objects.exists()
    assert deliver(now=LATER + timedelta(seconds=9)) == 0
    assert deliver(now=LATER + timedelta(seconds=10)) == 1


def test_an_error_is_told_without_its_text(db: None) -> None:
    tell("fails")
    deliver(now=LATER)
    assert only().error.startswith("ValueError songhe/foundation/outbox/delivering.py:")
    assert "万长松" not in only().error


def test_a_database_error_is_told_by_its_code(db: None) -> None:
    tell("breaks_the_database")
    deliver(now=LATER)
    assert only().error.startswith("DataError 22012 ")
    assert told_error(ValueError("x")) == "ValueError"


def test_a_handler_that_is_gone_fails_and_is_kept(db: None) -> None:
    tell("no_longer_there")
    deliver(now=LATER)
    assert only().error.startswith("ImportError")


def test_rests_grow_to_an_hour() -> None:
    assert [wait_after(number).seconds for number in (1, 2, 3)] == [10, 20, 40]
    assert wait_after(20) == LONGEST_WAIT


def test_after_its_tries_a_delivery_has_failed_and_rests(db: None) -> None:
    one = fail_for_good()
    assert (one.state, one.attempts) == (State.FAILED, MOST_ATTEMPTS)
    assert deliver(now=LATER + timedelta(days=9)) == 0


def test_a_person_sends_it_again(db: None) -> None:
    one = fail_for_good()
    with scoped(CITY, "test"):
        send_again(CITY, delivery=one.pk, now=LATER + timedelta(days=9))
        assert Entry.objects.get(action="events.send_again").subject == str(one.pk)
    assert (only().state, only().attempts) == (State.WAITING, 0)
    assert deliver(now=LATER + timedelta(days=9)) == 1


def test_a_person_gives_it_up_with_a_note(db: None) -> None:
    one = fail_for_good()
    with pytest.raises(BadInput, match="4到200个字"):
        give_up(CITY, delivery=one.pk, note=" 不 ", now=LATER)
    with scoped(CITY, "test"):
        give_up(CITY, delivery=one.pk, note="已经打电话告诉街道", now=LATER)
        assert Entry.objects.get(action="events.give_up").detail["note"] == "已经打电话告诉街道"
    assert (only().state, only().note) == (State.GIVEN_UP, "已经打电话告诉街道")
    with pytest.raises(Conflict, match="不再送"):
        give_up(CITY, delivery=one.pk, note="再说一遍", now=LATER)
    with scoped(CITY, "test"):
        send_again(CITY, delivery=one.pk, now=LATER)
    assert only().state == State.WAITING


def test_only_who_may_decides_and_only_in_their_region(db: None) -> None:
    one = fail_for_good()
    with pytest.raises(Refused, match="重送"):
        send_again(Actor.system("测试", "420700"), delivery=one.pk, now=LATER)
    for region in ("420703", "150600"):
        stranger = Actor.system("测试", region, ("events.retry",))
        with pytest.raises(NotFound):
            send_again(stranger, delivery=one.pk, now=LATER)
        assert delivery_named(stranger, one.pk) is None
        assert not deliveries(stranger, State.FAILED).exists()
    with pytest.raises(NotFound):
        send_again(CITY, delivery=0, now=LATER)


def test_the_page_counts_what_is_open(db: None) -> None:
    one = fail_for_good()
    tell("fails")
    assert counts(CITY) == {State.FAILED: 1, State.WAITING: 0, State.GIVEN_UP: 0}
    deliver(now=LATER + timedelta(days=1))
    assert counts(CITY)[State.WAITING] == 1
    assert [found.pk for found in deliveries(CITY, State.WAITING)] != [one.pk]
    found = delivery_named(CITY, one.pk)
    assert found is not None
    assert found.pk == one.pk


@pytest.mark.parametrize("old", list(State))
@pytest.mark.parametrize("new", list(State))
def test_no_other_move_is_possible(old: State, new: State) -> None:
    if new in TRANSITIONS[old]:
        check_move(old, new)
    else:
        with pytest.raises(Conflict):
            check_move(old, new)
