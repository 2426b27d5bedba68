"""The page of the calls of other systems and of the messages to them: what each takes and gives."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from docs.generate.markdown import finish, opening, table

_ALWAYS = {"Songhe-Purpose"}
_JSON = "application/json"


def page() -> str:
    """The page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from songhe.doors.api.documents import document_text
    from songhe.doors.api.webhooks.kinds import KINDS

    document = json.loads(document_text())
    lines = opening(
        "Calls of other systems",
        "the OpenAPI document of `songhe/doors/api`",
        "Below `/api/v1/`, each with `Authorization: Bearer …` and `Songhe-Purpose`. What they mean: [api](../api.md).",
    )
    subjects: dict[str, list[tuple[str, ...]]] = {}
    for address, methods in document["paths"].items():
        for method, call in methods.items():
            name = f"`{method.upper()} {address.removeprefix('/api/v1/')}`"
            row = (name, call["summary"], _listed(_takes(document, call)), _listed(_gives(document, call)))
            subjects.setdefault(call["tags"][0], []).append(row)
    for subject, rows in subjects.items():
        lines += [f"## {subject}", "", *table(("call", "做什么", "takes", "gives"), rows)]
    lines += [
        "## Messages 消息",
        "",
        "`POST` to the system's address: `id`, `type`, `timestamp`, `data.subject`, `data.region`, what else is.",
        "",
    ]
    told = [
        (f"`{name}`", kind.words, _listed(kind.also), f"`GET {kind.fetch}`", f"`{kind.action}`")
        for name, kind in KINDS.items()
    ]
    lines += table(("type", "什么时候", "besides", "fetch", "needs"), told)
    lines += ["## Fields of rows", ""]
    lines += table(("of", "fields"), _schemas(document))
    return finish(lines)


def _takes(document: dict[str, Any], call: dict[str, Any]) -> Iterator[str]:
    for one in call["parameters"]:
        if one["in"] != "path" and one["name"] not in _ALWAYS:
            yield one["name"]
    yield from _fields(document, call.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema", {}))


def _gives(document: dict[str, Any], call: dict[str, Any]) -> Iterator[str]:
    return _fields(document, call["responses"]["200"]["content"][_JSON]["schema"])


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    for field, one in document["components"]["schemas"].get(name, {}).get("properties", {}).items():
        row = one.get("items", {}).get("$ref", "").rpartition("/")[2]
        yield f"{field}: {row}[]" if row else field


def _schemas(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        if schema.get("properties"):
            yield f"`{name}`", _listed(schema["properties"])


def _listed(names: Any) -> str:
    return " ".join(f"`{name}`" for name in names) or "–"
