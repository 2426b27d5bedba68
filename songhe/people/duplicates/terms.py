"""The words of duplicates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PairState(models.TextChoices):
    """What is decided of two files that may be one person's."""

    OPEN = "open", _("待核")
    LATER = "later", _("以后再看")
    MERGED = "merged", _("已合并")
    DIFFERENT = "different", _("不是同一人")
    SETTLED = "settled", _("另一对里已合并")
