"""Whose turn a draft is: a task for whoever approves, corrects or issues it, and a word to who waits for that.

Tasks are opened and closed in the name of the list itself: the deed that moves the draft is recorded by its own entry.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.notices.operations import send
from songhe.foundation.tasks import close_about, open_task
from songhe.policy.figures import turn_ends
from songhe.policy.kinds import APPROVE, CORRECT, ISSUE
from songhe.policy.models import Release

_TURNS = {APPROVE.code: "approve", CORRECT.code: "correct", ISSUE.code: "issue"}


def hand_on(release: Release, *, ended: dict[str, str], begun: str, now: datetime) -> None:
    """Closes the tasks of the turns that ended, each with its outcome, and opens the one that begins, if any."""
    actor = Actor.system("清单", release.of_list.region)
    for kind, outcome in ended.items():
        close_about(actor=actor, kind=kind, subject=release.pk, outcome=outcome, now=now)
    if begun:
        title = f"{_WORDS[begun]}{release}"
        owner = _account(release.proposed_by) if begun == CORRECT.code else None
        open_task(
            actor=actor, kind=begun, title=title, region=release.of_list.region, subject=release.pk, owner=owner,
            due_date=turn_ends(_TURNS[begun], timezone.localdate(now)), now=now,
        )  # fmt: skip


_WORDS = {APPROVE.code: "审批", CORRECT.code: "改", ISSUE.code: "印发"}


def tell_proposer(release: Release, words: str, now: datetime) -> None:
    """A notice to who proposed it, with the address of the release."""
    account = _account(release.proposed_by)
    if account is not None:
        send([account], f"{release}{words}", link=reverse("release", args=[release.pk]), now=now)


def _account(key: UUID | None) -> Account | None:
    return Account.objects.filter(pk=key, is_active=True).first() if key else None
