"""Three years of assessments of the invented city, of which the register's grades by assessment come.

What a person's grade is so is the truth; the points lie in its band, tilted by what an assessor adds. A grade that the
register has by assessment is the result that stands; others had one before, or one that ran out and tells no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from songhe.assessment.api import current_scale
from songhe.demo.chance import Chance, Ints
from songhe.demo.register.assessing_answers import answers_json, points_by_item
from songhe.demo.register.assessing_bodies import Bodies, invented_names, make_bodies, written
from songhe.demo.register.assessing_cast import levels, stories
from songhe.demo.register.assessing_old import SHAPE, old_results
from songhe.demo.register.assessing_rows import Rows, rows_of
from songhe.demo.register.assessing_signed import signatures
from songhe.demo.register.cast_piece import cast_id
from songhe.demo.register.city import Piece
from songhe.people.whole.api import BulkLoader

_FROM_CARE, _FROM_SELF = 2, 3  # as rules.yaml of assessment says
_SOURCE, _GRADE = "assessment", "ability_grade"
_TOLD = (_GRADE, "cannot_self_care", "long_term_care_need")
_OLD, _SPARE = 76, 4  # who waits is so old; more of them than cases
_YEARS_BACK = 1_090
_SETTLING = 30  # days from which a new scale is used
_OF_STORIES = 7_314
_OLD_STAFF, _OLD_NAMES = 7_313, 24  # who assessed by the old scale
_WAITING = dict.fromkeys(("id", "region_code", "answers", "likewise", "worse"), pl.String)
_VISITS = {"person_id": pl.String, "region_code": pl.String, "kind": pl.String, "days": pl.Int64, "grade": pl.Int64,
           "demented": pl.Boolean, "of": pl.Int64, "fixed": pl.Boolean}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Levels:
    """Points to levels of the scale of the day."""

    least: Ints  # least points of level 4, 3, 2, 1, 0
    most: Ints

    def of(self, totals: Ints) -> Ints:
        """The level by points."""
        return np.asarray(4 - (np.searchsorted(self.least, totals, side="right") - 1), dtype=np.int64)


class Assessments:
    """Collects from the pieces who was assessed, and writes it."""

    def __init__(self, seed: int, day: date) -> None:
        self.bodies: Bodies = make_bodies(seed, day)
        self._seed, self._day, self._number = seed, day, 0
        self._rows: list[Rows] = []
        self._grades: list[pl.DataFrame] = []
        self._old: list[pl.DataFrame] = [pl.DataFrame(schema=SHAPE)]
        self._old_names = pl.Series(invented_names(seed, _OLD_STAFF, _OLD_NAMES))
        self.waiting = pl.DataFrame(schema=_WAITING)
        self._scale = current_scale(day)
        bands = sorted(self._scale.bands, key=lambda band: band.least)
        self._levels = _Levels(np.array([band.least for band in bands]), np.array([band.most for band in bands]))

    def add(self, piece: Piece) -> Piece:
        """Draws the assessments of a piece; gives the piece with the grades as they were told by them."""
        self._number += 1
        sequence = np.random.SeedSequence([self._seed, self._number, 7_311])
        if piece.notes:  # what the cast had before stands in its stories
            own = np.random.SeedSequence([self._seed, self._number, _OLD_STAFF])
            self._old.append(old_results(piece, self._old_names, own))
            planted = pl.col("id").is_in(_planted(piece).implode())
            alive = piece.truth.filter(pl.col("death_date").is_null() & pl.col(_GRADE).is_not_null() & ~planted)
            self._grades.append(alive.select("id", level=pl.col(_GRADE).cast(pl.Int64)))
        else:
            piece = _before_stories(piece)
        visits = self._visits(piece, sequence)
        if not visits.height:
            return piece
        self._wait(piece, visits, sequence.spawn(1)[0])
        scored = self._scored(visits, sequence.spawn(1)[0])
        found = rows_of(self._scale, scored, self.bodies, self._day, sequence.spawn(1)[0])
        self._rows.append(found)
        return _told(piece, scored.with_columns(result=found.results["id"], known=found.results["confirmed_at"]))

    def _wait(self, piece: Piece, visits: pl.DataFrame, sequence: np.random.SeedSequence) -> None:
        """Keeps some of each district who were never assessed, for cases on their way."""
        if self.waiting.height or not piece.notes:
            return
        known = pl.concat([visits["person_id"], piece.notes["duplicates"]["original"], _of_grade(piece)])
        never = ~pl.col("id").is_in(known.implode()) & (pl.col("standing") == "present") & (pl.col("age") >= _OLD)
        people = piece.people.filter(never)
        people = people.join(piece.truth.filter(pl.col("death_date").is_null()).select("id", grade=_GRADE), on="id")
        people = pl.concat(
            people.filter(pl.col("region_code").str.starts_with(district)).head(sum(plan.values()) + _SPARE)
            for district, plan in written()["cases"].items()
        )
        grade = np.maximum(people["grade"].cast(pl.Int64).to_numpy(), 1)
        worse = np.minimum(grade + 1, self._scale.worst)
        found = [self._answers(level, own) for level, own in zip((grade, grade, worse), sequence.spawn(3), strict=True)]
        self.waiting = people.select("id", "region_code", answers=found[0], likewise=found[1], worse=found[2])

    def of_stories(self) -> dict[str, str]:
        """Answers that come to the levels of the cast's stories, by the name of the visit."""
        names, found = zip(*levels(), strict=True)
        own = np.random.SeedSequence([self._seed, _OF_STORIES])
        return dict(zip(names, self._answers(np.array(found, dtype=np.int64), own), strict=True))

    def honest(self, persons: Sequence[str], number: int) -> dict[str, str]:
        """Answers that come to what is so, by person; `number` tells one asking from another.

        Nobody of whom something else was planted that a result would mend, and nobody who died.
        """
        wanted = pl.DataFrame({"id": persons}, schema={"id": pl.String})
        known = wanted.join(pl.concat(self._grades), on="id", how="inner", maintain_order="left")
        own = np.random.SeedSequence([self._seed, _OF_STORIES, number])
        return dict(zip(known["id"], self._answers(known["level"].to_numpy(), own), strict=True))

    def _answers(self, level: Ints, sequence: np.random.SeedSequence) -> pl.Series:
        chance = Chance(sequence, len(level))
        points = points_by_item(
            self._scale, self._points(level, chance), np.zeros(len(level), bool), sequence.spawn(1)[0]
        )
        return answers_json(self._scale, points, chance.uniform())

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(rows.results.height for rows in self._rows)

    @property
    def old(self) -> pl.DataFrame:
        """Results of the scale before the national one, to be taken over once the register is there."""
        return pl.concat(self._old)

    def write(self, loader: BulkLoader) -> None:
        """Writes them; the organisations have to be there."""
        for table in ("assessment", "form", "assignment", "result"):
            frames = [getattr(rows, f"{table}s") for rows in self._rows]
            if frames:
                loader.rows(f"assessment_{table}", pl.concat(frames))
        if self._rows:
            loader.rows("assessment_signature", signatures(self._rows))

    def drifted(self) -> pl.DataFrame:
        """Who scores unlike the others, for the truth: id, name, points planted, and how many forms bear the name."""
        ids = [rows.results["assessors"] for rows in self._rows]
        named = pl.concat(ids) if ids else pl.Series([""])
        found = [one for one in self.bodies.assessors if one.points]
        return pl.DataFrame(
            {
                "id": [str(one.id) for one in found],
                "name": [one.name for one in found],
                "points": [one.points for one in found],
                "forms": [int(named.str.contains(str(one.id), literal=True).sum()) for one in found],
            }
        )

    def _visits(self, piece: Piece, sequence: np.random.SeedSequence) -> pl.DataFrame:
        """One row an assessment: who, when, what is so; "of" the row it precedes or doubles."""
        people = piece.people.select("id", "region_code", "standing").filter(~pl.col("id").is_in(_in_stories()))
        health = piece.tellings.filter((pl.col("fact") == "dementia") & (pl.col("value") == "true"))
        told = piece.tellings.filter((pl.col("fact") == _GRADE) & (pl.col("source") == _SOURCE))
        frame = people.join(
            told.select(pl.col("person_id").alias("id"), pl.col("value").cast(pl.Int64).alias("told"), "as_of"),
            on="id", how="left", maintain_order="left",
        ).join(
            piece.truth.select("id", so=pl.col(_GRADE).cast(pl.Int64)), on="id", how="left", maintain_order="left"
        ).with_columns(
            demented=pl.col("id").is_in(health["person_id"].unique().implode()),
            doubted=pl.col("id").is_in(_conflicted(piece).implode()),
            back=(pl.lit(self._day) - pl.col("as_of")).dt.total_days(),
        ).filter(pl.col("so").is_not_null())  # fmt: skip
        begun = (self._day - self._scale.from_date).days - _SETTLING
        frame = frame.filter(pl.col("back").is_null() | (pl.col("back") <= begun))
        drawn = _drawn(frame, Chance(sequence.spawn(1)[0], frame.height)).filter(pl.col("days") <= begun)
        # Nobody of the cast is assessed by who drifts: what the list says of them was argued by hand.
        return drawn if piece.notes else drawn.with_columns(fixed=pl.lit(value=True))

    def _scored(self, visits: pl.DataFrame, sequence: np.random.SeedSequence) -> pl.DataFrame:
        """Adds teams, points and levels."""
        chance = Chance(sequence, visits.height)
        days = self._day.toordinal() - visits["days"].to_numpy()
        districts = visits["region_code"].str.slice(0, 6)
        known = {body.district for body in self.bodies.bodies}
        districts = districts.set(~districts.is_in(list(known)), "420704")
        teams = self.bodies.teams(chance, districts, days)
        second = np.flatnonzero((visits["kind"] == "second").to_numpy())
        of = visits["of"].to_numpy()
        teams[second] = self.bodies.others(teams[of[second]])
        grade = visits["grade"].to_numpy()
        falls = chance.happens(float(written()["events"])) & (grade > 0)
        seen = chance.happens(float(written()["diagnosis_seen"])) | (visits["kind"] == "standing").to_numpy()
        disorder = visits["demented"].to_numpy() & seen & (grade > 0)
        step = falls | disorder
        by_points = np.where(step, np.where((grade == 4) & chance.happens(0.6), 4, grade - 1), grade)
        honest = self._points(by_points, chance)
        honest[second] = np.clip(honest[of[second]] + np.round(chance.uniform()[second] * 8 - 4), 0, 90)
        for column in (falls, disorder, step):
            column[second] = column[of[second]]
        drift = np.where(visits["fixed"].to_numpy(), 0, self.bodies.points(teams))
        totals = np.clip(honest + drift, 0, self._scale.most)
        points_level = self._levels.of(totals)
        return visits.with_columns(
            first=teams[:, 0], second=teams[:, 1], falls=falls, disorder=disorder, total=totals,
            by_points=points_level, level=np.minimum(points_level + step, self._scale.worst),
        )  # fmt: skip

    def _points(self, level: Ints, chance: Chance) -> Ints:
        """Honest points in the band of a level: the mean of two draws, about where `within_band` says."""
        least, most = self._levels.least[4 - level], self._levels.most[4 - level]
        mean = np.array(written()["within_band"])[level]
        spread = np.minimum(mean, 1 - mean)
        at = mean + spread * (chance.uniform() + chance.uniform() - 1)
        return np.asarray(np.round(least + at * (most - least)), dtype=np.int64)


