"""A browser for the whole session, a small city for each module, and people who use it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.town import Town, open_town
from tests.journeys.visitor import DESK, Visitor

VisitorFor = Callable[..., Visitor]


@pytest.fixture(scope="module")
def town(browser: Any, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Town]:
    """The city of this module. Playwright runs an event loop here, which Django would take for its own."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with django_db_blocker.unblock(), open_town(tmp_path_factory.mktemp("town")) as opened:
            yield opened
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def enter(browser: Any, town: Town) -> Iterator[VisitorFor]:
    """Somebody comes in: `enter("officer-420704")`, or `enter()` without being signed in."""
    came: list[Visitor] = []

    def visitor(login: str = "", width: int = DESK) -> Visitor:
        one = Visitor(browser, town, width)
        came.append(one)
        return one.signed_in(login) if login else one

    yield visitor
    for one in came:
        one.context.close()
    assert [words for one in came for words in one.complaints] == []
