"""Rights go along when divisions change; where that is not clear, a security administrator decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.operations import grants_follow, standing_in
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks import open_task
from songhe.regions.kinds import PLACE_GRANTS
from songhe.regions.onwards import Onwards
from songhe.regions.queries import names_of

_DAYS_TO_DECIDE = 14
_MOVER = Actor.system("区划变更", "")


@transaction.atomic
def rights_follow(route: Onwards, *, on_date: date, now: datetime) -> int:
    """Rights go where the divisions went; gives how many. Twice is once."""
    names = names_of(route.targets)
    moved = 0
    with scoped(_MOVER, "regions.follow"):
        for step in route.steps:
            grants = grants_follow(
                actor=_MOVER, before=step.before, after=step.after, below=step.below,
                place=names.get(step.after, step.after), now=now,
            )  # fmt: skip
            moved += len(grants)
    for code in route.unclear:
        ask_who_works_where(code, on_date=on_date, now=now)
    return moved


@transaction.atomic
def ask_who_works_where(code: str, *, on_date: date, now: datetime) -> int:
    """A division was split or ended: a security administrator says where its people work now; gives how many rights.

    One task for the division, due in two weeks; none when nobody holds a right there.
    """
    with scoped(_MOVER, "regions.follow"):
        held = standing_in(code)
        if held:
            open_task(
                actor=_MOVER, kind=PLACE_GRANTS.code, title=f"区划变了，{held}个授权要定在哪里", region=code,
                subject=uuid5(NAMESPACE_OID, f"grants {code}"),
                due_date=on_date + timedelta(_DAYS_TO_DECIDE), now=now,
            )  # fmt: skip
    return held
