"""The lists that departments send to the demo city, with the slips such lists have, and whom each row means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from songhe.demo.chance import Chance
from songhe.demo.register.city import Piece
from songhe.demo.register.naming import given_names, surnames, whole_names
from songhe.demo.register.numbers import numbers_of, phones
from songhe.demo.register.slips import chosen, old_number, other_birth, other_name, other_number
from songhe.demo.register.spoiled import write_spoiled
from songhe.demo.register.written import written_csv, written_workbook
from songhe.demo.shape import read_shape
from songhe.rules.facts import PERSON_TABLE

MOST_ROWS = 200_000
_MOST_IN_WORKBOOK = 49_000
_WITHOUT_NUMBERS = 20_000
_STRANGERS, _NEWCOMERS = 0.03, 0.35  # rows of people who are not in the register; of the police's list they are new
_STRANGE_AREA = 98
_SHORTER, _NO_PHONE, _OTHER_PHONE = 0.3, 0.3, 0.15
_CITY = "420700"
_WHO = {"姓名": "name", "身份证号": "identity", "性别": "sex", "出生日期": "birth_date"}
_WHERE = {"家庭住址": "address", "所属区划代码": "region_code", "联系电话": "phone"}
_WORDS = {
    "assistance": {"minimum_living": "低保", "edge": "低保边缘"},
    "pension_scheme": {"employee": "职工", "resident": "城乡居民", "none": "未参保"},
    "hukou_kind": {"urban": "城镇", "rural": "农村"},
}


class DepartmentFiles:
    """Collects from the pieces who stands on which list, and writes the lists to a folder."""

    def __init__(self, seed: int, day: date) -> None:
        self._seed, self._day = seed, day
        self._lists: dict[str, list[pl.DataFrame]] = {}

    def add(self, piece: Piece) -> None:
        """Takes the people of one piece."""
        known = piece.truth.drop("birth_date", "sex", "registered_region", "residence_region").join(
            piece.people.drop("death_date"), on="id", how="inner", maintain_order="left"
        )
        table = piece.table.select(pl.all().exclude("person_id").name.suffix("_known"))
        both = pl.concat([known, table], how="horizontal").with_columns(sex=pl.col("sex").replace("", "2"))
        chance = Chance(np.random.SeedSequence([self._seed, 7_309, len(self._lists.get("pensions", []))]), both.height)
        both = both.with_columns(birth_date=pl.col("true_birth"), at=pl.Series(chance.uniform()))
        for name, rows in _lists(both, chance, self._day).items():
            held = self._lists.setdefault(name, [])
            room = _most_rows(name) - sum(frame.height for frame in held)
            held.append(rows.select(_KEPT).head(room))

    def write(self, folder: Path) -> dict[str, pl.DataFrame]:
        """Writes all files; gives whom the rows of each mean: row (the header is 1), id, slip."""
        folder.mkdir(parents=True, exist_ok=True)
        noted = {}
        for number, (name, frames) in enumerate(sorted(self._lists.items())):
            rows = pl.concat(frames)
            sequence = np.random.SeedSequence([self._seed, 7_310, number])
            share = _NEWCOMERS if name == "household_register" else _STRANGERS
            rows = slipped(with_strangers(rows, share, sequence, self._day), _RATES[name], sequence)
            _write(folder, name, rows)
            noted[f"file_{name}"] = rows.select(pl.int_range(2, pl.len() + 2).alias("row"), "id", "slip")
        write_spoiled(folder, pl.concat(self._lists["minimum_living"]).filter(pl.col("identity").is_not_null()))
        return noted


_RATES = {
    "minimum_living": "assistance",
    "disabled_federation": "disabled_federation",
    "funeral": "assistance",
    "health": "health_records",
    "without_numbers": "health_records",
    "pensions": "pension",
    "household_register": "police",
}
_WORKBOOKS = ("minimum_living",)
_KEPT = (
    "id", "name", "identity", "sex", "birth_date", "address", "region_code", "phone", "death_date", "registered_on",
    "assistance", "pension_scheme", "pension_due", "hukou_kind", "dementia", "disability_category", "disability_level",
)  # fmt: skip


def _most_rows(name: str) -> int:
    """How long a list may be, its strangers left out."""
    return int((_MOST_IN_WORKBOOK if name in _WORKBOOKS else MOST_ROWS) / (1 + _STRANGERS))


def _lists(both: pl.DataFrame, chance: Chance, day: date) -> dict[str, pl.DataFrame]:
    """Who stands on which list this month."""
    held = both.filter(pl.col("standing") != "away")
    new = pl.col("assistance_known").is_null() & (pl.col("at") < 0.5)
    stays = pl.col("assistance_known").is_not_null() & (pl.col("at") < 0.98)
    poor = held.filter((pl.col("assistance") != "none") & (stays | new) & (pl.col("standing") == "present"))
    died = held.filter(pl.col("death_date").is_between(day - timedelta(days=75), day - timedelta(days=4)))
    risen = poor.with_columns(
        assistance=pl.when(pl.col("at") < 0.008).then(pl.lit("minimum_living")).otherwise("assistance")
    )
    alive = held.filter(pl.col("standing") == "present")
    return {
        "minimum_living": risen,
        "disabled_federation": alive.filter((pl.col("disability_category") > 0) & (pl.col("at") < 0.985)),
        "funeral": died.filter(pl.col("at") < 0.62),
        "health": alive.filter(pl.col("dementia") & (pl.col("at") < 0.35) | (pl.col("at") > 0.997)),
        "without_numbers": alive.filter(pl.col("at").is_between(0.4, 0.4 + _WITHOUT_NUMBERS / 215_000)),
        "pensions": alive,
        "household_register": alive.filter(pl.col("at").is_between(0.2, 0.203)).with_columns(
            hukou_kind=pl.when(pl.col("at") < 0.201).then(pl.lit("urban")).otherwise("hukou_kind")
        ),
    }


def with_strangers(rows: pl.DataFrame, share: float, seed: np.random.SeedSequence, day: date) -> pl.DataFrame:
    """The rows and a few people who are not in the register, mixed by chance."""
    count = max(round(rows.height * share), 1)
    if not rows.height:
        return rows.with_columns(slip=pl.lit(""))
    chance = Chance(seed, count)
    women = chance.happens(0.52)
    born = (day - date(1970, 1, 1)).days - 60 * 365 - (chance.uniform() * 9_000).astype(np.int64)
    surname = surnames(chance, ~women, np.full(count, -1))
    year = 1970 + born // 365
    like = rows[pl.Series((chance.uniform() * rows.height).astype(np.uint32))]
    number = int(seed.generate_state(1)[0])
    sequence = (np.arange(count) * 7 + number) % 500 * 2 + ~women
    strange = like.with_columns(
        id=pl.lit(None, pl.String),
        name=whole_names(surname, given_names(chance, women, year, surname)),
        sex=pl.Series(np.where(women, "2", "1"), dtype=pl.String),
        birth_date=pl.Series(born.astype(np.int32)).cast(pl.Date),
        identity=numbers_of(np.full(count, _STRANGE_AREA), born, sequence % 1_000),
        phone=phones(chance),
    )
    mixed = pl.concat([rows, strange]).with_columns(
        order=pl.Series(Chance(seed.spawn(1)[0], rows.height + count).uniform())
    )
    return mixed.sort("order").drop("order")


def slipped(rows: pl.DataFrame, rates_of: str, seed: np.random.SeedSequence) -> pl.DataFrame:
    """The rows with slips at the rates of a department; `slip` names them, empty for a row without."""
    shape = read_shape(_CITY)
    columns = shape("departments", "columns")
    rates = dict(zip(columns, shape.numbers("departments", rates_of), strict=True))
    chance = Chance(seed.spawn(1)[0], max(rows.height, 1))
    hits = {name: chance.happens(rates[name])[: rows.height] for name in columns[:5]}
    draws = np.stack([chance.uniform() for _ in range(4)], axis=1)
    changed = np.flatnonzero(np.any(list(hits.values()), axis=0)) if rows.height else np.array([], dtype=np.int64)
    kept = rows.select(*_CHANGED, pl.lit("").alias("slip")).to_dict(as_series=False)
    kinds = {name: shape.table("slips", name) for name in ("number", "name")}
    for at in changed.tolist():
        slips = []
        for name, change in _CHANGES.items():
            if hits[name][at]:
                column, value = change(
                    {key: kept[key][at] for key in _CHANGED}, kinds, draws[at], kept["identity"][at - 1]
                )
                kept[column][at] = value
                slips.append(name)
        kept["slip"][at] = " ".join(slips)
    rows = _lived_otherwise(rows, chance, rates["address_stale"])
    columns = pl.DataFrame(kept, schema={name: rows.schema[name] for name in _CHANGED} | {"slip": pl.String})
    return rows.drop(*_CHANGED).hstack(columns)


def _lived_otherwise(rows: pl.DataFrame, chance: Chance, stale: float) -> pl.DataFrame:
    """Some addresses are old ones, many are written shorter; a telephone is often missing or a relative's."""
    if not rows.height:
        return rows
    draws = [pl.Series(chance.uniform())[: rows.height] for _ in range(3)]
    old, short, rung = (pl.lit(draw) for draw in draws)
    other = pl.Series(chance.pick(np.ones(rows.height)).astype(np.uint32))[: rows.height]
    elsewhere = rows.select("address", "region_code", "phone")[other]
    shorter = (
        pl.col("address").str.replace(r"(\d+)栋(\d+)单元(\d+)室$", "$1-$2-$3").str.replace(r"^.*?(镇|街道|乡|新区)", "")
    )
    return rows.with_columns(
        address=pl.when(old < stale)
        .then(pl.lit(elsewhere["address"]))
        .when(short < _SHORTER)
        .then(shorter)
        .otherwise("address"),
        region_code=pl.when(old < stale).then(pl.lit(elsewhere["region_code"])).otherwise("region_code"),
        phone=pl.when(rung < _NO_PHONE)
        .then(None)
        .when(rung < _NO_PHONE + _OTHER_PHONE)
        .then(pl.lit(elsewhere["phone"]))
        .otherwise("phone"),
    )


