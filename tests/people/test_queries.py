"""Lists of people: what they are narrowed to, their order, their pages, and what a region can see of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.queries import listing
from songhe.people.queries.facets import depth_below, facets_of, places_of
from songhe.people.queries.filters import SORTS, Filters
from songhe.people.queries.listing import count_of, ids_in_order, people_of
from songhe.people.queries.searching import find_people
from songhe.people.queries.summaries import summaries_by, summary_of
from tests.people.invented import FENGHUANG, GULOU, HUARONG, counted, identity_number, registered, today

CITY = Actor.system("测试", "420700")


def filters(query: str) -> Filters:
    return Filters.read(QueryDict(query))


def names(query: str = "", actor: Actor = CITY) -> list[str]:
    with scoped(actor, "test"):
        return [person.name for person in people_of(actor, filters(query), today=today()).people]


@pytest.fixture
def four(db: None) -> None:
    registered(
        "李桂芳", order=1, birth_date=date(1942, 3, 18), facts={"lives_alone": True, "assistance": "minimum_living"}
    )
    registered("王德福", order=2, birth_date=date(1950, 1, 1), sex="1", region=GULOU, facts={"ability_grade": 3})
    registered("刘金凤", order=3, birth_date=date(1938, 5, 5), region=HUARONG, facts={"dementia": True})
    registered("赵无日", order=4, birth_date=None, identity="", region=GULOU)
    counted()


@pytest.mark.covers("PER-01")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["刘金凤", "李桂芳", "王德福", "赵无日"]),
        ("sort=-age", ["王德福", "李桂芳", "刘金凤", "赵无日"]),
        ("sort=name", ["刘金凤", "李桂芳", "王德福", "赵无日"]),
        ("sort=-name", ["赵无日", "王德福", "李桂芳", "刘金凤"]),
        ("sort=place", ["刘金凤", "李桂芳", "王德福", "赵无日"]),
        ("living=alone", ["李桂芳"]),
        ("economy=minimum_living&economy=edge", ["李桂芳"]),
        ("care=dementia&care=disabled", ["刘金凤", "王德福"]),
        ("care=dementia&care=disabled&sort=-name", ["王德福", "刘金凤"]),
        ("care=dementia&living=alone", []),
        ("ability=2", ["王德福"]),
        ("ability=never", ["刘金凤", "李桂芳", "赵无日"]),
        ("sex=1", ["王德福"]),
        ("age_from=80", ["刘金凤", "李桂芳"]),
        ("age_to=80", ["王德福"]),
        ("in=420704001000&in=420703000000", ["刘金凤", "李桂芳"]),
        ("area=420704000000", ["李桂芳", "王德福", "赵无日"]),
        ("standing=dead", []),
        ("unknown=dementia", ["李桂芳", "王德福", "赵无日"]),
    ],
)
def test_a_list_is_narrowed_and_ordered_by_its_address(four: None, query: str, expected: list[str]) -> None:
    assert names(query) == expected


@pytest.mark.covers("NET-02")
def test_a_region_lists_counts_and_finds_its_own(four: None) -> None:
    district = Actor.system("测试", "420703")
    assert names("", district) == ["刘金凤"]
    assert names("in=420704001000", district) == []
    with scoped(district, "test"):
        assert count_of(district, filters(""), today=today()) == (1, True)
        assert find_people(district, "李桂芳").ids == ()
        assert summary_of("420700").people["total"] == 1
        assert [part.digits for part in summaries_by("420700", 6)] == ["420703"]


def test_nothing_odd_in_an_address_narrows_a_list() -> None:
    assert (
        filters("sort=x&in=1&in=000000&age_from=-3&age_to=999&sex=3&living=x&find=x&standing=merged&unknown=q")
        == Filters()
    )


@pytest.mark.parametrize(
    "query", ["in=420704001000&living=alone&age_from=80&sort=name", "standing=dead&unknown=dementia", ""]
)
def test_an_address_read_and_written_again_stays_the_same(query: str) -> None:
    once = filters(query)
    assert filters(once.address().lstrip("?")) == once


@pytest.mark.parametrize("searched", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_by_key_show_everybody_once_forwards_and_backwards(
    db: None, monkeypatch: pytest.MonkeyPatch, sort: str, *, searched: bool
) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    for number in range(7):
        born = date(1940 + number % 3, 1, 1)
        registered(
            f"甲{'乙丙丁'[number % 3]}", order=number + 1, birth_date=born, region=(FENGHUANG, GULOU)[number % 2]
        )
    for number in range(4):
        registered("无日", order=number, birth_date=None, identity="")
    chosen = filters(f"sort={sort}")
    with scoped(CITY, "test"):
        found = ids_in_order(CITY, filters(""), today=today()) if searched else None
        pages, after = [], ""
        while not pages or after:
            page = people_of(CITY, chosen, today=today(), found=found, after=after)
            pages.append(page)
            after = page.after
        there = [person.pk for page in pages for person in page.people]
        assert there == ids_in_order(CITY, chosen, today=today())
        assert len(there) == len(set(there)) == 11
        assert {page.count for page in pages} == {11 if searched else None}
        back, before = [pages[-1]], pages[-1].before
        while before:
            page = people_of(CITY, chosen, today=today(), found=found, before=before)
            back.append(page)
            before = page.before
        assert [person.pk for page in reversed(back) for person in page.people] == there
        assert back[-1].before == ""


def test_counts_are_exact_where_counted_and_bounded_elsewhere(four: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with scoped(CITY, "test"):
        exact = {
            query: count_of(CITY, filters(query), today=today())
            for query in (
                "",
                "living=alone",
                "age_from=80&living=alone",
                "age_from=80",
                "in=420704002000",
                "care=dementia",
            )
        }
        assert exact == {
            "": (4, True), "living=alone": (1, True), "age_from=80&living=alone": (1, True), "age_from=80": (2, True),
            "in=420704002000": (2, True), "care=dementia": (1, True),
        }  # fmt: skip
        monkeypatch.setattr(listing, "COUNTED_UP_TO", 1)
        assert count_of(CITY, filters("age_from=70&living=alone"), today=today()) == (1, True)
        assert count_of(CITY, filters("age_from=60&ability=never"), today=today()) == (1, False)


def test_boxes_carry_the_number_that_ticking_them_would_show(four: None) -> None:
    with scoped(CITY, "test"):
        totals = summary_of("420700").people
        assert facets_of(CITY, filters(""), totals, today=today())["living", "alone"] == 1
        narrowed = facets_of(CITY, filters("age_from=80"), totals, today=today())
        assert (narrowed["living", "alone"], narrowed["care", "dementia"], narrowed["care", "disabled"]) == (1, 1, 0)
        assert places_of(CITY, filters("age_from=80"), 6, today=today()) == {"420704000000": 1, "420703000000": 1}
        assert facets_of(CITY, filters("age_from=80"), {"total": 10**6}, today=today()) == {}


def test_the_parts_of_a_division_are_the_next_longer_codes() -> None:
    assert [depth_below(code) for code in ("", "420000", "420700", "420704", "420704001", FENGHUANG)] == [
        2,
        4,
        6,
        9,
        12,
        12,
    ]


@pytest.mark.covers("PER-01")
def test_counts_follow_the_day(db: None) -> None:
    turns_80 = today().replace(year=today().year - 80) + timedelta(days=1)
    registered("钱明天", birth_date=turns_80, facts={"lives_alone": True})
    counted()
    with scoped(CITY, "test"):
        people = summary_of("").people
        assert (people["very_old"], people["alone_80"], people["alone"]) == (0, 0, 1)


def test_people_are_found_by_name_address_number_tail_and_phone(four: None) -> None:
    born = date(1945, 6, 7)
    person = registered("欧阳秀英", order=9, birth_date=born, phone="13871045521", address="凤凰路7号", region=GULOU)
    number = identity_number(born, 9)
    for text, by in [
        ("欧阳秀英", "姓名"), ("秀英", "姓名"), ("欧", "姓名"), ("凤凰路7号", "住址"), ("凤凰路", "住址"),
        (number, "身份证号"), (number.lower(), "身份证号"), (number[-4:], "证件后四位"), ("138 7104 5521", "电话"),
    ]:  # fmt: skip
        with scoped(CITY, "test"):
            found = find_people(CITY, text)
        assert by in found.matched[person.pk], text
        assert person.pk in found.ids


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "写姓名、身份证号、证件后四位、电话或住址"),
        ("42990019450607", "现在14位，身份证号要18位"),
        ("429900194506070181", "身份证号校验位不对，可能抄错了1位"),
        ("1387104552", "现在10位，电话要11位"),
        ("12345", "数字要写全：身份证号18位、手机号11位，或证件后四位"),
    ],
)
def test_a_text_that_finds_nobody_says_why(db: None, text: str, problem: str) -> None:
    with scoped(CITY, "test"):
        assert find_people(CITY, text).problem == problem


@pytest.mark.covers("PER-06")
def test_a_number_registered_elsewhere_is_said_to_be_and_nothing_else(four: None) -> None:
    registered("外地人", region="150602001001", birth_date=date(1944, 4, 4), order=7)
    number = identity_number(date(1944, 4, 4), 7)
    with scoped(CITY, "test"):
        found = find_people(CITY, number)
    assert (found.elsewhere, found.ids) == (True, ())
