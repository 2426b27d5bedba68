"""A conversation that is going on: sealed in the session of who leads it, over when it is noted or dropped."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from songhe.foundation.sealing.seals import Unsealable, seal, unseal
from songhe.rules.facts import PERSON_TABLE, Kind

_KEY = "adviser"
_KEPT = 6
_BOOLS = {True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """With whom, and what was answered, in order; None is 不清楚. `told` are the answers that went into the file."""

    key: UUID
    person: UUID | None = None
    answers: tuple[tuple[str, Any], ...] = ()
    told: tuple[str, ...] = ()

    def answered(self, fact: str, value: Any, *, told: bool = False) -> Conversation:
        """With one more answer; the same question answered again counts once."""
        others = tuple(pair for pair in self.answers if pair[0] != fact)
        return replace(self, answers=(*others, (fact, value)), told=(*self.told, *((fact,) if told else ())))

    def back(self) -> Conversation:
        """Without the last answer; what went into the file stays."""
        return replace(self, answers=self.answers[:-1]) if self.may_go_back else self

    @property
    def may_go_back(self) -> bool:
        """Whether the last answer can be taken back."""
        return bool(self.answers) and self.answers[-1][0] not in self.told

    @property
    def said(self) -> dict[str, str]:
        """What was answered as text of the person table."""
        return {name: value_text(value) for name, value in self.answers if value is not None}


def begin(session: Any, person: UUID | None = None) -> Conversation:
    """A new conversation; the oldest of many is forgotten."""
    conversation = Conversation(uuid.uuid4(), person)
    save(session, conversation)
    return conversation


def save(session: Any, conversation: Conversation) -> None:
    """Keeps it as it is now."""
    kept = dict(session.get(_KEY, {}))
    kept.pop(str(conversation.key), None)
    kept = dict(list(kept.items())[-_KEPT + 1 :])
    answers = [[name, value.isoformat() if isinstance(value, date) else value] for name, value in conversation.answers]
    body = {"person": str(conversation.person or ""), "told": list(conversation.told), "answers": answers}
    kept[str(conversation.key)] = seal(json.dumps(body, ensure_ascii=False), _place(conversation.key)).hex()
    session[_KEY] = kept


def recall(session: Any, key: UUID) -> Conversation | None:
    """The conversation of a key; None when this session does not know it any more."""
    sealed = session.get(_KEY, {}).get(str(key))
    if sealed is None:
        return None
    try:
        body = json.loads(unseal(bytes.fromhex(sealed), _place(key)))
    except (ValueError, Unsealable):
        return None
    answers = tuple((name, _value(name, value)) for name, value in body["answers"])
    return Conversation(key, UUID(body["person"]) if body["person"] else None, answers, tuple(body["told"]))


def forget(session: Any, key: UUID) -> None:
    """It is over."""
    session[_KEY] = {name: sealed for name, sealed in session.get(_KEY, {}).items() if name != str(key)}


def going_on(session: Any) -> list[Conversation]:
    """Those that were begun and neither noted nor dropped, the latest first."""
    found = (recall(session, UUID(key)) for key in reversed(session.get(_KEY, {})))
    return [one for one in found if one is not None]


def value_text(value: Any) -> str:
    """An answer as text of the person table."""
    if isinstance(value, bool):
        return _BOOLS[value]
    return value.isoformat() if isinstance(value, date) else str(value)


def answer_words(name: str, text: str) -> str:
    """Text of the person table in Chinese."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return fact.say(text == _BOOLS[True])
    return fact.say(int(text) if fact.kind in (Kind.CODE, Kind.GRADE) and text.isdigit() else text)


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value is not None and PERSON_TABLE[name].kind is Kind.DATE else value


def _place(key: UUID) -> str:
    return f"console.adviser.{key}"