_CHANGED = ("identity", "name", "sex", "birth_date")
Row = dict[str, object]
Change = Callable[..., tuple[str, object]]


def _wrong_number(
    row: Row, kinds: dict[str, dict[str, float]], at: np.ndarray, other: str | None
) -> tuple[str, object]:
    number = str(row["identity"] or "")
    return "identity", other_number(number, chosen(kinds["number"], at[0]), other or "", at[1:3]) if number else None


def _old_number(row: Row, *_: object) -> tuple[str, object]:
    return "identity", old_number(str(row["identity"])) if row["identity"] else None


def _other_name(row: Row, kinds: dict[str, dict[str, float]], at: np.ndarray, *_: object) -> tuple[str, object]:
    return "name", other_name(str(row["name"]), str(row["sex"]), chosen(kinds["name"], at[3]), at[1])


def _other_birth(row: Row, _: object, at: np.ndarray, *__: object) -> tuple[str, object]:
    birth = row["birth_date"]
    return "birth_date", other_birth(birth, at[:2]) if isinstance(birth, date) else birth


_CHANGES: dict[str, Change] = {
    "name_variant": _other_name,
    "birth_differs": _other_birth,
    "id_wrong": _wrong_number,
    "id_old": _old_number,
    "id_missing": lambda *_: ("identity", None),
}


