"""The calls put together, and the document that says what each takes and gives."""

from __future__ import annotations

import json
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from songhe.doors.api.calls import assessments, decisions, lists, matters, people, regions, tasks
from songhe.doors.api.gate import KEY, PURPOSE
from songhe.doors.api.problems import MEDIA_TYPE, problem, problem_of
from songhe.doors.api.schemas import Problem
from songhe.doors.api.terms import Purpose
from songhe.doors.api.webhooks.described import MESSAGE, SCHEMA, described
from songhe.kernel.errors import SongheError
from songhe.kernel.told import phrase

VERSION, NAMESPACE, PREFIX = "1", "api", "api/v1"
KEYED = frozenset(
    {"api-facts", "api-facts-all", "api-task-close", "api-assessment-results", "api-happening"}
)  # names of addresses whose POST does something
_KEYED_OPERATIONS = {"people_fact", "people_facts_all", "tasks_close", "assessments_results", "assessments_happening"}
_PROBLEMS = (400, 401, 403, 404, 409, 413, 415, 422, 429)
_OF_POST = {409, 413, 415}
_TOLD = {
    "missing": "没有填", "extra_forbidden": "没有这一项", "string_too_long": "太长", "string_too_short": "太短",
    "string_pattern_mismatch": "写法不对", "greater_than_equal": "太小", "less_than_equal": "太大",
    "too_long": "太多", "too_short": "太少", "uuid_parsing": "不是编号", "literal_error": "没有这个选项",
}  # fmt: skip
_DESCRIPTION = phrase(
    "别的系统从这里读和写松鹤的数据。令牌由两位安全管理员开，按地区、用途和能做的事管；老人的姓名、号码只给一部分；每次读取都留记录"
)


class Renderer(JSONRenderer):
    """JSON with Chinese as it is."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """See ninja."""
        return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False)


class Api(NinjaAPI):
    """Calls whose document also says what the gate asks for and how errors look."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """See ninja."""
        document = super().get_openapi_schema(path_prefix=f"{PREFIX}/", path_params=path_params)
        document["info"].pop("summary", None)
        components = document["components"]
        components["schemas"]["Problem"] = Problem.model_json_schema()
        components["schemas"][MESSAGE] = SCHEMA
        document["webhooks"] = described()
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
        for methods in document["paths"].values():
            for method, operation in methods.items():
                _complete(operation, method)
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """See ninja: the subject and the name of the call."""
        return f"{operation.view_func.__module__.rpartition('.')[2]}_{operation.view_func.__name__}"

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """See ninja; with the tag of what is given, where there is one."""
        answer = super().create_response(request, data, **options)
        if tag := getattr(request, "tag", ""):
            answer.headers["ETag"] = tag
            answer.headers["Cache-Control"] = "private, no-cache"
        return answer


def _complete(operation: dict[str, Any], method: str) -> None:
    name = operation["operationId"]
    operation["parameters"].append(_header(PURPOSE, {"type": "string", "enum": Purpose.values}))
    if name in _KEYED_OPERATIONS:
        operation["parameters"].append(_header(KEY, {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,80}$"}))
    if name.startswith("lists_"):
        operation["responses"][304] = {"description": "没有变（If-None-Match）"}
    for status in _PROBLEMS:
        if status in _OF_POST and method != "post":
            continue
        schema = {"$ref": "#/components/schemas/Problem"}
        operation["responses"][status] = {"description": "见Problem", "content": {MEDIA_TYPE: {"schema": schema}}}


def _header(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": schema}


api = Api(
    title="松鹤", version=VERSION, description=_DESCRIPTION, docs_url=None, openapi_url=None, urls_namespace=NAMESPACE,
    renderer=Renderer(),
)  # fmt: skip
for _router in (
    regions.router, people.router, people.facts_router, decisions.router, matters.router, lists.router,
    tasks.router, assessments.router,
):  # fmt: skip
    api.add_router("", _router)


@api.exception_handler(SongheError)
def _refused(request: HttpRequest, error: SongheError) -> HttpResponse:
    return problem_of(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which fields are wrong and how, never what was in them."""
    errors = [
        {"field": _field(cast("tuple[Any, ...]", one["loc"])), "problem": _TOLD.get(one["type"], "写法不对")}
        for one in error.errors[:50]
    ]
    return problem(422, field=errors[0]["field"] if errors else "", errors=errors)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code)


def _field(where: tuple[Any, ...]) -> str:
    """The place as the sender knows it; a name that is none of ours is not repeated."""
    return ".".join(str(part) for part in where[1:] if isinstance(part, int) or part in _FIELDS)


_FIELDS = frozenset(
    "body rows person_id person_ids fact value as_of from_date until_date identity_number outcome note under on code"
    " region after limit scale purpose assessed_date organisation assessors answers grades coma disorder risk_events"
    " total level task_id list_id item cursor state kind matter_id".split()
)
