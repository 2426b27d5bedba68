"""How an interview stands after some answers: what to ask next, what is settled. Worked out once for equal answers.

Many people give the same first answers; what is kept says nothing of who gave them.
"""

from __future__ import annotations

from dataclasses import dataclass

from songhe.doors.portal.held import Held
from songhe.doors.portal.state import Answers, State
from songhe.eligibility.asking import Asked
from songhe.rules.readings.reference import Reference

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """The question to put (None: nothing matters any more), how many items are settled, the names of those had."""

    asked: Asked | None
    settled: int
    entitled: tuple[str, ...]


def step_of(held: Held, state: State) -> Step:
    """How the interview stands."""
    known = _KNOWN.setdefault((str(held.release), held.on.isoformat()), {})
    if state.answers not in known:
        if len(known) >= _MOST:
            known.clear()
        for old in [key for key in _KNOWN if key[1] != held.on.isoformat()]:
            _KNOWN.pop(old, None)
        known[state.answers] = _worked_out(held, state)
    return known[state.answers]


def _worked_out(held: Held, state: State) -> Step:
    interview = state.interview(held)
    reading, facts = Reference(held.on), interview.facts
    entitled = tuple(bound.item.name for bound in held.items if reading.read(bound.outcome)(facts))
    return Step(interview.question(), interview.settled, entitled)


_KNOWN: dict[tuple[str, str], dict[Answers, Step]] = {}
