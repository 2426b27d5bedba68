"""Clients over HTTP that sign in, keep their connection, and look at what they get."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPResponse
from threading import Barrier, Thread
from time import perf_counter, sleep
from urllib.parse import urlencode

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_PATIENCE_SECONDS = 60


class Wrong(Exception):
    """An answer that is not what it should be; without the page, which may name people."""


class Visitor:
    """One person at a browser: a session, a connection that stays open."""

    def __init__(self, host: str, port: int, login: str) -> None:
        self.login = login
        self._connection = HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def sign_in(self, password: str) -> None:
        """Signs in. Wrong when the platform does not let us in."""
        self.get("/sign-in/")
        self.post("/sign-in/", {"login": self.login, "password": password})
        page = self.get("/")
        if b"/sign-out/" not in page:
            raise Wrong(f"{self.login} was not let in")
        self.get("/people/")

    def get(self, path: str, marker: str = "") -> bytes:
        """The page behind an address, after redirects. Wrong unless it is a page with the marker."""
        status, location, body = self._ask("GET", path)
        for _ in range(3):
            if not location:
                break
            status, location, body = self._ask("GET", location)
        if status != 200 or marker.encode() not in body:
            raise Wrong(f"{path.partition('?')[0]}: {status}")
        found = _TOKEN.search(body)
        self._token = found[1].decode() if found else self._token
        return body

    def post(self, path: str, fields: Mapping[str, str], marker: str = "") -> bytes:
        """Sends a form and follows to the page it leads to."""
        form = urlencode({**fields, "csrfmiddlewaretoken": self._token})
        status, location, body = self._ask("POST", path, form)
        if location:
            return self.get(location, marker)
        if status != 200 or marker.encode() not in body:
            raise Wrong(f"{path}: {status}")
        return body

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, form: str | None = None) -> tuple[int, str, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._answer(method, path, form, headers)
        body = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return answer.status, answer.getheader("Location") or "", body

    def _answer(self, method: str, path: str, form: str | None, headers: Mapping[str, str]) -> HTTPResponse:
        """A server closes a connection that was silent for long; like a browser, we open it again."""
        for last in (False, True):
            try:
                self._connection.request(method, path, form, headers)
                return self._connection.getresponse()
            except ConnectionError:
                self._connection.close()
                if last:
                    raise
        raise AssertionError


class Look:
    """One thing that a visitor does: opens an address, or searches for words; the page must hold the marker."""

    def __init__(self, path: str, marker: str, words: str = "") -> None:
        self._path, self._marker, self._words = path, marker, words

    def __call__(self, visitor: Visitor) -> None:
        """Does it."""
        if self._words:
            visitor.post(self._path, {"words": self._words, "within": ""}, self._marker)
        else:
            visitor.get(self._path, self._marker)


def all_at_once(plans: Mapping[Visitor, Sequence[Look]], pause: float = 0.0) -> tuple[list[float], float]:
    """Every visitor goes through its plan, all at the same time; the seconds of each look, and of the whole.

    With a pause each one reads that long after a page. The first error of any visitor is raised.
    """
    taken: list[float] = []
    errors: list[Exception] = []
    ready = Barrier(len(plans) + 1)

    def go(visitor: Visitor, plan: Sequence[Look], late: float) -> None:
        ready.wait()
        sleep(late)
        try:
            for look in plan:
                start = perf_counter()
                look(visitor)
                taken.append(perf_counter() - start)
                sleep(pause)
        except Exception as error:
            errors.append(error)

    threads = [
        Thread(target=go, args=(visitor, plan, pause * place / len(plans)))
        for place, (visitor, plan) in enumerate(plans.items())
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return taken, perf_counter() - start
