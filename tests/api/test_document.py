"""T10: whatever the document allows, and what it does not, is answered as the document says; nothing fails.

Few examples in the usual run; SONGHE_API_EXAMPLES=300 for the long one, SONGHE_API_SEED for other ones.
"""

from __future__ import annotations

import json
import os
import warnings
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from songhe.config.roles import standard_roles
from songhe.doors.api import gate
from songhe.doors.api.documents import document_text
from songhe.doors.api.terms import ALLOWED
from songhe.doors.api.webhooks.kinds import KINDS
from songhe.foundation.access.actors import Actor
from tests.api.systems import Calls
from tests.api.test_matrix import matter_at
from tests.policy.releases import issued_release
from tests.security.placing import World

EXAMPLES = int(os.environ.get("SONGHE_API_EXAMPLES", "6"))
SEED = int(os.environ.get("SONGHE_API_SEED", "20261127"))
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = {
    role: sorted(set(one["actions"]) & set(ALLOWED))
    for role, one in standard_roles().items()
    if role in ("community_worker", "district_leader", "system_admin")
}


def document() -> Any:
    return schemathesis.openapi.from_dict(json.loads(document_text()))


@pytest.fixture
def real(everywhere: Actor, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Keys of what is there, by the name of the part of the address."""
    settings.FILES = tmp_path
    monkeypatch.setattr(gate, "CALLS_A_MINUTE", 1_000_000)
    world = World()
    return {
        "person_id": str(world.objects["person", "420704001000"]["pk"]), "code": "420704001000",
        "task_id": str(world.objects["task", "420704001000"]["task_id"]), "list_id": str(issued_release().pk),
        "matter_id": str(matter_at(world, "420704001000").pk),
    }  # fmt: skip


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role}, seed {SEED}, {EXAMPLES} examples a call")
def test_every_call_keeps_to_the_document(real: dict[str, str], role: str) -> None:
    calls, schema = Calls("420704", actions=ROLES[role]), document()
    tried: set[int] = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            _try(operation, mode, calls, real, tried)
    assert tried >= ({200, 404, 422} if "people.read" in ROLES[role] else {200, 403, 422})


def _try(operation: Any, mode: Any, calls: Calls, real: dict[str, str], tried: set[int]) -> None:
    try:
        strategy = operation.as_strategy(generation_mode=mode)
    except Exception as error:  # nothing of this call can be wrong
        if "Unsatisfiable" in type(error).__name__:
            return
        raise

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, known=st.booleans())
    def one(case: Any, known: bool) -> None:
        if known:
            case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
        answer = answered(case, calls)
        tried.add(answer.status_code)
        assert answer.status_code < 500, (operation.label, case.as_curl_command())
        case.validate_response(answer, checks=CHECKS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one()


def answered(case: Any, calls: Calls) -> schemathesis.Response:
    """The case asked of the application in this process."""
    wanted = case.as_transport_kwargs(base_url="http:" + "//testserver")
    wanted.get("headers", {}).pop("Authorization", None)
    wanted = {
        name: wanted[name]
        for name in ("method", "url", "headers", "params", "data", "json", "cookies")
        if name in wanted
    }
    prepared = requests.Request(**wanted).prepare()
    headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
    content_type = headers.pop("Content-Type", "application/json")
    client = Client(raise_request_exception=False)
    told = client.generic(
        prepared.method or "GET", prepared.path_url, prepared.body or b"", content_type=content_type,
        headers={**headers, "Authorization": f"Bearer {calls.token}"},
    )  # fmt: skip
    return schemathesis.Response(
        status_code=told.status_code, headers={name: [value] for name, value in told.headers.items()},
        content=told.content, request=prepared, elapsed=0.0, verify=False,
    )  # fmt: skip


def test_the_document_is_of_the_version_it_says_and_for_everybody(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    document().validate()
    for methods in answer.json()["paths"].values():
        for call in methods.values():
            assert {"Songhe-Purpose"} <= {one["name"] for one in call["parameters"]}
            assert {"401", "403", "429"} <= set(call["responses"])


def test_the_page_of_the_document_names_every_call_and_loads_nothing_from_elsewhere(db: None) -> None:
    answer = Client().get("/api/v1/docs/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for path in Client().get("/api/v1/openapi.json").json()["paths"]:
        assert path in text
    for kind in KINDS:
        assert text.count(kind) == 2 if kind == "person.died" else text.count(kind) == 1, kind
    assert "https://" not in text
    assert "<script>" not in text
