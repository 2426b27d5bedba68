"""Two files of one person become one, and come apart again when that was wrong.

The surviving file keeps what it says and takes over what it did not know. Tellings are copied, not moved: who asks how
things stood before the merge still finds them where they were. What was done stands in the event, to be undone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.kernel.errors import Conflict
from songhe.kernel.lines import said
from songhe.people.events import PersonMerged, PersonMoved, PersonUnmerged
from songhe.people.identity import identity_columns, identity_of, phone_columns, phone_of
from songhe.people.models import Circumstance, Contact, LifeEvent, Person
from songhe.people.operations.entering import enter, facts_of_file, in_register, index_names, the_person
from songhe.people.operations.rehoming import home_of, rehome, scope_of_both
from songhe.people.permissions import MERGE, UNDO
from songhe.people.sheets import make_sheets
from songhe.people.terms import LifeEventKind, Standing

REASON_LENGTH = 200
_PLAIN = ("birth_date", "sex", "address", "registered_region", "living_region")
_COPIED = ("fact", "value", "source", "from_date", "until_date", "as_of", "batch", "recorded_by")


@transaction.atomic
def merge_persons(
    *, actor: Actor, today: date, now: datetime, survivor_id: UUID, merged_id: UUID, reason: str = ""
) -> LifeEvent:
    """The second file goes into the first one.

    Conflict when one of them is merged already, or one is dead and the other is not: then the death comes first.
    """
    actor.require(MERGE)
    survivor, merged = _two(actor, survivor_id, merged_id)
    if Standing.DEAD in (survivor.standing, merged.standing) and survivor.standing != merged.standing:
        raise Conflict("一份登记了去世，另一份没有；请先核对去世再合并")
    detail = {
        "merged": str(merged.pk),
        "before": facts_of_file(survivor),
        "standing": str(merged.standing),
        "household": [str(merged.household_id) if merged.household_id else None, merged.household_relation],
        "tellings": _take_over_tellings(survivor, merged, actor, now),
        "contacts": _take_over_contacts(survivor, merged),
    }
    merged.standing, merged.merged_into = Standing.MERGED, survivor
    merged.household, merged.household_relation = None, ""
    merged.version, merged.changed_at = merged.version + 1, now
    merged.save()
    there, here = merged.region_code, survivor.region_code
    detail["filled"], detail["left"] = _fill(actor, survivor, merged), here
    if "living_region" in detail["filled"] and survivor.standing != Standing.AWAY:  # who moved away: the file rests
        rehome(survivor, home_of(survivor))
    index_names(merged)
    index_names(survivor)
    make_sheets(today=today, person_ids=[merged.pk])
    event = enter(
        actor, survivor, LifeEventKind.MERGED, on_date=today, today=today, now=now, detail=detail,
        reason=said(reason, "说明", REASON_LENGTH, needed=False),
    )  # fmt: skip
    _recorded(actor, "people.merged_away", merged, event)
    _tell_moved(survivor, here, today)
    publish(
        PersonMerged(
            region=scope_of_both(there, here), person=survivor.pk, merged=merged.pk, from_region=there, to_region=here
        )
    )
    return event


@transaction.atomic
def unmerge_persons(*, actor: Actor, today: date, now: datetime, event_id: UUID, reason: str) -> LifeEvent:
    """Takes a merge back: both files are as before; what was told to the survivor since stays with it.

    Conflict when it was taken back already, a later merge of the survivor stands, or the number of the file that comes
    back was given to another one since.
    """
    actor.require(UNDO)
    merge, survivor, merged = _the_merge(actor, event_id)
    detail = merge.detail
    before = facts_of_file(survivor)
    _empty(survivor, merged, detail["filled"])
    left = survivor.region_code
    _go_back(actor, survivor, detail)
    survivor.save()
    merged.standing, merged.merged_into = Standing(detail["standing"]), None
    merged.household_id, merged.household_relation = detail["household"]
    merged.version, merged.changed_at = merged.version + 1, now
    _save_with_number(merged)
    _give_back_tellings(survivor, merged, detail["tellings"], now)
    Contact.objects.filter(pk__in=detail["contacts"]).update(person=merged, region_code=merged.region_code)
    index_names(merged)
    index_names(survivor)
    make_sheets(today=today, person_ids=[merged.pk])
    event = enter(
        actor, survivor, LifeEventKind.UNMERGED, on_date=today, today=today, now=now, undoes=merge,
        reason=said(reason, "撤回的原因", REASON_LENGTH), detail={"merged": str(merged.pk), "before": before},
    )  # fmt: skip
    _recorded(actor, "people.unmerged_away", merged, event)
    _tell_moved(survivor, left, today)
    here, there = survivor.region_code, merged.region_code
    publish(
        PersonUnmerged(
            region=scope_of_both(here, there), person=survivor.pk, merged=merged.pk, from_region=here, to_region=there
        )
    )
    return event


def _two(actor: Actor, survivor_id: UUID, merged_id: UUID) -> tuple[Person, Person]:
    if survivor_id == merged_id:
        raise Conflict("这是同一份档案")
    first, second = sorted((survivor_id, merged_id))  # always locked in the same order
    found = {key: in_register(the_person(actor, key)) for key in (first, second)}
    return found[survivor_id], found[merged_id]


def _the_merge(actor: Actor, event_id: UUID) -> tuple[LifeEvent, Person, Person]:
    merge = LifeEvent.objects.filter(pk=event_id, kind=LifeEventKind.MERGED).first()
    if merge is None:
        raise Conflict("没有这次合并")
    survivor = in_register(the_person(actor, merge.person_id))
    merged = the_person(actor, UUID(merge.detail["merged"]))
    if merged.merged_into_id != survivor.pk or LifeEvent.objects.filter(undoes=merge).exists():
        raise Conflict("这次合并已经撤回")
    later = LifeEvent.objects.filter(
        person=survivor, kind=LifeEventKind.MERGED, undone_by=None, recorded_at__gt=merge.recorded_at
    )
    if later.exists():
        raise Conflict("后来又合并过别的档案，请先撤回那一次")
    return merge, survivor, merged


def _take_over_tellings(survivor: Person, merged: Person, actor: Actor, now: datetime) -> dict[str, list[int]]:
    """Copies what the merged file is told now; of two tellings by one source the later one stays."""
    standing = {(one.fact, one.source): one for one in Circumstance.objects.filter(person=survivor, known_until=None)}
    done: dict[str, list[int]] = {"ended": [], "closed": [], "copies": []}
    for telling in Circumstance.objects.filter(person=merged, known_until=None).order_by("pk"):
        done["ended"].append(telling.pk)
        own = standing.get((telling.fact, telling.source))
        if own is not None and own.as_of >= telling.as_of:
            continue
        if own is not None:
            done["closed"].append(own.pk)
            _close([own.pk], now)
        done["copies"].append(_copy(telling, survivor, now).pk)
    _close(done["ended"], now)
    return done


def _give_back_tellings(survivor: Person, merged: Person, done: dict[str, list[int]], now: datetime) -> None:
    _close(done["copies"], now)
    told = set(Circumstance.objects.filter(person=survivor, known_until=None).values_list("fact", "source"))
    for telling in Circumstance.objects.filter(pk__in=done["closed"]).order_by("pk"):
        if (telling.fact, telling.source) not in told:  # nothing newer was told since
            _copy(telling, survivor, now)
    for telling in Circumstance.objects.filter(pk__in=done["ended"]).order_by("pk"):
        _copy(telling, merged, now)


def _take_over_contacts(survivor: Person, merged: Person) -> list[str]:
    contacts = Contact.objects.filter(person=merged)
    ids = [str(key) for key in contacts.order_by("pk").values_list("pk", flat=True)]
    contacts.update(person=survivor, region_code=survivor.region_code)
    return ids


def _go_back(actor: Actor, survivor: Person, detail: dict[str, Any]) -> None:
    """The file lies again where it lay, when the merge had given it the place where the person lives."""
    if "living_region" not in detail["filled"] or survivor.living_region:
        return
    home = survivor.registered_region or detail.get("left", survivor.region_code)
    actor.require_region(home)
    rehome(survivor, home)


def _tell_moved(survivor: Person, left: str, today: date) -> None:
    if survivor.region_code != left:
        there = survivor.region_code
        kind = str(LifeEventKind.MOVED_IN)
        publish(
            PersonMoved(
                region=scope_of_both(left, there), person=survivor.pk, kind=kind, on_date=today, from_region=left,
                to_region=there,
            )
        )  # fmt: skip


def _fill(actor: Actor, survivor: Person, merged: Person) -> list[str]:
    """Takes over what the survivor did not know; names what. No place outside: a file goes there by a transfer."""
    filled = [name for name in _PLAIN if not getattr(survivor, name) and getattr(merged, name)]
    if "living_region" in filled and not actor.covers(merged.living_region):
        filled.remove("living_region")
    for name in filled:
        setattr(survivor, name, getattr(merged, name))
    if survivor.identity_index is None and merged.identity_index is not None:
        _put(survivor, identity_columns(survivor.pk, identity_of(merged)))
        filled.append("identity")
    if survivor.phone_index is None and merged.phone_index is not None:
        _put(survivor, phone_columns(survivor.pk, phone_of(merged)))
        filled.append("phone")
    return filled


def _empty(survivor: Person, merged: Person, filled: list[str]) -> None:
    """Gives back what was taken over, unless it was mended since."""
    for name in filled:
        if name == "identity":
            if bytes(survivor.identity_index or b"") == bytes(merged.identity_index or b""):
                _put(survivor, identity_columns(survivor.pk, ""))
        elif name == "phone":
            if bytes(survivor.phone_index or b"") == bytes(merged.phone_index or b""):
                _put(survivor, phone_columns(survivor.pk, ""))
        elif getattr(survivor, name) == getattr(merged, name):
            setattr(survivor, name, None if name == "birth_date" else "")


def _save_with_number(merged: Person) -> None:
    try:
        with transaction.atomic():
            merged.save()
    except IntegrityError:  # while the file was merged its number was free
        raise Conflict("这份档案的证件号后来登记给了别的档案，请先更正那一份") from None


def _close(keys: list[int], now: datetime) -> None:
    Circumstance.objects.filter(pk__in=keys, known_until=None).update(known_until=now)


def _copy(telling: Circumstance, person: Person, now: datetime) -> Circumstance:
    values = {name: getattr(telling, name) for name in _COPIED}
    return Circumstance.objects.create(region_code=person.region_code, person=person, known_from=now, **values)


def _put(person: Person, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(person, name, value)


def _recorded(actor: Actor, action: str, merged: Person, event: LifeEvent) -> None:
    record(actor, action=action, subject=merged.pk, region=merged.region_code, detail={"event": str(event.pk)})
