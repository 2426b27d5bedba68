"""What is said from within: an answer to a question, and what is wrong or missing, which the community looks into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from songhe.doors.portal.kinds import SAYING
from songhe.doors.portal.knocking import knock
from songhe.doors.portal.mine.visits import Holder
from songhe.doors.portal.models import WORDS_LENGTH, Saying
from songhe.doors.portal.terms import About
from songhe.eligibility.decisions.api import answer_in_talk, settled_by_word
from songhe.eligibility.decisions.permissions import ADVISE
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.tasks import close_about, open_task
from songhe.foundation.tasks import permissions as tasks
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.told import told
from songhe.rules.facts import PERSON_TABLE

MOST_SHOWN = 50
_WITHIN = timedelta(days=7)
_A_DAY = 20
_TITLES = {
    About.FACT: "有老人说档案里有一项要查",
    About.ITEM: "有老人问一项待遇",
    About.OTHER: "有老人在门户留了话",
}
_WRITE = "people.write"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: `moved` are items with what was decided before and after; `kept` what was passed on."""

    moved: tuple[tuple[str, str, str], ...] = ()
    kept: Saying | None = None


def answer_fact(*, holder: Holder, fact: str, value: str | None, today: date, now: datetime) -> Answered:
    """Her own word goes into the file where it is believed, and she is decided anew; else her community looks into it.

    None is 不清楚: the community finds it out. `value` is text as in the person table.
    """
    entrant, actor = holder.coming.entrant, holder.actor
    if value is None or not settled_by_word(fact):
        kept = say(holder=holder, about=About.FACT, code=fact, words="", value=value or "", today=today, now=now)
        return Answered(kept=kept)
    knock(address=str(entrant.person), what="mine say", limit=_A_DAY, today=today)
    own = Actor.system(actor.name, entrant.region, (ADVISE, _WRITE))
    moved = answer_in_talk(actor=own, person=entrant.person, fact=fact, value=value, today=today, now=now)
    detail = {"fact": fact, "by": _by(holder)}
    record(actor, action="portal.answer", subject=entrant.person, region=entrant.region, detail=detail)
    return Answered(moved=moved)


def say(*, holder: Holder, about: str, code: str, words: str, today: date, now: datetime, value: str = "") -> Saying:
    """Keeps what is said and gives the community a task. BadInput for nothing said or too much; Refused for too often.

    It changes nothing: what is in the file was told by somebody, and is mended by who looks into it.
    """
    words = words.strip()
    if about not in About.values or (about == About.FACT and code not in PERSON_TABLE):
        raise BadInput("说的是什么", "没有选")
    if about != About.FACT and not words:
        raise BadInput("您想说什么", told("要写1到{most}个字", most=WORDS_LENGTH))
    if len(words) > WORDS_LENGTH:
        raise BadInput("您想说什么", told("最多{most}字", most=WORDS_LENGTH))
    entrant, actor = holder.coming.entrant, holder.actor
    knock(address=str(entrant.person), what="mine say", limit=_A_DAY, today=today)
    row = Saying.objects.create(
        region_code=entrant.region, person_id=entrant.person, by_proxy=holder.by_proxy, about=about, code=code[:60],
        value=value, words=words, said_at=now,
    )  # fmt: skip
    open_task(
        actor=actor, kind=SAYING.code, title=_TITLES[About(about)], region=entrant.region, due_date=today + _WITHIN,
        now=now, subject=row.pk,
    )  # fmt: skip
    detail = {"about": about, "by": _by(holder)}
    record(actor, action="portal.say", subject=entrant.person, region=entrant.region, detail=detail)
    return row


def said_of(holder: Holder) -> list[Saying]:
    """What was said of this one person, the latest first."""
    return list(Saying.objects.filter(person=holder.coming.entrant.person).order_by("-said_at", "pk")[:MOST_SHOWN])


def saying_of(actor: Actor, key: UUID, *, locked: bool = False) -> Saying:
    """One saying in the actor's region, for who answers it. NotFound for any other."""
    rows: QuerySet[Any] = Saying.objects.select_for_update(of=("self",)) if locked else Saying.objects.all()
    row: Saying | None = rows.filter(pk=key).select_related("person").first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这句话")
    return row


def answer_saying(*, actor: Actor, saying: UUID, outcome: str, answer: str, now: datetime) -> Saying:
    """Answers, once: the person reads it in the portal. BadInput for no outcome or no words, Conflict when answered."""
    actor.require(tasks.DO)
    answer = answer.strip()
    if outcome not in SAYING.outcomes:
        raise BadInput("结果", "没有这个结果", accepted="、".join(SAYING.outcomes.values()))
    if not 1 <= len(answer) <= WORDS_LENGTH:
        raise BadInput("答复", told("要写1到{most}个字", most=WORDS_LENGTH), accepted="查了什么，改没改，为什么")
    with scoped(actor, "portal.answer_saying"):
        row = saying_of(actor, saying, locked=True)
        if row.answered_at is not None:
            raise Conflict("已经答复了")
        row.outcome, row.answer, row.answered_at, row.answered_by = outcome, answer, now, actor.account_id
        row.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
        close_about(actor=actor, kind=SAYING.code, subject=row.pk, outcome=outcome, now=now)
        detail = {"outcome": outcome}
        record(actor, action="portal.answer_saying", subject=row.person_id, region=row.region_code, detail=detail)
    return row


def _by(holder: Holder) -> str:
    return "proxy" if holder.by_proxy else "self"
