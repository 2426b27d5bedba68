"""Batches, rows and errors as a page says them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.kernel.days import age_on
from songhe.people.imports.models import Batch, Candidate, Change, StagedRow
from songhe.people.imports.queries import changes_of_rows, persons
from songhe.people.imports.sealed_rows import opened_row
from songhe.people.imports.sources import DEATH, list_of, say
from songhe.people.imports.states import BatchState
from songhe.people.imports.terms import Choice, ErrorKind, RowKind, Verdict
from songhe.people.linkage import explain
from songhe.people.models import Person
from songhe.people.terms import Sex, Source
from songhe.regions.api import names_of
from songhe.rules.facts import PERSON_TABLE
from songhe.ui.formats import day as said_day

_STEPS = (
    N_("选文件"),
    N_("对列"),
    N_("错误和差异"),
    N_("送审批"),
    N_("写入"),
)
_STEP_OF = {
    BatchState.UPLOADED: 1, BatchState.FAILED: 1, BatchState.MAPPED: 2, BatchState.STAGED: 2, BatchState.COMPARED: 2,
    BatchState.PROPOSED: 3, BatchState.APPROVED: 4, BatchState.APPLIED: 5, BatchState.UNDONE: 5,
    BatchState.ABANDONED: 5,
}  # fmt: skip
_STATUS = {
    BatchState.UPLOADED: "todo", BatchState.FAILED: "stale", BatchState.MAPPED: "running", BatchState.STAGED: "running",
    BatchState.COMPARED: "unknown", BatchState.PROPOSED: "due", BatchState.APPROVED: "running",
    BatchState.APPLIED: "done", BatchState.UNDONE: "no", BatchState.ABANDONED: "no",
}  # fmt: skip
_MOST_LIKELY = 0.99  # nobody is told that a guess is certain
_OTHER_NAME = N_("证件号一样，姓名不一样")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps."""

    number: int
    word: str
    state: str


