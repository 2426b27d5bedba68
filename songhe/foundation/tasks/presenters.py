"""Tasks in words, ready for a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from songhe.foundation.access.actors import Actor
from songhe.foundation.places import place_names
from songhe.foundation.tasks import permissions
from songhe.foundation.tasks.kinds import Kind, known_kinds
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.operations import REOPENED_WITHIN
from songhe.foundation.tasks.queries import A_WEEK, DUE, LATER, OVERDUE, TODAY, WEEK
from songhe.foundation.tasks.states import TaskState
from songhe.ui.words import said


@dataclass(frozen=True, slots=True)
class TaskWords:
    """What pages show of a task."""

    task: Task
    url: str
    kind: str
    place: str
    group: str
    when: str
    status: str
    owner: str
    outcome: str
    overdue: bool
    about: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the actor may do with one task; empty or False where nothing."""

    outcomes: list[tuple[str, str]]
    take: bool
    hand_over: bool
    put_back: bool
    reopen: bool
    page_url: str


def is_done_elsewhere(task: Task) -> bool:
    """Whether the task is closed by the deed on its subject's page, and not on its own."""
    kind = known_kinds().get(task.kind)
    return kind is not None and bool(kind.page) and task.subject is not None


def presented(tasks: Sequence[Task], today: date, *, named: bool = True) -> list[TaskWords]:
    """Rows of a list, in its order; not `named`, they say of nobody whom they are about."""
    names, kinds = place_names(task.region_code for task in tasks), known_kinds()
    about = who_tasks_are_about(tasks) if named else {}
    return [
        _words(task, kinds.get(task.kind), names[task.region_code], today, about.get(task.pk, "")) for task in tasks
    ]


def who_tasks_are_about(tasks: Sequence[Task]) -> dict[UUID, str]:
    """By task, who or what it is about, in the words of its kind; nothing where the kind tells none."""
    kinds, found = known_kinds(), dict[UUID, str]()
    for code in {task.kind for task in tasks}:
        kind = kinds.get(code)
        rows = {task.subject: task.pk for task in tasks if task.kind == code and task.subject is not None}
        if kind is not None and kind.about and rows:
            told = import_string(kind.about)(list(rows))
            found |= {rows[subject]: words for subject, words in told.items()}
    return found


def grouped(rows: Sequence[TaskWords], *, flat: bool) -> list[tuple[str, list[TaskWords]]]:
    """The rows under overdue, today, within a week, later; `flat` ones under no title."""
    if flat:
        return [("", list(rows))]
    groups = [(gettext(DUE[code]), [row for row in rows if row.group == code]) for code in DUE]
    return [group for group in groups if group[1]]


def choices(task: Task, actor: Actor, now: datetime) -> Choices:
    """The buttons of a task's page: the same questions that the operations ask."""
    kind = known_kinds().get(task.kind)
    is_open = task.state != TaskState.CLOSED
    may_do = actor.may(permissions.DO) and (kind is None or not kind.action or actor.may(kind.action))
    own = actor.account_id is not None and task.owner_id == actor.account_id
    may_close = is_open and may_do and (own or task.owner_id is None or actor.may(permissions.ASSIGN))
    mine = task.closed_by_id is not None and task.closed_by_id == actor.account_id
    fresh = task.closed_at is not None and now - task.closed_at <= REOPENED_WITHIN
    return Choices(
        outcomes=[(code, said(words)) for code, words in kind.outcomes.items()]
        if kind and may_close and not is_done_elsewhere(task)
        else [],
        take=task.state == TaskState.OPEN and may_do,
        hand_over=is_open and (own or actor.may(permissions.ASSIGN)),
        put_back=task.state == TaskState.TAKEN and (own or actor.may(permissions.ASSIGN)),
        reopen=mine and fresh,
        page_url=_page_url(task, kind),
    )


def _words(task: Task, kind: Kind | None, place: str, today: date, about: str) -> TaskWords:
    days = (today - task.due_date).days
    group = OVERDUE if days > 0 else TODAY if days == 0 else WEEK if -days <= A_WEEK.days else LATER
    closed = task.state == TaskState.CLOSED
    return TaskWords(
        task=task,
        url=reverse("task", args=[task.pk]),
        kind=said(kind.words) if kind else task.kind,
        place=place,
        group=group,
        when=_when(days),
        status="done" if closed else "due" if days >= 0 else "todo",
        overdue=days > 0 and not closed,
        about=about,
        owner=task.owner.name if task.owner else gettext("没人接"),
        outcome=said(kind.outcomes.get(task.outcome, task.outcome)) if kind else task.outcome,
    )


def _when(days: int) -> str:
    """How far away the last day is, in words; empty when that is said better by its date."""
    if days > 0:
        return gettext("过期{days}天").format(days=days)
    if days == 0:
        return gettext("今天到期")
    return gettext("还有{days}天").format(days=-days) if -days <= A_WEEK.days else ""


def _page_url(task: Task, kind: Kind | None) -> str:
    if kind is None or not kind.page or task.subject is None:
        return ""
    try:
        return reverse(kind.page, args=[task.subject])
    except NoReverseMatch:
        return ""
