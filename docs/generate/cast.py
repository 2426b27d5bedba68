"""The page of the cast: thirteen invented elders and what the list says of them."""

from __future__ import annotations

from songhe.config.paths import policies_folder
from songhe.demo.cast import cast_list, cast_page
from songhe.rules.reading_packs import load_pack


def page() -> str:
    """The page as `songhe.demo.cast` writes it."""
    pack = load_pack(policies_folder(), cast_list())
    return cast_page({item.slug: item.name for item in pack.items})
