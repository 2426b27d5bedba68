"""Systems that were let in, and calls with their tokens, for tests of the API."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from songhe.doors.api.clients import approve_client, propose_client
from songhe.doors.api.models import ApiClient
from songhe.doors.api.terms import ALLOWED, Purpose
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from tests.policy.releases import somebody

ROOT = "/api/v1/"


def administrator(name: str, region: str = "420700") -> Actor:
    """A security administrator with an account."""
    actor = somebody("security_admin", name, region)
    Account.objects.get_or_create(
        pk=actor.account_id, defaults={"login": name, "name": name, "created_at": timezone.now()}
    )
    return actor


def proposed(region: str = "420700", **wanted: Any) -> ApiClient:
    """A system that waits for a second person."""
    now = timezone.now()
    given: dict[str, Any] = {
        "name": "残联接口", "office": "市残联", "source": "disabled_federation", "purposes": Purpose.values,
        "actions": ALLOWED, "until_date": timezone.localdate(now) + timedelta(days=90),
    }  # fmt: skip
    return propose_client(
        actor=administrator("严素琴"), region=region.ljust(12, "0"), today=timezone.localdate(now), now=now,
        **given | wanted,
    )  # fmt: skip


class Calls:
    """A system at work: `calls.get("people")`; `purpose` and `token` may be set otherwise."""

    def __init__(self, region: str = "420700", actions: Iterable[str] = ALLOWED, **wanted: Any) -> None:
        self.client = proposed(region, actions=actions, **wanted)
        self.token = approve_client(actor=administrator("周敏"), client=self.client.pk, now=timezone.now())
        self.purpose = Purpose.EXCHANGE.value
        self._keys = 0

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        """A reading call."""
        return Client().get(ROOT + path, query or {}, headers=self._headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """A call that sends something, with a key of its own unless one is given."""
        self._keys += 1
        headers.setdefault("Idempotency_Key", f"call-{self.client.pk}-{self._keys}")
        data = body if isinstance(body, bytes) else json.dumps(body)
        return Client().post(ROOT + path, data, content_type="application/json", headers=self._headers(headers))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        usual = {"Authorization": f"Bearer {self.token}", "Songhe-Purpose": self.purpose}
        return usual | {name.replace("_", "-"): value for name, value in more.items()}