def _before_stories(piece: Piece) -> Piece:
    """The cast without what assessments told of whom a story tells: their own will tell it."""
    by_story = pl.col("person_id").is_in(_in_stories()) & (pl.col("source") == _SOURCE)
    return replace(piece, tellings=piece.tellings.filter(~by_story))


def _in_stories() -> list[str]:
    return [str(cast_id(key)) for key in stories()]


def _conflicted(piece: Piece) -> pl.Series:
    """Whose grades were planted otherwise already: they stay as they are."""
    ids = [piece.notes[name].filter(pl.col("fact") == _GRADE)["id"] for name in ("conflicts", "too_old")
           if name in piece.notes]  # fmt: skip
    return pl.concat(ids) if ids else pl.Series([], dtype=pl.String)


def _planted(piece: Piece) -> pl.Series:
    """Of whom it was planted that the register errs about what an assessment tells, or lacks it."""
    notes = [piece.notes[name].select("id", "fact") for name in ("conflicts", "too_old", "never_applied")]
    return pl.concat(notes).filter(pl.col("fact").is_in(_TOLD))["id"]


def _of_grade(piece: Piece) -> pl.Series:
    """Of whom some source tells a grade."""
    return piece.tellings.filter(pl.col("fact") == _GRADE)["person_id"]


