"""How long what was done stays in the tables of work: `keeping.yaml`, and clearing away what is older."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from songhe.doors.api.gate import forget_answers as forget_answers_to_systems
from songhe.doors.api.webhooks.sending import forget_messages
from songhe.foundation.idempotency.answering import forget_answers
from songhe.foundation.jobs.running import ended_before
from songhe.foundation.outbox.delivering import forget_delivered
from songhe.kernel.errors import BadInput

_FILE = Path(__file__).with_name("keeping.yaml")


def kept_for(name: str, day: date) -> timedelta:
    """The figure that counts on the day. BadInput when there is none yet."""
    begun = [one for one in _figures()[name]["values"] if one["from"] <= day]
    if not begun:
        raise BadInput(f"{_FILE.name}，{name}", "这一天还没有数", given=day.isoformat())
    return timedelta(days=int(max(begun, key=lambda one: one["from"])["value"]))


def forget_old() -> None:
    """Clears away what is older than it is kept. For the worker, every hour."""
    now = timezone.now()
    today = timezone.localdate(now)
    forget_delivered(before=now - kept_for("delivered_events", today))
    ended_before(now - kept_for("ended_jobs", today))
    forget_answers(before=now - kept_for("answers", today))
    forget_messages(before=now - kept_for("messages", today))
    forget_answers_to_systems(before=now - kept_for("answers", today))


@cache
def _figures() -> dict[str, Any]:
    figures: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return figures
