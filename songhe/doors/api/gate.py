"""What every call passes: whose token it is, how often it comes, what for; then its scope, and one answer a key."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from songhe.doors.api.clients import actor_for, client_by
from songhe.doors.api.models import ApiAnswer, ApiClient
from songhe.doors.api.problems import problem
from songhe.doors.api.terms import CALLS_A_MINUTE, Purpose
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.access.views import public
from songhe.foundation.sealing.seals import blind_index

PURPOSE, KEY = "Songhe-Purpose", "Idempotency-Key"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
_MINUTE, _MOST_CLIENTS = 60, 10_000
_TAKE = """
INSERT INTO api_apianswer (client_id, key, digest, status, body, asked_at) VALUES (%s, %s, %s, NULL, '', %s)
ON CONFLICT (client_id, key) DO NOTHING RETURNING id
"""
View = Callable[..., HttpResponse]


class CallRequest(HttpRequest):
    """A call of a system that was let in."""

    actor: Actor
    client: ApiClient
    purpose: Purpose


def gated(view: View, keyed: frozenset[str]) -> View:
    """The call behind the gate. A POST whose name is in `keyed` does something, and asks for a key.

    `public` is said to the rules of pages: not the session opens a call, but the token.
    """

    @wraps(view)
    def called(request: CallRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("zh-hans"):
            refused = _let_in(request)
            if refused is not None:
                return refused
            once = request.method == "POST" and keyed_by(request) in keyed
            with scoped(request.actor, f"接口 {request.purpose.label}"):
                answer = _once(view, request, *args, **kwargs) if once else view(request, *args, **kwargs)
                if answer.status_code >= 400:
                    transaction.set_rollback(True)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    return public(csrf_exempt(called))


def keyed_by(request: HttpRequest) -> str:
    """The name of the address that is called."""
    match = request.resolver_match
    return "" if match is None else str(match.url_name)


def _let_in(request: CallRequest) -> HttpResponse | None:
    """Puts system, purpose and actor to the call; or says why not."""
    now = timezone.now()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    client = client_by(token.strip(), now, timezone.localdate(now)) if kind.lower() == "bearer" else None
    if client is None:
        answer = problem(401, "请在Authorization里写“Bearer 令牌”；令牌错了、到期了或停用了，也是这个答复")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if not _in_pace(client.pk, now.timestamp()):
        answer = problem(429, f"每分钟最多{CALLS_A_MINUTE}次")
        answer.headers["Retry-After"] = str(_MINUTE)
        return answer
    request.client, request.actor = client, actor_for(client)
    return _for_what(request, client) or _readable(request)


def _for_what(request: CallRequest, client: ApiClient) -> HttpResponse | None:
    purpose = request.headers.get(PURPOSE, "")
    if purpose not in Purpose.values:
        return problem(400, f"请在{PURPOSE}里写用途：{'、'.join(Purpose.values)}", field=PURPOSE)
    if purpose not in client.purposes:
        return problem(403, "这个系统没有这个用途", field=PURPOSE)
    request.purpose = Purpose(purpose)
    return None


def _readable(request: CallRequest) -> HttpResponse | None:
    if request.method in ("POST", "PUT", "PATCH") and request.content_type != "application/json":
        return problem(415, "Content-Type要写application/json")
    try:
        request.body  # noqa: B018 — read once, so that one that is too large is told here
    except RequestDataTooBig:
        return problem(413, "一次最多2MB，请分几次送")
    except UnreadablePostError:
        return problem(400)
    return None


def _once(view: View, request: CallRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The first time the call is done and its answer kept; the second time the kept answer is given."""
    key = request.headers.get(KEY, "")
    if not _KEY.fullmatch(key):
        return problem(400, f"请在{KEY}里写8到80个字母、数字、-和_；同一件事重送用同一个", field=KEY)
    state = hashlib.sha256(request.path.encode() + b"\0" + request.body)
    digest = blind_index(state.hexdigest(), "api_answer")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [request.client.pk, key, digest, timezone.now()])
        taken = cursor.fetchone()
    if taken is None:
        kept = ApiAnswer.objects.get(client=request.client, key=key)
        if bytes(kept.digest) != digest:
            return problem(409, "这个键用过，那次送的内容不一样", field=KEY)
        answer = HttpResponse(kept.body, status=kept.status or 200, content_type="application/json")
        answer.headers["Idempotent-Replayed"] = "true"
        return answer
    answer = view(request, *args, **kwargs)
    if answer.status_code < 400:
        ApiAnswer.objects.filter(pk=taken[0]).update(status=answer.status_code, body=answer.content.decode())
    return answer


def forget_answers(*, before: datetime) -> int:
    """Clears away answers asked for before that moment; gives back how many."""
    return ApiAnswer.objects.filter(asked_at__lt=before).delete()[0]


_paces: dict[UUID, tuple[float, float]] = {}
_pacing = threading.Lock()


def _in_pace(client: UUID, at: float) -> bool:
    """Whether a system may call once more: a minute's calls in store, filled up evenly; counted in this process."""
    with _pacing:
        left, since = _paces.get(client, (float(CALLS_A_MINUTE), at))
        left = min(float(CALLS_A_MINUTE), left + (at - since) * CALLS_A_MINUTE / _MINUTE)
        if left < 1:
            return False
        if len(_paces) >= _MOST_CLIENTS:
            _paces.clear()
        _paces[client] = (left - 1, at)
        return True
