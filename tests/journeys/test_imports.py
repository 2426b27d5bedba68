"""Lists of departments: handed in by one officer, let in by another, taken back; with faults, and with bad intent."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.utils import timezone
from python_calamine import load_workbook

from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor, sync_api

LIVING = "低保和低保边缘名册"
HOSTILE = ("bomb.xlsx", "entities.xlsx", "no_workbook.xlsx", "wide.csv", "nul.csv", "formula.csv")
FINGERPRINT = """
SELECT md5(string_agg(concat_ws('|', person_id, fact, source, value, as_of, from_date, until_date), E'\\n'
                      ORDER BY person_id, fact, source, value, from_date))
  FROM people_circumstance WHERE known_until IS NULL
"""
PEOPLE = "SELECT count(*) FROM people_person"


def chosen(officer: Visitor, file: Path, source: str = LIVING) -> None:
    """The file and whose list it is are chosen and sent."""
    officer.opens("/imports/")
    officer.follows("导入名册", "哪个部门的名册")
    officer.field("哪个部门的名册").select_option(label=source)
    officer.fill("数据日期", timezone.localdate().isoformat())
    officer.page.locator("input[type=file]").set_input_files(file)
    officer.clicks("上传，对列")


def compared(officer: Visitor, file: Path) -> str:
    """Handed in, its columns told, read by the worker; the page comes by itself. Gives the batch's address."""
    chosen(officer, file)
    officer.sees("能接受的写法")
    officer.clicks("读文件，比对", "看这项工作")
    officer.town.work()
    officer.sees("还没有写入")
    officer.looks()
    return officer.path()


@pytest.mark.covers("PER-03")
def test_a_good_list_is_handed_in_approved_by_another_applied_and_taken_back(enter: VisitorFor, town: Town) -> None:
    before = town.one(FINGERPRINT)
    officer = enter("city-officer")
    batch = compared(officer, town.folder / "files-demo" / "minimum_living.xlsx")
    officer.opens(f"{batch}?kind=changed#differences")
    officer.opens(f"{batch}?kind=review#differences")
    officer.clicks(re.compile("送审批$"), "送审批了")
    assert officer.page.get_by_role("button", name="批准，写入").count() == 0
    assert town.one(FINGERPRINT) == before, "nothing is written before the second person agrees"

    leader = enter("city-leader")
    leader.opens("/")
    leader.opens("/imports/?state=proposed")
    leader.follows(LIVING, "要写入的")
    leader.clicks("批准，写入", "看这项工作")
    town.work()
    leader.sees("已写入。")
    leader.looks()
    assert town.one(FINGERPRINT) != before

    leader.follows("撤回这批", "撤回的原因")
    leader.fill("撤回的原因", "名册发错了")
    leader.clicks("撤回这批")
    town.work()
    leader.sees("已撤回。")
    leader.looks()
    assert town.one(FINGERPRINT) == before


def faulty(good: Path, folder: Path) -> Path:
    """Three rows that tell something new, and four with a fault each, one of them in a number."""
    head, *rows = load_workbook(str(good)).get_sheet_by_index(0).to_python()
    name, identity, aid = (head.index(one) for one in ("姓名", "身份证号", "救助类别"))
    known = [(str(row[name]), str(row[identity]), str(row[aid])) for row in rows if len(str(row[identity])) == 18]
    other = {"低保": "低保边缘", "低保边缘": "低保"}
    lines = [(who, number, other.get(told, "低保")) for who, number, told in known[:3]]
    lines += [(known[3][0], known[3][1][:15], "低保"), (known[4][0], known[4][1], "困难群众"), ("", *known[5][1:])]
    path = folder / "低保名册（有错）.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("姓名", "身份证号", "救助类别"), *lines])
    return path


@pytest.mark.covers("PER-03")
def test_a_faulty_list_says_every_fault_with_row_and_column_and_lets_the_good_rows_in(
    enter: VisitorFor, town: Town, tmp_path: Path
) -> None:
    before = town.one(FINGERPRINT)
    officer = enter("city-officer")
    batch = compared(officer, faulty(town.folder / "files-demo" / "minimum_living.xlsx", tmp_path))
    errors = officer.page.get_by_role("table", name="有错的格")
    for row, words in ((5, "18位"), (6, "困难群众"), (7, "没有填")):
        sync_api.expect(errors.get_by_role("row", name=re.compile(f"^{row} .*{words}"))).to_be_visible()
    with officer.page.expect_download() as downloaded:
        officer.page.get_by_role("link", name="下载错误行").click()
    assert "困难群众" in Path(downloaded.value.path()).read_text(encoding="utf-8-sig")

    officer.clicks("跳过3行，送审批", "送审批了")
    leader = enter("city-leader")
    leader.opens(batch)
    leader.follows("退回", "退回的原因")
    leader.fill("退回的原因", "错误太多，请民政局重发")
    leader.clicks("退回", "退回了")
    officer.opens(batch)
    officer.sees("错误太多，请民政局重发")
    officer.clicks("跳过3行，送审批", "送审批了")
    assert town.one(FINGERPRINT) == before

    leader.opens(batch)
    leader.clicks("批准，写入", "看这项工作")
    town.work()
    leader.sees("已写入。")
    written = town.rows("SELECT DISTINCT person_id FROM people_circumstance WHERE batch = %s", batch.split("/")[2])
    assert len(written) == 3


@pytest.mark.covers("PER-03")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_ends_in_words_and_changes_nothing(enter: VisitorFor, town: Town, name: str) -> None:
    before = town.one(FINGERPRINT), town.one(PEOPLE)
    officer = enter("officer-420703")
    chosen(officer, town.folder / "files-demo" / f"hostile_{name}")
    if officer.path() == "/imports/new/":
        officer.sees("文件")
        assert officer.page.get_by_role("alert").count() or officer.page.locator(".sh-error, [aria-invalid]").count()
    else:
        officer.clicks("读文件，比对")
        town.work()
        officer.opens(officer.path())
        officer.sees(re.compile("没有读成|有错，不导入|没有对上"))
        officer.sees_no("<script>alert")
    assert (town.one(FINGERPRINT), town.one(PEOPLE)) == before
