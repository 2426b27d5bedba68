"""Texts that somebody typed on one line."""

from __future__ import annotations

from songhe.kernel.errors import BadInput
from songhe.kernel.told import told


def said(text: str, where: str, longest: int, *, needed: bool = True) -> str:
    """A text on one line that is there and not too long. BadInput else, which does not repeat it."""
    clean = " ".join(text.split())
    if needed and not clean:
        raise BadInput(where, "没有填")
    if len(clean) > longest:
        problem = told("太长了，有{number}个字", number=len(clean))
        raise BadInput(where, problem, accepted=told("最多{longest}个字", longest=longest))
    if not clean.isprintable():
        raise BadInput(where, "有看不见的字符")
    return clean
