"""The page of events that were not delivered: who sees it, sending again, deciding otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.outbox import publish, queries
from songhe.foundation.outbox.delivering import MOST_ATTEMPTS, deliver
from songhe.foundation.outbox.events import name_of
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.states import State
from songhe.people.events import PersonDied

NOW = datetime(2100, 1, 1, tzinfo=UTC)
EVENTS = "/events/"
ClientFor = Callable[..., Client]
listening: dict[str, tuple[str, ...]] = {}


@pytest.fixture(autouse=True)
def table(settings: object) -> Iterator[None]:
    settings.OUTBOX_SUBSCRIPTIONS = f"{__name__}.listening"
    listening[name_of(PersonDied)] = ("songhe.nobody.listens",)
    yield
    listening.clear()


@pytest.fixture
def failed(db: None) -> Delivery:
    publish(PersonDied(region="420704001002", person=UUID(int=42), on_date=date(2026, 3, 1)))
    for number in range(MOST_ATTEMPTS):
        deliver(now=NOW + timedelta(hours=2 * number))
    return Delivery.objects.get()


@pytest.fixture
def admin(client_as: ClientFor) -> Client:
    return client_as("system_admin", "420700000000")


def page(client: Client, address: str = EVENTS, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_page_says_that_all_is_well(admin: Client) -> None:
    assert "没有送不到的消息" in page(admin)
    assert "这里没有消息" in page(admin, f"{EVENTS}?state=given_up")


def test_a_failed_event_is_shown_with_its_handler_and_error(admin: Client, failed: Delivery) -> None:
    shown = page(admin)
    for words in ("登记了去世", "nobody.listens", "ModuleNotFoundError", "没送到"):
        assert words in shown
    one = page(admin, f"{EVENTS}{failed.pk}/")
    for words in ("people.events.PersonDied", str(UUID(int=42)), "2026-03-01", "再送", "不再送"):
        assert words in one


def test_events_still_tried_stand_apart(admin: Client, db: None) -> None:
    publish(PersonDied(region="420704001002", person=UUID(int=42), on_date=date(2026, 3, 1)))
    deliver(now=NOW)
    assert "没有送不到的消息" in page(admin)
    assert "登记了去世" in page(admin, f"{EVENTS}?state=waiting")
    assert "下次" in page(admin, f"{EVENTS}{Delivery.objects.get().pk}/")


def test_sending_again_puts_it_back(admin: Client, failed: Delivery) -> None:
    response = admin.post(f"{EVENTS}{failed.pk}/again/")
    assert (response.status_code, response["Location"]) == (302, EVENTS)
    assert Delivery.objects.get().state == State.WAITING
    assert "放回去了" in page(admin)


def test_giving_up_asks_first_and_wants_a_note(admin: Client, failed: Delivery) -> None:
    address = f"{EVENTS}{failed.pk}/"
    assert "不再送“登记了去世”？" in page(admin, f"{address}?ask=give-up")
    refused = admin.post(f"{address}give-up/", {"note": "不"})
    assert refused.status_code == 400
    assert "要写4到200个字" in refused.content.decode()
    assert admin.post(f"{address}give-up/", {"note": "已经打电话告诉街道"}).status_code == 302
    assert Delivery.objects.get().note == "已经打电话告诉街道"
    assert "登记了去世" in page(admin, f"{EVENTS}?state=given_up")
    assert "已经打电话告诉街道" in page(admin, address)


@pytest.fixture
def two(failed: Delivery) -> tuple[int, int]:
    """The failed one and a later one, which was tried once more often."""
    publish(PersonDied(region="420704001002", person=UUID(int=43), on_date=date(2026, 3, 1)))
    Delivery.objects.exclude(pk=failed.pk).update(
        state=State.FAILED, attempts=MOST_ATTEMPTS + 1, tried_at=NOW, handler="songhe.somebody.else"
    )
    return failed.pk, Delivery.objects.latest("pk").pk


def test_pages_follow_each_other(admin: Client, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.page_of, "__defaults__", (1,))
    older, newest = two
    assert f"state=failed&amp;after={newest}" in page(admin)
    assert f"{EVENTS}{older}/" in page(admin, f"{EVENTS}?after={newest}")
    assert f"{EVENTS}{newest}/" in page(admin, f"{EVENTS}?before={older}")
    assert page(admin, f"{EVENTS}?before=nonsense")


def test_the_list_is_sorted_and_narrowed(admin: Client, two: tuple[int, int]) -> None:
    older, newest = (f'href="{EVENTS}{key}/"' for key in two)
    shown = page(admin, f"{EVENTS}?sort=attempts")
    assert shown.index(older) < shown.index(newest)
    shown = page(admin, f"{EVENTS}?handler=songhe.somebody.else")
    assert newest in shown and older not in shown
    assert "没有这样的" in page(admin, f"{EVENTS}?event=nobody.tells.This")


def test_what_is_shown_is_taken_along_and_that_is_written_down(admin: Client, two: tuple[int, int]) -> None:
    answer = admin.post(f"{EVENTS}export/", {"within": "handler=songhe.somebody.else", "kind": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "somebody.else" in lines[1] and str(UUID(int=43)) not in lines[1]
    with scoped(Actor.system("测试", ""), "test"):
        assert Entry.objects.get(action="events.export").row_count == 1


def test_an_auditor_sees_and_cannot_decide(client_as: ClientFor, failed: Delivery) -> None:
    auditor = client_as("auditor", "420700000000")
    assert "再送</" not in page(auditor, f"{EVENTS}{failed.pk}/")
    assert auditor.post(f"{EVENTS}{failed.pk}/again/").status_code == 403
    assert auditor.post(f"{EVENTS}{failed.pk}/give-up/", {"note": "已经打电话"}).status_code == 403


def test_others_and_other_regions_see_nothing(client_as: ClientFor, failed: Delivery) -> None:
    page(client_as("street_officer", "420704001000"), status=403)
    elsewhere = client_as("system_admin", "420703000000")
    assert "没有送不到的消息" in page(elsewhere)
    for path in ("", "again/", "give-up/"):
        address = f"{EVENTS}{failed.pk}/{path}"
        response = elsewhere.post(address, {"note": "已经打电话"}) if path else elsewhere.get(address)
        assert response.status_code == 404
