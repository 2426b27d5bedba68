"""Takes the pictures of the documents anew: `python -m tests.journeys.pictures [FOLDER [PART …]]`, docs/pictures else.

A demo city of yesterday, some work done in it, and one picture of each page that a document speaks of.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

from django.utils import timezone  # noqa: E402

from tests.chromium import ARGUMENTS, CHROMIUM, NO_CHROMIUM  # noqa: E402
from tests.journeys.test_imports import LIVING, faulty  # noqa: E402
from tests.journeys.town import Town, open_town  # noqa: E402
from tests.journeys.visitor import PHONE, Visitor, sync_api  # noqa: E402

WIDTH, HEIGHT, PEOPLE = 1280, 800, 3_000
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
ELDER = "SELECT id::text FROM people_person WHERE name = '黄腊梅' AND region_code LIKE '420702%%' LIMIT 1"
# Chromium here speaks English: dates are shown as a Chinese browser shows them.
DATES = """() => document.querySelectorAll("input[type=date]").forEach(one => {
    const written = one.value.replaceAll("-", "/"); one.type = "text"; one.style.maxWidth = "180px";
    one.value = written || "年/月/日"; })"""
RELEASE = "SELECT id::text FROM policy_release WHERE state = 'issued' ORDER BY from_date DESC LIMIT 1"
TRIED = "?v=elderly-service-subsidy.from_age%3D75&v=elderly-service-subsidy.monthly_amount%3D150&n=1"
FORM = """
SELECT f.assessment_id::text, f.id::text FROM assessment_form f JOIN assessment_assessment a ON a.id = f.assessment_id
WHERE a.state = 'submitted' AND f.state = 'submitted' AND a.region_code LIKE '420704%%'
ORDER BY (SELECT count(*) FROM assessment_photo p WHERE p.form_id = f.id) DESC, f.id LIMIT 1
"""
RESULT = """
SELECT id::text FROM assessment_result WHERE source = 'own' AND state = 'provisional' AND region_code LIKE '420704%%'
ORDER BY confirmed_at DESC, id LIMIT 1
"""
PAIR = "SELECT id::text FROM duplicates_pair WHERE state = 'open' ORDER BY probability DESC, id LIMIT 1"


class Photographer:
    """Opens pages as one person and takes pictures of them."""

    def __init__(self, browser: Any, town: Town, folder: Path) -> None:
        self.browser, self.town, self.folder = browser, town, folder

    def enter(self, login: str = "", width: int = WIDTH) -> Visitor:
        """Somebody at a browser."""
        one = Visitor(self.browser, self.town, width)
        one.page.set_viewport_size({"width": width, "height": HEIGHT})
        return one.signed_in(login) if login else one

    def take(self, name: str, who: Visitor, address: str = "", height: int = HEIGHT) -> None:
        """One picture of the page, or of another address."""
        who.page.set_viewport_size({"width": who.page.viewport_size["width"], "height": height})
        if address:
            who.page.goto(address)
        who.page.wait_for_load_state("networkidle")
        who.page.evaluate(DATES)
        who.page.screenshot(path=str(self.folder / f"{name}.png"))


def handed_in(officer: Visitor, file: Path, compare: bool = True) -> str:
    """A list of the minimum living, read by the worker; gives its address."""
    officer.page.goto("/imports/new/")
    officer.field("哪个部门的名册").select_option(label=LIVING)
    officer.fill("数据日期", timezone.localdate().isoformat())
    officer.page.locator("input[type=file]").set_input_files(file)
    officer.page.get_by_role("button", name="上传，对列").click()
    officer.sees("能接受的写法")
    if compare:
        officer.page.get_by_role("button", name="读文件，比对").click()
        officer.sees("看这项工作")
        officer.town.work()
        officer.page.goto(officer.path())
    return officer.path()


def imports(camera: Photographer) -> None:
    """From the columns to the approval."""
    officer, lists = camera.enter("city-officer"), camera.town.folder / "files-demo"
    handed_in(officer, lists / "minimum_living.xlsx", compare=False)
    camera.take("console-import-columns", officer, height=640)
    handed_in(officer, faulty(lists / "minimum_living.xlsx", camera.town.folder))
    camera.take("console-import-faults", officer, height=900)
    officer.page.get_by_role("button", name="跳过3行，送审批").click()
    officer.sees("送审批了")
    leader = camera.enter("city-leader")
    camera.take("console-home-approval", leader, "/", height=640)
    camera.take("console-import-approval", leader, officer.path(), height=900)
    leader.page.get_by_role("button", name="批准，写入").click()
    leader.sees("看这项工作")
    camera.town.work()
    leader.page.goto(officer.path() + "?ask=undo")
    camera.take("console-import-undo", leader, height=640)


def duplicates(camera: Photographer) -> None:
    """Two files side by side."""
    officer = camera.enter("city-officer")
    officer.page.goto("/duplicates/")
    officer.page.get_by_role("button", name="再查一遍").click()
    officer.sees("查重复档案")
    camera.town.work()
    camera.take("console-duplicates", officer, "/duplicates/", height=640)
    camera.take("console-duplicate-pair", officer, f"/duplicates/{camera.town.one(PAIR)}/", height=860)
    camera.take("console-tasks", officer, "/tasks/", height=640)
    camera.take("home", officer, "/", height=1000)


def people(camera: Photographer) -> None:
    """The list, a file, a number shown with a reason, a death, somebody new."""
    officer, elder = camera.enter("city-officer"), f"/people/{camera.town.one(ELDER)}/"
    camera.take("console-people", officer, "/people/", height=860)
    camera.take("console-person", officer, elder, height=860)
    camera.take("console-unmask", officer, f"{elder}?show=identity", height=640)
    camera.take("console-death", officer, f"{elder}death/", height=640)
    officer.page.goto("/people/new/")
    officer.fill("姓名", "沈玉兰")
    officer.field("身份证号").press_sequentially("429999194801020")
    officer.sees("现在15位，要18位")
    camera.take("console-register", officer, height=760)
    camera.take("console-person-phone", camera.enter("city-officer", PHONE), elder)


def decisions(camera: Photographer) -> None:
    """The overview, one person's matrix with a reason, the work at doors, an adviser's talk."""
    officer = camera.enter("city-officer")
    camera.take("console-decisions", officer, "/decisions/", height=1000)
    wide = camera.enter("city-officer", 1440)
    wide.page.goto(f"/decisions/people/{camera.town.one(ELDER)}/")
    wide.page.get_by_role("row").filter(has_text="可享").filter(has_text="100元").get_by_role("link").first.click()
    wide.sees("条件")
    camera.take("console-reason", wide, height=760)
    officer.page.goto("/decisions/")
    officer.page.wait_for_load_state("networkidle")
    place = officer.page.locator(".sh-panel").filter(has=officer.page.locator(".sh-map")).first
    place.screenshot(path=str(camera.folder / "console-take-up.png"))
    camera.take("console-coming-of-age", officer, "/decisions/matters/?kind=soon", height=640)
    camera.take("console-matters", officer, "/decisions/matters/", height=760)
    officer.page.locator("main .sh-main a").nth(3).click()
    officer.sees("怎么样了")
    camera.take("console-door", officer, height=860)
    adviser = camera.enter("officer-420704")
    adviser.page.goto("/adviser/")
    adviser.page.get_by_role("button", name="直接问").click()
    adviser.sees("没有档案的人")
    camera.take("console-adviser", adviser, height=760)


def lists(camera: Photographer) -> None:
    """A draft, an item in its form, what a change would mean, the second person's page."""
    officer, old = camera.enter("city-officer"), camera.town.one(RELEASE)
    camera.take("console-simulator", officer, f"/simulate/{old}/{TRIED}", height=1000)
    officer.page.goto("/policy/")
    officer.page.locator("main .sh-main a").first.click()
    officer.fill("从哪一天施行", f"{timezone.localdate().year + 1}-01-01")
    officer.page.get_by_role("button", name="起草", exact=True).click()
    officer.sees("草稿起好了")
    draft = officer.path()
    camera.take("console-list", officer, draft, height=860)
    camera.take("console-list-item", officer, f"{draft}items/17-elderly-service-subsidy/", height=1000)


