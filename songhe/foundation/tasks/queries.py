"""Reading tasks: what is mine, what nobody has, what is overdue, by kind and region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Left

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.database.statements import rows_of
from songhe.foundation.tasks.kinds import Kind, known_kinds
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.states import TaskState
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.keys import key_read
from songhe.kernel.regions import digits_below, significant
from songhe.kernel.told import phrase
from songhe.ui.lists import address_of

PAGE_ROWS = 50
MINE, FREE, ALL, CLOSED = "mine", "free", "all", "closed"
WHOSE = {MINE: phrase("我的和没人接的"), FREE: phrase("没人接"), ALL: phrase("全部"), CLOSED: phrase("办结")}
OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
DUE = {OVERDUE: phrase("过期"), TODAY: phrase("今天"), WEEK: phrase("7天内"), LATER: phrase("以后")}
A_WEEK = timedelta(days=7)
DUE_FIRST, NEWEST = "", "newest"

# Every page of the console asks both, so they look at nothing that is due later: of a million people's tasks, few are
# due by today, and tasks_task_now holds all that is asked of them.
_DUE_COUNTS = """
SELECT count(*) FILTER (WHERE due_date < %(day)s), count(*) FILTER (WHERE due_date = %(day)s)
FROM tasks_task
WHERE due_date <= %(day)s AND region_code >= %(lo)s AND region_code < %(hi)s AND state <> 'closed'
    AND (owner_id = %(own)s OR owner_id IS NULL AND kind <> ALL(%(undoable)s)) AND kind <> ALL(%(hidden)s)
"""
_OVERDUE = """
SELECT count(*) FROM tasks_task
WHERE kind = %s AND due_date < %s AND state <> 'closed' AND region_code >= %s AND region_code < %s
"""


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How many are overdue, and how many are due on the day."""

    overdue: int
    today: int


KEPT = ("whose", "kind", "due", "region", "owner", "sort")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty fields narrow nothing. `after` is the key of the row before the page."""

    whose: str = MINE
    kind: str = ""
    due: str = ""
    region: str = ""
    owner: str = ""
    after: str = ""
    sort: str = DUE_FIRST

    @property
    def narrows(self) -> bool:
        """Whether any filter is set, besides whose tasks they are."""
        return bool(self.kind or self.due or self.region or self.owner)

    def address(self, **changed: str) -> str:
        """The address of the same list with some filters changed; the page is the first unless `after` is given."""
        return address_of(self, **changed)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `after` is the key of the next, empty on the last."""

    tasks: list[Task]
    after: str


def overdue_of(actor: Actor, kind: str, today: date) -> int:
    """How many tasks of a kind in the actor's region should have been done by now, whoever has them."""
    return int(rows_of(_OVERDUE, [kind, today, *actor.range])[0][0])


def due_counts(actor: Actor, today: date) -> DueCounts:
    """What the actor has or could take and that is due by the day."""
    lo, hi = actor.range
    return DueCounts(
        *rows_of(
            _DUE_COUNTS,
            {
                "day": today,
                "lo": lo,
                "hi": hi,
                "own": actor.account_id,
                "hidden": _hidden(actor),
                "undoable": _undoable(actor),
            },
        )[0]
    )


def mine_today(actor: Actor, today: date, rows: int = 20) -> list[Task]:
    """What the actor has or could take and that is due by today, the longest overdue first."""
    due = _in_region(actor).filter(_mine(actor), due_date__lte=today).exclude(state=TaskState.CLOSED)
    return list(due.select_related("owner").order_by("due_date", "id")[:rows])


def page_of(actor: Actor, filters: Filters, today: date, rows: int = PAGE_ROWS) -> Page:
    """One page of the list, by due date; the closed ones by when they were closed, the last first."""
    found = listed(actor, filters, today)
    if filters.after:
        found = found.filter(_behind(filters))
    tasks = list(found[: rows + 1])
    more = len(tasks) > rows
    tasks = tasks[:rows]
    return Page(tasks, _key(tasks[-1], filters) if more else "")


def listed(actor: Actor, filters: Filters, today: date) -> QuerySet[Task]:
    """The whole list in its order, with owners."""
    if filters.whose == CLOSED:
        order: tuple[str, ...] = ("-closed_at", "id")
    else:
        order = ("-opened_at", "id") if filters.sort == NEWEST else ("due_date", "id")
    return _filtered(actor, filters, today).select_related("owner", "closed_by").order_by(*order)


def count_of(actor: Actor, filters: Filters, today: date) -> int:
    """How many rows the whole list has."""
    return _filtered(actor, filters, today).count()


def due_split(actor: Actor, filters: Filters, today: date) -> dict[str, int]:
    """The list's rows by overdue, today, within a week, later; the filter by due date left aside."""
    aside = Filters(filters.whose, filters.kind, "", filters.region, filters.owner)
    when = Case(
        When(due_date__lt=today, then=Value(OVERDUE)), When(due_date=today, then=Value(TODAY)),
        When(due_date__lte=today + A_WEEK, then=Value(WEEK)), default=Value(LATER),
    )  # fmt: skip
    rows = _filtered(actor, aside, today).values(when=when).annotate(count=Count("pk")).values_list("when", "count")
    return dict(rows)


