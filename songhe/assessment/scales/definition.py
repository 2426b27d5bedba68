"""A scale as its file defines it, checked when it is loaded: a scale that does not add up is never used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from songhe.kernel.errors import BadInput, NotFound

_FOLDER = Path(__file__).parent
CURRENT, HISTORY, INSURANCE = "current", "history", "insurance"
TOTAL, GRADES, TABLE = "total", "grades", "table"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an item. Two options may share points: the code is what is kept."""

    code: str
    points: int
    says: str
    more: str = ""


@dataclass(frozen=True)
class Item:
    """One question. `plain`: bare points do as an answer where they name several options."""

    code: str
    name: str
    look: str
    options: tuple[Option, ...]
    plain: bool = True

    @cached_property
    def most(self) -> int:
        """The points of the ablest answer."""
        return max(option.points for option in self.options)

    @cached_property
    def points_of(self) -> Mapping[str, int]:
        """Every answer that can be given, with its points."""
        coded = {option.code: option.points for option in self.options}
        if self.plain:
            coded |= {str(option.points): option.points for option in self.options}
        return coded

    @property
    def accepted(self) -> str:
        """What a message says can be answered."""
        if all(option.code == str(option.points) for option in self.options):
            return f"0至{self.most}的整数"
        return "、".join(option.code for option in self.options)


@dataclass(frozen=True, slots=True)
class Band:
    """From `least` to `most`, both included, is `grade` (of a part) or level (of the total)."""

    grade: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Part:
    """A first-level indicator: its items (none where only the part is told), most points and bands of its grade."""

    code: str
    name: str
    most: int | None
    items: tuple[Item, ...] = ()
    bands: tuple[Band, ...] = ()
    step: int = 1


@dataclass(frozen=True, slots=True)
class Level:
    """A level; the higher, the less able."""

    level: int
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What changes a level beside the points: sets it (`level`) or makes it one step worse (`level` empty)."""

    key: str
    says: str
    level: int | None = None
    least: int = 1
    clause: str = ""


@dataclass(frozen=True)
class Scale:
    """A scale: what is asked, what answers come to. `method` is total, grades (a list of combinations) or table."""

    key: str
    title: str
    standard: str
    from_date: date
    use: str
    method: str
    levels: tuple[Level, ...]
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    changes: tuple[LevelChange, ...]
    written: Mapping[str, Any]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in their order."""
        return tuple(item for part in self.parts for item in part.items)

    @cached_property
    def item_by_code(self) -> Mapping[str, Item]:
        """Items by code."""
        return {item.code: item for item in self.items}

    @property
    def most(self) -> int:
        """The points of somebody who can do everything."""
        return sum(part.most or 0 for part in self.parts)

    @property
    def worst(self) -> int:
        """The worst level."""
        return max(level.level for level in self.levels)

    def name_of(self, level: int) -> str:
        """What a level is called."""
        return next(one.name for one in self.levels if one.level == level)

    def on(self, figure: str, day: date) -> Any:
        """A dated figure of the scale. BadInput when it has none on the day."""
        held = [row["value"] for row in self.written[figure]["values"] if row["from"] <= day]
        if not held:
            raise BadInput(f"{self.key}，{figure}", "这一天还没有值", given=day.isoformat())
        return held[-1]


