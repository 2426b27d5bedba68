"""Walks through every page that a link leads to, as every role, on a desk and on a phone; writes down what it met.

`python -m tests.journeys.looking [FOLDER]` writes docs/looked_at.md, and the pictures into the folder, for the eye.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

from django.urls import Resolver404, resolve  # noqa: E402
from django.utils import timezone  # noqa: E402

from songhe.config.roles import standard_roles  # noqa: E402
from songhe.foundation.access.queries import actor_of  # noqa: E402
from songhe.foundation.access.scope import scoped  # noqa: E402
from songhe.policy.api import ServiceList, begin_draft, save_file  # noqa: E402
from tests.chromium import ARGUMENTS, CHROMIUM, NO_CHROMIUM  # noqa: E402
from tests.journeys.town import Town, open_town  # noqa: E402
from tests.journeys.visitor import DESK, HEIGHT, PHONE, Visitor, sync_api  # noqa: E402
from tests.pages import sideways, violations  # noqa: E402

PAGE = Path(__file__).resolve().parents[2] / "docs" / "looked_at.md"
NOT_PAGES = (
    "sign-out",
    "assessment-leave",
    "language",
    "portal-appearance",
    "api-document",
    "upload",
    "release-files",
    "result-batch-template",
    "assessment-photo",
)
HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
ENDS = ("-export", "-pdf", "-report", "-error-rows")
VIEWED = ("release",)  # pages whose views are pages of their own
STILL_COMING = "!document.querySelector('[hx-trigger^=load]')"
LIST, ITEM = "420700-ezhou/basic-list-2023", "03-advanced-age-allowance.yaml"
FIRST = (
    "SELECT a.login FROM access_grant g JOIN access_account a ON a.id = g.account_id WHERE g.role_id = %s ORDER BY 1"
)
HEAD = """# Pages looked at

Written by `python -m tests.journeys.looking`: every page that a link leads to from the first page of a role or of
the portal, opened once on a desk (1440) and on a phone (390). ✓: answered 200, axe finds nothing, nothing scrolls
sideways, the browser complains of nothing. What else a page needs, an eye has to see: the same command with a folder
leaves the pictures of all of them there. A draft of the list is open meanwhile, with examples that no longer hold.

