"""Fixtures for whoever tests the platform: a database of one's own, people at work, signed-in clients.

`db` (of pytest-django) gives a test a transaction that is undone; `transactional_db` real commits, after which the
tables are emptied by their owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, RoleAction
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.preparing import Database
from tests.database import database_copy

TODAY = date(2026, 11, 18)
PASSWORD = "pine-and-crane-2024"
ActorFor = Callable[..., Actor]
ClientFor = Callable[..., Client]


@pytest.fixture(scope="session")
def platform_database() -> Iterator[Database]:
    """The connection strings of this process's database: `.owner` and `.web`."""
    with database_copy() as database:
        yield database
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_setup(platform_database: Database) -> None:
    """Points Django to this process's database, as the application's role."""
    parts = conninfo_to_dict(platform_database.web)
    connections["default"].settings_dict.update(
        NAME=parts["dbname"], USER=parts["user"], PASSWORD=parts["password"], HOST=parts["host"], PORT=parts["port"]
    )


@pytest.fixture
def as_owner(platform_database: Database, db: None) -> Iterator[psycopg.Connection]:
    """A connection of the schema's owner, committed at once. It sees nothing that a test in `db` has not committed."""
    with psycopg.connect(platform_database.owner, autocommit=True) as connection:
        yield connection


def _actor(role: str = "city_officer", region: str = "420700", name: str = "何俊") -> Actor:
    from songhe.config.roles import standard_roles

    actor = Actor.system(name, region)
    return Actor(None, name, actor.region, frozenset(standard_roles()[role]["actions"]))


@pytest.fixture
def actor() -> ActorFor:
    """Somebody at work: `actor(role="street_officer", region="420704001", name="何俊")`, without an account."""
    return _actor


@pytest.fixture
def everywhere(db: None) -> Iterator[Actor]:
    """The test runs in a scope that sees all regions, as an actor who may do everything."""
    actions = frozenset(RoleAction.objects.values_list("action", flat=True))
    everyone = Actor(None, "测试", "", actions)
    with scoped(everyone, "test"):
        yield everyone


@pytest.fixture
def account_for(db: None) -> Callable[..., Account]:
    """An account with one approved grant: `account_for("street_officer", "420704001000")`."""

    def make(role: str, region: str = "420700000000", login: str = "", **fields: Any) -> Account:
        now = timezone.now()
        account = Account(login=login or f"{role}-{region}", name=fields.pop("name", "何俊"), created_at=now, **fields)
        account.set_password(PASSWORD)
        account.save()
        other = Account.objects.create(login=f"second-{account.pk}"[:40], name="周敏", created_at=now)
        Grant.objects.create(
            account=account, role_id=role, region=region.ljust(12, "0"), from_date=date(2020, 1, 1),
            proposed_by=account, proposed_at=now, approved_by=other, approved_at=now,
        )  # fmt: skip
        return account

    return make


@pytest.fixture
def client_as(account_for: Callable[..., Account]) -> ClientFor:
    """A signed-in client: `client_as("street_officer", "420704001000")`; `.account` is its account."""

    def make(role: str, region: str = "420700000000", **fields: Any) -> Client:
        client = Client()
        client.account = account_for(role, region, **fields)  # type: ignore[attr-defined]
        client.force_login(client.account, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[attr-defined]
        return client

    return make
