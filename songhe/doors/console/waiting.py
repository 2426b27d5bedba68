"""What waits for a person beyond single tasks: approvals, what failed, what grew old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.queries import proposals
from songhe.foundation.outbox.queries import counts
from songhe.foundation.outbox.states import State
from songhe.foundation.tasks.kinds import kind_of
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.presenters import who_tasks_are_about
from songhe.people.api import transfers_to_answer
from songhe.people.imports.api import waiting_for_approval
from songhe.regions.api import names_of
from songhe.ui.formats import day
from songhe.ui.words import said


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. `kind` is a status: due for what a person must do now, unknown for what grew old."""

    kind: str
    title: str
    words: str
    button: str
    url: str


def waiting_for(actor: Actor, now: datetime) -> tuple[Waiting, ...]:
    """What waits for the actor, approvals first."""
    return tuple(one for one in (look(actor) for look in _LOOKS) if one is not None)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the first page shows it."""

    pk: UUID
    title: str
    kind_words: str
    when: str
    is_overdue: bool
    place: str


def task_rows(tasks: Sequence[Task], today: date) -> list[TaskRow]:
    """The tasks in words, with the names of their places."""
    names, about = names_of(task.region_code for task in tasks), who_tasks_are_about(tasks)
    return [
        TaskRow(
            task.pk, task.title, said(kind_of(task.kind).words), _when(task.due_date, today), task.due_date < today,
            "，".join(words for words in (about.get(task.pk, ""), names.get(task.region_code, "")) if words),
        )
        for task in tasks
    ]  # fmt: skip


def _when(due: date, today: date) -> str:
    days = (due - today).days
    if days < 0:
        return gettext("过期{days}天").format(days=-days)
    return gettext("{day}前").format(day=day(due, today)) if days > 1 else day(due, today)


def _grants(actor: Actor) -> Waiting | None:
    if not actor.may("access.approve"):
        return None
    number = proposals(actor).exclude(proposed_by=actor.account_id).count()
    return (
        Waiting(
            "due",
            gettext("等您批准"),
            gettext("{number}个授权").format(number=number),
            gettext("去批准"),
            reverse("accounts"),
        )
        if number
        else None
    )


def _imports(actor: Actor) -> Waiting | None:
    number = waiting_for_approval(actor)
    return (
        Waiting(
            "due",
            gettext("等您审批"),
            gettext("{number}份名册").format(number=number),
            gettext("去审批"),
            reverse("imports") + "?state=proposed",
        )
        if number
        else None
    )


def _transfers(actor: Actor) -> Waiting | None:
    number = transfers_to_answer(actor)
    return (
        Waiting(
            "due",
            gettext("等您答复"),
            gettext("{number}件转区").format(number=number),
            gettext("去答复"),
            reverse("transfers"),
        )
        if number
        else None
    )


def _events(actor: Actor) -> Waiting | None:
    number = counts(actor)[State.FAILED] if actor.may("events.read") else 0
    return (
        Waiting(
            "due",
            gettext("没送到"),
            gettext("{number}条消息").format(number=number),
            gettext("去看"),
            reverse("events"),
        )
        if number
        else None
    )


_LOOKS: tuple[Callable[[Actor], Waiting | None], ...] = (_imports, _grants, _transfers, _events)