# Which columns each list has under which headers, and in which files it is written: name and encoding ("" a workbook).
_NUMBERLESS = {header: column for header, column in (_WHO | _WHERE).items() if column != "identity"}
_LAYOUTS: dict[str, tuple[dict[str, str], tuple[tuple[str, str], ...]]] = {
    "minimum_living": (_WHO | _WHERE | {"救助类别": "assistance", "起始日期": "began"}, (("minimum_living.xlsx", ""),)),
    "disabled_federation": (
        {
            "残疾人姓名": "name",
            "残疾人身份证号": "identity",
            "性别": "sex",
            "住址": "address",
            "残疾人证号": "certificate",
            "残疾类别": "category",
            "残疾等级": "level",
            "发证日期": "began",
        },
        (("disabled_federation.csv", "gb18030"), ("disabled_federation.xlsx", "")),
    ),
    "funeral": (
        {"逝者姓名": "name", "逝者身份证号": "identity", "性别": "sex", "死亡日期": "death_date", "住址": "address"},
        (("funeral.csv", "utf-8-sig"),),
    ),
    "health": (_WHO | _WHERE | {"是否失智": "dementia"}, (("health.csv", "utf-8"),)),
    "without_numbers": (_NUMBERLESS | {"是否失智": "dementia"}, (("health_without_numbers.csv", "utf-8-sig"),)),
    "pensions": (
        {"姓名": "name", "公民身份号码": "identity", "参保类型": "pension_scheme", "是否领取": "pension_due"},
        (("pensions.csv", "utf-8-sig"),),
    ),
    "household_register": (_WHO | _WHERE | {"户口性质": "hukou_kind"}, (("household_register.csv", "gb18030"),)),
}


def _write(folder: Path, name: str, rows: pl.DataFrame) -> None:
    yes_or_no = {fact: pl.when(fact).then(pl.lit("是")).otherwise(pl.lit("否")) for fact in ("dementia", "pension_due")}
    rows = rows.with_columns(
        sex=pl.col("sex").replace({"1": "男", "2": "女"}),
        **{fact: pl.col(fact).replace(words) for fact, words in _WORDS.items()},
        **yes_or_no,
        category=_words("disability_category", rows),
        level=_words("disability_level", rows),
        began=pl.col("registered_on") + pl.duration(days=60),
        certificate=pl.concat_str("identity", pl.col("disability_category"), pl.col("disability_level")),
    )
    columns, files = _LAYOUTS[name]
    named = [pl.col(column).cast(pl.String).fill_null("").alias(header) for header, column in columns.items()]
    for file, encoding in files:
        if encoding:
            written_csv(folder / file, rows.select(named), encoding)
        else:
            written_workbook(folder / file, rows.head(_MOST_IN_WORKBOOK).select(named), "名册")


def _words(fact: str, rows: pl.DataFrame) -> pl.Series:
    words = {int(value): word for value, word in PERSON_TABLE[fact].values.items()}
    return rows[fact].cast(pl.Int64).replace_strict(words, return_dtype=pl.String)
