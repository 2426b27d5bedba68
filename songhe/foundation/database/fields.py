"""Columns that many tables share."""

from __future__ import annotations

from typing import Any

from django.db import models


class RegionCodeField(models.CharField):  # type: ignore[type-arg]
    """A division's code of 12 digits, padded with zeros; collation "C", so that a division is a range of codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)
