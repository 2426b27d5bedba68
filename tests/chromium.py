"""Debian's Chromium for all tests of pages: started once a process, since two drivers cannot share one loop."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = os.environ.get("SONGHE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = "no Chromium: install it, or set SONGHE_CHROMIUM to its path"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once; who asks for it is skipped where there is none."""
    if not CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()
