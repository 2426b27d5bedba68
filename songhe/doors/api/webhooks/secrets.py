"""The secrets of a webhook, sealed for its row and the column they stand in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from songhe.doors.api.models import Webhook
from songhe.foundation.sealing.seals import seal, unseal


def sealed(secret: str, webhook: UUID) -> bytes:
    """The secret as it is kept in use."""
    return seal(secret, _place("secret", webhook))


def retired(webhook: Webhook) -> bytes:
    """The secret in use as it is kept once another has taken its place."""
    return seal(unseal(bytes(webhook.secret_sealed), _place("secret", webhook.pk)), _place("old_secret", webhook.pk))


def secrets_of(webhook: Webhook, now: datetime) -> tuple[str, ...]:
    """Those that sign now, the new one first."""
    new = unseal(bytes(webhook.secret_sealed), _place("secret", webhook.pk))
    if webhook.old_secret_sealed is None or webhook.old_until is None or webhook.old_until <= now:
        return (new,)
    return new, unseal(bytes(webhook.old_secret_sealed), _place("old_secret", webhook.pk))


def _place(column: str, webhook: UUID) -> str:
    return f"api_webhook.{column}.{webhook}"
