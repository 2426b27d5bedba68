"""What the public says about a list, and what it is answered."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record, unmasked
from songhe.foundation.sealing.seals import seal, unseal
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.told import told
from songhe.policy.models import Opinion
from songhe.policy.opinions import opinion_of
from songhe.policy.permissions import ANSWER

LONGEST, LONGEST_CONTACT = 1000, 100
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that are taken for one another
_CODE_LENGTH = 8
_SAYING = "门户"
_REASON = "联系提意见的人"


def say_opinion(*, region: str, words: str, contact: str, item: str, now: datetime) -> Opinion:
    """Keeps what somebody says, whoever it is; the contact, which may be empty, is sealed. BadInput for no words."""
    words, contact = words.strip(), " ".join(contact.split())
    if not 1 <= len(words) <= LONGEST:
        raise BadInput("意见", told("要写1到{most}个字", most=LONGEST), accepted="想说什么写什么")
    if len(contact) > LONGEST_CONTACT:
        raise BadInput("联系方式", told("最多{most}字", most=LONGEST_CONTACT), accepted="称呼和电话")
    actor = Actor.system(_SAYING, region)
    with scoped(actor, "policy.opinion"):
        opinion = Opinion(region_code=region.ljust(12, "0"), code=_code(), item=item, words=words, said_at=now)
        opinion.contact_sealed = seal(contact, _place(opinion.pk)) if contact else None
        opinion.save()
        record(actor, action="policy.opinion", subject=opinion.pk, region=opinion.region_code)
    return opinion


def answer_opinion(*, actor: Actor, opinion: UUID, words: str, now: datetime) -> Opinion:
    """Answers, once and for all: who asked may have read it. BadInput for no words, Conflict when it is answered."""
    actor.require(ANSWER)
    words = words.strip()
    if not 1 <= len(words) <= LONGEST:
        raise BadInput("答复", told("要写1到{most}个字", most=LONGEST), accepted="一段话")
    with scoped(actor, "policy.answer"):
        row = opinion_of(actor, opinion, locked=True)
        if row.answered_at is not None:
            raise Conflict("这条意见已经答复了")
        row.answer, row.answered_at, row.answered_by, row.answerer = words, now, actor.account_id, actor.name
        row.save(update_fields=["answer", "answered_at", "answered_by", "answerer"])
        record(actor, action="policy.answer", subject=row.pk, region=row.region_code)
        return row


def open_opinion_contact(*, actor: Actor, opinion: UUID, now: datetime) -> str:
    """How the one who said it can be reached; the reading is kept. NotFound when nothing was left."""
    actor.require(ANSWER)
    row = opinion_of(actor, opinion)
    if row.contact_sealed is None:
        raise NotFound("联系方式")
    unmasked(actor, subject=row.pk, region=row.region_code, fields=("contact",), reason=_REASON, now=now)
    return unseal(bytes(row.contact_sealed), _place(row.pk))


def _code() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))


def _place(key: UUID) -> str:
    return f"policy_opinion.contact.{key}"
