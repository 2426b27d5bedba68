"""What systems can be told: the kinds, what a system must be allowed to be told of them, and how events become tidings.

One event may be two tidings: of a merge hears who keeps the one file and who kept the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from songhe.foundation.outbox.events import written
from songhe.kernel.told import phrase

PING = "ping"
PEOPLE, DECISIONS, LISTS, DIVISIONS = "people.read", "decisions.read", "policy.read", "regions.read"
TASKS, ASSESSMENTS = "tasks.read", "assessment.read"
_ONE_TASK, _ONE_MATTER, _OF_PERSON = "tasks/{subject}", "matters/{subject}", "people/{subject}/assessments"
_DUE, _END, _RESULT = ("kind", "due_date"), ("kind", "outcome"), ("result",)
_COUNTS = ("opened", "closed", "tasks_opened", "tasks_changed", "tasks_closed")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. `fetch` is the call that tells more, `subject` standing for the key.

    `also` are the fields of the event that are told besides: codes, days, ids of things, numbers.
    """

    words: str
    action: str
    fetch: str
    also: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "person.registered": Kind(phrase("登记了老人"), PEOPLE, "people/{subject}"),
    "person.corrected": Kind(phrase("更正了档案"), PEOPLE, "people/{subject}"),
    "person.died": Kind(phrase("登记了去世"), PEOPLE, "people/{subject}"),
    "person.death_undone": Kind(phrase("撤回了去世"), PEOPLE, "people/{subject}"),
    "person.moved": Kind(phrase("迁移了"), PEOPLE, "people/{subject}"),
    "person.merged": Kind(phrase("合并了档案"), PEOPLE, "people/{subject}"),
    "person.unmerged": Kind(phrase("撤回了合并"), PEOPLE, "people/{subject}"),
    "facts.changed": Kind(phrase("事实变了"), PEOPLE, "people/{subject}/facts"),
    "decisions.changed": Kind(phrase("判定变了"), DECISIONS, "people/{subject}/decisions"),
    "list.issued": Kind(phrase("清单发布了"), LISTS, "lists/{subject}"),
    "divisions.changed": Kind(phrase("区划变了"), DIVISIONS, "regions"),
    "task.opened": Kind(phrase("派了待办"), TASKS, _ONE_TASK, _DUE),
    "task.taken": Kind(phrase("待办有人接了"), TASKS, _ONE_TASK, ("kind",)),
    "task.put_back": Kind(phrase("待办又没人接了"), TASKS, _ONE_TASK, ("kind",)),
    "task.moved": Kind(phrase("待办转到别的地方"), TASKS, _ONE_TASK, ("kind",)),
    "task.changed": Kind(phrase("待办改了期限或内容"), TASKS, _ONE_TASK, _DUE),
    "task.closed": Kind(phrase("待办办结了"), TASKS, _ONE_TASK, _END),
    "task.reopened": Kind(phrase("待办撤回了办结"), TASKS, _ONE_TASK, _DUE),
    "matter.opened": Kind(phrase("派了上门的事"), DECISIONS, _ONE_MATTER, _DUE),
    "matter.put_off": Kind(phrase("上门没找到人，改天再去"), DECISIONS, _ONE_MATTER, _DUE),
    "matter.closed": Kind(phrase("上门的事办了"), DECISIONS, _ONE_MATTER, _END),
    "matter.reopened": Kind(phrase("上门的事又要办了"), DECISIONS, _ONE_MATTER, _DUE),
    "matters.changed": Kind(phrase("一次判定改了很多上门的事"), DECISIONS, "matters", _COUNTS),
    "assessment.asked": Kind(phrase("申请了评估"), ASSESSMENTS, _OF_PERSON, ("assessment",)),
    "assessment.issued": Kind(phrase("评估出了结果"), ASSESSMENTS, _OF_PERSON, _RESULT),
    "assessment.objected": Kind(phrase("对评估结果提了异议"), ASSESSMENTS, _OF_PERSON, _RESULT),
    "assessment.superseded": Kind(phrase("评估结果由新的代替了"), ASSESSMENTS, _OF_PERSON, _RESULT),
    "assessment.withdrawn": Kind(phrase("评估结果撤回了"), ASSESSMENTS, _OF_PERSON, _RESULT),
    "assessments.changed": Kind(phrase("收进或撤回了一批评估结果"), ASSESSMENTS, _OF_PERSON, ("new", "withdrawn")),
}
_PING_WORDS = phrase("试一条")
# What rooms tell, by the last part of its name.
TOLD_AS = {
    "PersonRegistered": "person.registered", "PersonCorrected": "person.corrected", "PersonDied": "person.died",
    "DeathUndone": "person.death_undone", "PersonMoved": "person.moved", "PersonTransferred": "person.moved",
    "PersonMerged": "person.merged", "PersonUnmerged": "person.unmerged", "FactsChanged": "facts.changed",
    "DecisionsChanged": "decisions.changed", "ReleaseIssued": "list.issued",
    "DivisionReplaced": "divisions.changed", "DivisionAbsorbed": "divisions.changed",
    "DivisionSplit": "divisions.changed", "DivisionEnded": "divisions.changed",
    "TaskOpened": "task.opened", "TaskTaken": "task.taken", "TaskPutBack": "task.put_back", "TaskMoved": "task.moved",
    "TaskChanged": "task.changed", "TaskClosed": "task.closed", "TaskReopened": "task.reopened",
    "MatterOpened": "matter.opened", "MatterPutOff": "matter.put_off", "MatterClosed": "matter.closed",
    "MatterReopened": "matter.reopened", "MattersChanged": "matters.changed",
    "AssessmentAsked": "assessment.asked", "AssessmentConfirmed": "assessment.issued",
    "AssessmentObjected": "assessment.objected", "AssessmentReplaced": "assessment.superseded",
    "AssessmentWithdrawn": "assessment.withdrawn", "AssessmentsTaken": "assessments.changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tiding:
    """Something to tell about one subject, or about nobody by name.

    It concerns the systems of the divisions `places`. With `down` also those within them: a city's list holds in its
    districts too. With `find` the places are wider than where the person is, who has to be looked for. `also` is what
    is told besides; not where the places are wider than the system's region, for it is about more than that. `task` is
    the kind of task that it is about, which the system may have nothing to do with.
    """

    kind: str
    subject: UUID | None
    places: tuple[str, ...]
    down: bool = False
    find: bool = False
    also: Mapping[str, str | int] = field(default_factory=dict)
    task: str = ""


def words_of_kind(kind: str) -> str:
    """A kind in Chinese."""
    return _PING_WORDS if kind == PING else KINDS[kind].words if kind in KINDS else kind


def tidings(event: Any) -> Iterator[Tiding]:
    """What there is to tell of an event; nothing of a kind that systems are not told of."""
    name = type(event).__name__
    kind = TOLD_AS.get(name)
    if kind is None:
        return
    if name in ("PersonMerged", "PersonUnmerged"):
        merged, kept = (event.from_region, event.to_region)[:: 1 if name == "PersonMerged" else -1]
        yield _of_person(kind, event.person, event.region, kept)
        yield _of_person(kind, event.merged, event.region, merged)
    elif name in ("PersonMoved", "PersonTransferred"):
        yield Tiding(kind, event.person, _codes(event.region, event.to_region, event.from_region))
    elif name == "ReleaseIssued":
        yield Tiding(kind, event.release, (event.region,), down=True)
    elif kind == "divisions.changed":
        after = getattr(event, "after_codes", None) or (getattr(event, "after_code", ""),)
        yield Tiding(kind, None, _codes(event.region, event.before_code, *after))
    elif kind in KINDS and KINDS[kind].also:
        yield _with_more(kind, event)
    elif event.person is None:
        yield Tiding(kind, None, (event.region,), down=True)
    else:
        yield Tiding(kind, event.person, (event.region,), find=True)


def _with_more(kind: str, event: Any) -> Tiding:
    told = written(event)
    subject = next((getattr(event, name) for name in ("task", "matter", "person") if hasattr(event, name)), None)
    return Tiding(
        kind, subject, _codes(event.region or "0", getattr(event, "from_region", "")), down=subject is None,
        also={name: told[name] for name in KINDS[kind].also}, task=told["kind"] if "task" in told else "",
    )  # fmt: skip


def _of_person(kind: str, person: UUID, region: str, place: str) -> Tiding:
    return Tiding(kind, person, _codes(region, place)) if place else Tiding(kind, person, (region,), find=True)


def _codes(*codes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))
