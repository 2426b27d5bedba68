"""Lists and their way, for tests: the Ezhou list issued by two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from songhe.config.roles import standard_roles
from songhe.foundation.access.actors import Actor
from songhe.policy.api import Release, approve, import_list, issue, load_instruments, propose

POLICIES = Path(__file__).resolve().parents[2] / "policies"
EZHOU = "420700-ezhou/basic-list-2023"
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
_PEOPLE = UUID("5f0e9f4e-0d5a-4b58-9a53-1f8d6c3c7e21")


def somebody(role: str, name: str, region: str = "420700") -> Actor:
    """An actor with an id of its own, without an account."""
    actor = Actor.system(name, region, standard_roles()[role]["actions"])
    return replace(actor, account_id=uuid5(_PEOPLE, name))


def officer(region: str = "420700") -> Actor:
    """Who drafts and proposes."""
    return somebody("city_officer", "何俊", region)


def leader(region: str = "420700") -> Actor:
    """Who approves and issues."""
    return somebody("city_leader", "周敏", region)


def issued_release(key: str = EZHOU, root: Path = POLICIES, today: date = TODAY) -> Release:
    """The list imported, proposed, approved and issued."""
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=root, key=key, now=NOW)
    return sent_on(draft, today)


def sent_on(draft: Release, today: date = TODAY) -> Release:
    """A draft proposed by one, approved and issued by the other."""
    region = draft.of_list.region
    proposed = propose(actor=officer(region), release=draft.pk, note="", now=NOW)
    approve(actor=leader(region), release=draft.pk, digest=proposed.digest, now=NOW)
    return issue(actor=leader(region), release=draft.pk, today=today, now=NOW)
