"""One message put to its receiver: to the checked address, no redirects, no proxy, little time, the answer unread."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from songhe.doors.api.webhooks.destinations import Unreachable, found, place_of

STEP_SECONDS, MOST_SECONDS = 5.0, 10.0
AGENT = "Songhe-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a status, or the code of what was in the way."""

    status: int | None
    error: str
    milliseconds: int

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, headers: dict[str, str], body: bytes, *, loopback: bool) -> Answer:
    """Sends once. Never raises for what lies with the receiver."""
    began = time.monotonic()
    status, error = _status(url, headers, body, loopback)
    return Answer(status, error, int((time.monotonic() - began) * 1000))


def _status(url: str, headers: dict[str, str], body: bytes, loopback: bool) -> tuple[int | None, str]:
    try:
        status = _asked(url, headers, body, loopback)
    except Unreachable as error:
        return None, str(error)
    except TimeoutError:
        return None, "timeout"
    except ssl.SSLError:
        return None, "tls"
    except (OSError, http.client.HTTPException, ValueError):
        return None, "connection"
    return status, ("" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status")


def _asked(url: str, headers: dict[str, str], body: bytes, loopback: bool) -> int:
    parts = urlsplit(url)
    host, port = place_of(parts)
    connection = _connection(parts.scheme, host, port, found(host, port, loopback=loopback))
    late = threading.Event()
    clock = threading.Timer(MOST_SECONDS, _cut, (connection, late))
    clock.daemon = True
    clock.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        usual = {"Content-Type": "application/json; charset=utf-8", "User-Agent": AGENT, "Connection": "close"}
        connection.request("POST", target, body, usual | headers)
        status = connection.getresponse().status
        if late.is_set():  # cut in the middle of the head, which then looks whole
            raise TimeoutError
        return status
    except (OSError, http.client.HTTPException, ValueError):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        clock.cancel()
        connection.close()


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection that speaks to the name and goes to the address."""

    def connected(_: tuple[str, int], timeout: Any = None, source: Any = None) -> socket.socket:
        return socket.create_connection((address, port), timeout, source)

    connection: http.client.HTTPConnection
    if scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=STEP_SECONDS, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=STEP_SECONDS)
    connection._create_connection = connected  # type: ignore[attr-defined]  # the library's place for it
    return connection


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """A receiver that answers a letter at a time is not waited for."""
    late.set()
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
