"""What answers come to: points by part, the level by points, what changed it, and the level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from songhe.assessment.scales.definition import GRADES, HISTORY, TABLE, TOTAL, Band, Item, LevelChange, Part, Scale
from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask

GRADE_OF = "{}.grade"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What counts beside the answers.

    Coma as the health part says; a diagnosed disorder (dementia F00–F03, or F04–F99 by a psychiatrist); the sum of
    care-risk events in the days before the assessment.
    """

    coma: bool = False
    disorder: bool = False
    risk_events: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One change that held: its key, its words, and the level it sets (empty: one step worse)."""

    key: str
    says: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """Points by part, total (empty where a scale adds nothing up), level by points, reasons, final level.

    `level` is empty where the scale says nothing of the combination.
    """

    parts: Mapping[str, int]
    total: int | None
    level_by_points: int | None
    level: int | None
    reasons: tuple[Reason, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, int]:
        """What a result keeps by part: points, or, where only grades are known, those under `GRADE_OF` the part."""
        return dict(self.parts) or {GRADE_OF.format(code): grade for code, grade in self.grades.items()}


def score(scale: Scale, answers: Mapping[str, str], about: Circumstances, *, on_date: date) -> Scored:
    """Scores answers by option code or, where it is enough, by bare points.

    BadInput for an item that is missing, unknown, or answered with what it does not take: its code and range are named.
    A scale without items is read with `read_grades`.
    """
    points = points_of(scale, answers)
    parts = {part.code: sum(points[item.code] for item in part.items) for part in scale.parts}
    if scale.method == TABLE:
        grades = {part.code: _grade(part.bands, parts[part.code]) for part in scale.parts}
        first, *others = grades.values()
        level = int(scale.written["table"][first][max(others)])
        return Scored(parts, None, level, level, (), grades)
    if scale.method != TOTAL:
        raise BadInput(scale.title, "这份量表只按各部分的分级读")
    total = sum(parts.values())
    by_points = _grade(scale.bands, total)
    level, reasons = _changed(scale, by_points, _with_coma(scale, answers, about), on_date)
    return Scored(parts, total, by_points, level, reasons)


def points_of(scale: Scale, answers: Mapping[str, str]) -> dict[str, int]:
    """Points by item. BadInput names all that is missing, or the first item that is unknown or answered wrongly."""
    unknown = [code for code in answers if code not in scale.item_by_code]
    if unknown:
        raise BadInput(mask(unknown[0]), "量表里没有这一项", accepted=f"{scale.items[0].code}等")
    missing = [item.code for item in scale.items if not answers.get(item.code)]
    if missing:
        raise BadInput("、".join(missing), f"{len(missing)}项没有评，不能算总分", accepted="每一项都要评")
    return {item.code: points_at(item, answers[item.code]) for item in scale.items}


def points_at(item: Item, answer: str) -> int:
    """The points of one answer. BadInput for one that the item does not take."""
    if answer not in item.points_of:
        raise BadInput(f"{item.code} {item.name}", "没有这个选项", given=mask(answer), accepted=item.accepted)
    return item.points_of[answer]


def read_grades(
    scale: Scale, told: Mapping[str, int], about: Circumstances, *, on_date: date, as_points: bool = False
) -> Scored:
    """Reads an old result by the grades of its domains (or their points, perception always by grade).

    BadInput for a domain that is missing, unknown or out of range.
    """
    if scale.method != GRADES:
        raise BadInput(scale.title, "这份量表按逐项的答案算")
    grades: dict[str, int] = {}
    for part in scale.parts:
        if part.code not in told:
            raise BadInput(part.name, "没有填")
        grades[part.code] = _domain_grade(part, told[part.code], as_points)
    by_grades = _combined(scale.written["combinations"], grades)
    if by_grades is None:
        return Scored(dict(told) if as_points else {}, None, None, None, (), grades)
    level, reasons = _changed(scale, by_grades, about, on_date)
    return Scored(dict(told) if as_points else {}, None, by_grades, level, reasons, grades)


def shown_beside_current(scale: Scale, level: int) -> str:
    """How an old level is read for the eye; empty for scales that are not history. Never a conversion."""
    return str(scale.written["read_as"].get(level, "")) if scale.use == HISTORY else ""


def _domain_grade(part: Part, number: int, as_points: bool) -> int:
    if as_points and part.bands:
        if not 0 <= number <= (part.most or 0) or number % part.step:
            raise BadInput(part.name, "分数不在范围里", given=str(number), accepted=f"0至{part.most}")
        return _grade(part.bands, number)
    if number not in range(4):
        raise BadInput(part.name, "分级不在范围里", given=str(number), accepted="0至3")
    return number


def _grade(bands: Sequence[Band], points: int) -> int:
    return next(band.grade for band in bands if band.least <= points <= band.most)


def _combined(lines: Sequence[Mapping[str, Any]], grades: Mapping[str, int]) -> int | None:
    return next((int(line["level"]) for line in lines if _holds(line, grades)), None)


def _holds(line: Mapping[str, Any], grades: Mapping[str, int]) -> bool:
    if any(name in line and grade not in line[name] for name, grade in grades.items()):
        return False
    if "others" not in line:
        return True
    wanted = line["others"]
    first = next(iter(grades))
    count = sum(grade in wanted["grades"] for name, grade in grades.items() if name != first)
    return bool(wanted.get("least", 0) <= count <= wanted.get("most", len(grades)))


def _with_coma(scale: Scale, answers: Mapping[str, str], about: Circumstances) -> Circumstances:
    option = scale.written.get("coma_option")
    if option and answers[option["item"]] == option["option"]:
        return Circumstances(True, about.disorder, about.risk_events)
    return about


def _changed(scale: Scale, level: int, about: Circumstances, on_date: date) -> tuple[int, tuple[Reason, ...]]:
    told = {"coma": int(about.coma), "disorder": int(about.disorder), "risk_events": about.risk_events}
    held = [change for change in scale.changes if told[change.key] >= change.least]
    reasons = tuple(Reason(change.key, change.says, change.level) for change in held)
    return _worse(scale, level, held, on_date), reasons


def _worse(scale: Scale, level: int, held: Sequence[LevelChange], on_date: date) -> int:
    fixed = [change.level for change in held if change.level is not None]
    if fixed:
        return max(fixed)
    steps = len(held) if scale.on("cumulative", on_date) else min(1, len(held))
    return min(scale.worst, level + steps)