def kind_split(actor: Actor, filters: Filters, today: date) -> list[tuple[Kind, int]]:
    """The list's rows by kind; the filter by kind left aside."""
    aside = Filters(filters.whose, "", filters.due, filters.region, filters.owner)
    rows = dict(_filtered(actor, aside, today).values_list("kind").annotate(Count("pk")))
    return [(kind, rows[code]) for code, kind in known_kinds().items() if code in rows]


def place_split(actor: Actor, filters: Filters, today: date) -> list[tuple[str, int]]:
    """The list's rows by the divisions just below the working region; the filter by place left aside."""
    aside = Filters(filters.whose, filters.kind, filters.due, "", filters.owner)
    digits = digits_below(actor.region, least=2)
    rows = _filtered(actor, aside, today).values(part=Left("region_code", digits)).annotate(count=Count("pk"))
    return sorted((row["part"].ljust(12, "0"), row["count"]) for row in rows)


def task_of(actor: Actor, task: UUID) -> Task:
    """One task in the actor's region. NotFound for those elsewhere too."""
    found = _in_region(actor).select_related("owner", "opened_by", "closed_by").filter(pk=task).first()
    if found is None:
        raise NotFound("这件待办")
    return found


def tasks_of(actor: Actor, tasks: list[UUID]) -> list[Task]:
    """Those of the tasks that are in the actor's region, by due date."""
    return list(_in_region(actor).select_related("owner").filter(pk__in=tasks).order_by("due_date", "id"))


def open_about(subject: UUID, kind: str = "") -> QuerySet[Task]:
    """What is still to do about a subject."""
    found = Task.objects.filter(subject=subject).exclude(state=TaskState.CLOSED)
    return found.filter(kind=kind) if kind else found


def concerns(actions: Iterable[str], kind: Kind) -> bool:
    """Whether who may do these has to do with what a kind is about: may do something of the same room.

    Administrators see no work on people's files, and officers none on accounts.
    """
    room = kind.action.partition(".")[0]
    return not room or any(action.partition(".")[0] == room for action in actions)


def possible_owners(actor: Actor, today: date) -> list[Account]:
    """Who holds a role with "tasks.do" in or above the actor's region, by name; to hand tasks to."""
    lo, hi = region_range(actor.region)
    above = [actor.region[:end].ljust(12, "0") for end in (0, 2, 4, 6, 9) if end < len(actor.region)]
    grants = (
        Grant.objects.filter(approved_at__isnull=False, ended_at__isnull=True, from_date__lte=today)
        .filter(Q(until_date__isnull=True) | Q(until_date__gt=today))
        .filter(Q(region__gte=lo, region__lt=hi) | Q(region__in=above), role__actions__action="tasks.do")
    )
    return list(Account.objects.filter(pk__in=grants.values("account"), is_active=True).order_by("name", "login")[:500])


def _in_region(actor: Actor, region: str = "") -> QuerySet[Task]:
    lo, hi = region_range(significant(region)) if region else actor.range
    found = Task.objects.filter(region_code__gte=lo, region_code__lt=hi)
    hidden = _hidden(actor)
    return found.exclude(kind__in=hidden) if hidden else found


def _hidden(actor: Actor) -> list[str]:
    """The kinds that the actor has nothing to do with."""
    return [code for code, kind in known_kinds().items() if not concerns(actor.actions, kind)]


def _mine(actor: Actor) -> Q:
    """What the actor has, or nobody has and the actor may do."""
    return Q(owner_id=actor.account_id) | Q(owner__isnull=True) & ~Q(kind__in=_undoable(actor))


def _undoable(actor: Actor) -> list[str]:
    """The kinds that somebody else has to do."""
    return [code for code, kind in known_kinds().items() if kind.action and not actor.may(kind.action)]


def _filtered(actor: Actor, filters: Filters, today: date) -> QuerySet[Task]:
    found = _in_region(actor)
    if filters.region:
        found = found & _in_region(actor, filters.region)
    found = found.filter(state=TaskState.CLOSED) if filters.whose == CLOSED else found.exclude(state=TaskState.CLOSED)
    if filters.whose == MINE:
        found = found.filter(_mine(actor))
    elif filters.whose == FREE:
        found = found.filter(owner__isnull=True)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.owner:
        found = found.filter(owner_id=_wanted(filters.owner))
    due = {
        OVERDUE: Q(due_date__lt=today), TODAY: Q(due_date=today),
        WEEK: Q(due_date__gt=today, due_date__lte=today + A_WEEK), LATER: Q(due_date__gt=today + A_WEEK),
    }  # fmt: skip
    return found.filter(due[filters.due]) if filters.due in due else found


def _key(task: Task, filters: Filters) -> str:
    moment = task.closed_at if filters.whose == CLOSED else task.opened_at
    first = moment if filters.whose == CLOSED or filters.sort == NEWEST else task.due_date
    assert first is not None  # noqa: S101
    return f"{first.isoformat()}~{task.pk}"


def _behind(filters: Filters) -> Q:
    first, _, key = filters.after.partition("~")
    last = _wanted(key)
    try:
        if filters.whose == CLOSED or filters.sort == NEWEST:
            at, field = datetime.fromisoformat(first), "closed_at" if filters.whose == CLOSED else "opened_at"
            return Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__gt": last})
        day = date.fromisoformat(first)
    except ValueError as error:
        raise BadInput("页码", "读不懂") from error
    return Q(due_date__gt=day) | Q(due_date=day, pk__gt=last)


def _wanted(text: str) -> UUID:
    key = key_read(text)
    if key is None:
        raise BadInput("编号", "读不懂")
    return key