def scale_keys() -> tuple[str, ...]:
    """The scales there are."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def scale_of(key: str) -> Scale:
    """The scale of a key, checked. NotFound for any other key; BadInput when its file does not add up."""
    if key not in scale_keys():
        raise NotFound("这份量表", accepted="、".join(scale_keys()))
    return read_scale(yaml.safe_load((_FOLDER / f"{key}.yaml").read_text(encoding="utf-8")), f"{key}.yaml")


def current_scale(day: date) -> Scale:
    """The scale that decides on a day. BadInput before there was one."""
    held = [scale for scale in map(scale_of, scale_keys()) if scale.use == CURRENT and scale.from_date <= day]
    if not held:
        raise BadInput("评估日期", "这一天还没有现行的评估标准", given=day.isoformat())
    return max(held, key=lambda scale: scale.from_date)


def read_scale(written: Mapping[str, Any], where: str) -> Scale:
    """A scale out of its file's content. BadInput names what does not add up."""
    for name in ("key", "title", "standard", "from", "use", "method", "levels"):
        if name not in written:
            raise BadInput(where, "缺了一项", given=name)
    scale = Scale(
        key=written["key"],
        title=written["title"],
        standard=written["standard"],
        from_date=written["from"],
        use=written["use"],
        method=written["method"],
        levels=tuple(Level(**one) for one in written["levels"]),
        parts=tuple(_part(one) for one in written.get("parts", written.get("domains", []))),
        bands=tuple(Band(one["level"], one["least"], one["most"]) for one in written.get("bands", [])),
        changes=tuple(_change(one) for one in written.get("changes", [])),
        written=written,
    )
    _check(scale, where)
    return scale


def _part(one: Mapping[str, Any]) -> Part:
    bands = tuple(Band(band["grade"], band["least"], band["most"]) for band in one.get("bands", []))
    items = tuple(_item(item) for item in one.get("items", []))
    return Part(one["code"], one["name"], one.get("most"), items, bands, one.get("step", 1))


def _item(one: Mapping[str, Any]) -> Item:
    if "points" in one:
        options = tuple(Option(str(points), points, f"{points}分") for points in one["points"])
    else:
        options = tuple(Option(**option) for option in one["options"])
    return Item(one["code"], one["name"], one.get("look", ""), options, one.get("plain", True))


def _change(one: Mapping[str, Any]) -> LevelChange:
    return LevelChange(one["key"], one["says"], one.get("level"), one.get("least", 1), one.get("clause", ""))


def _check(scale: Scale, where: str) -> None:
    codes = [item.code for item in scale.items]
    if len(codes) != len(set(codes)):
        raise BadInput(where, "有两项用了同一个编号")
    if [level.level for level in scale.levels] != list(range(len(scale.levels))):
        raise BadInput(where, "等级要从0起一级一级写")
    for part in scale.parts:
        _check_part(part, where)
    if scale.method == TOTAL:
        _covers(scale.bands, scale.most, 1, f"{where}，bands")
        _check_coma(scale, where)
    elif scale.method == TABLE:
        _check_table(scale, where)
    elif scale.method != GRADES:
        raise BadInput(where, "没有这种算法", given=scale.method, accepted="、".join((TOTAL, GRADES, TABLE)))


def _check_part(part: Part, where: str) -> None:
    for item in part.items:
        points = {option.points for option in item.options}
        if len({option.code for option in item.options}) != len(item.options) or 0 not in points:
            raise BadInput(f"{where}，{item.code}", "选项编号重复，或没有0分的选项")
    if part.items and sum(item.most for item in part.items) != part.most:
        total = sum(item.most for item in part.items)
        raise BadInput(f"{where}，{part.code}", "各项最高分加起来不是这部分的满分", given=str(total))
    if part.bands:
        _covers(part.bands, part.most or 0, part.step, f"{where}，{part.code}")


def _covers(bands: tuple[Band, ...], most: int, step: int, where: str) -> None:
    """Every sum that can come out lies in exactly one band."""
    for points in range(0, most + 1, step):
        if sum(band.least <= points <= band.most for band in bands) != 1:
            raise BadInput(where, "这个分数不在恰好一段里", given=str(points))


def _check_coma(scale: Scale, where: str) -> None:
    coma = scale.written.get("coma_option")
    if coma and coma["option"] not in {o.code for o in scale.item_by_code[coma["item"]].options}:
        raise BadInput(where, "昏迷的选项不在那一项里", given=coma["option"])


def _check_table(scale: Scale, where: str) -> None:
    table = scale.written.get("table", [])
    grades = [len(part.bands) for part in scale.parts]
    if len(table) != grades[0] or any(len(row) != max(grades[1:]) for row in table):
        raise BadInput(where, "组合表的行列和各部分的级数不合")
    if any(level not in range(len(scale.levels)) for row in table for level in row):
        raise BadInput(where, "组合表里有没有的等级")
