"""The words of what people say to their community."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class About(models.TextChoices):
    """What it is about."""

    FACT = "fact", _("档案里的一项")
    ITEM = "item", _("一项待遇")
    OTHER = "other", _("别的")
