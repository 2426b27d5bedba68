"""The words of duplicates."""

from __future__ import annotations

from django.db import models


class PairState(models.TextChoices):
    """What is decided of two files that may be one person's."""

    OPEN = "open", "待核"
    LATER = "later", "以后再看"
    MERGED = "merged", "已合并"
    DIFFERENT = "different", "不是同一人"
    SETTLED = "settled", "另一对里已合并"
