"""The standard roles of `roles.yaml`, written to the table of roles. A city adds its own beside them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from songhe.foundation.access.actors import declared
from songhe.foundation.access.models import Role, RoleAction
from songhe.kernel.errors import BadInput

_FILE = Path(__file__).with_name("roles.yaml")
PERMISSIONS = (
    "songhe.foundation.access.permissions",
    "songhe.foundation.audit.permissions",
    "songhe.foundation.outbox.permissions",
    "songhe.foundation.tasks.permissions",
    "songhe.foundation.jobs.permissions",
    "songhe.regions.permissions",
    "songhe.people.permissions",
    "songhe.policy.permissions",
    "songhe.eligibility.decisions.permissions",
    "songhe.eligibility.simulating.permissions",
    "songhe.assessment.permissions",
)


def known_actions() -> dict[str, str]:
    """Every action that any part of Songhe declares, with its words."""
    for module in PERMISSIONS:
        import_module(module)
    return declared()


def standard_roles() -> dict[str, Any]:
    """The file: code to name, office, description and actions. BadInput for an action nobody declares."""
    roles: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    known = known_actions()
    for code, role in roles.items():
        unknown = sorted(set(role["actions"]) - known.keys())
        if unknown:
            raise BadInput(f"{_FILE.name}，{code}", "没有这个动作", given="、".join(unknown), accepted="、".join(known))
    return roles


@transaction.atomic
def write_roles() -> None:
    """Makes the standard roles as the file says; roles that are not in the file are left alone."""
    for code, role in standard_roles().items():
        Role.objects.update_or_create(
            code=code, defaults={"name": role["name"], "office": role["office"], "describes": role["describes"]}
        )
        RoleAction.objects.filter(role_id=code).exclude(action__in=role["actions"]).delete()
        RoleAction.objects.bulk_create(
            [RoleAction(role_id=code, action=action) for action in role["actions"]], ignore_conflicts=True
        )
