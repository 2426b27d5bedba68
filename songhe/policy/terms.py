"""The words of the room."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReleaseState(models.TextChoices):
    """Where a release stands on its way."""

    DRAFT = "draft", _("草稿")
    PROPOSED = "proposed", _("等审批")
    APPROVED = "approved", _("批准了，等印发")
    ISSUED = "issued", _("施行中")
    SUPERSEDED = "superseded", _("已被取代")
    DROPPED = "dropped", _("作废")


def day_words(day: date) -> str:
    """A day in a sentence that is stored: 2027年1月1日, in Chinese whatever the page speaks."""
    return f"{day.year}年{day.month}月{day.day}日"
