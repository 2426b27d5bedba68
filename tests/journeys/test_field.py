"""From asking to a result: a form filled in without signal, a phone that dies, and what is handed over twice.

The phone is a Chromium with a profile of its own: cut from the network, killed, started again with the same profile.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from songhe.assessment.models import AnswerChange, Assessment, Assessor, Form, Result, Signature
from songhe.assessment.operations.assigning import appoint
from songhe.assessment.operations.visiting import FieldChange, save_form
from songhe.assessment.scales.basics import fields
from songhe.assessment.scales.definition import scale_of
from songhe.eligibility.decisions.operations.running import redetermine
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.delivering import deliver
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.decisions.doors import EVERYBODY, resident
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.pages import sideways, violations

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
DESK_ACTOR = Actor(None, "何俊", "420704", frozenset({"assessment.accept", "assessment.ask"}))
ASSESSOR, SECOND = "assessor-420704", "assessor-second"
PHONE = {"width": 390, "height": 844}
ITEMS = scale_of("gbt42195-2022").items
SAYS = {item.code: item.options[1].says for item in ITEMS}  # the second answer of each


class Phone:
    """One phone: its browser, and the page on it."""

    def __init__(self, browser: Any, town: Town, folder: Path) -> None:
        self.town, self.folder = town, folder
        self.context = browser.browser_type.launch_persistent_context(
            str(folder), executable_path=CHROMIUM, args=ARGUMENTS, viewport=PHONE, base_url=town.url, locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )  # fmt: skip
        self.context.set_default_timeout(30_000)
        self.page = self.context.pages[0]
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, said: Any) -> None:
        """What has no signal fails to load: that is meant."""
        if said.type in {"error", "warning"} and "Failed to load resource" not in said.text:
            self.complaints.append(said.text)

    def enters(self, login: str) -> None:
        """Signed in, without the page for it."""
        client = Client()
        client.force_login(self.town.account(login), backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.town.url}])

    def leaves(self) -> None:
        """The session ends; what is on the phone stays."""
        self.context.clear_cookies()

    def dies(self) -> None:
        """Killed in the middle, as when the battery is empty."""
        mark = f"--user-data-dir={self.folder}".encode()
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in words and not any(word.startswith(b"--type=") for word in words):
                os.kill(int(entry.parent.name), signal.SIGKILL)
        deadline = time.monotonic() + 20
        while self.context.pages and time.monotonic() < deadline:
            try:
                self.page.wait_for_timeout(100)
            except sync_api.Error:
                break

    def sees(self, *words: str) -> None:
        """Waits until the page shows each of these."""
        for one in words:
            sync_api.expect(self.page.get_by_text(one).first).to_be_visible()

    def clicks(self, name: str, role: str = "link") -> None:
        """Clicks what is named."""
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def takes_along(self, name: str) -> None:
        """On the day's page, with signal."""
        self.page.goto("/assessments/day/")
        self.sees(name)
        self.looks()
        self.clicks("带走今天的", "button")
        self.sees("没有信号也能填")
        self.clicks("打开手机里的")
        self.sees(name)
        self.looks()

    def opens(self, name: str) -> None:
        """One visit on the phone."""
        self.page.locator(".sh-f-card", has_text=name).click()
        self.sees("全部26项")

    def answers(self, first: int, last: int) -> None:
        """Items by number, one a screen."""
        for item in ITEMS[first - 1 : last]:
            sync_api.expect(self.page.get_by_role("heading", name=item.name, exact=True)).to_be_visible()
            self.page.locator(".sh-f-answer", has_text=SAYS[item.code]).locator("input").first.check()
            sync_api.expect(self.page.locator(".sh-f-answer:has(:checked)")).to_have_count(1)
            self.clicks("下一项")

    def fills_in_basics(self) -> None:
        """What is needed of form A, a column a screen."""
        columns = list(fields())
        for key, answer in (
            ("informant", "本人"),
            ("risk_events", "都没有"),
            ("diagnoses", "都没有"),
            ("coma", "没有"),
        ):
            self.goes(f"/basics/{columns.index(key)}")
            name = fields()[key]["name"]
            sync_api.expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
            self.page.locator(".sh-f-tick", has_text=answer).first.locator("input").check()
            sync_api.expect(self.page.locator(".sh-f-tick:has(:checked)").first).to_be_visible()

    def goes(self, screen: str) -> None:
        """To a screen of the visit that is open."""
        self.page.evaluate("screen => { location.hash = '#/' + location.hash.split('/')[1] + screen; }", screen)

    def signs(self) -> None:
        """Both write on the glass."""
        self.goes("/sign")
        self.sees("总分")
        for place in range(2):
            canvas = self.page.locator("canvas").nth(place)
            canvas.scroll_into_view_if_needed()
            box = canvas.bounding_box()
            self.page.mouse.move(box["x"] + 30, box["y"] + 40)
            self.page.mouse.down()
            for step in range(6):
                self.page.mouse.move(box["x"] + 40 + 30 * step, box["y"] + 40 + 20 * (step % 2))
            self.page.mouse.up()
            sync_api.expect(self.page.locator("[data-signed]").nth(place)).to_contain_text("签了")

    def looks(self) -> None:
        """Whether everybody can use the page as it is."""
        where = self.page.url
        assert (where, violations(self.page), sideways(self.page)) == (where, [], 0)


