"""The document of the calls as systems read it, and as people do."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja.responses import NinjaJSONEncoder

from songhe.doors.api.gate import PURPOSE
from songhe.doors.api.webhooks.kinds import KINDS, words_of_kind
from songhe.foundation.access.actors import words_of
from songhe.foundation.access.views import public
from songhe.ui.words import said


@require_safe
@public
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return HttpResponse(document_text(), content_type="application/json")


@require_safe
@public
def docs(request: HttpRequest) -> HttpResponse:
    """The calls as a page, by subject: nothing is loaded from elsewhere, nothing runs in the browser."""
    document = json.loads(document_text())
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document["paths"].items():
        for method, call in methods.items():
            groups.setdefault(call["tags"][0], []).append(_call(document, address, method, call))
    context = {
        "description": said(document["info"]["description"]),
        "told": [
            {
                "kind": kind,
                "words": said(words_of_kind(kind)),
                "also": KINDS[kind].also,
                "fetch": KINDS[kind].fetch,
                "action": said(words_of(KINDS[kind].action)),
            }
            for kind in KINDS
        ],
        "groups": [{"name": said(name), "calls": calls} for name, calls in groups.items()],
    }
    return render(request, "api/docs.html", context)


def _call(document: dict[str, Any], address: str, method: str, call: dict[str, Any]) -> dict[str, Any]:
    takes = [one["name"] for one in call["parameters"] if one["in"] != "path" and one["name"] != PURPOSE]
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    given = call["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "path": address, "method": method.upper(), "summary": said(call["summary"]),
        "takes": takes + _named(document, body), "gives": _named(document, given),
    }  # fmt: skip


def _named(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """The fields of a schema that the document holds by name; of rows, those of each row too."""
    fields = _schema_of(document, schema).get("properties", {})
    rows = _schema_of(document, fields.get("rows", {}).get("items", {})).get("properties", {})
    return [*fields, *(f"rows.{name}" for name in rows)]


def _schema_of(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
    return found


@cache
def document_text() -> str:
    """The document as JSON."""
    from songhe.doors.api.service import api  # the calls name this module's address

    return json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder, ensure_ascii=False, indent=1)
