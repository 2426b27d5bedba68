"""The report of a determination: its figures are the counts, its words are escaped, its page is whole."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from songhe.eligibility.determining import count_items, long_table, wide_table
from songhe.eligibility.engines import PolarsEngine
from songhe.eligibility.report.gather import gather
from songhe.eligibility.report.model import Report
from songhe.eligibility.report.page import render, write_report
from songhe.kernel.days import age_on
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.polars import SCHEMA
from songhe.ui.paper import fonts
from tests.trace import covers

ON = date(2026, 11, 24)
LIST = """\
list: list
title: 试验清单
region: '420700'
region_name: 鄂州市
instrument: trial
from: 2023-01-01
items: 3
categories: {safeguard: 保障}
"""
INSTRUMENT = """\
trial: {title: 试验, number: 试1号, issuer: 试验局, region: '420700', issued: 2023-01-01, status: in force}
"""
ITEM = """\
item: {slug}
number: {number}
name: "{name}"
category: safeguard
type: material
lead: [市民政局]
clause: trial/annex-1/{number}
standard: "按标准"
{rest}
"""
EXAMPLE = "\nexamples: [{case: 已故, on: 2026-11-24, given: {death_date: 2026-01-01}, outcome: no}]"
ALLOWANCE = """\
parameters:
  from_age: {unit: year, label: 起享年龄, values: [{from: 2023-01-01, value: 80, clause: trial/annex-1/1}]}
  monthly: {unit: CNY/month, label: 每月, values: [{from: 2023-01-01, value: 120.5, clause: trial/annex-1/1}]}
