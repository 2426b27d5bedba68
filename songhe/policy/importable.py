"""The lists of the folder that can be imported in a region."""

from __future__ import annotations

from pathlib import Path

from songhe.kernel.regions import significant
from songhe.rules.located import read_yaml
from songhe.rules.reading_packs import LIST_FILE, list_ids


def importable(root: Path, region: str) -> list[tuple[str, str]]:
    """Keys and titles of the folder's lists for the region (leading digits) and what lies in it."""
    found = []
    for key in list_ids(root):
        written = read_yaml(root / key / LIST_FILE)
        digits = significant(str(written.get("region", "")) or "0")
        if digits.startswith(region):
            found.append((key, f"{written.get('title', key)}（{key}）"))
    return found