| Page | Title | As | 1440 | 390 | Day |
|---|---|---|---|---|---|
"""


@dataclass
class Seen:
    """One page as it was met first."""

    name: str
    title: str
    role: str
    found: dict[int, str] = field(default_factory=dict)


class Walker:
    """Goes wherever links lead; each page once, whoever comes first."""

    def __init__(self, browser: Any, town: Town, folder: Path | None, draft: str) -> None:
        self.browser, self.town, self.folder, self.draft = browser, town, folder, draft
        self.seen: dict[str, Seen] = {}
        self.dead: list[str] = []

    def walk(self, role: str, login: str, *starts: str) -> None:
        """Everything that this person can reach."""
        person = Visitor(self.browser, self.town)
        if login:
            person.signed_in(login)
        waiting, asked = [(address, "") for address in starts], set[str]()
        while waiting:
            address, led_from = waiting.pop(0)
            name = name_of(address, self.draft)
            if not name or name in asked:
                continue
            asked.add(name)
            links, status = self.open(person, role, name, address)
            waiting += [(link, name) for link in links]
            if status >= 404:
                self.dead.append(f"{role}: {led_from} leads to {name}, which answers {status}")
        person.context.close()

    def open(self, person: Visitor, role: str, name: str, address: str) -> tuple[list[str], int]:
        """Looks at the page; gives where its links lead, and what it answered.

        A known one is only read, for what this role is led to.
        """
        own = urlsplit(self.town.url).netloc
        if name in self.seen:
            read = person.context.request.get(address)
            links = [unescape(link) for link in HREF.findall(read.text())]
            return _paths(self.town.url + address, links, own), read.status
        person.complaints.clear()
        person.page.set_viewport_size({"width": DESK, "height": HEIGHT})
        answer = person.page.goto(address)
        person.page.wait_for_load_state("networkidle")
        with suppress(sync_api.TimeoutError):
            person.page.wait_for_function(STILL_COMING, timeout=20_000)
        links = person.page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        if answer.status != 403:
            one = self.seen[name] = Seen(name, person.page.title().split(" · ")[0], role)
            for width in (DESK, PHONE):
                one.found[width] = self.look(person, name, width, answer.status)
        return _paths(person.page.url, links, own), answer.status

    def look(self, person: Visitor, name: str, width: int, status: int) -> str:
        """What is wrong with the page at this width; ✓ for nothing."""
        person.page.set_viewport_size({"width": width, "height": HEIGHT})
        if self.folder is not None:
            person.page.screenshot(path=str(self.folder / f"{name.replace(' ', '_')}-{width}.png"), full_page=True)
        wrong = [f"answers {status}"] if status != 200 else []
        wrong += [str(one[0]) for one in violations(person.page)]
        wrong += ["scrolls sideways"] if sideways(person.page) else []
        wrong += ["the browser complains"] if person.complaints else []
        return ", ".join(wrong) or "✓"


def _paths(page: str, links: list[str], own: str) -> list[str]:
    here = [urlsplit(urljoin(page, link)) for link in links]
    return [f"{at.path}{'?' if at.query else ''}{at.query}" for at in here if at.netloc == own]


def name_of(address: str, draft: str = "") -> str:
    """The name of a page, with the deed or the view that makes it one of its own; "" for what is none.

    The pages of the release whose key is `draft` are others than those of an issued one.
    """
    at = urlsplit(address)
    try:
        found = resolve(at.path)
    except Resolver404:
        return ""
    name = found.view_name or ""
    if name in NOT_PAGES or name.endswith(ENDS):
        return ""
    own = ["draft" if draft and str(found.kwargs.get("pk")) == draft else "", str(found.kwargs.get("deed", ""))]
    own += parse_qs(at.query).get("view", []) if name in VIEWED else []
    return " ".join([name, *filter(None, own)])


def open_draft(town: Town) -> str:
    """The key of a draft of the city's list in which the allowance begins at 75."""
    now, today = timezone.now(), timezone.localdate()
    officer = actor_of(town.account("city-officer"), today, "")
    assert officer is not None
    with scoped(officer, "test"):
        of_list = ServiceList.objects.get(key=LIST)
        draft = begin_draft(actor=officer, of_list=of_list, from_date=today + timedelta(days=30), now=now)
        text = draft.files[ITEM].replace("value: 80", "value: 75")
        save_file(actor=officer, release=draft.pk, name=ITEM, text=text, version=draft.version, now=now)
    return str(draft.pk)


def main(folder: str = "") -> None:
    """The walk of all roles, then the page."""
    if not CHROMIUM:
        sys.exit(NO_CHROMIUM)
    shots = Path(folder) if folder else None
    with tempfile.TemporaryDirectory() as place, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with open_town(Path(place)) as town:
            walker = Walker(browser, town, shots, open_draft(town))
            walker.walk("everybody", "", "/portal/", "/sign-in/", "/components/")
            for role in ("city_officer", *(one for one in sorted(standard_roles()) if one != "city_officer")):
                logins = town.rows(FIRST, role)
                if logins:
                    walker.walk(role, logins[0][0], "/")
                    write(walker)
        browser.close()


def write(walker: Walker) -> None:
    """The page of what was met until now."""
    day = timezone.localdate().isoformat()
    rows = [
        f"| {one.name} | {one.title} | {one.role} | {one.found[DESK]} | {one.found[PHONE]} | {day} |\n"
        for one in sorted(walker.seen.values(), key=lambda one: one.name)
    ]
    dead = "".join(f"- {line}\n" for line in walker.dead)
    PAGE.write_text(HEAD + "".join(rows) + (f"\nLinks that lead nowhere:\n\n{dead}" if dead else ""), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