who: age >= from_age AND within(registered_region, '420700')
gives: {cash: monthly, per: month}"""
UNSET = """\
parameters: {monthly: {unit: CNY/month, label: 每月, values: []}}
who: dementia
gives: {cash: monthly, per: month}"""
ITEMS = (
    ("allowance", "<script>alert(1)</script>", ALLOWANCE),
    ("unset", "没写金额的", UNSET),
    ("visits", "探访", "who: lives_alone\ngives: {service: 上门探访}"),
)
PEOPLE = (
    {
        "birth_date": date(1940, 5, 1),
        "registered_region": "420704",
        "residence_region": "420704001",
        "lives_alone": True,
    },
    {"birth_date": date(1946, 11, 24), "registered_region": "420704", "residence_region": "420704", "dementia": True},
    {"birth_date": date(1946, 11, 25), "registered_region": "420704", "residence_region": "420703", "dementia": False},
    {"birth_date": date(1930, 1, 1), "registered_region": "420704", "death_date": date(2026, 1, 1)},
    {"registered_region": "420704", "residence_region": "420703002001", "dementia": False, "lives_alone": False},
    {"birth_date": date(1931, 1, 1), "dementia": False},
)


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    root = tmp_path_factory.mktemp("policies")
    folder = root / "420700-trial" / "list"
    folder.mkdir(parents=True)
    (root / "instruments.yaml").write_text(INSTRUMENT, "utf-8")
    (folder / "list.yaml").write_text(LIST, "utf-8")
    for number, (slug, name, rest) in enumerate(ITEMS, 1):
        text = ITEM.format(slug=slug, number=number, name=name, rest=rest + EXAMPLE)
        (folder / f"{number:02d}-{slug}.yaml").write_text(text, "utf-8")
    return bind(load_pack(root, "420700-trial/list"), ON)


def _people(rows: tuple[dict[str, object], ...]) -> pl.DataFrame:
    blank = dict.fromkeys(SCHEMA)
    filled = [{**blank, "person_id": f"p{index}", **row} for index, row in enumerate(rows)]
    return pl.DataFrame(filled, schema=dict(SCHEMA))


def _report(programme: Programme, rows: tuple[dict[str, object], ...] = PEOPLE, demo: bool = False) -> Report:
    engine, people = PolarsEngine(ON), _people(rows)
    wide = wide_table(programme, engine, people)
    names = {"420704": "鄂城区", "420703": "华容区"}
    return gather(programme, people, wide, engine=engine, region_name=lambda code: names.get(code, code), demo=demo)


@covers("ENT-01")
def test_the_answers_are_the_counts(programme: Programme) -> None:
    report = _report(programme)
    counts = count_items(programme, wide_table(programme, PolarsEngine(ON), _people(PEOPLE)))
    assert [(i.yes, i.no, i.unknown, i.fen) for i in report.items] == [(c.yes, c.no, c.unknown, c.fen) for c in counts]
    assert [(i.yes, i.no, i.unknown, i.fen) for i in report.items] == [
        (2, 2, 2, 24_100),
        (1, 4, 1, None),
        (1, 2, 3, None),
    ]
    assert (report.people, report.alive, report.dead) == (6, 5, 1)
    assert (report.entitled, report.total_fen_month, report.unknown_answers) == (2, 24_100, 6)
    assert [item.name for item in report.unset_money] == ["没写金额的"]


@covers("ENT-01")
def test_the_missing_facts_are_those_of_the_long_table(programme: Programme) -> None:
    report = _report(programme)
    assert dict(report.items[0].missing) == {"出生日期": 1, "户籍地": 1}
    assert report.items[2].missing == (("独居", 3),)
    long = long_table(programme, PolarsEngine(ON), _people(PEOPLE)).filter(pl.col("outcome") == "unknown")
    for item in report.items:
        named = long.filter(pl.col("number") == item.number)["missing"].str.split(";").explode()
        facts = named.filter(~named.str.starts_with("parameter:"))
        counted = [times for label, times in item.missing if not label.endswith("（未定）")]
        assert sum(counted) == len(facts)


def test_districts_are_of_the_living_and_the_unknown_one_is_last(programme: Programme) -> None:
    report = _report(programme)
    assert [(d.name, d.people, d.entitled, d.fen) for d in report.districts] == [
        ("华容区", 2, 0, 0),
        ("鄂城区", 2, 2, 24_100),
        ("不知道", 1, 0, 0),
    ]
    assert sum(d.yes_by_item[1] for d in report.districts) == report.items[0].yes


def test_a_band_of_ages_begins_on_the_birthday(programme: Programme) -> None:
    ages = {age.label: (age.people, age.entitled, age.fen) for age in _report(programme).ages}
    assert ages["75–79"] == (1, 0, 0)
    assert ages["80–84"] == (1, 1, 12_050)
    assert ages["85–89"] == (1, 1, 12_050)
    assert ages["95及以上"] == (1, 0, 0)
    assert ages["不知道"] == (1, 0, 0)
    assert sum(people for people, _, _ in ages.values()) == 5


def test_the_bands_agree_with_the_calendar_for_every_birthday(programme: Programme) -> None:
    births = [date(1956, 1, 1) - timedelta(days=37 * step) for step in range(400)]
    report = _report(programme, tuple({"birth_date": birth} for birth in births))
    for start in range(60, 95, 5):
        wanted = sum(start <= age_on(birth, ON) < start + 5 for birth in births)
        assert {age.label: age.people for age in report.ages}[f"{start}–{start + 4}"] == wanted


def test_the_gaps_are_counted_among_the_living(programme: Programme) -> None:
    quality = {fact.column: (fact.unknown, fact.share) for fact in _report(programme).quality}
    assert quality == {
        "lives_alone": (3, 0.6),
        "birth_date": (1, 0.2),
        "registered_region": (1, 0.2),
        "dementia": (1, 0.2),
    }


def test_a_name_cannot_bring_markup(programme: Programme) -> None:
    page = render(_report(programme))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_asks_for_nothing_outside(programme: Programme) -> None:
    page = render(_report(programme))
    assert not re.search(r"https?:|//[a-z]|@import|srcset=", re.sub(r"base64,[^)]*", "", page))
    assert set(re.findall(r"url\(([^)]{5})", page)) <= {"data:", "#hatc"}
    assert "default-src 'none'" in page
    assert "style=" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", ["items", "districts", "ages", "missing", "quality", "rules", "item-1", "item-3"])
def test_every_part_is_there_once(programme: Programme, name: str) -> None:
    assert render(_report(programme)).count(f' id="{name}"') == 1


def test_the_figures_stand_on_the_page(programme: Programme) -> None:
    page = render(_report(programme))
    assert "<b>241.00</b> <span>元/月</span>" in page
    assert '<td class="n"><span class="open">2</span></td>' in page
    assert "年满80周岁，且户籍地在420700。" in page
    assert "附件1第1项（trial）" in page


def test_the_demonstration_says_so(programme: Programme) -> None:
    assert "人员为虚构" in render(_report(programme, demo=True))
    assert "人员为虚构" not in render(_report(programme))


def test_nobody_at_all_is_a_page_too(programme: Programme) -> None:
    report = _report(programme, rows=())
    page = render(report)
    assert (report.people, report.districts, report.total_fen_month) == (0, (), 0)
    assert "名单里没有在世的老人" in page
    assert "没有待核的" in page
    assert "nan" not in re.sub(r"base64,[^)]*", "", page)


def test_the_file_is_replaced_whole_or_not_at_all(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    write_report(_report(programme), path)
    before = path.read_bytes()
    assert before.endswith(b"</html>\n")

    def no_room(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", no_room)
    with pytest.raises(OSError, match="no space left"):
        write_report(_report(programme, rows=()), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_the_same_report_is_the_same_page(programme: Programme) -> None:
    engine, people = PolarsEngine(ON), _people(PEOPLE)
    wide = wide_table(programme, engine, people)
    pages = set()
    for _ in range(2):
        fonts._cut.cache_clear()
        pages.add(render(gather(programme, people, wide, engine=engine, made_at="2026-11-24 06:10")))
    assert len(pages) == 1


def test_a_changed_figure_shows_in_the_money(programme: Programme) -> None:
    changed = bind(programme.pack, ON, {"allowance.monthly": Fraction(200)})
    assert _report(changed).total_fen_month == 40_000


def test_the_vendored_letters_are_the_listed_ones() -> None:
    folder = Path(fonts.__file__).parent
    lines = [line.split() for line in (folder / "MANIFEST").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert {name for _, name in lines} == {
        p.name for p in folder.iterdir() if p.suffix in (".woff", "") and p.is_file()
    } - {"MANIFEST"}
    for digest, name in lines:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
