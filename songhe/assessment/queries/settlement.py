"""What organisations did in a month and what of it is paid, by rules that a row can be held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from songhe.assessment.figures import figure
from songhe.assessment.models import Form, Organisation, Result
from songhe.assessment.terms import FormState, Reason, ResultSource, ResultState
from songhe.foundation.access.actors import Actor
from songhe.foundation.days import start_of
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant

DONE, VALID, REPEATED, SECOND, WITHDRAWN, SENT_BACK = "done", "valid", "repeated", "second", "withdrawn", "sent-back"
PAGE_ROWS = 50
CONFIRMED_ORDER, SUBMITTED_ORDER = ("confirmed_at", "pk"), ("submitted_at", "pk")
# what may come again before a result ends: the state changed, or it was doubted
_RIGHTLY_AGAIN = (Reason.IMMEDIATE, Reason.DOUBTED)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One organisation in a month. Done are all confirmed ones: valid, repeated, second and withdrawn ones.

    `price` is fen for a valid or second one; empty while no contract says it, and then no money is shown.
    """

    organisation: Organisation
    valid: int
    repeated: int
    second: int
    withdrawn: int
    sent_back: int
    price: int | None

    @property
    def done(self) -> int:
        """All that were confirmed."""
        return self.valid + self.repeated + self.second + self.withdrawn

    @property
    def paid(self) -> int:
        """How many are paid: valid ones, and second ones that the bureau drew."""
        return self.valid + self.second

    @property
    def amount(self) -> int | None:
        """What they come to, in fen."""
        return None if self.price is None else self.paid * self.price


def settled(actor: Actor, month: date) -> list[Settlement]:
    """Organisations with anything in the month, by district and name."""
    found = _confirmed(actor, month)
    counts: dict[str, Counter[UUID]] = {
        kind: Counter(_of_kind(found, kind).values_list("assessment__organisation", flat=True))
        for kind in (VALID, REPEATED, SECOND, WITHDRAWN)
    }
    counts[SENT_BACK] = Counter(_sent_back(actor, month).values_list("assessment__organisation", flat=True))
    known = Organisation.objects.in_bulk({key for one in counts.values() for key in one if key})
    rows = [
        Settlement(
            body, counts[VALID][body.pk], counts[REPEATED][body.pk], counts[SECOND][body.pk],
            counts[WITHDRAWN][body.pk], counts[SENT_BACK][body.pk], price_of(body.district, month),
        )
        for body in known.values()
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one.organisation.district, one.organisation.name))


def settled_rows(actor: Actor, month: date, organisation: UUID, kind: str = DONE) -> QuerySet[Result]:
    """The results behind a number of the table. BadInput for a kind there is not."""
    found = _of_kind(_confirmed(actor, month).filter(assessment__organisation=organisation), kind)
    return found.select_related("person", "assessment").order_by(*CONFIRMED_ORDER)


def sent_back_rows(actor: Actor, month: date, organisation: UUID) -> QuerySet[Form]:
    """The forms behind the number of those that went back."""
    found = _sent_back(actor, month).filter(assessment__organisation=organisation)
    return found.select_related("assessment__person").order_by(*SUBMITTED_ORDER)


def price_of(district: str, month: date) -> int | None:
    """Fen for one in the month; None while no contract says it."""
    try:
        return figure("price", region=significant(district), day=next_month(month) - timedelta(days=1))
    except BadInput:
        return None


def kind_of(row: Result) -> str:
    """Which of the columns counts a result that came out of `settled_rows`."""
    if row.state == ResultState.WITHDRAWN:
        return WITHDRAWN
    if row.assessment is not None and row.assessment.second_of_id is not None:
        return SECOND
    return REPEATED if getattr(row, "again", False) else VALID


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months(today: date, number: int = 13) -> Sequence[date]:
    """The first days of the last months, this one first."""
    found = [today.replace(day=1)]
    while len(found) < number:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _confirmed(actor: Actor, month: date) -> QuerySet[Result]:
    lo, hi = actor.range
    before = Result.objects.filter(
        _sooner(), person=OuterRef("person"), scale=OuterRef("scale"), source=ResultSource.OWN,
        valid_until__gt=OuterRef("assessed_date"), assessment__second_of=None,
    ).exclude(state=ResultState.WITHDRAWN)  # fmt: skip
    rightly = Q(assessment__reason__in=_RIGHTLY_AGAIN) | Q(assessment__objects_to__isnull=False)
    return Result.objects.filter(
        region_code__gte=lo, region_code__lt=hi, source=ResultSource.OWN, assessment__organisation__isnull=False,
        confirmed_at__gte=start_of(month), confirmed_at__lt=start_of(next_month(month)),
    ).annotate(again=Exists(before) & ~Exists(Result.objects.filter(rightly, pk=OuterRef("pk"))))  # fmt: skip


def _sooner() -> Q:
    """Which of two visits was first; of two on one day that which was confirmed first, so that one of them is paid."""
    same_day, at_once = Q(assessed_date=OuterRef("assessed_date")), Q(confirmed_at=OuterRef("confirmed_at"))
    return (
        Q(assessed_date__lt=OuterRef("assessed_date"))
        | same_day & Q(confirmed_at__lt=OuterRef("confirmed_at"))
        | same_day & at_once & Q(pk__lt=OuterRef("pk"))
    )


def _of_kind(found: QuerySet[Result], kind: str) -> QuerySet[Result]:
    if kind == DONE:
        return found
    if kind == WITHDRAWN:
        return found.filter(state=ResultState.WITHDRAWN)
    standing = found.exclude(state=ResultState.WITHDRAWN)
    if kind == SECOND:
        return standing.filter(assessment__second_of__isnull=False)
    first = standing.filter(assessment__second_of=None)
    if kind == REPEATED:
        return first.filter(again=True)  # type: ignore[misc]  # annotated by its caller
    if kind == VALID:
        return first.filter(again=False)  # type: ignore[misc]  # annotated by its caller
    raise BadInput("结算", "没有这一栏", accepted="、".join((DONE, VALID, REPEATED, SECOND, WITHDRAWN, SENT_BACK)))


def _sent_back(actor: Actor, month: date) -> QuerySet[Form]:
    lo, hi = actor.range
    return Form.objects.filter(
        region_code__gte=lo, region_code__lt=hi, state=FormState.SUPERSEDED, submitted_at__gte=start_of(month),
        submitted_at__lt=start_of(next_month(month)), assessment__organisation__isnull=False,
    ).annotate(body=F("assessment__organisation"))  # fmt: skip
