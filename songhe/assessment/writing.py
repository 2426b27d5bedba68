"""Reading what was chosen."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import TextChoices

from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask

_Choices = TypeVar("_Choices", bound=TextChoices)


def choice(value: str, choices: type[_Choices], where: str) -> _Choices:
    """One of the choices. BadInput names what there is."""
    try:
        return choices(value)
    except ValueError:
        accepted = "、".join(str(label) for label in choices.labels)
        raise BadInput(where, "没有这一种", given=mask(value), accepted=accepted) from None
