"""Secrets and signatures as the Standard Webhooks specification has them, so that its ready-made libraries verify."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

PREFIX, VERSION = "whsec_", "v1"
_BYTES = 32


def new_secret() -> str:
    """A secret as it is shown and kept by the receiver."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, message: UUID, at: datetime, body: bytes) -> str:
    """The signature over id, time of sending and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{int(at.timestamp())}.".encode() + body
    return f"{VERSION},{base64.b64encode(hmac.digest(key, signed, sha256)).decode()}"


def headers_of(secrets_in_use: Sequence[str], message: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; with a signature by each secret that still counts."""
    return {
        "webhook-id": str(message),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(one, message, at, body) for one in secrets_in_use),
    }