def portal(camera: Photographer) -> None:
    """What older persons see: on a phone the first page and a question, on a desk the sheet."""
    phone, desk = camera.enter(width=PHONE), camera.enter()
    camera.take("portal-home", phone, "/portal/", height=844)
    for one in (phone, desk):
        one.page.goto("/portal/ask/")
        for field, value in (("year", "1942"), ("month", "3"), ("day", "18")):
            one.page.locator(f"input[name={field}]").fill(value)
        one.page.get_by_role("button", name="下一题").click()
        one.sees("第2题")
    camera.take("portal-question", phone, height=844)
    for _question in range(40):
        if "result" in desk.path() or not desk.page.locator("input[type=radio]").count():
            break
        desk.page.locator("input[type=radio]").last.check(force=True)
        desk.page.get_by_role("button", name="下一题").click()
        desk.page.wait_for_load_state("load")
    camera.take("portal-result", desk, "/portal/ask/result/", height=900)


def others(camera: Photographer) -> None:
    """Signing in, accounts, the audit, divisions, systems of other offices."""
    keeper = camera.enter("system-admin")
    camera.take("console-region", keeper, "/regions/420704001000/", height=760)
    camera.take("console-region-rename", keeper, "/regions/420704001002/change/rename/", height=640)
    camera.take("console-system-new", camera.enter("security-admin"), "/systems/new/", height=900)
    camera.take("console-sign-in", camera.enter(), "/sign-in/", height=760)
    admin = camera.enter("security-admin")
    camera.take("console-account", admin, f"/accounts/{camera.town.account('street-420704001').pk}/", height=860)
    camera.take("console-audit", camera.enter("auditor"), "/audit/", height=640)


