"""The world of two regions for every test here, and somebody who may do everything in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from songhe.config.roles import known_actions
from songhe.foundation.access.models import Role, RoleAction
from tests.platform_fixtures import ClientFor
from tests.security.placing import World


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    """Two siblings with one of everything each; files handed in lie in a folder of this test."""
    settings.FILES = tmp_path / "files"
    return World()


@pytest.fixture
def everybody(world: World, client_as: ClientFor) -> Client:
    """Somebody who may do everything in the city."""
    role = Role.objects.create(code="everything", name="样样都能")
    RoleAction.objects.bulk_create(RoleAction(role=role, action=action) for action in known_actions())
    return client_as("everything", "420700")
