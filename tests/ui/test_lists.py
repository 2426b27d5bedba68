"""Lists: pages by key in both directions, heads that sort, addresses, pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from songhe.foundation.access.models import Account
from songhe.foundation.notices.models import Notice
from songhe.ui.lists import KeyedPage, Sorts, address_of, file_answer, page_at, pieces_of

AT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NEWEST, BY_TITLE = ("-created_at", "pk"), ("title", "pk")
SORTS = Sorts({"at": "created_at", "name": "title"}, usual="-at")


@dataclass(frozen=True)
class Filters:
    """Those of an invented list."""

    kind: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    def address(self, **changed: str) -> str:
        return address_of(self, **changed)


@pytest.fixture
def notices(db: None) -> list[Notice]:
    account = Account.objects.create(login="reader", name="周敏", created_at=AT)
    return Notice.objects.bulk_create(
        Notice(account=account, title=f"{number % 3}", created_at=AT + timedelta(minutes=number // 4))
        for number in range(11)
    )


def walked(order: tuple[str, ...]) -> list[list[Notice]]:
    found, pages, page = Notice.objects.all(), list[list[Notice]](), page_at(Notice.objects.all(), order, rows=4)
    pages.append(list(page.rows))
    while page.after:
        page = page_at(found, order, after=page.after, rows=4)
        pages.append(list(page.rows))
    return pages


@pytest.mark.parametrize("order", [NEWEST, BY_TITLE, ("-title", "-pk")])
def test_pages_follow_each_other_without_gap_or_repeat(notices: list[Notice], order: tuple[str, ...]) -> None:
    pages = walked(order)
    assert [len(page) for page in pages] == [4, 4, 3]
    assert [one for page in pages for one in page] == list(Notice.objects.order_by(*order))


def test_the_page_before_is_the_one_that_came_before(notices: list[Notice]) -> None:
    pages = walked(NEWEST)
    third = page_at(Notice.objects.all(), NEWEST, after=str(pages[1][-1].pk), rows=4)
    second = page_at(Notice.objects.all(), NEWEST, before=third.before, rows=4)
    first = page_at(Notice.objects.all(), NEWEST, before=second.before, rows=4)
    assert [list(page.rows) for page in (first, second, third)] == pages
    assert (first.before, third.after) == ("", "") and second.after == str(pages[1][-1].pk)


def test_what_comes_in_between_shifts_no_page(notices: list[Notice]) -> None:
    first = page_at(Notice.objects.all(), NEWEST, rows=4)
    Notice.objects.create(account=notices[0].account, title="new", created_at=AT + timedelta(days=1))
    assert list(page_at(Notice.objects.all(), NEWEST, after=first.after, rows=4).rows) == walked_old(notices)[4:8]


def walked_old(notices: list[Notice]) -> list[Notice]:
    return list(Notice.objects.filter(pk__in=[one.pk for one in notices]).order_by(*NEWEST))


def test_a_row_that_left_the_filter_still_has_its_place(notices: list[Notice]) -> None:
    ordered = walked_old(notices)
    Notice.objects.filter(pk=ordered[3].pk).update(read_at=AT)
    page = page_at(Notice.objects.filter(read_at=None), NEWEST, after=str(ordered[3].pk), rows=4)
    assert list(page.rows) == ordered[4:8]


@pytest.mark.parametrize("key", ["", "?", "5f0e9f4e-0d5a-4b58-9a53-1f8d6c3c7e21", "9" * 400])
def test_a_key_that_is_none_gives_the_first_page(notices: list[Notice], key: str) -> None:
    for place in ("after", "before"):
        page = page_at(Notice.objects.all(), NEWEST, rows=4, **{place: key})
        assert list(page.rows) == walked_old(notices)[:4] and page.before == ""


def test_pages_say_where_their_neighbours_are() -> None:
    page: KeyedPage[Any] = KeyedPage((), "b", "a")
    filters = Filters(kind="x", after="c")
    assert page.before_url(filters) == "?kind=x&before=b" and page.after_url(filters) == "?kind=x&after=a"
    assert KeyedPage((), "", "").after_url(filters) == ""


def test_an_address_begins_at_the_first_page_and_drops_what_is_empty() -> None:
    assert address_of(Filters("a b", "name", "k", "l")) == "?kind=a+b&sort=name"
    assert address_of(Filters("x"), kind="", after="k") == "?after=k"


def test_heads_sort_by_their_column_and_turn_it_round() -> None:
    heads = SORTS.heads(Filters("x"))
    assert (heads["at"].href, heads["at"].sorted) == ("?kind=x&sort=at", "down")
    assert (heads["name"].href, heads["name"].sorted) == ("?kind=x&sort=name", "")
    turned = SORTS.heads(replace(Filters(), sort="name"))
    assert (turned["name"].href, turned["name"].sorted) == ("?sort=-name", "up") and turned["at"].href == "?"
    greatest_first = Sorts(SORTS.columns, "-at", frozenset({"name"})).heads(Filters())
    assert greatest_first["name"].href == "?sort=-name"


def test_a_sort_that_nobody_offers_is_the_usual_one() -> None:
    assert SORTS.order("owner") == SORTS.order("") == NEWEST and SORTS.read("-at") == SORTS.read("--name") == ""
    assert SORTS.order("-name") == ("-title", "pk")


def test_rows_come_in_pieces_and_each_is_told_when_it_was_used() -> None:
    told: list[int] = []
    assert list(pieces_of(range(5), told.append, size=2)) == [[0, 1], [2, 3], [4]]
    assert told == [2, 4, 5] and list(pieces_of([], told.append)) == []


def test_a_list_is_a_file_in_the_kind_that_was_asked_for() -> None:
    csv = file_answer("名册", "csv", ["名"], [["=1"]])
    assert csv.content.decode().splitlines()[1] == "'=1" and "csv" in csv["Content-Disposition"]
    assert csv["Cache-Control"] == "no-store"
    assert file_answer("名册", "doc", ["名"], [["a"]]).content.startswith(b"PK")
