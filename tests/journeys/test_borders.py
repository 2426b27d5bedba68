"""What lies in another district does not exist: not by address, search, count or export. Files move by consent."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import sync_api

OURS, THEIRS = "420704%", "420703%"
SOMEBODY = """
SELECT p.id::text, p.name, p.identity_tail FROM people_person p
 WHERE p.region_code LIKE %s AND p.standing = 'present' AND p.identity_tail <> ''
   AND NOT EXISTS (SELECT FROM people_person o WHERE o.name = p.name AND o.id <> p.id)
 ORDER BY p.id LIMIT 1
"""
COUNT = "SELECT count(*) FROM people_person WHERE region_code LIKE %s AND standing = 'present'"
PLACE = "SELECT region_code FROM people_person WHERE id = %s"
PAGES = ("", "events/", "seen/", "correct/", "facts/", "death/", "move/", "transfer/", "contacts/", "?show=identity")


@pytest.mark.covers("NET-02")
def test_a_district_officer_cannot_reach_a_sibling_district(enter: VisitorFor, town: Town) -> None:
    ((key, name, tail),) = town.rows(SOMEBODY, THEIRS)
    officer = enter("officer-420704")
    for page in PAGES:
        answer = officer.opens(f"/people/{key}/{page}", looking=not page)
        assert answer.status == 404, page
        officer.sees_no(name)
    for words in (name, tail, key):
        officer.opens("/people/", looking=False)
        search = officer.page.locator("[data-sh-search]")
        search.fill(words)
        search.press("Enter")
        officer.page.wait_for_load_state("load")
        assert officer.page.locator(f"a[href*='{key}']").count() == 0
    officer.looks()
    for query in ("?place=420703000000", "?place=420703", "?region=420703000000"):
        officer.opens(f"/people/{query}", looking=False)
        officer.sees_no(name)


@pytest.mark.covers("NET-02")
def test_counts_and_exports_stop_at_the_border(enter: VisitorFor, town: Town) -> None:
    ((_, name, _),) = town.rows(SOMEBODY, THEIRS)
    officer = enter("officer-420704")
    officer.opens("/")
    officer.sees_no("华容区")
    officer.opens("/people/")
    officer.sees(f"{town.one(COUNT, OURS):,}")
    officer.follows("导出", "要哪些列")
    officer.page.get_by_text("CSV").first.click()
    officer.clicks(re.compile(r"^导出[\d,]+人$"), "导出老人名单")
    town.work()
    officer.page.reload()
    with officer.page.expect_download() as downloaded:
        officer.page.get_by_role("link", name="看结果").click()
    with Path(downloaded.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) - 1 == town.one(COUNT, OURS)
    assert name not in {cell for row in rows for cell in row}
    result = downloaded.value.url
    other = enter("officer-420703")
    assert other.page.request.get(result).status == 404, "the file of another district's export"


@pytest.mark.covers("PER-02")
def test_a_file_goes_to_another_district_when_both_agree(enter: VisitorFor, town: Town) -> None:
    ((key, name, _),) = town.rows(SOMEBODY, THEIRS)
    giving = enter("officer-420703")
    giving.opens(f"/people/{key}/")
    giving.page.get_by_text("更多", exact=True).click()
    giving.follows("转到别的区", f"把{name}的档案转到别的区")
    giving.field("转到哪里").select_option(label="鄂城区")
    giving.fill("原因", "搬到女儿家")
    giving.clicks("送出转区", "转区已送出")

    receiving = enter("officer-420704")
    assert receiving.opens(f"/people/{key}/", looking=False).status == 404, "not before it was accepted"
    receiving.opens("/")
    receiving.follows("去答复", "转区")
    receiving.follows(re.compile(f"^{name}"), "搬到女儿家")
    receiving.page.get_by_text("同意", exact=True).click()
    receiving.field("居住地").select_option(value="420704001002")
    receiving.fill("住址", "寿昌大道118号")
    receiving.clicks("答复", "已同意，档案转过去了")
    assert town.one(PLACE, key) == "420704001002"
    receiving.opens(f"/people/{key}/")
    receiving.sees("吴都社区")
    assert giving.opens(f"/people/{key}/", looking=False).status == 404
    giving.opens("/people/transfers/")
    sync_api.expect(giving.page.get_by_role("table", name="转区")).to_contain_text("已转")
