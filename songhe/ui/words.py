"""Chinese text of lower rooms, errors and word lists in the language of the page; other text passes as it is."""

from __future__ import annotations

from typing import overload

from django.conf import settings
from django.utils.translation import gettext, override

from songhe.kernel.errors import BadInput, NotFound, Refused, SongheError
from songhe.kernel.told import Told


@overload
def said(text: str) -> str: ...
@overload
def said(text: None) -> None: ...
def said(text: str | None) -> str | None:
    """A word, or a sentence with values that are said likewise, in the language of the page."""
    if isinstance(text, Told):
        values = {name: said(value) if isinstance(value, str) else value for name, value in text.values.items()}
        return gettext(text.sentence).format(**values)
    return gettext(text) if text else text


def kept(text: object) -> str:
    """A word as it is stored, in Chinese whatever the page speaks: `kept(State.DONE.label)`."""
    with override(settings.LANGUAGE_CODE):
        return str(text)


def said_error(error: SongheError) -> str:
    """What an error of the house tells, as one sentence."""
    if isinstance(error, BadInput):
        parts = [gettext("{where}：{problem}").format(where=said(error.where), problem=said(error.problem))]
        if error.given:
            parts.append(gettext("现在是“{given}”").format(given=said(error.given)))
        if error.accepted:
            parts.append(gettext("可以是：{accepted}").format(accepted=said(error.accepted)))
        return gettext("；").join(parts)
    if isinstance(error, Refused):
        clause = gettext("{reason}（依据{clause}）").format(reason=said(error.reason), clause=error.clause)
        return clause if error.clause else said(error.reason)
    if isinstance(error, NotFound):
        what = gettext("找不到{what}").format(what=said(error.what))
        there = gettext("{problem}；有的是：{accepted}").format(problem=what, accepted=said(error.accepted))
        return there if error.accepted else what
    return said(error.args[0]) if error.args else ""
