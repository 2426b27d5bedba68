"""The lines that the how-to gives to other offices do verify what is sent to them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from songhe.doors.api.webhooks.sending import send_due
from songhe.doors.api.webhooks.subscribing import add_webhook, change_secret, ping
from songhe.foundation.access.actors import Actor
from tests.api.receiver import receiving
from tests.api.systems import Calls, administrator

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "api.zh-CN.md"
Genuine = Callable[[str, Any, bytes], bool]


@pytest.fixture
def genuine() -> Genuine:
    """The function as it stands in the how-to."""
    (lines,) = re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    given: dict[str, Any] = {}
    exec(compile(lines, str(HOW_TO), "exec"), given)  # noqa: S102 - our own page
    return given["genuine"]  # type: ignore[no-any-return]


def test_the_lines_of_the_how_to_verify_what_is_sent(everywhere: Actor, settings: Any, genuine: Genuine) -> None:
    settings.DEMO = True
    admin, system, now = administrator("严素琴"), Calls("420704").client, timezone.now()
    with receiving() as receiver:
        hook, secret = add_webhook(actor=admin, client=system.pk, url=receiver.url, kinds=["person.died"], now=now)
        ping(actor=admin, webhook=hook.pk, now=now)
        send_due(now=now)
        new = change_secret(actor=admin, webhook=hook.pk, now=now)
        ping(actor=admin, webhook=hook.pk, now=now)
        send_due(now=now)
        ping(actor=admin, webhook=hook.pk, now=now)
        send_due(now=now - timedelta(minutes=6) + timedelta(days=1))
    (headers, body), (both, second), (late, third) = receiver.came
    assert genuine(secret, headers, body)
    assert not genuine(new, headers, body)
    assert genuine(secret, both, second)
    assert genuine(new, both, second)
    assert not genuine(new, late, third)
    assert not genuine(secret, headers, body + b" ")
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        assert not genuine(secret, {**dict(headers), name: "1"}, body)
        assert not genuine(secret, {key: value for key, value in headers.items() if key != name}, body)
    assert not genuine(secret, {**dict(headers), "webhook-signature": "v1,签"}, body)
