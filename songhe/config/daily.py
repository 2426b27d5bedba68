"""What a new day brings by itself: changes due, facts that grew old, birthdays, lists, decisions, what goes."""

from __future__ import annotations

from django.utils import timezone

from songhe.assessment.api import assess_day
from songhe.eligibility.decisions.api import decide_day
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.api import counted_on, recount, refresh_sheets
from songhe.people.imports.api import empty_old_lists
from songhe.policy.api import remind_of_revision
from songhe.regions.api import apply_due_changes


def new_day() -> None:
    """Does what is due today; what was done already today is not done again. For the worker, every hour."""
    now = timezone.now()
    today = timezone.localdate(now)
    apply_due_changes(today=today, now=now)
    with scoped(Actor.system("每天的更新", ""), "daily"):
        changed = refresh_sheets(today=today)
        if changed or counted_on() != today:
            recount(today=today, now=now)
    remind_of_revision(today=today, now=now)
    decide_day(today=today, now=now)
    assess_day(today=today, now=now)
    empty_old_lists(today=today, now=now)
