"""Words of the divisions: what kind a township or a community is, and what can be done with a division."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

_TOWNSHIP = slice(6, 9)
_COMMUNITY = slice(9, 12)


class Kind(models.TextChoices):
    """What a township or a community is; larger divisions have no kind."""

    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    ZONE = "zone", _("开发区、农林场等")
    COMMUNITY = "community", _("社区")
    VILLAGE = "village", _("村")


_TOWNSHIP_KINDS = ((100, Kind.STREET), (200, Kind.TOWN), (400, Kind.TOWNSHIP), (1_000, Kind.ZONE))
_COMMUNITY_KINDS = (
    (200, Kind.COMMUNITY),
    (400, Kind.VILLAGE),
    (500, Kind.COMMUNITY),
    (1_000, Kind.VILLAGE),
)  # 400–499 are like a resident committee, 500–599 like a village


class Deed(models.TextChoices):
    """What can be done with a division."""

    ADD = "add", _("新设")
    RENAME = "rename", _("改名")
    MOVE = "move", _("改隶、改码")
    MERGE = "merge", _("合并")
    SPLIT = "split", _("拆分")
    END = "end", _("撤销")


def kind_of_code(code: str) -> str:
    """What kind the code of 12 digits makes a township or a community; "" above them."""
    if code[_COMMUNITY] != "000":
        return _kind(int(code[_COMMUNITY]), _COMMUNITY_KINDS)
    if code[_TOWNSHIP] != "000":
        return _kind(int(code[_TOWNSHIP]), _TOWNSHIP_KINDS)
    return ""


def _kind(number: int, kinds: tuple[tuple[int, Kind], ...]) -> str:
    return next(kind.value for below, kind in kinds if number < below)
