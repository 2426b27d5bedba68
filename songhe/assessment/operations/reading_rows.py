"""Rows of results, from a file or from another system: what each says, scored; and every cell that cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from songhe.assessment.scales.definition import GRADES, TABLE, TOTAL, Item, Scale, scale_keys, scale_of
from songhe.assessment.scales.scoring import Circumstances, Scored, read_grades, score
from songhe.assessment.terms import Purpose
from songhe.foundation.files.tables import open_table
from songhe.kernel import identity_numbers
from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask
from songhe.kernel.told import told
from songhe.people.imports.api import read_day, read_identity

MOST_ROWS = 200_000
NUMBER, IDENTITY, SCALE, PURPOSE, DAY, BODY, WHO, TOTAL_GIVEN, LEVEL_GIVEN, COMA, DISORDER, EVENTS = (
    "number", "identity", "scale", "purpose", "day", "body", "who", "total_given", "level_given", "coma", "disorder",
    "events",
)  # fmt: skip
HEADERS: Mapping[str, tuple[str, ...]] = {
    IDENTITY: ("身份证号", "证件号", "公民身份号码"), SCALE: ("量表", "标准"), PURPOSE: ("用途", "评估用途"),
    DAY: ("评估日期",), BODY: ("评估机构", "机构"), WHO: ("评估员", "评估人员"), TOTAL_GIVEN: ("总分",),
    LEVEL_GIVEN: ("等级", "能力等级"), COMA: ("昏迷",), DISORDER: ("失智或精神障碍诊断", "失智诊断"),
    EVENTS: ("近30天意外次数", "意外次数"),
}  # fmt: skip
_NEEDED = (IDENTITY, SCALE, PURPOSE, DAY, BODY, WHO)
_ITEM = re.compile(r"([BDCS]\.\d{1,2}(?:\.\d)?)(?:\s.*)?")
_TRUE, _FALSE = {"是", "有", "1", "true"}, {"否", "无", "没有", "0", "false", ""}
_NO_CHANGE = ("", "", "")
Say = Callable[[int, int, str], None]


@dataclass(slots=True)
class Errors:
    """The cells that cannot be used, in the order in which they were met."""

    found: list[tuple[int, str, str, str, str]] = field(default_factory=list)

    def add(self, number: int, column: str, problem: str, shown: str = "", accepted: str = "") -> None:
        """One cell: row, column, the value (masked by the caller), what is wrong, what is taken."""
        self.found.append((number, column[:120], shown[:80], problem[:200], accepted[:200]))

    def of(self, number: int, column: str, error: BadInput) -> None:
        """The cell of which a reader said what is wrong."""
        self.add(number, column, error.problem, error.given or "", error.accepted or "")

    @property
    def rows(self) -> set[int]:
        """The rows with an error."""
        return {one[0] for one in self.found}


def read_file(path: Path, say: Say) -> tuple[pl.DataFrame, Errors]:
    """The cells of a file by what they hold. BadInput when it is no table, or lacks a column that is needed."""
    table = open_table(path)
    names = _columns(table.header, path.name)
    parts: list[pl.DataFrame] = []
    count = 0
    for piece in table.pieces(list(names.values())):
        count += piece.table.height
        if count > MOST_ROWS:
            raise BadInput(path.name, told("超过{most:,}行", most=MOST_ROWS), accepted="分成几份")
        texts = [piece.table[name].cast(pl.String).str.strip_chars().alias(key) for key, name in names.items()]
        parts.append(pl.DataFrame([piece.rows.cast(pl.Int64).alias(NUMBER), *texts]))
        say(piece.done, table.size, "读文件")
    if not count:
        raise BadInput(path.name, "只有表头，没有人", accepted="至少一人")
    return pl.concat(parts), Errors()


def _columns(header: tuple[str, ...], where: str) -> dict[str, str]:
    """Which column holds what: by its name, or by the code of the item before it."""
    known = {name: key for key, names in HEADERS.items() for name in names}
    known |= {f"{part.name}{ending}": f"{kind}.{part.code}" for part in _old_parts()
              for ending, kind in (("", "grade"), ("分级", "grade"), ("得分", "points"))}  # fmt: skip
    found: dict[str, str] = {}
    for name in header:
        item = _ITEM.fullmatch(name.strip())
        key = item[1] if item else known.get(name.strip())
        if key:
            found.setdefault(key, name)
    missing = [HEADERS[key][0] for key in _NEEDED if key not in found]
    if missing:
        raise BadInput(where, told("没有这几列：{names}", names="、".join(missing)), accepted="按模板的表头")
    return found


def _old_parts() -> tuple[Any, ...]:
    return tuple(part for key in scale_keys() if scale_of(key).method == GRADES for part in scale_of(key).parts)


def checked(cells: pl.DataFrame, errors: Errors, today: date, *, by_number: bool = True) -> pl.DataFrame:
    """The cells that every row has, read: scale, purpose, day, body, who; and the number, when rows have one."""
    keys, purposes = (
        _scale_words(),
        {str(one.label): one.value for one in Purpose} | {one.value: one.value for one in Purpose},
    )
    frame = cells.with_columns(
        [pl.lit(None, pl.String).alias(key) for key in HEADERS if key not in cells.columns]
    ).with_columns(pl.col(list(HEADERS)).fill_null(""))  # fmt: skip
    read = {
        SCALE: _each(frame, SCALE, errors, lambda text: _one_of(text, keys, "量表")),
        PURPOSE: _each(frame, PURPOSE, errors, lambda text: _one_of(text, purposes, "用途")),
        DAY: _each(frame, DAY, errors, lambda text: _past(read_day("评估日期", text), today)),
        BODY: _each(frame, BODY, errors, lambda text: _short(text, "评估机构")),
        WHO: _each(frame, WHO, errors, lambda text: _short(text, "评估员")),
    }
    if by_number:
        read[IDENTITY] = _each(frame, IDENTITY, errors, read_identity, secret=True)
    return frame.with_columns([pl.Series(key, values, dtype=pl.String) for key, values in read.items()])


def _each(
    frame: pl.DataFrame, key: str, errors: Errors, read: Callable[[str], str], *, secret: bool = False
) -> list[str | None]:
    """Each distinct text is read once."""
    known: dict[str, str | BadInput] = {}
    found: list[str | None] = []
    label = HEADERS[key][0]
    for number, text in frame.select(NUMBER, key).iter_rows():
        if not text:
            errors.add(number, label, "没有填", accepted="要填")
            found.append(None)
            continue
        if text not in known:
            try:
                known[text] = read(text)
            except BadInput as error:
                known[text] = error
        value = known[text]
        if isinstance(value, BadInput):
            errors.add(number, label, value.problem, mask(text) if secret else value.given or "", value.accepted or "")
        found.append(None if isinstance(value, BadInput) else value)
    return found


def scored(frame: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    """Adds parts, total, level_by_points, level and reasons, scale by scale. A given number has to agree."""
    done = []
    for (key,), rows in (
        frame.filter(pl.col(SCALE).is_not_null() & pl.col(DAY).is_not_null()).partition_by(SCALE, as_dict=True).items()
    ):
        scale = scale_of(str(key))
        rows = _within(scale, rows, errors)  # noqa: PLW2901
        if rows.height:
            done.append(_by_items(scale, rows, errors) if _has_items(scale, rows) else _by_told(scale, rows, errors))
    shape = {
        "parts": pl.String,
        "total": pl.Int64,
        "level_by_points": pl.Int64,
        "level": pl.Int64,
        "reasons": pl.String,
    }
    if not done:
        return frame.clear().with_columns([pl.lit(None, kind).alias(name) for name, kind in shape.items()])
    return pl.concat([one.with_columns(pl.col(name).cast(kind) for name, kind in shape.items()) for one in done])


def _within(scale: Scale, rows: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    early = pl.col(DAY) < scale.from_date.isoformat()
    for number, day in rows.filter(early).select(NUMBER, DAY).iter_rows():
        errors.add(number, "评估日期", "这份量表那时还没有施行", day, f"{scale.from_date.isoformat()}起")
    return rows.filter(~early)


def _has_items(scale: Scale, rows: pl.DataFrame) -> bool:
    codes = [item.code for item in scale.items if item.code in rows.columns]
    if scale.method == TOTAL:
        return True
    return bool(codes) and rows.select(pl.any_horizontal(pl.col(codes).fill_null("") != "").any()).item()


def _by_items(scale: Scale, rows: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    rows = rows.with_columns(
        [pl.lit("").alias(item.code) for item in scale.items if item.code not in rows.columns]
    ).with_columns(
        [pl.col(item.code).fill_null("").str.replace(r"\.0$", "") for item in scale.items]
    )  # fmt: skip
    points = rows.select(NUMBER, *[_points(item) for item in scale.items])
    for item in scale.items:
        bad = rows.filter(points[item.code].is_null() & (pl.col(item.code) != ""))
        for number, text in bad.select(NUMBER, item.code).iter_rows():
            errors.add(number, f"{item.code} {item.name}", "没有这个选项", mask(text), item.accepted)
    _missing(scale, rows, errors)
    rows = rows.filter(~pl.col(NUMBER).is_in(list(errors.rows)))
    if scale.method == TABLE:
        return _one_by_one(rows, errors, lambda row: _answered(scale, row))
    return _summed(scale, rows, errors)


def _points(item: Item) -> pl.Expr:
    return pl.col(item.code).replace_strict(dict(item.points_of), default=None, return_dtype=pl.Int64)


def _missing(scale: Scale, rows: pl.DataFrame, errors: Errors) -> None:
    codes = [item.code for item in scale.items]
    empty = rows.filter(pl.any_horizontal(pl.col(codes) == ""))
    for number, *texts in empty.select(NUMBER, *codes).iter_rows():
        gaps = [code for code, text in zip(codes, texts, strict=True) if not text]
        errors.add(number, "、".join(gaps), told("{number}项没有评，不能算总分", number=len(gaps)), "", "每一项都要评")


def _summed(scale: Scale, rows: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    """A scale that adds points up, column by column; what changes the level is read of few kinds of row."""
    sums = rows.select(
        [pl.sum_horizontal([_points(item) for item in part.items]).alias(part.code) for part in scale.parts]
    )
    texts: list[Any] = []
    for place, part in enumerate(scale.parts):
        texts += [pl.lit(f'{"," if place else "{"}"{part.code}":'), pl.col(part.code).cast(pl.String)]
    option = scale.written.get("coma_option")
    coma = pl.col(option["item"]) == option["option"] if option else pl.lit(value=False)
    rows = rows.with_columns(
        parts=sums.select(pl.concat_str([*texts, pl.lit("}")])).to_series(),
        total=sums.sum_horizontal().cast(pl.Int64), asleep=coma,
    )  # fmt: skip
    known: dict[tuple[Any, ...], Scored] = {}
    found: list[tuple[Any, ...]] = []
    for row in rows.select(
        NUMBER, "total", "asleep", COMA, DISORDER, EVENTS, DAY, LEVEL_GIVEN, TOTAL_GIVEN
    ).iter_rows():
        number, total, asleep, *cells, day, level, given = row
        about = _about(number, cells, errors, asleep=asleep)
        key = (total, about, day)
        if key not in known:
            known[key] = _of_total(scale, total, about, date.fromisoformat(day))
        one = known[key]
        _agrees(number, "总分", given, total, errors)
        _agrees(number, "等级", level, one.level, errors, scale)
        found.append((one.level_by_points, one.level, _reasons(one)))
    return _with(rows, found)


@lru_cache(maxsize=4096)
def _answers_of_total(key: str, total: int) -> Mapping[str, str]:
    """Any answers that come to the total: the level depends on nothing else of them."""
    left, answers = total, {}
    for item in scale_of(key).items:
        fitting = [option for option in item.options if option.points <= left and not _is_coma(key, item, option.code)]
        best = max(fitting, key=lambda option: option.points)
        answers[item.code] = best.code
        left -= best.points
    return answers


def _is_coma(key: str, item: Item, code: str) -> bool:
    option = scale_of(key).written.get("coma_option", {})
    return (item.code, code) == (option.get("item"), option.get("option"))


def _of_total(scale: Scale, total: int, about: Circumstances, day: date) -> Scored:
    return score(scale, _answers_of_total(scale.key, total), about, on_date=day)


def _about(number: int, cells: list[str], errors: Errors, *, asleep: bool = False) -> Circumstances:
    coma, disorder = (
        _truth(number, text, label, errors) for text, label in zip(cells, ("昏迷", HEADERS[DISORDER][0]), strict=False)
    )
    events = cells[2].removesuffix(".0") or "0"
    if not events.isascii() or not events.isdigit() or len(events) > 2:
        errors.add(number, HEADERS[EVENTS][0], "不是次数", mask(events), "0至99的整数")
        events = "0"
    return Circumstances(coma or asleep, disorder, int(events))


def _truth(number: int, text: str, label: str, errors: Errors) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        errors.add(number, label, "不认识", mask(text), "是、否")
    return text.lower() in _TRUE


def _agrees(number: int, label: str, given: str, found: int | None, errors: Errors, scale: Scale | None = None) -> None:
    """A number that the row gives has to be the one that comes out; levels may be given in words."""
    text = given.removesuffix(".0")
    if not text:
        return
    names = {word: one.level for one in scale.levels for word in (one.name, one.short)} if scale else {}
    value = names.get(text, int(text) if text.isascii() and text.isdigit() else -1)
    if value != found:
        says = told("和算出来的不一样：算出来是{found}", found="没有等级" if found is None else found)
        errors.add(number, label, says, mask(text), "和逐项的答案一致，或不填")


def _by_told(scale: Scale, rows: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    if scale.method == GRADES:
        return _one_by_one(rows, errors, lambda row: _graded(scale, row, errors))
    return _one_by_one(rows, errors, lambda row: _level_only(scale, row))


def _one_by_one(
    rows: pl.DataFrame, errors: Errors, read: Callable[[dict[str, Any]], tuple[Scored, Any]]
) -> pl.DataFrame:
    kept: list[bool] = []
    found: list[tuple[Any, ...]] = []
    parts: list[str] = []
    totals: list[int | None] = []
    for row in rows.iter_rows(named=True):
        try:
            one, scale = read(row)
        except BadInput as error:
            errors.of(row[NUMBER], error.where, error)
            kept.append(False)
            continue
        kept.append(True)
        _agrees(row[NUMBER], "等级", row[LEVEL_GIVEN], one.level, errors, scale)
        found.append((one.level_by_points, one.level, _reasons(one)))
        parts.append(json.dumps(one.kept))
        totals.append(one.total)
    good = rows.filter(pl.Series(kept, dtype=pl.Boolean)).with_columns(
        parts=pl.Series(parts, dtype=pl.String), total=pl.Series(totals, dtype=pl.Int64)
    )
    return _with(good, found)


def _graded(scale: Scale, row: Mapping[str, Any], errors: Errors) -> tuple[Scored, Scale]:
    about = _about(row[NUMBER], [row[COMA], row[DISORDER], row[EVENTS]], errors)
    as_points = all(row.get(f"points.{part.code}") for part in scale.parts if part.bands)
    given: dict[str, int] = {}
    for part in scale.parts:
        text = (
            (row.get(f"points.{part.code}") or "")
            if as_points and part.bands
            else (row.get(f"grade.{part.code}") or "")
        )
        text = text.removesuffix(".0")
        if text and not (text.isascii() and text.isdigit()):
            raise BadInput(part.name, "不是数", given=mask(text), accepted="0至3")
        if text:
            given[part.code] = int(text)
    return read_grades(scale, given, about, on_date=date.fromisoformat(row[DAY]), as_points=as_points), scale


def _answered(scale: Scale, row: Mapping[str, Any]) -> tuple[Scored, Scale]:
    answers = {item.code: row[item.code] for item in scale.items}
    return score(scale, answers, Circumstances(), on_date=date.fromisoformat(row[DAY])), scale


def _level_only(scale: Scale, row: Mapping[str, Any]) -> tuple[Scored, Scale]:
    names = {word: one.level for one in scale.levels for word in (one.name, one.short, str(one.level))}
    text = row[LEVEL_GIVEN].removesuffix(".0")
    if text not in names:
        accepted = "、".join(f"{one.level}（{one.name}）" for one in scale.levels)
        raise BadInput("等级", "没有这一级" if text else "没有填", given=mask(text), accepted=accepted)
    return Scored({}, None, None, names[text]), scale


def _with(rows: pl.DataFrame, found: list[tuple[Any, ...]]) -> pl.DataFrame:
    shape = {"level_by_points": pl.Int64, "level": pl.Int64, "reasons": pl.String}
    return rows.hstack(pl.DataFrame(found, schema=shape, orient="row"))


def _reasons(one: Scored) -> str:
    if not one.reasons:
        return "[]"
    rows = [{"key": reason.key, "says": reason.says, "level": reason.level} for reason in one.reasons]
    return json.dumps(rows, ensure_ascii=False)


def _scale_words() -> dict[str, str]:
    scales = [scale_of(key) for key in scale_keys()]
    return {word: scale.key for scale in scales for word in (scale.key, scale.standard, scale.title)}


def _one_of(text: str, known: Mapping[str, str], label: str) -> str:
    if text not in known:
        raise BadInput(label, "不认识", given=mask(text), accepted="、".join(dict.fromkeys(known)))
    return known[text]


def _past(day: str, today: date) -> str:
    if day > today.isoformat():
        raise BadInput("评估日期", "还没到这一天", given=day, accepted="不晚于今天")
    return day


def _short(text: str, label: str) -> str:
    if len(text) > 60 or not text.isprintable():
        raise BadInput(label, "太长，或有看不见的字符", given=mask(text), accepted="最多60个字")
    return text


def masked_number(text: str) -> str:
    """An identity number as a list of errors shows it."""
    return identity_numbers.masked(text)
