"""Systems are let in by two persons, and shut out by one; and who calls is found by the token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from songhe.doors.api.models import ApiClient
from songhe.doors.api.terms import ALLOWED, LONGEST_DAYS, NAME_LENGTH, OFFICE_LENGTH, Purpose
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.permissions import APPROVE, GRANT
from songhe.foundation.audit.recording import record
from songhe.foundation.sealing.seals import blind_index
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import told
from songhe.people.terms import Source

_PREFIX, _BYTES, _DIGITS = "songhe_", 32, 12
_SEEN_EVERY = timedelta(minutes=1)


def propose_client(
    *,
    actor: Actor,
    name: str,
    office: str,
    region: str,
    source: str,
    purposes: Iterable[str],
    actions: Iterable[str],
    until_date: date,
    today: date,
    now: datetime,
) -> ApiClient:
    """A system that may call once another person approves it.

    BadInput for what is no purpose, action or source, and for an end that is past or more than a year away; NotFound
    for a region outside one's own; Conflict for a name that another system has.
    """
    actor.require(GRANT)
    actor.require_region(significant(region))
    client = ApiClient(
        name=_text("名称", name, NAME_LENGTH), office=_text("单位", office, OFFICE_LENGTH),
        region=region.ljust(_DIGITS, "0"), source=source, purposes=_of("用途", purposes, Purpose.values),
        actions=_of("能做的事", actions, ALLOWED), until_date=until_date, proposed_by_id=actor.account_id,
        proposed_at=now,
    )  # fmt: skip
    if source and source not in Source.values:
        raise BadInput("来源", "没有这个来源", given=source, accepted="、".join(Source.values))
    if not today < until_date <= today + timedelta(days=LONGEST_DAYS):
        raise BadInput("到期日", "要在明天以后、一年以内", given=until_date.isoformat())
    try:
        with transaction.atomic():
            client.save(force_insert=True)
    except IntegrityError:
        raise Conflict("已经有一个这个名称的系统") from None
    _record(actor, "api.propose_client", client)
    return client


def approve_client(*, actor: Actor, client: UUID, now: datetime) -> str:
    """The system may call from now on. Gives its token: this once, it is kept nowhere.

    Refused for who proposed it.
    """
    actor.require(APPROVE)
    row = _open(actor, client)
    if row.approved_at is not None:
        raise Conflict("已经批准过了")
    if actor.account_id is None or actor.account_id == row.proposed_by_id:
        raise Refused("提出的人不能自己批准，请另一位安全管理员批准")
    token = _PREFIX + secrets.token_urlsafe(_BYTES)
    row.digest, row.approved_by_id, row.approved_at = _digest(token), actor.account_id, now
    row.save(update_fields=["digest", "approved_by", "approved_at"])
    _record(actor, "api.approve_client", row)
    return token


def end_client(*, actor: Actor, client: UUID, now: datetime) -> None:
    """The system, or the proposal, is shut out from the next call on."""
    actor.require(GRANT)
    row = _open(actor, client)
    row.digest, row.ended_at, row.ended_by_id = None, now, actor.account_id
    row.save(update_fields=["digest", "ended_at", "ended_by"])
    _record(actor, "api.end_client", row)


def clients_of(actor: Actor) -> QuerySet[ApiClient]:
    """The systems of the actor's region that are not shut out, by name."""
    lo, hi = actor.range
    found = ApiClient.objects.filter(region__gte=lo, region__lt=hi, ended_at__isnull=True)
    return found.select_related("proposed_by", "approved_by").order_by("name")


def client_named(actor: Actor, client: UUID) -> ApiClient:
    """One of these systems. NotFound when it is not there, or elsewhere."""
    found = clients_of(actor).filter(pk=client).first()
    if found is None:
        raise NotFound("这个系统")
    return found


def client_by(token: str, now: datetime, today: date) -> ApiClient | None:
    """The system with this token, None when there is none, its time is over, or it was shut out."""
    if not token.startswith(_PREFIX) or not token.isascii():
        return None
    client = ApiClient.objects.filter(digest=_digest(token), ended_at__isnull=True, until_date__gt=today).first()
    if client is not None and (client.last_used_at is None or client.last_used_at < now - _SEEN_EVERY):
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return client


def actor_for(client: ApiClient) -> Actor:
    """The system at work: in its region, with what it may do."""
    return Actor(None, f"接口：{client.name}", significant(client.region), frozenset(client.actions) & set(ALLOWED))


def _open(actor: Actor, client: UUID) -> ApiClient:
    row = ApiClient.objects.select_for_update().filter(pk=client).first()
    if row is None or not actor.covers(row.region):
        raise NotFound("这个系统")
    if row.ended_at is not None:
        raise Conflict("这个系统已经停用")
    return row


def _text(where: str, given: str, most: int) -> str:
    text = " ".join(given.split())
    if not 0 < len(text) <= most:
        raise BadInput(where, told("要写1到{most}个字", most=most))
    return text


def _of(where: str, given: Iterable[str], allowed: Iterable[str]) -> list[str]:
    chosen, known = list(dict.fromkeys(given)), list(allowed)
    if not chosen or not set(chosen) <= set(known):
        raise BadInput(where, "没有选，或者不能给", accepted="、".join(known))
    return sorted(chosen)


def _digest(token: str) -> bytes:
    return blind_index(token, "api_client.token")


def _record(actor: Actor, action: str, client: ApiClient) -> None:
    detail = {"actions": client.actions, "purposes": client.purposes, "until": client.until_date}
    record(actor, action=action, subject=client.pk, region=client.region, detail=detail)