def field(camera: Photographer) -> None:
    """What an assessor has in the hand: the day, one visit on the phone, an item, form A, photos, the signatures."""
    phone = camera.enter("assessor-420704", PHONE)
    camera.take("field-day", phone, "/assessments/day/", height=844)
    phone.page.get_by_role("button", name="带走今天的").click()
    phone.sees("没有信号也能填")
    phone.page.goto("/assessments/field/")
    phone.sees("手机里的评估")
    camera.take("field-visits", phone, height=844)
    phone.page.locator(".sh-f-card").first.click()
    phone.sees("全部26项")
    visit = phone.page.evaluate("location.hash")
    _answered(phone, visit, first=8)
    phone.page.context.set_offline(True)
    _answered(phone, visit, first=8, last=9, goes_on=False)
    phone.page.locator(".sh-f-strip--off").wait_for()
    camera.take("field-item", phone, height=844)
    phone.page.context.set_offline(False)
    camera.take("field-overview", _at(phone, visit, "全部26项"), height=844)
    camera.take("field-basics", _at(phone, f"{visit}/basics/4", "基本情况"), height=844)
    _at(phone, f"{visit}/photos", "照片").page.locator(".sh-f-tick input").first.check()
    camera.take("field-photos", phone, height=844)
    _answered(phone, visit, first=8, last=26)
    camera.take("field-sign", _at(phone, f"{visit}/sign", "签字"), height=844)


def _at(who: Visitor, hash_: str, words: str) -> Visitor:
    """At a screen of the form."""
    who.page.evaluate("hash => { location.hash = hash; }", hash_)
    who.sees(words)
    return who


def _answered(who: Visitor, visit: str, first: int = 0, last: int = 0, goes_on: bool = True) -> None:
    """Items `first` to `last` (all before `first` without a `last`), each with its second answer."""
    for number in range(first, last) if last else range(first):
        _at(who, f"{visit}/item/{number}", f"第{number + 1}项")
        who.page.locator(".sh-f-answer input").nth(1).check()
        if goes_on:
            who.page.get_by_role("link", name="下一项", exact=True).click()


def assessments(camera: Photographer) -> None:
    """At the desk: who is sent where, a form that waits for review, a result."""
    officer = camera.enter("officer-420704")
    camera.take("console-board", officer, "/assessments/board/", height=860)
    waiting = camera.town.rows(FORM)[0]
    camera.take("console-assessment-form", officer, "/assessments/{}/forms/{}/".format(*waiting), height=860)
    camera.take("console-result", officer, f"/assessments/results/{camera.town.one(RESULT)}/", height=860)
    camera.take("console-organisations", officer, "/assessments/organisations/", height=760)


PARTS = (imports, duplicates, people, decisions, lists, portal, others, field, assessments)


def main(folder: str = "", *names: str) -> None:
    """All of them, or those of the parts named."""
    if not CHROMIUM:
        sys.exit(NO_CHROMIUM)
    day = timezone.localdate() - timedelta(days=1)
    with tempfile.TemporaryDirectory() as place, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with open_town(Path(place), PEOPLE, day) as town:
            camera = Photographer(browser, town, Path(folder) if folder else FOLDER)
            for part in PARTS:
                if not names or part.__name__ in names:
                    part(camera)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
