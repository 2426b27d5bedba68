"""What a person does about a delivery that failed: send it again, or decide that it is not sent any more."""

from __future__ import annotations

from datetime import datetime

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.permissions import RETRY
from songhe.foundation.outbox.states import State, check_move
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.told import told

SHORTEST_NOTE, LONGEST_NOTE = 4, 200


def send_again(actor: Actor, *, delivery: int, now: datetime) -> None:
    """Puts a failed (or given up) delivery back in the queue, with all its tries. Conflict in other states."""
    one = _locked(actor, delivery, State.WAITING)
    one.attempts = 0
    one.next_try_at = now
    _decide(actor, one, State.WAITING, "", now)


def give_up(actor: Actor, *, delivery: int, note: str, now: datetime) -> None:
    """Decides that a failed delivery is not sent any more; `note` says what was done instead.

    BadInput for a note of less than four characters. Conflict unless it has failed.
    """
    note = " ".join(note.split())
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise BadInput(
            "处理说明",
            told("要写{least}到{most}个字", least=SHORTEST_NOTE, most=LONGEST_NOTE),
            accepted="不再送之后怎么办的",
        )
    one = _locked(actor, delivery, State.GIVEN_UP)
    _decide(actor, one, State.GIVEN_UP, note, now)


def _locked(actor: Actor, delivery: int, new: State) -> Delivery:
    actor.require(RETRY)
    one = Delivery.objects.select_for_update(of=("self",)).select_related("event").filter(pk=delivery).first()
    if one is None or not actor.covers(one.event.region):
        raise NotFound("这件消息")
    check_move(one.state, new)
    return one


def _decide(actor: Actor, one: Delivery, new: State, note: str, now: datetime) -> None:
    one.state, one.note, one.decided_by, one.decided_at = new, note, actor.account_id, now
    one.save(update_fields=("state", "note", "decided_by", "decided_at", "attempts", "next_try_at"))
    detail = {"event": one.event.name, "handler": one.handler, "note": note}
    action = "events.send_again" if new == State.WAITING else "events.give_up"
    record(actor, action=action, subject=str(one.pk), region=one.event.region, detail=detail)
