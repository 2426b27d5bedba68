"""The four ways a wish can fail for the one who made it. Anything else is a bug and goes up.

A message never carries a whole cell of personal data: values pass through `kernel.masking` first.
"""

from __future__ import annotations


class SongheError(Exception):
    """Base of all errors meant for the person at the keyboard."""


class BadInput(SongheError):
    """What was given cannot be used.

    `where` names the place (file, line, column), `given` is already masked, `accepted` says what would do.
    """

    def __init__(self, where: str, problem: str, *, given: str = "", accepted: str = "") -> None:
        self.where = where
        self.problem = problem
        self.given = given
        self.accepted = accepted
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        parts = [f"{self.where}：{self.problem}"]
        if self.given:
            parts.append(f"现在是“{self.given}”")
        if self.accepted:
            parts.append(f"可以是：{self.accepted}")
        return "；".join(parts)


class Refused(SongheError):
    """A rule said no. `clause` is the text that says so, empty when the rule is Songhe's own."""

    def __init__(self, reason: str, *, clause: str = "") -> None:
        self.reason = reason
        self.clause = clause
        super().__init__(f"{reason}（依据{clause}）" if clause else reason)


class Conflict(SongheError):
    """The thing is not in a state in which this can be done."""


class NotFound(SongheError):
    """There is no such thing; `accepted` lists what there is, when that is short enough to help."""

    def __init__(self, what: str, *, accepted: str = "") -> None:
        self.what = what
        self.accepted = accepted
        super().__init__(f"找不到{what}；有的是：{accepted}" if accepted else f"找不到{what}")
