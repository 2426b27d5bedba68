"""The words of decisions and of the work that follows from them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What a list says of a person and an item."""

    YES = "y", _("可享")
    NO = "n", _("不可享")
    UNKNOWN = "u", _("待核")


class RunKind(models.TextChoices):
    """What a run went over."""

    FULL = "full", _("全部重算")
    CHANGED = "changed", _("有变动的")


class MatterKind(models.TextChoices):
    """Why somebody has to be visited about an item."""

    OFFER = "offer", _("可享没享")
    SOON = "soon", _("快到年龄")
    STOP = "stop", _("不再可享")
    ASK = "ask", _("缺一项")


class MatterOutcome(models.TextChoices):
    """How a matter ended; `moot` is Songhe's own: a later run found nothing left to do."""

    OFFERED = "offered", _("告诉了，在考虑")
    ACCEPTED = "accepted", _("要办")
    DECLINED = "declined", _("不要")
    UNREACHED = "unreached", _("没找到人")
    CORRECTED = "corrected", _("改了情况")
    STOPPED = "stopped", _("已停")
    MOOT = "moot", _("不用办了")


class Channel(models.TextChoices):
    """How somebody came to be advised."""

    PHONE = "phone", _("电话")
    COUNTER = "counter", _("窗口")


# What a worker may choose from, by the kind of matter.
OUTCOMES: dict[str, tuple[MatterOutcome, ...]] = {
    MatterKind.OFFER: (
        MatterOutcome.ACCEPTED, MatterOutcome.OFFERED, MatterOutcome.DECLINED, MatterOutcome.UNREACHED,
        MatterOutcome.CORRECTED,
    ),
    MatterKind.SOON: (MatterOutcome.OFFERED, MatterOutcome.DECLINED, MatterOutcome.UNREACHED, MatterOutcome.CORRECTED),
    MatterKind.STOP: (MatterOutcome.STOPPED, MatterOutcome.UNREACHED, MatterOutcome.CORRECTED),
    MatterKind.ASK: (MatterOutcome.CORRECTED, MatterOutcome.DECLINED, MatterOutcome.UNREACHED),
}  # fmt: skip