def steps(batch: Batch | None) -> list[Step]:
    """Where a batch stands; None for one that is about to begin."""
    at = 0 if batch is None else _STEP_OF[BatchState(batch.state)]
    states = ["done" if place < at else "current" if place == at else "todo" for place in range(len(_STEPS))]
    return [Step(place + 1, _(word), states[place]) for place, word in enumerate(_STEPS)]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in the list."""

    batch: Batch
    name: str
    status: str
    word: str
    place: str
    read: int | None
    bad: int | None
    changed: int | None


def batch_lines(found: Sequence[Batch]) -> list[BatchLine]:
    """Batches as the list shows them."""
    places = names_of({batch.region_code for batch in found})
    return [_line(batch, places) for batch in found]


def _line(batch: Batch, places: dict[str, str]) -> BatchLine:
    kinds = batch.counts.get("kinds", {})
    changed = sum(kinds.get(kind, 0) for kind in ("new", "changed", "conflicting", "gone")) if kinds else None
    return BatchLine(
        batch, _(list_of(batch.source).name), status_of(batch), batch.get_state_display(),
        places.get(batch.region_code, batch.region_code), batch.counts.get("read"), kinds.get("bad"), changed,
    )  # fmt: skip


def status_of(batch: Batch) -> str:
    """The mark of a batch's state."""
    return _STATUS[BatchState(batch.state)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of one row: old and new in words, where the old one is from, what follows."""

    fact: str
    old: str
    new: str
    origin: str
    kind: str
    effect: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file as the differences show it."""

    row: StagedRow
    name: str
    about: str
    url_person: str
    differences: list[Difference]
    can_choose: bool


def lines(batch: Batch, rows: Sequence[StagedRow], today: date) -> list[Line]:
    """Rows with their persons and differences."""
    changes = changes_of_rows(batch, [row.number for row in rows])
    known = persons([row.person for row in rows])
    places = names_of({person.region_code for person in known.values()})
    return [_row_line(batch, row, changes.get(row.number, []), known, places, today) for row in rows]


def _row_line(
    batch: Batch, row: StagedRow, changes: list[Change], known: dict[Any, Person], places: dict[str, str], today: date
) -> Line:
    person = known.get(row.person)
    if person is not None:
        name, about, url = person.name, about_person(person, places, today), str(person.pk)
    else:
        who = opened_row(batch.pk, row.number, row.sealed) if row.sealed is not None else {}
        name, about, url = who.get("name", _("第{number:,}行").format(number=row.number)), _about_row(who, today), ""
    choosable = row.kind in ("new", "changed", "conflicting", "gone") and batch.state == BatchState.COMPARED
    telling = [change for change in changes if change.verdict != Verdict.CONFIRMED] or changes
    found = [difference(batch, change, today) for change in telling]
    if not found and row.kind == RowKind.NEW:
        found = [Difference(_("档案"), "", _("新登记"), "", "new", "")]
    return Line(row, name, about, url, found, choosable)


def about_person(person: Person, places: dict[str, str], today: date) -> str:
    """Age and community."""
    age = _("{age}岁").format(age=age_on(person.birth_date, person.death_date or today)) if person.birth_date else ""
    return " ".join(part for part in (age, places.get(person.region_code, "")) if part)


def _about_row(who: dict[str, str], today: date) -> str:
    born = who.get("birth_date")
    return _("{age}岁").format(age=age_on(date.fromisoformat(born), today)) if born else ""


def difference(batch: Batch, change: Change, today: date) -> Difference:
    """One change in words."""
    origin = ""
    if change.was_source and change.was is not None:
        as_of = said_day(change.was_as_of, today) if change.was_as_of else ""
        origin = f"{Source(change.was_source).label} {as_of}".strip()
    old = "" if change.was is None else said(change.fact, change.was)
    return Difference(
        label_of(change.fact), old, said(change.fact, change.value), origin, change.verdict, _effect(batch, change)
    )


def label_of(fact: str) -> str:
    """A fact in Chinese."""
    return _(PERSON_TABLE[fact].label)


def said(fact: str, value: str) -> str:
    """A value of a fact in Chinese."""
    return _("去世 {value}").format(value=value) if fact == DEATH else _(say(fact, value))


def _effect(batch: Batch, change: Change) -> str:
    if change.fact == DEATH:
        return _("不写入，请到档案里核对") if change.verdict == Verdict.CONFLICTING else _("记为去世，名册里的待遇会停")
    words = {
        Verdict.ADDED: _("以前没有人说过"),
        Verdict.CHANGED: _("改成新的"),
        Verdict.CONFIRMED: _("还是这样，日期更新"),
        Verdict.GONE: _("名册里没有了，按没有算"),
    }
    if change.verdict == Verdict.CONFLICTING:
        return _("记下两种说法，先按{source}的算").format(source=Source(change.was_source).label)
    return words[Verdict(change.verdict)]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its count and address."""

    word: str
    count: int
    url: str
    current: bool


def kind_filters(batch: Batch, current: str, url: str) -> list[Filter]:
    """The kinds of rows that there are."""
    kinds = batch.counts.get("kinds", {})
    shown = [kind for kind in RowKind if kind is not RowKind.BAD and kinds.get(kind)]
    return [Filter(str(kind.label), kinds[kind], f"{url}?kind={kind}#differences", kind == current) for kind in shown]


def error_filters(batch: Batch, current: str, url: str) -> list[Filter]:
    """The kinds of errors that there are."""
    found = batch.counts.get("errors", {})
    return [
        Filter(str(kind.label), found[kind], f"{url}?error={kind}#errors", kind == current)
        for kind in ErrorKind
        if found.get(kind)
    ]


@dataclass(frozen=True, slots=True)
class Side:
    """One thing about both sides of a pair: what the file says, what the register says, whether they agree."""

    label: str
    ours: str
    theirs: str
    alike: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate beside the row."""

    candidate: Candidate
    person: Person
    percent: str
    sides: list[Side]
    evidence: list[str]
    accepted: bool


def pairs(batch: Batch, row: StagedRow, candidates: Sequence[Candidate], today: date) -> list[Pair]:
    """The row beside each person it may be about."""
    who = opened_row(batch.pk, row.number, row.sealed) if row.sealed is not None else {}
    known = persons([candidate.person for candidate in candidates])
    places = names_of({person.region_code for person in known.values()} | {who.get("region", "")})
    return [
        Pair(
            candidate, known[candidate.person], f"{min(candidate.probability, _MOST_LIKELY):.0%}",
            _sides(who, known[candidate.person], places), _evidence(candidate), candidate.choice == Choice.ACCEPTED,
        )
        for candidate in candidates
        if candidate.person in known
    ]  # fmt: skip


def _sides(who: dict[str, str], person: Person, places: dict[str, str]) -> list[Side]:
    tail = who.get("identity", "")[-4:]
    phone, sexes = who.get("phone", "")[-4:], dict(Sex.choices)
    rows = (
        (_("姓名"), who.get("name", ""), person.name),
        (_("性别"), str(sexes.get(who.get("sex", ""), "")), str(sexes.get(person.sex, ""))),
        (_("出生日期"), who.get("birth_date", ""), person.birth_date.isoformat() if person.birth_date else ""),
        (
            _("证件号"),
            _("后四位{tail}").format(tail=tail) if tail else "",
            _("后四位{tail}").format(tail=person.identity_tail) if person.identity_tail else "",
        ),
        (_("住在"), places.get(who.get("region", ""), ""), places.get(person.region_code, "")),
        (_("住址"), who.get("address", ""), person.address),
        (
            _("电话"),
            _("后四位{tail}").format(tail=phone) if phone else "",
            _("后四位{tail}").format(tail=person.phone_tail) if person.phone_tail else "",
        ),
    )
    return [Side(label, theirs or "–", ours or "–", theirs == ours) for label, theirs, ours in rows]


def _evidence(candidate: Candidate) -> list[str]:
    if candidate.evidence.get("other_name"):
        return [_(_OTHER_NAME)]
    return [_("{text}（{sign}）").format(text=_(line.text), sign=_(line.sign)) for line in explain(candidate.evidence)]


def fact_totals(counts: dict[str, Any]) -> list[tuple[str, list[tuple[str, int]]]]:
    """What was proposed, by fact: how many are new, changed and so on."""
    return [
        (label_of(fact), [(str(Verdict(verdict).label), count) for verdict, count in verdicts.items()])
        for fact, verdicts in counts.get("facts", {}).items()
    ]
