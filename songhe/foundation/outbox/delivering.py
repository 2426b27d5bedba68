"""Delivering events to their handlers: each in a transaction of its own, again later when it fails.

A handler and the mark that it ran are one transaction, so what it writes in the database happens once. What it does
elsewhere may happen twice. Deliveries of different events have no order.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.events import kind_named, read
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.states import State

NAME = "outbox"
MOST_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
_log = logging.getLogger(__name__)


def deliver(*, limit: int = 100, now: datetime) -> int:
    """Hands due deliveries to their handlers, at most `limit`; gives back how many were tried.

    Several processes may do so at once: each takes other deliveries.
    """
    for number in range(limit):
        if not _deliver_next(now):
            return number
    return limit


def forget_delivered(*, before: datetime, at_once: int = 5_000) -> int:
    """Clears away events told before the moment that nothing is to be done with any more; gives how many.

    One that waits, or failed and waits for a person, stays with all its deliveries. Piece by piece, each by itself.
    """
    open_still = Delivery.objects.filter(event=OuterRef("pk"), state__in=(State.WAITING, State.FAILED))
    done = (
        StoredEvent.objects.filter(~Exists(open_still), told_at__lt=before).order_by("id").values_list("pk", flat=True)
    )
    gone = 0
    while keys := list(done[:at_once]):
        with transaction.atomic():
            Delivery.objects.filter(event__in=keys).delete()
            StoredEvent.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def wait_after(attempts: int) -> timedelta:
    """How long a delivery rests after it failed so many times."""
    doubled: int = 2 ** (attempts - 1)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled)


def _deliver_next(now: datetime) -> bool:
    with scoped(Actor.system(NAME, ""), "outbox"):
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(state=State.WAITING, next_try_at__lte=now)
            .order_by("next_try_at", "id")
            .first()
        )
        if delivery is None:
            return False
        error = _handle(delivery)
        delivery.attempts += 1
        delivery.tried_at = now
        delivery.error = error
        if not error:
            delivery.state = State.DONE
        elif delivery.attempts >= MOST_ATTEMPTS:
            delivery.state = State.FAILED
        else:
            delivery.next_try_at = now + wait_after(delivery.attempts)
        delivery.save(update_fields=("attempts", "tried_at", "error", "state", "next_try_at"))
        return True


def _handle(delivery: Delivery) -> str:
    """Runs the handler; gives back what went wrong, "" when nothing did. A failed handler leaves nothing behind."""
    stored = delivery.event
    try:
        actor = Actor.system(NAME, stored.region)
        with scoped(actor, f"outbox {stored.name.rpartition('.')[2]}"), transaction.atomic():
            handler = import_string(delivery.handler)
            handler(read(kind_named(stored.name), stored.body))
    except Exception as error:  # whatever it is, the event is not lost: it is tried again and shown
        told = told_error(error)
        _log.warning("event not delivered: event %s handler %s error %s", stored.pk, delivery.handler, told)
        return told
    return ""


def told_error(error: Exception) -> str:
    """Class, database code and place of an error. Never its text: that may hold a person's data."""
    cause = error.__cause__ or error
    code = getattr(cause, "sqlstate", None)
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if "/songhe/" in frame.filename:
            place = f"songhe/{frame.filename.rpartition('/songhe/')[2]}:{frame.lineno}"
    return " ".join(part for part in (type(error).__name__, code, place) if part)[:200]
