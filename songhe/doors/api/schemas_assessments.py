"""What goes in and out of calls about assessments, with its limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from songhe.doors.api.schemas import Code, In
from songhe.doors.api.terms import MOST_RESULTS

ItemCode = Annotated[str, Field(max_length=8, pattern=r"^[A-Z]\.[0-9]{1,2}(\.[0-9])?$")]
Answer = Annotated[str, Field(min_length=1, max_length=3, pattern=r"^[0-9]{1,2}[ab]?$")]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f{}\"\\]*$")]


class AssessmentResult(Schema):
    """One result of an assessment. `source`: own、file、system、old; only standing ones (provisional、final) count.

    `valid_until` is the first day on which it holds no longer; empty: without an end.
    """

    id: UUID
    scale: str
    purpose: str
    source: str
    state: str
    level: int | None
    total: int | None
    assessed_date: date
    valid_until: date | None
    organisation: str


class AssessmentResults(Schema):
    """The newest first."""

    person_id: UUID
    rows: list[AssessmentResult]


class ResultIn(In):
    """One result. Answers by item, or grades by domain of the old scale, or only the level of the insurance's."""

    person_id: UUID
    scale: Code
    purpose: Code
    assessed_date: date
    organisation: Name
    assessors: list[Name] = Field(min_length=1, max_length=6)
    answers: dict[ItemCode, Answer] = Field({}, max_length=40, description="逐项的选项编号")
    grades: dict[Code, Annotated[int, Field(ge=0, le=3)]] = Field({}, max_length=6, description="旧标准各部分的分级")
    coma: bool = False
    disorder: bool = Field(False, description="失智或精神障碍的诊断")
    risk_events: int = Field(0, ge=0, le=99, description="近30天的意外次数")
    total: int | None = Field(None, ge=0, le=100, description="写了就要和算出来的一样")
    level: int | None = Field(None, ge=0, le=5)


class ResultsIn(In):
    """Many at once."""

    rows: list[ResultIn] = Field(min_length=1, max_length=MOST_RESULTS)


class HappenedIn(In):
    """After what a grade may hold no longer. `happening`: discharge、fall、other."""

    happening: Code
    on_date: date


class Proposed(Schema):
    """Whether it is proposed now: not when one is in work, was made since, or is proposed already."""

    proposed: bool


class Verified(Schema):
    """Whether a report is real and stands; never a level or a whole name. `state`: holds、over、replaced、withdrawn.

    `valid_until` is the first day on which it holds no longer.
    """

    genuine: bool
    name: str = ""
    assessed_date: date | None = None
    organisation: str = ""
    state: str = ""
    valid_until: date | None = None
