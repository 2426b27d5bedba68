"""Pictures, styles and scripts under names that say their content."""

from __future__ import annotations

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """As whitenoise keeps them; a page has dozens of addresses, worked out once: the files are those of the start."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.url = lru_cache(maxsize=2_000)(super().url)
