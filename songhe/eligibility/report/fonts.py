"""The letters a page uses, cut from the vendored Noto Sans SC and put into the page itself."""

from __future__ import annotations


def font_faces(text: str) -> str:
    return ""
