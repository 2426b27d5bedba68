"""The words of imports: what a row turns out to be, how a told fact stands to the register, what can be wrong."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RowKind(models.TextChoices):
    """What a row of the file turned out to be."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("变化")
    CONFLICTING = "conflicting", _("有两种说法")
    GONE = "gone", _("名册里没有")
    SAME = "same", _("没有变化")
    REVIEW = "review", _("要人工认")
    UNMATCHED = "unmatched", _("档案里没有")
    SKIPPED = "skipped", _("不满60岁")
    BAD = "bad", _("有错")


class Verdict(models.TextChoices):
    """How a fact that the list tells stands to what the register has."""

    ADDED = "added", _("新说的")
    CHANGED = "changed", _("变化")
    CONFLICTING = "conflicting", _("有两种说法")
    GONE = "gone", _("名册里没有")
    CONFIRMED = "confirmed", _("再说一次")


class ErrorKind(models.TextChoices):
    """What is wrong with a cell."""

    IDENTITY = "identity", _("证件号不对")
    SPELLING = "spelling", _("写法不认识")
    DAY = "day", _("日期不对")
    DUPLICATE = "duplicate", _("重复")
    REGION = "region", _("不在您管的地方")
    MISSING = "missing", _("没有填")
    OTHER = "other", _("其他")


class Choice(models.TextChoices):
    """What a person said about a candidate."""

    OPEN = "", _("没有定")
    ACCEPTED = "accepted", _("是同一人")
    REJECTED = "rejected", _("不是")


WRITTEN = (RowKind.NEW, RowKind.CHANGED, RowKind.CONFLICTING, RowKind.GONE)
