"""What goes in and out, with its limits: lengths, ranges, days; texts without NUL and other signs nobody types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from songhe.doors.api.terms import MOST_FACTS, MOST_PERSONS, MOST_ROWS, USUAL_ROWS

RegionCode = Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_.-]*$")]
Value = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.-]+$")]
Words = Annotated[str, Field(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
Number = Annotated[str, Field(min_length=18, max_length=18, pattern=r"^[0-9]{17}[0-9Xx]$")]
Rows = Annotated[int, Field(ge=1, le=MOST_ROWS, description="一页最多几行")]
Key = Annotated[str, Field(max_length=80, pattern=r"^[0-9A-Za-z~:-]*$", description="上一页给的after；第一页不写")]
Cursor = Annotated[int, Field(ge=0, le=2**53 - 1)]


class In(Schema):
    """What is sent: nothing but the fields that are named."""

    model_config = ConfigDict(extra="forbid")


class Region(Schema):
    """A division on the day asked for."""

    code: str
    name: str
    level: int = Field(description="代码里有意义的位数：2省、4市、6区县、9街道乡镇、12社区村")
    parent: str
    valid_from: date
    valid_until: date | None


class Regions(Schema):
    """Divisions by code."""

    rows: list[Region]


class Person(Schema):
    """A file, masked: who it is is known by the key, or by the number that was asked for."""

    id: UUID
    region: str
    name: str = Field(description="只留第一个字")
    sex: str = Field(description="1男、2女，空是不知道")
    birth_year: int | None
    standing: str
    identity_number: str = Field(description="只有后四位")
    phone: str = Field(description="只有后四位")
    version: int


class People(Schema):
    """One page; `after` is empty on the last."""

    rows: list[Person]
    after: str


class Found(Schema):
    """Who has the number here: nobody or one."""

    rows: list[Person]


class Search(In):
    """By the whole identity number, which is sent in the body and stands in no address and no log."""

    identity_number: Number


class Fact(Schema):
    """What the register knows of one fact; `value` is null when it is unknown."""

    fact: str
    label: str
    value: str | None
    words: str
    source: str | None
    as_of: date | None
    stale_from: date | None
    conflict: bool


class Facts(Schema):
    """Every fact that sources tell."""

    rows: list[Fact]


class FactIn(In):
    """One fact as the system's source tells it; the value as in docs/reference/facts."""

    fact: Code
    value: Value
    as_of: date | None = Field(None, description="说的是哪一天；不写是今天")
    from_date: date | None = None
    until_date: date | None = Field(None, description="到哪一天为止，那一天不算")


class FactOfPerson(FactIn):
    """The same with whose it is."""

    person_id: UUID


class FactsIn(In):
    """Many at once."""

    rows: list[FactOfPerson] = Field(min_length=1, max_length=MOST_FACTS)


class PersonsIn(In):
    """Whose is asked for."""

    person_ids: list[UUID] = Field(min_length=1, max_length=MOST_PERSONS)


class Problem(Schema):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str | None = None
    field: str | None = None
    errors: list[dict[str, Any]] | None = None


class FactsOfOne(Schema):
    """One person's facts, or why there are none; one of the two is null."""

    person_id: UUID
    facts: list[Fact] | None
    problem: Problem | None


class FactsOfMany(Schema):
    """In the order that was asked for; who is asked for twice stands there once."""

    rows: list[FactsOfOne]


class Recorded(Schema):
    """Whether it was new: the same once more, or of an earlier day, changes nothing."""

    new: bool


class RowRefused(Schema):
    """A row that cannot be used, by its place from 0."""

    row: int
    problem: Problem


class RecordedAll(Schema):
    """What became of the rows: those not named in `refused` are taken."""

    taken: int
    new: int
    refused: list[RowRefused]


class Decision(Schema):
    """One item for one person. `gap` says in Chinese what is missing or in the way."""

    item: str
    number: int
    name: str
    outcome: str = Field(description="yes、no、unknown")
    amount: str
    gap: str
    receiving: bool
    paused: bool


class Decisions(Schema):
    """What one person may have on the day by the list that holds there; no list, no rows."""

    person_id: UUID
    on: date
    release: UUID | None
    rows: list[Decision]


class DecisionsOfOne(Schema):
    """One person's decisions, or why there are none; one of the two is null."""

    person_id: UUID
    decisions: Decisions | None
    problem: Problem | None


class DecisionsOfMany(Schema):
    """In the order that was asked for; who is asked for twice stands there once."""

    rows: list[DecisionsOfOne]


class Standing(Schema):
    """Somebody who stands so with an item."""

    person_id: UUID
    region: str
    on: date


class Standings(Schema):
    """One page; `after` is empty on the last."""

    rows: list[Standing]
    after: str


class ChangeOut(Schema):
    """An item of a person that came out otherwise than before; amounts in fen."""

    cursor: int
    person_id: UUID
    region: str
    item: str
    on: date
    before: str
    after: str
    fen_before: int | None
    fen_after: int | None


class Changes(Schema):
    """What changed behind the cursor; ask again from `cursor`, also when there was nothing."""

    rows: list[ChangeOut]
    cursor: int
    more: bool


class ListOut(Schema):
    """A list in force."""

    id: UUID
    key: str
    title: str
    region: str
    number: int
    from_date: date
    until_date: date | None
    digest: str


class Lists(Schema):
    """The lists in force in the system's region, the widest first."""

    rows: list[ListOut]


class ItemOut(Schema):
    """An item as the list has it on the day: who may have it and what it gives, in words with the figures."""

    slug: str
    number: int
    name: str
    category: str
    type: str
    clause: str
    who: str
    gives: str


class ListItems(ListOut):
    """A list with its items."""

    on: date
    items: list[ItemOut]


class ListFiles(Schema):
    """The texts of a list by file name, as `songhe determine` reads them."""

    digest: str
    files: dict[str, str]


class TaskOut(Schema):
    """Something to do; who or what it is about is named by the key."""

    id: UUID
    kind: str
    title: str
    subject: UUID | None
    region: str
    due_date: date
    state: str
    outcome: str
    opened_at: datetime
    closed_at: datetime | None


class Tasks(Schema):
    """One page by due date; `after` is empty on the last."""

    rows: list[TaskOut]
    after: str


class MatterOut(Schema):
    """Something to settle with one person about one item.

    `kind`: offer、soon、stop、ask; `question` is the fact that is asked for. `outcome` is empty while it is open.
    """

    id: UUID
    person_id: UUID
    region: str
    kind: str
    item: str
    question: str
    from_date: date | None
    due_date: date
    opened_at: datetime
    outcome: str
    closed_at: datetime | None


class Matters(Schema):
    """One page by due date, the closed ones the last first; `after` is empty on the last."""

    rows: list[MatterOut]
    after: str


class Closing(In):
    """How it ended: one of the outcomes of its kind."""

    outcome: Code
    note: Words = ""


USUAL = USUAL_ROWS
