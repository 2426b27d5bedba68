"""Words that people typed are shown as words: markup in any text of any table reaches no page as markup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from songhe.config.roles import known_actions
from songhe.foundation.access.models import Role, RoleAction
from songhe.foundation.access.scope import scoped
from tests.platform_fixtures import ClientFor
from tests.security.placing import COMMUNITY, EVERYWHERE, World, own_things
from tests.security.test_crawl import ADDRESSES, PAGES

MARK = "'\"><b x=1>{{7*7}}"
RAW = "<b x=1>"
# Texts that mean something to the program: codes, states, keys, addresses of files.
MEANING = {
    "region_code", "registered_region", "living_region", "from_region", "to_region", "code", "region", "parent", "area",
    "part", "relation", "household_relation", "place", "kind", "state", "standing", "sex", "source", "fact", "value",
    "side", "asked_by", "sha256", "file_hash", "list_hash", "permission", "action", "handler", "name_of_kind", "deed",
    "identity_tail", "phone_tail", "password", "login", "signature", "link", "query", "letter", "verdict", "choice",
    "was", "was_source", "gram", "error_code", "holder", "what", "office", "key", "subject", "table_name", "row_id",
    "outcome", "location", "level", "change",
}  # fmt: skip


def text_fields() -> dict[type[models.Model], list[models.Field[Any, Any]]]:
    """The free texts of our own tables, as far as the application may change them."""
    kept = {"audit", "outbox", "idempotency"}  # written by the program alone
    return {
        model: fields
        for model in apps.get_models()
        if model.__module__.startswith("songhe.") and model._meta.app_label not in kept
        if (
            fields := [
                field
                for field in model._meta.get_fields()
                if isinstance(field, models.CharField)
                and field.name not in MEANING
                and not field.choices
                and not field.primary_key
                and (field.max_length or 100) >= len(MARK)
            ]
        )
    }


@pytest.fixture
def marked(db: None, settings: Any, tmp_path: Path, client_as: ClientFor) -> tuple[World, Client]:
    settings.FILES = tmp_path / "files"
    role = Role.objects.create(code="everything", name="样样都能")
    RoleAction.objects.bulk_create(RoleAction(role=role, action=action) for action in known_actions())
    world, client = World(), client_as("everything", "420700")
    own_things(client.account)  # type: ignore[attr-defined]
    changed = 0
    with scoped(EVERYWHERE, "test"):
        for model, fields in text_fields().items():
            for field in fields:
                changed += _marked(model, field)
    assert changed > 60
    return world, client


def _marked(model: type[models.Model], field: models.Field[Any, Any]) -> int:
    """How many rows carry the mark now; where it has to be unique, one."""
    rows = model._default_manager.all()
    pks = list(rows.values_list("pk", flat=True))
    unique = field.unique or any(field.name in getattr(one, "fields", ()) for one in model._meta.constraints)
    with transaction.atomic():
        return rows.filter(pk__in=pks[:1] if unique else pks).update(**{field.name: MARK})


def test_the_texts_are_found() -> None:
    found = {f"{model.__name__}.{field.name}" for model, fields in text_fields().items() for field in fields}
    wanted = {
        "Person.name", "Person.address", "Contact.name", "Household.address", "Batch.file_name", "Upload.name",
        "Account.name", "Account.unit", "Task.title", "Task.note", "Job.title", "Notice.text", "KeptView.name",
        "Transfer.reason", "Pair.reason", "Grant.reason", "Division.name", "Alteration.document", "Role.describes",
    }  # fmt: skip
    assert sorted(wanted - found) == []


def test_no_text_reaches_a_page_as_markup(marked: tuple[World, Client]) -> None:
    world, client = marked
    placed = {kind: kwargs for (kind, code), kwargs in world.objects.items() if code == COMMUNITY}
    shown, raw = 0, []
    for name in sorted(PAGES):
        address = ADDRESSES[name]
        if name == "sign-out" or (address.takes and address.takes not in placed):
            continue
        url = reverse(name, kwargs={**placed.get(address.takes, {}), **address.more})
        answer = client.get(url, {"whose": "all", "state": "", "ask": "undo", "show": "identity"})
        if answer.streaming:
            b"".join(answer.streaming_content)
            continue
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        shown += "&lt;b x=1&gt;" in text or "\\u003Cb x=1\\u003E" in text
        if RAW in text or "'\"><b" in text:
            raw.append(name)
    assert raw == []
    assert shown > 20
