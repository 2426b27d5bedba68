"""A talk of an adviser: what was answered goes into the file, the talk is noted, the street follows it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.kinds import HANDOVER
from songhe.eligibility.decisions.models import WORDS_LENGTH, AdviceTalk
from songhe.eligibility.decisions.operations.running import redetermine
from songhe.eligibility.decisions.places import known_places
from songhe.eligibility.decisions.queries.advice import OWN_WORD, contact_place, decided_of, talk_of
from songhe.eligibility.decisions.queries.person import person_of
from songhe.eligibility.decisions.routing import routing_on
from songhe.eligibility.decisions.terms import Channel
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record, unmasked
from songhe.foundation.sealing.seals import seal, unseal
from songhe.foundation.tasks import close_task, open_task
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.queries import open_about
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import told
from songhe.people.api import record_fact

LONGEST_CONTACT = 60
_DIGITS = 12
_REASON = "联系咨询的人"


@dataclass(frozen=True, slots=True)
class Talk:
    """What is to be noted. `key` is given when the talk begins: noted twice, it is still one talk.

    `answers` are facts as text of the person table; `hand_to` is a division's code, "" to hand over nothing.
    """

    key: UUID
    channel: str
    person: UUID | None = None
    words: str = ""
    items: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    region: str = ""
    hand_to: str = ""


def answer_in_talk(
    *, actor: Actor, person: UUID, fact: str, value: str, today: date, now: datetime
) -> tuple[tuple[str, str, str], ...]:
    """The person said it herself: the fact is told and she is decided anew; gives what moved (item, before, after).

    Needs "decisions.advise" and "people.write". BadInput for a fact that her own word does not settle.
    """
    actor.require(permissions.ADVISE)
    with scoped(actor, "decisions.advice"):
        before = decided_of(person)
        record_fact(actor=actor, today=today, now=now, person_id=person, fact=fact, value=value, source=OWN_WORD)
        redetermine(actor=actor, persons=[person], on=today, now=now)
        after = decided_of(person)
        return tuple((item, before.get(item, ""), one) for item, one in after.items() if one != before.get(item))


def note_talk(*, actor: Actor, talk: Talk, today: date, now: datetime) -> AdviceTalk:
    """Keeps the talk and, when it is handed over, opens the task for the division that follows it up.

    BadInput for nothing said, too much said, or nobody to ring back; Conflict when the talk was noted already.
    """
    actor.require(permissions.ADVISE)
    words, contact = talk.words.strip(), " ".join(talk.contact.split())
    _check(talk, words, contact)
    with scoped(actor, "decisions.advice"):
        person = person_of(actor, talk.person) if talk.person else None
        region = person.region_code if person else (talk.hand_to or talk.region or actor.region).ljust(_DIGITS, "0")
        _check_place(actor, talk.hand_to, region if person else "")
        row = AdviceTalk(
            id=talk.key, region_code=region, person=person, channel=talk.channel, words=words, items=list(talk.items),
            answers=dict(talk.answers), handed_to=talk.hand_to, adviser_id=actor.account_id, adviser=actor.name[:40],
            talked_at=now, contact_sealed=seal(contact, contact_place(talk.key)) if contact else None,
        )  # fmt: skip
        _save(row)
        if talk.hand_to:
            _hand_over(actor, row, today, now)
        detail = {"channel": talk.channel, "items": len(row.items), "handed_to": row.handed_to}
        record(actor, action="decisions.advice", subject=row.person_id or row.pk, region=region, detail=detail)
        return row


def follow_up(*, actor: Actor, talk: UUID, outcome: str, now: datetime, note: str = "") -> Task:
    """Closes the task of a talk with one of its outcomes; Conflict when nothing is open."""
    actor.require(permissions.ADVISE)
    with scoped(actor, "decisions.advice"):
        row = talk_of(actor, talk)
        task = open_about(row.pk, HANDOVER.code).first()
        if task is None:
            raise Conflict("这次咨询没有等着跟进的事")
        return close_task(actor=actor, task=task.pk, outcome=outcome, now=now, note=" ".join(note.split()))


def open_talk_contact(*, actor: Actor, talk: UUID, now: datetime) -> str:
    """How the one who asked can be reached; the reading is kept. NotFound when nothing was left."""
    actor.require(permissions.ADVISE)
    row = talk_of(actor, talk)
    if row.contact_sealed is None:
        raise NotFound("联系方式")
    unmasked(actor, subject=row.pk, region=row.region_code, fields=("contact",), reason=_REASON, now=now)
    return unseal(bytes(row.contact_sealed), contact_place(row.pk))


def _check(talk: Talk, words: str, contact: str) -> None:
    if talk.channel not in Channel.values:
        raise BadInput("怎么来的", "没有选", accepted="、".join(str(label) for label in Channel.labels))
    if len(words) > WORDS_LENGTH:
        raise BadInput("谈了什么", told("最多{most}字", most=WORDS_LENGTH), given=told("{count}字", count=len(words)))
    if len(contact) > LONGEST_CONTACT:
        raise BadInput("联系方式", told("最多{most}字", most=LONGEST_CONTACT), accepted="称呼和电话")
    if set(talk.items) - set(known_places()):
        raise BadInput("谈到的事项", "清单里没有")
    if len(words) < 2 and not talk.items:
        raise BadInput("谈了什么", "写一句，或者勾谈到的事项")
    if talk.hand_to and talk.person is None and not contact:
        raise BadInput("联系方式", "没有档案的人要留怎么联系，跟进的人才找得到", accepted="称呼和电话")


def _check_place(actor: Actor, hand_to: str, home: str) -> None:
    """What follows up lies in the actor's region and, of somebody with a file, is where she lives or above it."""
    if not hand_to:
        return
    if not hand_to.isdigit() or len(hand_to) != _DIGITS:
        raise BadInput("交给哪里", "没有选")
    if home and not home.startswith(significant(hand_to)):
        raise BadInput("交给哪里", "不管这位老人住的地方")
    if not actor.covers(hand_to):
        raise Refused("只能交给您管的地方")


def _save(row: AdviceTalk) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("这次咨询已经记下了") from error


def _hand_over(actor: Actor, row: AdviceTalk, today: date, now: datetime) -> None:
    title = f"跟进一次{Channel(row.channel).label}咨询" + (f"，谈到{len(row.items)}项" if row.items else "")
    open_task(
        actor=actor, kind=HANDOVER.code, title=title, region=row.handed_to, subject=row.pk, now=now,
        due_date=today + timedelta(days=routing_on(today).handed_over_days),
    )  # fmt: skip
