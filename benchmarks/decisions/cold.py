"""One person decided by a process that has just begun. Nothing of Django is read before that process sets it up."""

from __future__ import annotations

from datetime import date
from time import perf_counter
from uuid import UUID


def in_new_process(environment: dict[str, str], persons: list[UUID], day: date) -> list[float]:
    """Seconds of each person, decided one after the other."""
    from songhe.config.platform import set_up

    set_up(environment)
    from django.utils import timezone

    from songhe.eligibility.decisions.api import redetermine
    from songhe.foundation.access.actors import Actor

    took = []
    for person in persons:
        start = perf_counter()
        redetermine(actor=Actor.system("判定", ""), persons=[person], on=day, now=timezone.now())
        took.append(perf_counter() - start)
    return took
