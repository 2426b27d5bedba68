"""What somebody answered so far. It lies sealed in a cookie of their browser, nowhere else, and ends with it.

Nothing of it is stored here: who closes the browser, or is away for an hour, has said nothing.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from songhe.doors.portal.held import Held
from songhe.doors.portal.places import Places
from songhe.eligibility.asking import Interview
from songhe.foundation.sealing.seals import Unsealable, seal, unseal

COOKIE, PATH = "songhe-portal-answers", "/portal/"
_PLACE = "portal.answers"
_KEPT_FOR = timedelta(hours=1)
_DAY = "day:"
_MOST = 3_500  # a cookie of 4,096 bytes is the most a browser keeps
Answers = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class State:
    """The answers in order, and those that were taken back, to be shown again when their question comes."""

    release: str
    answers: Answers = ()
    taken_back: Answers = ()

    def interview(self, held: Held) -> Interview:
        """The interview as it stands."""
        return Interview(held.programme, answers=self.answers, divisions=Places(held.on))

    def answered(self, fact: str, value: Any) -> State:
        """With one more answer."""
        kept = tuple(pair for pair in self.taken_back if pair[0] != fact)
        return replace(self, answers=(*self.answers, (fact, value)), taken_back=kept)

    def back(self) -> State:
        """Without the last answer, which is remembered."""
        return replace(self, answers=self.answers[:-1], taken_back=(*self.taken_back, *self.answers[-1:]))

    def earlier(self, fact: str) -> tuple[bool, Any]:
        """Whether the question was answered before it was gone back to, and how."""
        return next(((True, value) for name, value in reversed(self.taken_back) if name == fact), (False, None))


def read(request: HttpRequest, held: Held, now: datetime) -> State:
    """What the browser brings; an empty state for anything else: too old, of another list, not ours."""
    empty = State(str(held.release))
    try:
        text = unseal(urlsafe_b64decode(request.COOKIES.get(COOKIE, "").encode()), _PLACE)
    except (Unsealable, ValueError):
        return empty
    kept = json.loads(text)
    old = now.timestamp() - kept["at"] > _KEPT_FOR.total_seconds()
    if old or kept["release"] != empty.release:
        return empty
    return State(kept["release"], _pairs(kept["answers"]), _pairs(kept["taken_back"]))


def write(response: HttpResponse, state: State, now: datetime) -> None:
    """Gives the state to the browser, for as long as it is open."""
    body = {
        "release": state.release, "at": int(now.timestamp()), "answers": _plain(state.answers),
        "taken_back": _plain(state.taken_back),
    }  # fmt: skip
    sealed = urlsafe_b64encode(seal(json.dumps(body, ensure_ascii=False), _PLACE)).decode()
    if len(sealed) > _MOST:
        sealed = urlsafe_b64encode(seal(json.dumps({**body, "taken_back": []}, ensure_ascii=False), _PLACE)).decode()
    response.set_cookie(COOKIE, sealed, path=PATH, httponly=True, secure=settings.HTTPS, samesite="Lax")


def forget(response: HttpResponse) -> None:
    """Takes the state from the browser."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def _plain(answers: Answers) -> list[list[Any]]:
    return [[name, f"{_DAY}{value.isoformat()}" if isinstance(value, date) else value] for name, value in answers]


def _pairs(rows: list[list[Any]]) -> Answers:
    return tuple((name, _value(value)) for name, value in rows)


def _value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_DAY):
        return date.fromisoformat(value.removeprefix(_DAY))
    return value
