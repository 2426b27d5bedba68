"""Reading what was typed: words and choices."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import TextChoices

from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask
from songhe.kernel.told import told

_Choices = TypeVar("_Choices", bound=TextChoices)


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


def choice(value: str, choices: type[_Choices], where: str) -> _Choices:
    """One of the choices. BadInput names what there is."""
    try:
        return choices(value)
    except ValueError:
        accepted = "、".join(str(label) for label in choices.labels)
        raise BadInput(where, "没有这一种", given=mask(value), accepted=accepted) from None
