"""Telling an event: it is written with the deed, in the same transaction, so that neither happens without the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from songhe.foundation.outbox.events import Event, name_of, written
from songhe.foundation.outbox.models import Delivery, StoredEvent


def subscriptions() -> Mapping[str, Sequence[str]]:
    """The table of who listens to what, by dotted names."""
    table: Mapping[str, Sequence[str]] = import_string(settings.OUTBOX_SUBSCRIPTIONS)
    return table


def publish(*events: Event) -> None:
    """Writes events and a delivery for each handler that listens now. Nothing is handled here.

    Must be called in the transaction of the deed: TransactionManagementError outside of one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event is told in the transaction of its deed")
    table = subscriptions()
    stored = StoredEvent.objects.bulk_create(
        StoredEvent(name=name_of(type(event)), region=event.region, body=written(event)) for event in events
    )
    Delivery.objects.bulk_create(
        Delivery(event=event, handler=handler) for event in stored for handler in table.get(event.name, ())
    )
