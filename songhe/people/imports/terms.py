"""The words of imports: what a row turns out to be, how a told fact stands to the register, what can be wrong."""

from __future__ import annotations

from django.db import models


class RowKind(models.TextChoices):
    """What a row of the file turned out to be."""

    NEW = "new", "新增"
    CHANGED = "changed", "变化"
    CONFLICTING = "conflicting", "有两种说法"
    GONE = "gone", "名册里没有"
    SAME = "same", "没有变化"
    REVIEW = "review", "要人工认"
    UNMATCHED = "unmatched", "档案里没有"
    SKIPPED = "skipped", "不满60岁"
    BAD = "bad", "有错"


class Verdict(models.TextChoices):
    """How a fact that the list tells stands to what the register has."""

    ADDED = "added", "新说的"
    CHANGED = "changed", "变化"
    CONFLICTING = "conflicting", "有两种说法"
    GONE = "gone", "名册里没有"
    CONFIRMED = "confirmed", "再说一次"


class ErrorKind(models.TextChoices):
    """What is wrong with a cell."""

    IDENTITY = "identity", "证件号不对"
    SPELLING = "spelling", "写法不认识"
    DAY = "day", "日期不对"
    DUPLICATE = "duplicate", "重复"
    REGION = "region", "不在您管的地方"
    MISSING = "missing", "没有填"
    OTHER = "other", "其他"


class Choice(models.TextChoices):
    """What a person said about a candidate."""

    OPEN = "", "没有定"
    ACCEPTED = "accepted", "是同一人"
    REJECTED = "rejected", "不是"


WRITTEN = (RowKind.NEW, RowKind.CHANGED, RowKind.CONFLICTING, RowKind.GONE)
