"""Security administrators add, try, pause and end what a system is told; others look, or see nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from songhe.doors.api.models import Webhook, WebhookMessage
from songhe.doors.api.webhooks.sending import send_due
from tests.api.receiver import Receiver, receiving
from tests.api.systems import Calls
from tests.platform_fixtures import ClientFor

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.DEMO = True
    with receiving() as one:
        yield one


@pytest.mark.covers("NET-02")
def test_an_address_is_added_tried_paused_given_another_secret_and_ended(
    client_as: ClientFor, receiver: Receiver
) -> None:
    admin, system = client_as("security_admin"), Calls("420704").client
    pages = f"/systems/{system.pk}/webhooks/"
    assert "没有订消息" in admin.get(pages).content.decode()
    assert admin.get(f"{pages}new/").status_code == 200
    shown = admin.post(f"{pages}new/", {"url": receiver.url, "kinds": ["person.died", "list.issued"]})
    secret = SECRET.search(shown.content.decode())
    assert secret
    assert shown.headers["Cache-Control"] == "no-store"
    hook = Webhook.objects.get()
    page, do = f"{pages}{hook.pk}/", f"{pages}{hook.pk}/do/"
    assert receiver.url in admin.get(pages).content.decode()
    assert admin.post(do, {"deed": "ping"}).headers["Location"] == page
    receiver.answers = [500]
    send_due(now=timezone.now())
    text = admin.get(page).content.decode()
    assert "对方答复500" in text
    assert "还在重试" in text
    assert secret[0] not in text
    for deed, words in (("pause", "停着"), ("resume", "在送")):
        admin.post(do, {"deed": deed})
        assert words in admin.get(page).content.decode()
    assert admin.get(f"{page}?ask=secret").status_code == 200
    second = SECRET.search(admin.post(do, {"deed": "secret"}).content.decode())
    assert second
    assert second[0] != secret[0]
    assert "旧的马上作废" in admin.get(page).content.decode()
    admin.post(do, {"deed": "drop"})
    assert "旧的马上作废" not in admin.get(page).content.decode()
    assert admin.get(f"{page}?ask=end").status_code == 200
    assert admin.post(do, {"deed": "end"}).headers["Location"] == pages
    assert admin.get(page).status_code == 404
    assert not WebhookMessage.objects.filter(state="done").exists()


def test_a_mistake_is_said_at_its_field(client_as: ClientFor, receiver: Receiver) -> None:
    admin, system = client_as("security_admin"), Calls("420704", actions=["people.read"]).client
    new = f"/systems/{system.pk}/webhooks/new/"
    for wrong in (
        {"url": "https:" + "//10.0.0.1/"}, {"url": ""}, {"kinds": []}, {"kinds": ["list.issued"]}, {"kinds": ["ping"]},
    ):  # fmt: skip
        answer = admin.post(new, {"url": receiver.url, "kinds": ["person.died"], **wrong})
        assert answer.status_code == 422
        assert "sh-field__error" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_an_auditor_looks_and_changes_nothing(client_as: ClientFor, receiver: Receiver) -> None:
    admin, auditor, system = client_as("security_admin"), client_as("auditor"), Calls("420704").client
    pages = f"/systems/{system.pk}/webhooks/"
    admin.post(f"{pages}new/", {"url": receiver.url, "kinds": ["person.died"]})
    page = f"{pages}{Webhook.objects.get().pk}/"
    assert auditor.get(page).status_code == 200
    assert "不再送" not in auditor.get(page).content.decode()
    assert auditor.post(f"{page}do/", {"deed": "end"}).status_code == 403
    assert client_as("city_officer").get(pages).status_code == 403
