"""A virus scanner may be asked about every file; which one is a setting. Without one every file passes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class Scanner(Protocol):
    """Looks into a file."""

    def check(self, path: Path) -> None:
        """Returns when nothing was found; raises BadInput otherwise, and also when it could not look."""
        ...


def scan(path: Path) -> None:
    """Asks the scanner of settings.UPLOAD_SCANNER (a dotted class name), if there is one."""
    name: str = settings.UPLOAD_SCANNER
    if name:
        cast(Scanner, import_string(name)()).check(path)
