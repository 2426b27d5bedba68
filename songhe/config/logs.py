"""What is written to the log: lines without personal data. Identity numbers and phones are blacked out anyway.

Of an error its kind and its places in the program: its own words may quote what somebody typed, or a row.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType
from typing import Any

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


class Redacted(logging.Formatter):
    """Lines in which whatever looks like an identity number or a mobile phone is blacked out."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        record.exc_text = None  # what another handler may have kept of the same record
        return redact(super().format(record))

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - logging's name
        """See logging; the first cause first."""
        told, error = [], ei[1]
        while error is not None:
            lines = traceback.format_tb(error.__traceback__)
            told.append("".join(["Traceback:\n", *lines, type(error).__qualname__]))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nthen\n".join(reversed(told))


def redact(text: str) -> str:
    """The text with identity numbers and mobile phones replaced."""
    return _PERSONAL.sub("[***]", text)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "redacted": {"()": Redacted, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "songhe": {"level": "INFO"},
        "axes": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}