def _drawn(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """The visits: standing ones first, so that others can name their places."""
    shares = written()
    uniform = [pl.Series(f"u{number}", chance.uniform()) for number in range(6)]
    frame = frame.with_columns(uniform)
    expired = np.array([shares["expired"][grade] for grade in range(5)])
    standing = frame.filter(pl.col("told").is_not_null())
    others = frame.filter(pl.col("told").is_null() & (pl.col("standing") == "present"))
    others = others.filter(pl.col("u0") < pl.Series(expired[others["so"].to_numpy()]))
    now = _visit(standing, "standing", pl.col("back"), pl.col("told")).with_row_index("row").with_columns(
        fixed=pl.Series(standing["doubted"]) | (standing["standing"] != "present")
    )  # fmt: skip
    milder = pl.max_horizontal(pl.col("told") - (pl.col("u2") < 0.3).cast(pl.Int64), 0)
    before = _visit(standing, "earlier", pl.col("back") + 180 + (pl.col("u1") * 420).cast(pl.Int64), milder)
    before = before.with_columns(of=pl.Series(now["row"].cast(pl.Int64))).filter(
        pl.Series(standing["u3"] < float(shares["earlier"])) & (pl.col("days") < _YEARS_BACK)
    )
    gone = 372 + (pl.col("u1") * (_YEARS_BACK - 380)).cast(pl.Int64)
    ended = _visit(others, "expired", gone, pl.max_horizontal(pl.col("so") - (pl.col("u2") < 0.25).cast(pl.Int64), 0))
    twice = others.filter(pl.col("u4") < float(shares["expired_twice"]))
    twice = _visit(twice, "expired", 372 + (pl.col("u5") * (_YEARS_BACK - 380)).cast(pl.Int64), pl.col("so"))
    doubled = now.filter(pl.Series(standing["u4"] < float(shares["second"])) & (pl.col("days") < 400))
    doubled = doubled.with_columns(kind=pl.lit("second"), of=pl.col("row").cast(pl.Int64), fixed=pl.lit(value=False))
    names = list(_VISITS)
    return pl.concat([part.select(names) for part in (now, doubled, before, ended, twice)])


def _visit(frame: pl.DataFrame, kind: str, days: pl.Expr, grade: pl.Expr) -> pl.DataFrame:
    return frame.select(
        pl.col("id").alias("person_id"), "region_code", kind=pl.lit(kind), days=days.cast(pl.Int64), grade=grade,
        demented="demented", of=pl.lit(-1, pl.Int64), fixed=pl.lit(value=False),
    )  # fmt: skip


def _told(piece: Piece, scored: pl.DataFrame) -> Piece:
    """The grades by assessment as their results told them, in the batch of the result.

    What an assessor who drifts found is what the register has. A self-care that the result would not say is told by
    civil affairs.
    """
    standing = scored.filter(pl.col("kind") == "standing").select(
        "person_id", "level", "grade", "result", "known", until=pl.col("days")
    )
    tellings = piece.tellings.with_row_index("row").join(standing, on="person_id", how="left", maintain_order="left")
    said = (
        pl.when(pl.col("fact") == _GRADE).then(pl.col("level").cast(pl.String))
        .when(pl.col("fact") == "long_term_care_need").then((pl.col("level") >= _FROM_CARE).cast(pl.String))
        .when(pl.col("fact") == "cannot_self_care").then((pl.col("level") >= _FROM_SELF).cast(pl.String))
    )  # fmt: skip
    of_day = tellings.filter(pl.col("fact") == _GRADE, pl.col("source") == _SOURCE).select("person_id", day="as_of")
    tellings = tellings.join(of_day, on="person_id", how="left", maintain_order="left")
    here = (pl.col("source") == _SOURCE) & pl.col("result").is_not_null() & (pl.col("as_of") == pl.col("day"))
    changed = here & (pl.col("level") != pl.col("grade")) & said.is_not_null()
    tellings = tellings.with_columns(value=pl.when(changed).then(said).otherwise("value"))
    agrees = here & (said == pl.col("value"))
    tellings = tellings.with_columns(
        batch=pl.when(agrees).then("result").otherwise(None),
        known_from=pl.when(agrees).then("known").otherwise("known_from"),
        source=pl.when(here & ~agrees & (pl.col("fact") == "cannot_self_care"))
        .then(pl.lit("civil_affairs")).otherwise("source"),
    )  # fmt: skip
    noted = standing.filter(pl.col("level") != pl.col("grade")).select(
        pl.col("person_id").alias("id"), right=pl.col("grade").cast(pl.String), wrong=pl.col("level").cast(pl.String)
    )
    whole = tellings.select(*piece.tellings.columns, "batch")
    return replace(piece, tellings=whole).with_notes(drifted_grades=noted)
