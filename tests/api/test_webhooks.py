"""Systems are told what happened where they are: by id, signed, again until taken, and never where they must not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from songhe.doors.api.models import ApiClient, Webhook, WebhookMessage, WebhookTry
from songhe.doors.api.terms import ALLOWED
from songhe.doors.api.webhooks.kinds import KINDS, TOLD_AS
from songhe.doors.api.webhooks.listeners import on_event
from songhe.doors.api.webhooks.posting import Answer
from songhe.doors.api.webhooks.sending import forget_messages, send_due
from songhe.doors.api.webhooks.signing import signature
from songhe.doors.api.webhooks.subscribing import (
    add_webhook,
    change_secret,
    drop_old_secret,
    end_webhook,
    pause_webhook,
    ping,
    resume_webhook,
)
from songhe.eligibility.decisions.events import DecisionsChanged
from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.operations import send_again
from songhe.foundation.outbox.permissions import RETRY
from songhe.foundation.outbox.states import State
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.events import FactsChanged, PersonDied, PersonMerged, PersonMoved
from songhe.policy.events import ReleaseIssued
from songhe.regions.events import DivisionReplaced
from tests.api.receiver import Receiver, receiving
from tests.api.systems import Calls, administrator
from tests.security.placing import World

STREET, SIBLING, DISTRICT, COMMUNITY = "420704001000", "420704002008", "420704000000", "420704001002"
DAY = date(2026, 11, 1)


@pytest.fixture
def receiver(everywhere: Actor, settings: Any, tmp_path: Any) -> Iterator[Receiver]:
    settings.DEMO = True
    settings.FILES = tmp_path
    with receiving() as one:
        yield one


def subscribed(url: str, region: str = "420704001", kinds: Any = tuple(KINDS), **wanted: Any) -> tuple[Webhook, str]:
    calls = Calls(region, **wanted)
    return add_webhook(actor=administrator("严素琴"), client=calls.client.pk, url=url, kinds=kinds, now=timezone.now())


def died(region: str = STREET) -> UUID:
    person = uuid4()
    on_event(PersonDied(region=region, person=person, on_date=DAY))
    return person


@pytest.mark.covers("NET-03")
def test_what_happened_in_its_region_is_told_to_a_system_by_id_and_signed(receiver: Receiver) -> None:
    hook, secret = subscribed(receiver.url)
    person = died()
    died(SIBLING)
    now = timezone.now()
    assert send_due(now=now) == 1
    ((headers, body),) = receiver.came
    message = WebhookMessage.objects.get()
    assert json.loads(body) == {
        "id": str(message.pk), "type": "person.died", "timestamp": message.at.isoformat(timespec="seconds"),
        "data": {"subject": str(person), "region": STREET},
    }  # fmt: skip
    assert headers["webhook-id"] == str(message.pk)
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    assert headers["webhook-signature"] == signature(secret, message.pk, now, body)
    assert message.state == "done"
    assert list(WebhookTry.objects.values_list("status", "error")) == [(204, "")]
    assert send_due(now=now + timedelta(days=1)) == 0
    hook.refresh_from_db()
    assert hook.last_done_at == now


def test_the_outbox_tells_the_door_and_each_message_is_written_once(receiver: Receiver) -> None:
    from songhe.foundation.outbox import publish

    subscribed(receiver.url)
    publish(ReleaseIssued(region="420700000000", release=uuid4(), from_date=date(2099, 1, 1)))
    moment = timezone.now() + timedelta(seconds=1)
    deliver(now=moment)
    deliver(now=moment)
    assert list(WebhookMessage.objects.values_list("kind", "region")) == [("list.issued", STREET)]
    assert not Delivery.objects.exclude(state=State.DONE).exists()


def test_every_kind_that_rooms_tell_has_words_and_a_right_and_a_listener() -> None:
    from songhe.config.subscriptions import SUBSCRIPTIONS

    told = {
        name.rpartition(".")[2] for name, handlers in SUBSCRIPTIONS.items() if any("webhooks" in h for h in handlers)
    }
    assert told == set(TOLD_AS)
    assert set(TOLD_AS.values()) == set(KINDS)
    assert {kind.action for kind in KINDS.values()} <= set(ALLOWED)


def told_of(event: Any) -> set[tuple[str, UUID | None, str]]:
    on_event(event)
    found = set(WebhookMessage.objects.values_list("kind", "subject", "region"))
    WebhookMessage.objects.all().delete()
    return found


def test_a_person_who_comes_or_goes_is_told_at_both_ends_without_the_other(receiver: Receiver) -> None:
    subscribed(receiver.url)
    person, merged = uuid4(), uuid4()
    here, there = {"from_region": STREET, "to_region": SIBLING}, {"from_region": SIBLING, "to_region": COMMUNITY}
    move = {"region": DISTRICT, "person": person, "kind": "moved_within", "on_date": DAY}
    assert told_of(PersonMoved(**move, **here)) == {("person.moved", person, STREET)}
    assert told_of(PersonMoved(**move, **there)) == {("person.moved", person, COMMUNITY)}
    elsewhere = {"from_region": SIBLING, "to_region": "420703100209"}
    assert told_of(PersonMoved(**move, **elsewhere)) == set()
    both = PersonMerged(region=DISTRICT, person=person, merged=merged, **here)
    assert told_of(both) == {("person.merged", merged, STREET)}
    assert told_of(PersonMerged(region=STREET, person=person, merged=merged)) == {
        ("person.merged", merged, STREET), ("person.merged", person, STREET),
    }  # fmt: skip


def test_what_concerns_a_whole_city_is_told_within_it_by_the_systems_own_region(receiver: Receiver) -> None:
    subscribed(receiver.url)
    release, run = uuid4(), uuid4()
    assert told_of(ReleaseIssued(region="420700000000", release=release, from_date=DAY)) == {
        ("list.issued", release, STREET)
    }
    assert told_of(ReleaseIssued(region="150600000000", release=release, from_date=DAY)) == set()
    assert told_of(DecisionsChanged(region="420700000000", run=run, on_date=DAY)) == {
        ("decisions.changed", None, STREET)
    }
    assert told_of(FactsChanged(region="150600000000", person=None, facts=("age",))) == set()
    replaced = DivisionReplaced(region="", before_code=COMMUNITY, after_code="420704001999", on_date=DAY)
    assert told_of(replaced) == {("divisions.changed", None, COMMUNITY)}


def test_a_person_of_a_wider_run_is_told_only_where_she_is(receiver: Receiver) -> None:
    world = World()
    subscribed(receiver.url)
    wide = {"region": "000000000000", "run": uuid4(), "on_date": DAY}
    inside, outside = (world.objects["person", code]["pk"] for code in (COMMUNITY, SIBLING))
    assert told_of(DecisionsChanged(**wide, person=inside)) == {("decisions.changed", inside, COMMUNITY)}
    assert told_of(DecisionsChanged(**wide, person=outside)) == set()
    assert told_of(DecisionsChanged(**wide, person=uuid4())) == set()


def test_a_system_is_told_only_what_it_may_read_and_only_while_it_may(receiver: Receiver) -> None:
    calls = Calls("420704001", actions=["regions.read"])
    admin, now = administrator("严素琴"), timezone.now()
    with pytest.raises(BadInput):
        add_webhook(actor=admin, client=calls.client.pk, url=receiver.url, kinds=["person.died"], now=now)
    add_webhook(actor=admin, client=calls.client.pk, url=receiver.url, kinds=["divisions.changed"], now=now)
    Webhook.objects.update(kinds=["person.died"])
    died()
    assert not WebhookMessage.objects.exists()
    ApiClient.objects.update(actions=["people.read"], until_date=timezone.localdate())
    died()
    assert not WebhookMessage.objects.exists()
    ApiClient.objects.update(until_date=timezone.localdate() + timedelta(days=9))
    died()
    ApiClient.objects.update(ended_at=now)
    assert send_due(now=timezone.now()) == 0
    assert receiver.came == []


def test_who_may_not_let_systems_in_cannot_add_and_elsewhere_nothing_is_there(receiver: Receiver) -> None:
    hook, _ = subscribed(receiver.url)
    now, wanted = timezone.now(), {"url": receiver.url, "kinds": ["person.died"]}
    with pytest.raises(Conflict):
        add_webhook(actor=administrator("严素琴"), client=hook.client_id, now=now, **wanted)
    with pytest.raises(NotFound):
        add_webhook(actor=administrator("何俊", "420703"), client=hook.client_id, now=now, **wanted)
    with pytest.raises(NotFound):
        pause_webhook(actor=administrator("何俊", "420703"), webhook=hook.pk, now=now)
    with pytest.raises(Refused):
        pause_webhook(actor=Actor.system("测试", "420704001"), webhook=hook.pk, now=now)


def test_a_message_that_is_not_taken_comes_again_later_with_the_same_id(receiver: Receiver) -> None:
    subscribed(receiver.url)
    died()
    receiver.answers = [500, 302, 204]
    now = timezone.now()
    for rest in (0, 10, 60):
        now += timedelta(seconds=rest)
        assert send_due(now=now - timedelta(seconds=1)) == 0 if rest else True
        assert send_due(now=now) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert len({body for _, body in receiver.came}) == 1
    assert len({headers["webhook-signature"] for headers, _ in receiver.came}) == 3
    tries = WebhookTry.objects.order_by("at").values_list("status", "error")
    assert list(tries) == [(500, "status"), (302, "redirect"), (204, "")]


def failed(hook: Webhook, put: Any, now: datetime) -> datetime:
    """Sent until nothing more is tried of itself; gives the moment."""
    for _ in range(20):
        waiting = WebhookMessage.objects.filter(webhook=hook, state="waiting").order_by("next_try_at").first()
        if waiting is None:
            return now
        now = max(now, waiting.next_try_at)
        send_due(now=now, put=put)
    raise AssertionError("never ends")


def test_what_nobody_takes_stands_with_what_did_not_arrive_and_can_be_sent_again(receiver: Receiver) -> None:
    hook, _ = subscribed(receiver.url)
    died()
    now = failed(hook, lambda *_, **__: Answer(503, "status", 1), timezone.now())
    assert WebhookTry.objects.count() == 9
    hook.refresh_from_db()
    assert hook.stopped_at == now
    delivery = Delivery.objects.get(state=State.FAILED)
    assert (delivery.event.region, delivery.attempts, delivery.error) == (STREET, 9, "HTTP 503")
    administrator_of_events = Actor.system("测试", "420704001", [RETRY])
    send_again(administrator_of_events, delivery=delivery.pk, now=now)
    deliver(now=now)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert send_due(now=now) == 1
    assert len(receiver.came) == 1
    assert WebhookMessage.objects.get().state == "done"


def test_one_message_that_fails_does_not_stop_others_that_are_taken(receiver: Receiver) -> None:
    hook, _ = subscribed(receiver.url)
    bad = str(died())
    now = timezone.now()

    def put(url: str, headers: dict[str, str], body: bytes, *, loopback: bool) -> Answer:
        return Answer(500, "status", 1) if bad.encode() in body else Answer(200, "", 1)

    send_due(now=now, put=put)
    died()
    now = failed(hook, put, now + timedelta(seconds=1))
    hook.refresh_from_db()
    assert hook.stopped_at is None
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {"failed", "done"}


def test_a_receiver_that_is_gone_for_good_is_not_asked_again(receiver: Receiver) -> None:
    hook, _ = subscribed(receiver.url)
    died()
    died()
    receiver.answers = [410]
    now = timezone.now()
    assert send_due(now=now) == 1
    hook.refresh_from_db()
    assert hook.stopped_at == now
    assert send_due(now=now + timedelta(days=1)) == 0
    assert sorted(WebhookMessage.objects.values_list("state", flat=True)) == ["failed", "waiting"]


def test_a_receiver_that_cannot_be_reached_is_tried_once_a_round(receiver: Receiver) -> None:
    subscribed(receiver.url)
    for _ in range(3):
        died()
    now, tried = timezone.now(), []

    def put(url: str, headers: dict[str, str], body: bytes, *, loopback: bool) -> Answer:
        tried.append(headers["webhook-id"])
        return Answer(None, "timeout", 1)

    assert send_due(now=now, put=put) == 1
    assert len(tried) == 1
    assert sorted(WebhookMessage.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert send_due(now=now + timedelta(minutes=2)) == 3


def test_a_worker_that_dies_while_sending_leaves_the_message_to_be_sent_again(receiver: Receiver) -> None:
    subscribed(receiver.url)
    died()
    now = timezone.now()

    def killed(*arguments: object, **more: object) -> Answer:
        raise SystemExit

    with pytest.raises(SystemExit):
        send_due(now=now, put=killed)
    assert send_due(now=now + timedelta(minutes=1)) == 0
    assert send_due(now=now + timedelta(minutes=6)) == 1
    assert WebhookMessage.objects.get().state == "done"


def test_while_it_is_paused_nothing_is_sent_and_nothing_is_lost(receiver: Receiver) -> None:
    hook, _ = subscribed(receiver.url)
    admin = administrator("严素琴")
    pause_webhook(actor=admin, webhook=hook.pk, now=timezone.now())
    died()
    assert send_due(now=timezone.now()) == 0
    with pytest.raises(Conflict):
        ping(actor=admin, webhook=hook.pk, now=timezone.now())
    resume_webhook(actor=admin, webhook=hook.pk, now=timezone.now())
    assert send_due(now=timezone.now()) == 1
    end_webhook(actor=admin, webhook=hook.pk, now=timezone.now())
    died()
    assert WebhookMessage.objects.count() == 1
    with pytest.raises(Conflict):
        resume_webhook(actor=admin, webhook=hook.pk, now=timezone.now())


def test_during_a_change_of_the_secret_both_sign(receiver: Receiver) -> None:
    hook, old = subscribed(receiver.url)
    admin, now = administrator("严素琴"), timezone.now()
    new = change_secret(actor=admin, webhook=hook.pk, now=now)

    def signed_by(at: datetime) -> list[str]:
        ping(actor=admin, webhook=hook.pk, now=at)
        send_due(now=at)
        headers, body = receiver.came[-1]
        given = headers["webhook-signature"].split(" ")
        made = {
            signature(one, UUID(headers["webhook-id"]), at, body): name for name, one in (("old", old), ("new", new))
        }
        return [made[one] for one in given]

    assert signed_by(now) == ["new", "old"]
    assert signed_by(now + timedelta(hours=25)) == ["new"]
    change_secret(actor=admin, webhook=hook.pk, now=now)
    drop_old_secret(actor=admin, webhook=hook.pk, now=now)
    with pytest.raises(Conflict):
        drop_old_secret(actor=admin, webhook=hook.pk, now=now)


def test_the_secret_lies_sealed_and_no_body_is_kept(receiver: Receiver) -> None:
    _, secret = subscribed(receiver.url)
    died()
    send_due(now=timezone.now())
    kept = (
        str(list(Webhook.objects.values()))
        + str(list(WebhookTry.objects.values()))
        + str(list(StoredEvent.objects.values()))
    )
    assert secret not in kept
    assert secret.removeprefix("whsec_") not in kept


def test_old_messages_are_cleared_away(receiver: Receiver) -> None:
    subscribed(receiver.url)
    died()
    send_due(now=timezone.now())
    assert forget_messages(before=timezone.now() - timedelta(days=1)) == 0
    assert forget_messages(before=timezone.now() + timedelta(days=1)) == 1
    assert not WebhookTry.objects.exists()
