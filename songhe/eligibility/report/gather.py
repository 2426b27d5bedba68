"""From the person table and the wide table of results to the figures of the report, whole columns at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import polars as pl

from songhe import __version__
from songhe.eligibility.determining import TOTAL, Count, column, count_items
from songhe.eligibility.engines import Engine
from songhe.eligibility.report.model import (
    AgeSummary,
    DistrictSummary,
    FactQuality,
    ItemSummary,
    ParameterLine,
    Report,
)
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.missing import PARAMETER
from songhe.rules.programme import BoundItem, Programme, parameter_on
from songhe.rules.readings.polars import SCHEMA
from songhe.rules.sentence import Sentences, gift_of, sentence_of
from songhe.rules.units import YEAR, Unit, in_words

NOT_KNOWN = "不知道"
YOUNGEST, OLDEST, BAND = 60, 95, 5
_PERIODS = {"month": "月", "year": "年", "once": "次"}
_DISTRICT_DIGITS = 6
_ENTITLED, _FEN = "at least one cash item", "fen a month"
_SUMS = (
    pl.len().alias("people"),
    pl.col(_ENTITLED).sum().alias("entitled"),
    pl.col(_FEN).sum().alias("fen"),
)


def gather(
    programme: Programme,
    people: pl.DataFrame,
    wide: pl.DataFrame,
    *,
    engine: Engine,
    region_name: Callable[[str], str] = str,
    title: str = "",
    made_at: str = "",
    warnings: tuple[str, ...] = (),
    demo: bool = False,
) -> Report:
    """The report on a wide table made by `wide_table(programme, engine, people)`, rows in the same order.

    `region_name` gives a six-digit division its name and may return the code. Districts, ages and quality count the
    living; who died on or before the day is counted as dead only. `made_at` is shown as given; empty takes now.
    """
    pack, table = programme.pack, _complete(people)
    table = pl.concat([table, _marks(programme, wide)], how="horizontal")
    living = table.filter(~(pl.col("death_date") <= programme.on).fill_null(False))
    return Report(
        title=title or f"{pack.title}判定报告",
        list_id=pack.id,
        list_title=pack.title,
        region_name=pack.region_name,
        on=programme.on,
        digest=pack.digest,
        people=people.height,
        alive=living.height,
        dead=people.height - living.height,
        entitled=int(table[_ENTITLED].sum()),
        items=_items(programme, people, wide, engine, region_name),
        districts=_districts(programme, living, region_name),
        ages=_ages(programme, living),
        quality=_quality(programme, living),
        total_fen_month=int(table[_FEN].sum()),
        engine=engine.name,
        version=__version__,
        made_at=made_at or f"{datetime.now().astimezone():%Y-%m-%d %H:%M}",
        warnings=warnings,
        demo=demo,
    )


def _complete(people: pl.DataFrame) -> pl.DataFrame:
    """The columns of the person table, those the caller left out all unknown."""
    absent = [pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in PERSON_TABLE if name not in people.columns]
    return people.with_columns(absent).select(*PERSON_TABLE)


def _marks(programme: Programme, wide: pl.DataFrame) -> pl.DataFrame:
    """What the sums need of each person: the answers, at least one cash item or none, fen a month."""
    cash = [pl.col(column(bound)).fill_null(False) for bound in programme.items if bound.pays]
    entitled = pl.any_horizontal(cash) if cash else pl.lit(False)
    answers = [pl.col(column(bound)) for bound in programme.items]
    fen = (pl.col(TOTAL) * 100).cast(pl.Int64).fill_null(0)
    return wide.select(*answers, entitled.alias(_ENTITLED), fen.alias(_FEN))


def _items(
    programme: Programme, people: pl.DataFrame, wide: pl.DataFrame, engine: Engine, region_name: Callable[[str], str]
) -> tuple[ItemSummary, ...]:
    return tuple(
        _item(programme, count, _missing(programme, count, people, wide, engine), region_name)
        for count in count_items(programme, wide)
    )


def _item(
    programme: Programme, count: Count, missing: tuple[tuple[str, int], ...], region_name: Callable[[str], str]
) -> ItemSummary:
    bound, pack = count.bound, programme.pack
    item = bound.item
    return ItemSummary(
        number=item.number,
        slug=item.slug,
        name=item.name,
        category=pack.categories.get(item.category, item.category),
        type_word=pack.type_word(item),
        lead=item.lead,
        clause=item.clause,
        sentence=sentence_of(bound, pack, region_name),
        gift=gift_of(bound, pack),
        standard=item.standard,
        notes=item.notes,
        yes=count.yes,
        no=count.no,
        unknown=count.unknown,
        fen=count.fen,
        period=_PERIODS.get(item.gives.per, item.gives.per) if bound.pays else "",
        missing=missing,
        unconfirmed=item.unconfirmed,
        parameters=_parameters(programme, bound),
    )


def _parameters(programme: Programme, bound: BoundItem) -> tuple[ParameterLine, ...]:
    """The figures the item speaks of: its own, and those of the list that its rule or its amount names."""
    pack, item = programme.pack, bound.item
    trees = [item.who] if item.gives.amount is None else [item.who, item.gives.amount]
    named = {part.name for tree in trees for part in n.walk(tree) if isinstance(part, n.ParameterValue)}
    lines = []
    for name, parameter in pack.parameters_of(item).items():
        if name not in item.parameters and name not in named:
            continue
        value = bound.figures.value(name)
        unset = not isinstance(value, n.Constant)
        words = "未定" if unset else _figure(bound, programme, value, parameter.unit)
        lines.append(ParameterLine(parameter.label, words, parameter_on(pack, item, name, programme.on), unset))
    return tuple(lines)


def _figure(bound: BoundItem, programme: Programme, value: n.Node, unit: Unit) -> str:
    words = "周岁" if unit == YEAR else in_words(unit)
    return Sentences(bound, programme.pack).say(value) + words


def _missing(
    programme: Programme, count: Count, people: pl.DataFrame, wide: pl.DataFrame, engine: Engine
) -> tuple[tuple[str, int], ...]:
    """The facts that could still decide an item, most frequent first, asked only of those it is open for."""
    if not count.unknown:
        return ()
    rows = wide[column(count.bound)].is_null().arg_true()
    flags = engine.evaluate(people[rows], count.bound.missing())
    totals: dict[str, int] = {}
    for name in flags.columns:
        label = _label(programme, count.bound, name)
        totals[label] = totals.get(label, 0) + int(flags[name].sum() or 0)
    return tuple(sorted(((label, times) for label, times in totals.items() if times), key=lambda pair: -pair[1]))


def _label(programme: Programme, bound: BoundItem, name: str) -> str:
    if name.startswith(PARAMETER):
        return f"{programme.pack.parameters_of(bound.item)[name.removeprefix(PARAMETER)].label}（未定）"
    return PERSON_TABLE[name].label


def _districts(
    programme: Programme, living: pl.DataFrame, region_name: Callable[[str], str]
) -> tuple[DistrictSummary, ...]:
    code = pl.col("residence_region").str.slice(0, _DISTRICT_DIGITS).alias("code")
    yes = [pl.col(column(bound)).sum().alias(f"yes {bound.item.number}") for bound in programme.items]
    rows = living.group_by(code).agg(*_SUMS, *yes)
    known = rows.filter(pl.col("code").is_not_null()).sort("people", "code", descending=[True, False])
    every = [*known.iter_rows(named=True), *rows.filter(pl.col("code").is_null()).iter_rows(named=True)]
    return tuple(
        DistrictSummary(
            name=NOT_KNOWN if row["code"] is None else region_name(row["code"]),
            people=row["people"],
            entitled=row["entitled"],
            fen=row["fen"],
            yes_by_item={b.item.number: int(row[f"yes {b.item.number}"] or 0) for b in programme.items},
        )
        for row in every
    )


def _ages(programme: Programme, living: pl.DataFrame) -> tuple[AgeSummary, ...]:
    """Bands in order of age, empty ones between them included, then the living whose birth date is not known."""
    born, on = pl.col("birth_date"), programme.on
    before_birthday = born.dt.month().cast(pl.Int32) * 100 + born.dt.day().cast(pl.Int32) > on.month * 100 + on.day
    age = on.year - born.dt.year() - before_birthday.cast(pl.Int32)
    band = age.clip(YOUNGEST - BAND, OLDEST) // BAND * BAND
    rows = {row["band"]: row for row in living.group_by(band.alias("band")).agg(*_SUMS).iter_rows(named=True)}
    bands = list(range(YOUNGEST, OLDEST + 1, BAND))
    order = [start for start in (YOUNGEST - BAND, *bands, None) if start in rows or start in bands]
    nobody = {"people": 0, "fen": 0, "entitled": 0}
    return tuple(
        AgeSummary(_band_label(start), *(rows.get(start, nobody)[name] for name in ("people", "fen", "entitled")))
        for start in order
    )


def _band_label(start: int | None) -> str:
    if start is None:
        return NOT_KNOWN
    if start < YOUNGEST:
        return f"不满{YOUNGEST}"
    return f"{start}及以上" if start == OLDEST else f"{start}–{start + BAND - 1}"


def _quality(programme: Programme, living: pl.DataFrame) -> tuple[FactQuality, ...]:
    """The facts the list asks for, the least known first; a death nobody knows of is no gap."""
    names = [name for name in programme.fact_names if name != "death_date"]
    found = [
        FactQuality(PERSON_TABLE[name].label, name, times := living[name].null_count(), times / max(living.height, 1))
        for name in names
    ]
    return tuple(sorted(found, key=lambda fact: -fact.unknown))
