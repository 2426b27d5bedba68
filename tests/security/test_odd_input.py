"""What no form of ours sends: signs that are no text, numbers that are none or too large, in every address and form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.security.placing import CITY, World, own_things
from tests.security.test_crawl import ADDRESSES, PAGES

ODD = {
    "nul": "a\0b",
    "signs": "²",
    "dashes": "--5",
    "long": "9" * 5_000,
    "no day": "2026-02-30",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "markup": "'\"<b>%\\",
}
ENDS = ("sign-out",)
_ASKED = re.compile(r"""(?:GET|POST|given|parameters)(?:\.get|\.getlist)?[\[(]\s*"(\w+)"|for name in \(("[^)]+)\)""")
SOURCES = Path(__file__).parents[2] / "songhe"


def names() -> Iterator[str]:
    """Everything that pages read from addresses and forms, as far as their text says it."""
    for path in SOURCES.rglob("*.py"):
        for one, several in _ASKED.findall(path.read_text(encoding="utf-8")):
            yield from [one] if one else re.findall(r'"(\w+)"', several)
    for form in SOURCES.rglob("forms.py"):
        yield from re.findall(r"^    (\w+) = (?:forms\.|_)\w+\(", form.read_text(encoding="utf-8"), re.MULTILINE)


ASKED = sorted(set(names()))


@pytest.fixture
def asking(everybody: Client) -> Client:
    """Answers 500 where a page breaks, as the server does."""
    everybody.raise_request_exception = False
    return everybody


def addresses(world: World, client: Client) -> Iterator[tuple[str, str]]:
    placed = {kind: kwargs for (kind, code), kwargs in world.objects.items() if code == CITY}
    placed |= own_things(client.account)  # type: ignore[attr-defined]
    for name in sorted(set(PAGES) - set(ENDS)):
        wanted = ADDRESSES[name]
        yield name, reverse(name, kwargs={**placed.get(wanted.takes, {}), **wanted.more})


def test_the_pages_text_says_what_they_ask_for() -> None:
    assert {"after", "state", "words", "reason", "chosen", "login", "until_date", "person"} <= set(ASKED)


@pytest.mark.parametrize("odd", ODD)
def test_no_page_breaks_on_odd_words(world: World, asking: Client, odd: str) -> None:
    broken, given = [], dict.fromkeys(ASKED, ODD[odd])
    for name, address in addresses(world, asking):
        for method in ("get", "post"):
            with transaction.atomic():
                answer = getattr(asking, method)(address, given)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                if answer.status_code >= 500:
                    broken.append(f"{method} {name}: {answer.exc_info[1]!r}"[:200])
                transaction.set_rollback(True)
    assert broken == []


def test_a_text_with_nul_is_refused_before_any_page_reads_it(asking: Client) -> None:
    for answer in (asking.get("/people/?sort=a%00"), asking.post("/people/search/", {"words": "李\0"})):
        assert answer.status_code == 400
        assert "读不懂" in answer.content.decode()


def test_a_text_with_nul_within_a_text_is_left_out(asking: Client) -> None:
    within = {"query": "subject=a%00&action=b%00", "within": "area=a%00&in=b%00&find=c%00"}
    for address in ("/audit/export/", "/people/export/", "/people/search/", "/people/views/"):
        assert asking.post(address, within | {"words": "李", "name": "独居"}).status_code < 500
