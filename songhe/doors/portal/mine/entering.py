"""Coming in: an identity number and a telephone on file, then a code that was sent to it.

Whoever asks is answered alike, on file or not: the same statements, the same event, the same page.
"""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from songhe.doors.portal.events import CodeAsked
from songhe.doors.portal.knocking import knock
from songhe.doors.portal.mine.visits import Coming, Holder, open_visit
from songhe.doors.portal.models import Entrance
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.notices.channels import Message
from songhe.foundation.outbox import publish
from songhe.foundation.sealing.seals import blind_index, seal, unseal
from songhe.kernel import identity_numbers, phones
from songhe.kernel.errors import BadInput, Refused
from songhe.people.api import Entrant, entrant_of

LASTS = timedelta(minutes=5)
TRIES = 5
_FORGOTTEN_AFTER = timedelta(days=1)
_DIGITS = 6
_A_NUMBER_A_DAY, _AN_ADDRESS_A_DAY = 10, 40
_NAME = "门户登录"
_WRONG = "号码不对，或者过了5分钟"


def ask_for_code(*, number: str, phone: str, address: str, region: str, today: date, now: datetime) -> UUID:
    """Has a code sent when the number and the telephone are on file together; gives what the code is asked back for.

    BadInput for what is no number or telephone, Refused for who asks too often. Nothing tells whether one was sent.
    """
    number, phone = identity_numbers.normalised(number), phones.normalised(phone)
    knock(address=address, what="enter", limit=_AN_ADDRESS_A_DAY, today=today)
    knock(address=number, what="enter number", limit=_A_NUMBER_A_DAY, today=today)
    Entrance.objects.filter(asked_at__lt=now - _FORGOTTEN_AFTER).delete()
    actor = Actor.system(_NAME, region)
    with scoped(actor, "portal.enter"):
        entrant = entrant_of(actor, number=number, phone=phone, today=today)
        entrance = _kept(entrant, phone, now)
        subject, where = (entrant.person, entrant.region) if entrant else ("", region)
        record(actor, action="portal.code", subject=subject, region=where)
        publish(CodeAsked(region="", entrance=entrance.pk))
    return entrance.pk


def enter(*, entrance: UUID, code: str, region: str, before: Holder | None, now: datetime) -> Holder:
    """Opens a visit for who knows the code; BadInput for a wrong or old one, Refused after five wrong ones.

    `before` is the visit that the browser held: what was typed there when it had ended goes along.
    """
    actor = Actor.system(_NAME, region)
    row = Entrance.objects.select_for_update().filter(pk=entrance).first()
    if row is None or row.used_at is not None or now - row.asked_at > LASTS:
        raise BadInput("验证码", _WRONG, accepted="再要一个")
    if row.tries >= TRIES:
        raise Refused("输错5次了，请再要一个验证码")
    coming = _coming(row)
    row.tries += 1
    right = compare_digest(bytes(row.code_index), _index(row.pk, code))
    if not right or coming is None:
        row.save(update_fields=["tries"])
        _noted(actor, coming, "portal.refused", region)
        raise BadInput("验证码", _WRONG, accepted="短信里的6位数字")
    row.used_at = now
    row.save(update_fields=["tries", "used_at"])
    holder = open_visit(coming, before=before, now=now)
    _noted(holder.actor, coming, "portal.enter", region)
    return holder


def enter_for_another(*, holder: Holder, number: str, today: date, region: str, now: datetime) -> Holder:
    """Who came in by a telephone goes on to another file for which it is on file too; BadInput when there is none.

    The telephone was shown to be hers by the code; a new code would say nothing more.
    """
    knock(address=str(holder.visit), what="enter number", limit=_A_NUMBER_A_DAY, today=today)
    actor = Actor.system(_NAME, region)
    with scoped(actor, "portal.enter"):
        entrant = entrant_of(actor, number=number, phone=holder.coming.phone, today=today)
        if entrant is None:
            record(actor, action="portal.refused", region=region)
            raise BadInput("身份证号", "您的电话没有登记为这位老人的代办人", accepted="到社区登记，或者打电话问")
        coming = Coming(entrant, holder.coming.phone)
        found = open_visit(coming, before=None, now=now)
        _noted(found.actor, coming, "portal.enter", region)
    return found


def message_of(entrance: UUID, *, now: datetime, place: str) -> Message | None:
    """The short message with the code; None when nobody is to get one, or when it came to nothing meanwhile."""
    row = Entrance.objects.filter(pk=entrance, used_at=None).first()
    if row is None or now - row.asked_at > LASTS:
        return None
    coming, code = _coming(row), _opened(row)["code"]
    if coming is None:
        return None
    to = coming.entrant.contact or coming.entrant.person
    return Message(row.pk, to, "登录验证码", f"【{place}养老服务】验证码{code}，5分钟内有效。谁问您要都不要给。")


def code_in_demo(entrance: UUID) -> str:
    """The code itself, for a demonstration that sends nothing; "" when nobody would have got one."""
    row = Entrance.objects.filter(pk=entrance, used_at=None).first()
    return str(_opened(row)["code"]) if row is not None and _coming(row) is not None else ""


def _kept(entrant: Entrant | None, phone: str, now: datetime) -> Entrance:
    row, code = Entrance(asked_at=now), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    body = {"code": code, "coming": Coming(entrant, phone).written() if entrant else None}
    row.for_sealed = seal(json.dumps(body), _place(row.pk))
    row.code_index = _index(row.pk, code)
    row.save(force_insert=True)
    return row


def _opened(row: Entrance) -> dict[str, str]:
    body: dict[str, str] = json.loads(unseal(bytes(row.for_sealed), _place(row.pk)))
    return body


def _coming(row: Entrance) -> Coming | None:
    written = _opened(row)["coming"]
    return Coming.read(written) if written else None


def _index(key: UUID, code: str) -> bytes:
    return blind_index(f"{key} {''.join(code.split())}", "portal_entrance.code")


def _place(key: UUID) -> str:
    return f"portal_entrance.for.{key}"


def _noted(actor: Actor, coming: Coming | None, action: str, region: str) -> None:
    entrant = coming.entrant if coming else None
    subject, where = (entrant.person, entrant.region) if entrant else ("", region)
    by = "proxy" if entrant and entrant.contact else "self"
    with scoped(actor, "portal.enter"):
        record(actor, action=action, subject=subject, region=where, detail={"by": by} if entrant else {})