@contextmanager
def phone(browser: Any, town: Town, folder: Path) -> Iterator[Phone]:
    """A phone switched on; off in the end."""
    one = Phone(browser, town, folder)
    try:
        yield one
    finally:
        with suppress(sync_api.Error):
            one.context.close()
        assert one.complaints == []


def rows(model: Any, **which: Any) -> list[Any]:
    with scoped(EVERYBODY, "test"):
        return list(model.objects.filter(**which))


def appointed(row: UUID) -> None:
    """In a moment, at home; whom the town visits at this hour is visited another day."""
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        Assessment.objects.filter(state="appointed").exclude(pk=row).update(visit_at=now + timedelta(days=9))
        appoint(actor=DESK_ACTOR, assessment=row, visit_at=now + timedelta(seconds=1), place="家里", now=now)


@pytest.mark.covers("ASM-01", "ASM-02", "ASM-03", "ENT-03")
def test_from_asking_to_a_result_over_a_phone_without_signal_that_dies(
    browser: Any, enter: VisitorFor, town: Town, tmp_path: Path
) -> None:
    with scoped(EVERYBODY, "test"):
        person = resident("佘守望", 87, now=timezone.now())
    row = asked_and_sent(enter, person.pk)
    appointed(row)

    with phone(browser, town, tmp_path / "profile") as first:
        first.enters(ASSESSOR)
        first.takes_along("佘守望")
        first.context.set_offline(True)
        first.page.reload()
        first.opens("佘守望")
        first.clicks("接着评")
        first.answers(1, 10)
        first.sees("没有信号，已存在手机里")
        first.looks()
        assert first.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert "总分" not in first.page.content()
        first.answers(11, 11)
        first.dies()
    assert rows(Form, assessment=row) == []

    with phone(browser, town, tmp_path / "profile") as again:
        again.context.set_offline(True)
        again.page.goto("/assessments/field/")
        again.opens("佘守望")
        assert again.page.locator(".sh-f-row--done").count() == 11
        again.looks()
        again.clicks("接着评")
        again.answers(12, 26)
        again.fills_in_basics()
        again.signs()
        again.looks()
        again.clicks("交表", "button")
        again.sees("签好了，等着交")
        lose_answers(again, row)
        again.enters(ASSESSOR)
        again.context.set_offline(False)
        again.sees("佘守望的评估表交了")
        assert [one for one in kept_on(again) if str(row) in one] == []

    (form,) = rows(Form, assessment=row)
    assert (form.state, len(form.answers), form.answers["B.2.3"]) == ("submitted", 26, "3")
    assert len(rows(AnswerChange, form=form)) == 30
    assert len(rows(Signature, form=form)) == 2

    reviewed(enter, town, row, person.pk)


def asked_and_sent(enter: VisitorFor, person: UUID) -> UUID:
    """The street asks, the district accepts and sends two."""
    street = enter("street-420704001")
    street.opens(f"/assessments/ask/{person}/")
    street.page.get_by_label("自己想评").check()
    street.clicks("申请", "申请了")
    (row,) = rows(Assessment, person=person)
    district = enter("officer-420704")
    district.opens(f"/assessments/{row.pk}/accept/")
    district.clicks("受理", "受理了")
    district.opens(f"/assessments/{row.pk}/assign/")
    for login in (ASSESSOR, SECOND):
        (one,) = rows(Assessor, account__login=login)
        district.page.locator(f"input[value='{one.pk}']").check()
    district.clicks("派评估员", "派了")
    return UUID(str(row.pk))


