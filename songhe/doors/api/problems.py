"""Errors as other systems read them: RFC 9457, in Chinese, with the field, and nobody's personal data."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused, SongheError

ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type[SongheError], int] = {BadInput: 400, Refused: 403, NotFound: 404, Conflict: 409}
TITLES = {
    400: "送来的内容读不懂", 401: "没有有效的令牌", 403: "这个系统不能做这件事", 404: "没有", 405: "不能这样做",
    409: "现在不能做", 413: "送来的内容太大", 415: "只收JSON", 422: "内容不合规定", 429: "问得太快", 500: "没有办成",
    503: "暂时办不了，请过一会儿再试",
}  # fmt: skip
_OTHER = "没有办成"
_KEPT_HEADERS = {"Allow", "Retry-After"}
NOT_HERE = "没有，或者不在这个系统能看的地方"


def problem(status: int, detail: str = "", *, field: str = "", errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """The answer to a call that failed. `errors` names fields with what is wrong in each."""
    body = problem_body(status, detail, field=field)
    if errors:
        body["errors"] = list(errors)
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def problem_body(status: int, detail: str = "", *, field: str = "") -> dict[str, Any]:
    """The same as it stands within an answer, about one row of many."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(status, _OTHER), "status": status}
    return body | {name: value for name, value in (("detail", detail), ("field", field)) if value}


def problem_of(error: SongheError) -> HttpResponse:
    """An error of the house. What was given is never repeated: it may be somebody's number."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    if isinstance(error, BadInput):
        accepted = f"；可以是：{error.accepted}" if error.accepted else ""
        return problem(status, f"{error.where}：{error.problem}{accepted}", field=str(error.where))
    told = str(error).replace("您的角色", "这个系统")  # what a person may not is said of the role
    return problem(status, NOT_HERE if status == 404 else told)


class ProblemMiddleware:
    """What fails before or behind the calls (an address that is none, a bug) is told to systems as a problem too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        answer = self._get_response(request)
        if answer.status_code < 400 or not request.path.startswith(ROOT):
            return answer
        if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return answer
        told = problem(answer.status_code)
        for name in _KEPT_HEADERS & answer.headers.keys():
            told.headers[name] = answer.headers[name]
        return told
