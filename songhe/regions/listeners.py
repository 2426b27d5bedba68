"""What the room does itself when a change of divisions takes effect: rights follow. Handlers may run twice."""

from __future__ import annotations

from django.utils import timezone

from songhe.regions.events import DivisionAbsorbed, DivisionEnded, DivisionReplaced, DivisionSplit
from songhe.regions.onwards import onwards, parted_now
from songhe.regions.operations.following import ask_who_works_where, rights_follow


def on_division_replaced(event: DivisionReplaced) -> None:
    """Rights in the division, and in those within, are rights in its successor."""
    _follow(event, below=True)


def on_division_absorbed(event: DivisionAbsorbed) -> None:
    """Rights in the division itself are rights in the one that absorbed it."""
    _follow(event, below=False)


def on_division_parted(event: DivisionSplit | DivisionEnded) -> None:
    """A division was split or ended: where those who worked there work now is for somebody to say."""
    now = timezone.now()
    for code in parted_now(event.before_code, on_date=event.on_date, today=timezone.localdate(now)):
        ask_who_works_where(code, on_date=event.on_date, now=now)


def _follow(event: DivisionReplaced | DivisionAbsorbed, *, below: bool) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    route = onwards(event.before_code, event.after_code, below=below, on_date=event.on_date, today=today)
    rights_follow(route, on_date=event.on_date, now=now)