def lose_answers(one: Phone, row: UUID) -> None:
    """The first answer to a saved form and the first to a handed-in one are lost on the way: both are sent again."""
    for deed in ("save", "submit"):
        lost: list[str] = []

        def lose(route: Any, lost: list[str] = lost) -> None:
            if lost:
                route.continue_()
                return
            lost.append(route.request.url)
            route.fetch()
            route.abort()

        one.page.route(f"**/assessments/field/{row}/{deed}/", lose)


_KEPT = """() => new Promise((done) => {
    const ask = indexedDB.open("songhe-field", 1);
    ask.onsuccess = () => {
        const keys = ask.result.transaction("records").objectStore("records").getAllKeys();
        keys.onsuccess = () => { ask.result.close(); done(keys.result); };
    };
})"""


def kept_on(one: Phone) -> list[str]:
    """What still lies on the phone: the ids of its records."""
    return list(one.page.evaluate(_KEPT))


OFFERED = "SELECT item, region_code FROM decisions_matter WHERE person_id = %s AND closed_at IS NULL AND kind = 'offer'"
VISIT = """
SELECT count(*) FROM tasks_task t JOIN decisions_matter m ON m.door = t.subject
WHERE t.kind = 'decisions.visit' AND t.state <> 'closed' AND m.person_id = %s AND m.item = 'family-carer-support'
"""


def reviewed(enter: VisitorFor, town: Town, row: UUID, person: UUID) -> None:
    """The district passes the form: a result stands, she may have more by it, and the street has the task."""
    district = enter("officer-420704")
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        redetermine(actor=EVERYBODY, persons=[person], on=timezone.localdate(now), now=now)
    before = set(town.rows(OFFERED, person))
    district.opens(f"/assessments/{row}/confirm/", looking=False)
    district.page.get_by_role("button", name="审核通过，出结果", exact=True).click()
    district.sees("出结果了")
    (result,) = rows(Result, person=person)
    assert (result.total, result.level) == (64, 2)
    assert town.one("SELECT ability_grade FROM people_sheet WHERE person_id = %s", person) == 2
    deliver(now=timezone.now())
    town.work()
    gained = set(town.rows(OFFERED, person)) - before
    assert "family-carer-support" in {item for item, _region in gained}, (before, gained)
    assert {region[:9] for _item, region in gained} == {"420704001"}
    assert town.one(VISIT, person) == 1


@pytest.mark.covers("ASM-03")
def test_what_somebody_else_wrote_meanwhile_is_shown_from_both_sides(
    browser: Any, enter: VisitorFor, town: Town, tmp_path: Path
) -> None:
    with scoped(EVERYBODY, "test"):
        person = resident("佘月望", 83, now=timezone.now())
    row = asked_and_sent(enter, person.pk)
    appointed(row)
    with phone(browser, town, tmp_path / "profile") as one:
        one.enters(ASSESSOR)
        one.takes_along("佘月望")
        one.context.set_offline(True)
        one.opens("佘月望")
        one.clicks("接着评")
        one.answers(1, 2)
        (colleague,) = rows(Assessor, account__login=SECOND)
        now = timezone.now()
        with scoped(EVERYBODY, "test"):
            acting = Actor(colleague.account_id, "刘文斌", "420704", frozenset({"assessment.assess"}))
            theirs = [FieldChange("B.1.1", "0", None, now), FieldChange("B.1.3", "4", None, now)]
            save_form(actor=acting, assessment=row, form_id=UUID(int=row.int ^ 1), changes=theirs, now=now)
        one.context.set_offline(False)
        one.sees("两边填的不一样", "刘文斌")
        one.looks()
        (form,) = rows(Form, assessment=row)
        assert (form.answers["B.1.1"], form.answers["B.1.2"], form.answers["B.1.3"]) == ("0", "3", "4")
        one.clicks("用我的", "button")
        one.sees("都选好了", "都存到平台了")
        (form,) = rows(Form, assessment=row)
        assert form.answers["B.1.1"] == "3"
        one.leaves()
        one.goes("/item/4")
        one.page.locator(".sh-f-answer").first.locator("input").check()
        one.sees("登录过期了，手机里的都还在")
        one.looks()
        one.enters(ASSESSOR)
        one.page.reload()
        one.sees("都存到平台了")
        assert len(rows(Form, assessment=row)[0].answers) == 4
