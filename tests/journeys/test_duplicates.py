"""Two files that are one person's: found, looked at side by side, merged, taken apart again."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town

PAIRS = "SELECT id::text FROM duplicates_pair WHERE state = %s ORDER BY decided_at DESC NULLS LAST"
STANDING = "SELECT p.id::text, p.standing, p.name FROM people_person p ORDER BY 1"


@pytest.mark.covers("PER-04")
def test_a_pair_is_reviewed_side_by_side_merged_and_taken_apart(enter: VisitorFor, town: Town) -> None:
    officer = enter("city-officer")
    officer.opens("/duplicates/")
    officer.clicks("再查一遍", "查重复档案")
    town.work()
    assert town.rows(PAIRS, "open"), "the planted duplicates were not found"
    before = town.rows(STANDING)

    officer.opens("/duplicates/")
    officer.page.get_by_role("table", name="可能重复的档案").locator("tbody").get_by_role("link").first.click()
    officer.sees("是不是同一位老人？", "比出来的", "一样")
    officer.looks()
    officer.clicks("合并成一份", "两份档案合并成一份了")
    assert [row for row in town.rows(STANDING) if row not in before], "no file was merged"

    ((pair,),) = town.rows(PAIRS, "merged")
    officer.opens("/duplicates/?state=merged")
    officer.opens(f"/duplicates/{pair}/")
    officer.follows("看合并后的档案", "记录")
    officer.opens(f"/duplicates/{pair}/")
    officer.follows("撤回这个决定", "两份档案都恢复成合并以前的样子")
    officer.fill("撤回的原因", "两位是姐妹，生日相近")
    officer.clicks("撤回", "撤回了，这一对又待核了")
    assert town.rows(STANDING) == before


@pytest.mark.covers("PER-04")
def test_two_people_who_only_look_alike_are_kept_apart_with_the_reason(enter: VisitorFor, town: Town) -> None:
    officer = enter("city-officer")
    if not town.rows(PAIRS, "open"):
        officer.opens("/duplicates/")
        officer.clicks("再查一遍", "查重复档案")
        town.work()
    ((pair,), *_) = town.rows(PAIRS, "open")
    officer.opens(f"/duplicates/{pair}/")
    officer.fill("怎么看出来的", "打过电话，是两位")
    officer.clicks("不是同一人", "不是同一人")
    officer.opens(f"/duplicates/{pair}/")
    officer.sees("打过电话，是两位")
    assert town.rows(PAIRS, "different") == [(pair,)]
