"""Divisions to choose from in forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from songhe.foundation.access.actors import Actor
from songhe.kernel.regions import significant
from songhe.regions.api import Level, below, names_of

_COUNTRY = "000000"


def communities(actor: Actor, today: date) -> list[tuple[str, Any]]:
    """The communities of the actor's region; by township where there is more than one."""
    found = [one for one in below(_code(actor.region), Level.COMMUNITY, today) if one.inhabited]
    parents = names_of({one.parent for one in found})
    if len(parents) < 2:
        return [(one.code, one.name) for one in found]
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        grouped.setdefault(parents.get(one.parent, one.parent), []).append((one.code, one.name))
    return list(grouped.items())


def districts_elsewhere(actor: Actor, today: date) -> list[tuple[str, Any]]:
    """The districts that are not in the actor's region, by city."""
    found = [one for one in below(_COUNTRY, Level.DISTRICT, today) if not one.code.startswith(actor.region or "-")]
    own = actor.region[: Level.DISTRICT]
    parents = names_of({one.parent for one in found})
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        if not own or significant(one.code) != own:
            grouped.setdefault(parents.get(one.parent, ""), []).append((one.code, one.name))
    return list(grouped.items())


def _code(region: str) -> str:
    return region.ljust(12, "0") if region else _COUNTRY
