"""A code goes out to the telephone on file, away from the page: how long that takes says nothing to who asked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from songhe.doors.portal.mine.entering import message_of
from songhe.foundation.notices.channels import channel

_CHANNEL = "sms"


def on_code_asked(event: Any) -> None:
    """Hands the code to the channel of short messages, once; nothing for who is not on file, or when it is too late."""
    message = message_of(event.entrance, now=timezone.now(), place=settings.PLACE)
    if message is not None:
        channel(_CHANNEL).deliver([message])
