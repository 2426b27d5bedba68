"""The messages in the OpenAPI document: what comes, with which headers, and what is to be answered."""

from __future__ import annotations

from typing import Any

from songhe.doors.api.webhooks.kinds import KINDS, PING, words_of_kind

MESSAGE = "Message"
HEADERS = {
    "webhook-id": {"type": "string", "format": "uuid"},
    "webhook-timestamp": {"type": "string", "pattern": "^[0-9]+$"},
    "webhook-signature": {"type": "string"},
}
_ANSWERS = {
    "2XX": "收下了；同一个webhook-id再来，也这样答，不再做一遍",
    "410": "再也不收：停下，等人看",
    "default": "没有收下：隔一阵再送同一个webhook-id",
}
# What some kinds tell besides; which ones is said at each.
_ALSO: dict[str, dict[str, Any]] = {
    "kind": {"type": "string", "description": "待办的种类，或者上门的事的种类（offer、soon、stop、ask）"},
    "due_date": {"type": "string", "format": "date", "description": "办到哪天"},
    "outcome": {"type": "string", "description": "怎么办结的"},
    "assessment": {"type": "string", "format": "uuid"},
    "result": {"type": "string", "format": "uuid", "description": "哪一个结果"},
    "opened": {"type": "integer", "description": "新派了几件上门的事"},
    "closed": {"type": "integer", "description": "几件不用办了"},
    "tasks_opened": {"type": "integer", "description": "新派了几户"},
    "tasks_changed": {"type": "integer", "description": "几户改了期限或内容"},
    "tasks_closed": {"type": "integer", "description": "几户不用去了"},
    "new": {"type": "integer", "description": "收进了几条"},
    "withdrawn": {"type": "integer", "description": "撤回了几条"},
}
SCHEMA: dict[str, Any] = {
    "title": MESSAGE,
    "type": "object",
    "description": "发生了什么。没有姓名和号码，要的用subject到接口里取；先后不保证，只说明有了新的",
    "required": ["id", "type", "timestamp", "data"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "同webhook-id，重送时不变"},
        "type": {"type": "string", "enum": [*KINDS, PING]},
        "timestamp": {"type": "string", "format": "date-time", "description": "记下这条消息的时候"},
        "data": {
            "type": "object",
            "required": ["subject", "region"],
            "properties": {
                "subject": {"type": ["string", "null"], "format": "uuid", "description": "空是不止一位，要整个去取"},
                "region": {"type": "string", "pattern": "^[0-9]{12}$", "description": "在这个系统的地区里"},
                **_ALSO,
            },
        },
    },
}


def described() -> dict[str, Any]:
    """One entry a kind, by its name."""
    return {kind: {"post": _message(kind)} for kind in (*KINDS, PING)}


def _message(kind: str) -> dict[str, Any]:
    told: dict[str, Any] = {"$ref": f"#/components/schemas/{MESSAGE}"}
    also = KINDS[kind].also if kind in KINDS else ()
    if also:
        fields = {"type": "object", "properties": {name: _ALSO[name] for name in also}}
        told = {"allOf": [told, {"type": "object", "properties": {"data": fields}}]}
    return {
        "operationId": f"message_{kind.replace('.', '_')}",
        "summary": words_of_kind(kind),
        "tags": ["消息"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": schema} for name, schema in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": told}}},
        "responses": {status: {"description": words} for status, words in _ANSWERS.items()},
    }
