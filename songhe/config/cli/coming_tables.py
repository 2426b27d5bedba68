"""The tables of `songhe agein`: by item and district, by week, and the first few people with their keys masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import click
import polars as pl

from songhe.config.cli.tables import number, print_table
from songhe.demo.divisions import region_name
from songhe.eligibility.coming_of_age import Coming, Turns
from songhe.kernel.masking import mask
from songhe.rules.facts import KEY
from songhe.rules.packs import Item, Pack

PLACE = "residence_region"
NOT_KNOWN = "不知道"
_DISTRICT_DIGITS = 6
_WEEK = 7
_MOST_WEEKS = 27  # beyond half a year months say more
_FIRST = 5
_PERIOD, _DISTRICT = "period", "district"
_ALSO: tuple[tuple[str, Callable[[Turns], int]], ...] = (
    ("从不可享变成待核", lambda turns: turns.opened),
    ("本来可享，金额或优惠变高", lambda turns: turns.raised),
    ("本来可享，变成不可享或待核", lambda turns: turns.ended),
)


def print_coming(pack: Pack, coming: Coming, entitled: pl.DataFrame) -> None:
    """Prints who comes into what; `entitled` are the rows of `coming` with the place where each person lives."""
    click.secho(
        f"{coming.on}以后到{coming.last}，从不可享或待核变成可享：{number(entitled.height)}人次，"
        f"{number(entitled[KEY].n_unique())}人",
        bold=True,
    )
    if entitled.height:
        items = [item for item in pack.items if item.slug in set(entitled["item"])]
        _print_by_district(items, entitled)
        _print_by_period(items, coming, entitled)
        _print_first(items, entitled)
    for words, pick in _ALSO:
        counts = [(item.name, count) for item in pack.items if (count := pick(coming.turns[item.slug]))]
        if counts:
            named = "、".join(f"{name}{number(count)}" for name, count in counts)
            click.echo(f"\n{words}{number(sum(count for _, count in counts))}人次（不在上面）：{named}")


def _print_by_district(items: Sequence[Item], entitled: pl.DataFrame) -> None:
    code = pl.col(PLACE).str.slice(0, _DISTRICT_DIGITS)
    rows = entitled.with_columns(code.fill_null("").alias(_DISTRICT))
    districts = sorted(rows[_DISTRICT].unique(), key=lambda code: (code == "", code))
    counts = _counts(rows, _DISTRICT)
    names = [region_name(code) if code else NOT_KNOWN for code in districts]
    table = [
        (str(item.number), item.name, *_cells([counts.get((item.slug, code), 0) for code in districts]))
        for item in items
    ]
    every = [sum(counts.get((item.slug, code), 0) for item in items) for code in districts]
    click.echo("\n按居住地（人次）")
    print_table(
        ("号", "事项", *names, "合计"),
        [*table, ("", "合计", *_cells(every))],
        right=(0, *range(2, len(names) + 3)),
    )


def _print_by_period(items: Sequence[Item], coming: Coming, entitled: pl.DataFrame) -> None:
    """A row a week, or a month when there are many weeks; a column an item, by its number."""
    periods = _weeks(coming)
    by_week = len(periods) <= _MOST_WEEKS
    if not by_week:
        periods = _months(coming)
    starts = pl.Series([first for first, _ in periods])
    bins = (starts.search_sorted(entitled["day"], side="right").cast(pl.Int64) - 1).alias(_PERIOD)
    counts = _counts(entitled.with_columns(bins), _PERIOD)
    table = [
        (words, *_cells([counts.get((item.slug, index), 0) for item in items]))
        for index, (_, words) in enumerate(periods)
    ]
    sums = [sum(counts.get((item.slug, index), 0) for index in range(len(periods))) for item in items]
    click.echo(f"\n按{'周' if by_week else '月'}（人次，栏头是事项的号）")
    print_table(
        ("哪几天", *(str(item.number) for item in items), "合计"),
        [*table, ("合计", *_cells(sums))],
        right=range(1, len(items) + 2),
    )


def _print_first(items: Sequence[Item], entitled: pl.DataFrame) -> None:
    names = {item.slug: item.name for item in items}
    rows = entitled.group_by("day", KEY, PLACE, maintain_order=True).agg("item").head(_FIRST)
    click.echo(f"\n最先的{rows.height}人（编号遮住了，写全的名单用--out）")
    table = [
        (day.isoformat(), mask(key), _place_words(place), "、".join(names[slug] for slug in slugs))
        for day, key, place, slugs in rows.iter_rows()
    ]
    print_table(("从哪天起", "编号", "居住地", "可享"), table)


def _place_words(place: str | None) -> str:
    """The district only: with the community a person is half named."""
    return NOT_KNOWN if place is None else region_name(place[:_DISTRICT_DIGITS])


def _weeks(coming: Coming) -> list[tuple[date, str]]:
    """The first day of every seven days, and the days in words."""
    days = range(1, (coming.last - coming.on).days + 1, _WEEK)
    firsts = [coming.on + timedelta(days=day) for day in days]
    return [(first, _span(first, min(first + timedelta(days=_WEEK - 1), coming.last))) for first in firsts]


def _span(first: date, last: date) -> str:
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}到{last:%m-%d}"


def _months(coming: Coming) -> list[tuple[date, str]]:
    first = coming.on + timedelta(days=1)
    count = (coming.last.year - first.year) * 12 + coming.last.month - first.month + 1
    indices = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + count)
    return [(date(index // 12, index % 12 + 1, 1), f"{index // 12}-{index % 12 + 1:02}") for index in indices]


def _counts(rows: pl.DataFrame, column: str) -> dict[tuple[str, object], int]:
    counted = rows.group_by("item", column).len()
    return {(item, value): count for item, value, count in counted.iter_rows()}


def _cells(counts: list[int]) -> list[str]:
    return [number(count) if count else "–" for count in (*counts, sum(counts))]
