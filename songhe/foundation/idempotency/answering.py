"""The same request twice is done once: the second one gets the first one's answer.

The key comes in the header Idempotency-Key, or in the form's hidden field `once` (`{% load once %}{% once %}`). It is
taken by an insert in the transaction of the request: a second request with the same key waits until the first is done,
and a request that fails leaves the key free.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from songhe.foundation.idempotency.models import Answer
from songhe.foundation.sealing.seals import blind_index
from songhe.kernel.errors import BadInput, Conflict

HEADER, FIELD = "Idempotency-Key", "once"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
_LEFT_OUT = {FIELD, "csrfmiddlewaretoken"}
_DONE = {201, 204, 301, 302, 303, 307, 308}
_LONGEST_LOCATION = 300
_TAKE = """
INSERT INTO idempotency_answer (account, key, body, location, asked_at) VALUES (%s, %s, %s, '', %s)
ON CONFLICT (account, key) DO NOTHING RETURNING id
"""
View = Callable[..., HttpResponse]


def answered_once(view: View) -> View:
    """For POST pages that create or change something.

    The answer is kept when it leads on (a redirect, also by HX-Redirect) or has nothing to show (201, 204). A page that
    shows the form again keeps nothing. Same key and same content: the kept answer. Other content: Conflict. A request
    without a key, or of nobody, is done as ever.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = getattr(getattr(request, "actor", None), "account_id", None)
        key = key_of(request) if request.method == "POST" else ""
        if not key or account is None:
            return view(request, *args, **kwargs)
        body = _digest(request)
        taken = _take(account, key, body, timezone.now())
        if taken is None:
            return _kept_answer(request, account, key, body)
        response = view(request, *args, **kwargs)
        _keep(taken, response)
        return response

    return once


def key_of(request: HttpRequest) -> str:
    """The request's key, "" when it has none. BadInput for one that is no key."""
    key = request.headers.get(HEADER) or request.POST.get(FIELD, "")
    if key and not _KEY.fullmatch(key):
        raise BadInput(HEADER, "写法不对", accepted="8到80个字母、数字、-和_")
    return key


def forget_answers(*, before: datetime) -> int:
    """Clears away answers asked for before that moment; gives back how many."""
    return Answer.objects.filter(asked_at__lt=before).delete()[0]


def _take(account: UUID, key: str, body: bytes, now: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [account, key, body, now])
        row = cursor.fetchone()
    return row[0] if row else None


def _kept_answer(request: HttpRequest, account: UUID, key: str, body: bytes) -> HttpResponse:
    kept = Answer.objects.get(account=account, key=key)
    if bytes(kept.body) != body:
        raise Conflict("这张表已经交过一次，这次的内容不一样。请刷新页面，看看上次办成的结果")
    if not kept.location:
        return HttpResponse(status=kept.status)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": kept.location})
    return HttpResponseRedirect(kept.location)


def _keep(taken: int, response: HttpResponse) -> None:
    if connection.needs_rollback:
        return
    location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    done = response.status_code in _DONE or bool(location)
    if done and len(location) <= _LONGEST_LOCATION:
        Answer.objects.filter(pk=taken).update(status=response.status_code, location=location)
    else:
        Answer.objects.filter(pk=taken).delete()


def _digest(request: HttpRequest) -> bytes:
    """A keyed digest of path and content: the content may be an identity number."""
    state = hashlib.sha256(repr(request.path).encode())
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, values in sorted(request.POST.lists()):
            if name not in _LEFT_OUT:
                state.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                state.update(repr((name, file.name, file.size)).encode())
                for chunk in file.chunks():
                    state.update(chunk)
                file.seek(0)
    else:
        state.update(request.body)
    return blind_index(state.hexdigest(), "idempotency")
