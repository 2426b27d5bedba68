"""Keeping a trial, attaching it to the proposal, dropping one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from songhe.eligibility.simulating import permissions
from songhe.eligibility.simulating.queries import Answer, simulation_of
from songhe.eligibility.what_if_tables import RegionNames, summary
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.regions import significant
from songhe.kernel.told import told
from songhe.policy.api import Simulation

MOST_KEPT = 20
LONGEST_NAME = 60
_OPEN = ("draft", "proposed", "approved")


@transaction.atomic
def keep(
    *, actor: Actor, answer: Answer, name: str, region_names: RegionNames, now: datetime, words: str = ""
) -> Simulation:
    """Keeps what came out of the first variant: its changes and sums by item, district and age, nobody's row.

    `words` says the changed figures for who reads it later.
    BadInput without a name, Conflict when one keeps too many of this release already.
    """
    actor.require(permissions.SIMULATE)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput("试算的名字", "要写一个名字", accepted=told("1到{most}个字", most=LONGEST_NAME))
    release, variant = answer.trial.release, answer.variants[0]
    if release.simulations.filter(made_by=actor.account_id).count() >= MOST_KEPT:
        raise Conflict(told("这一版您已经存了{most}次试算，先删几次", most=MOST_KEPT))
    kept = Simulation.objects.create(
        release=release, name=name, on_date=answer.trial.on, changes=_changes(answer), made_by=actor.account_id,
        result=_result(actor, answer, region_names) | {"words": words}, maker=actor.name[:40], made_at=now,
    )  # fmt: skip
    detail = {"simulation": str(kept.pk), "changes": variant.effect.scenario.text[:400]}
    record(actor, action="policy.simulated", subject=release.pk, region=release.of_list.region, detail=detail)
    return kept


@transaction.atomic
def attach(*, actor: Actor, simulation: UUID, wanted: bool = True) -> Simulation:
    """Lays one's trial beside the proposal, for whoever approves it, or takes it away again.

    Conflict once the release is issued: what was approved on stays.
    """
    actor.require(permissions.PROPOSE)
    row = _own(actor, simulation)
    actor.require_region(significant(row.release.of_list.region))
    if row.release.state not in _OPEN:
        raise Conflict(f"这一版{row.release.get_state_display()}，附的试算不能再改")
    row.attached = wanted
    row.save(update_fields=["attached"])
    action = "policy.simulation_attached" if wanted else "policy.simulation_detached"
    record(actor, action=action, subject=row.release_id, region=row.release.of_list.region)
    return row


@transaction.atomic
def drop(*, actor: Actor, simulation: UUID) -> None:
    """Deletes one's own. Conflict while it is attached to a proposal."""
    actor.require(permissions.SIMULATE)
    row = _own(actor, simulation)
    if row.attached:
        raise Conflict("附在送审里的试算，先取下来再删")
    record(actor, action="policy.simulation_dropped", subject=row.release_id, region=row.release.of_list.region)
    row.delete()


def _own(actor: Actor, key: UUID) -> Simulation:
    row = simulation_of(actor, key)
    if row.made_by != actor.account_id:
        raise NotFound("这次试算")
    return row


def _changes(answer: Answer) -> dict[str, str]:
    return {name: str(figure) for name, figure in answer.variants[0].effect.scenario.changes.items()}


def _result(actor: Actor, answer: Answer, region_names: RegionNames) -> dict[str, Any]:
    variant = answer.variants[0]
    found = summary(answer.what_if, [variant.effect], region_names)
    return found | {
        "text": variant.effect.scenario.text,
        "region": actor.region,
        "without": list(answer.trial.without),
        "held": str(answer.trial.held.pk),
        "edits": answer.trial.edits,
        "release_digest": answer.trial.release.digest,
        "made_at": answer.made_at.isoformat(),
        "open_year": [variant.open_before, variant.open_after],
        "leads": {item.after.item.slug: list(item.after.item.lead) for item in variant.effect.items},
    }
