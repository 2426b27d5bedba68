"""One transaction for the whole request, rendering included, that sees the working region and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import entered
from songhe.foundation.database.away import database_away

if TYPE_CHECKING:
    from songhe.foundation.access.actors import Actor

_SEEN = "seen"
_SEEN_EVERY_SECONDS = 60


class ActingRequest(HttpRequest):
    """A request of a signed-in person."""

    actor: Actor
    account: Account


class ScopeMiddleware:
    """Puts `request.actor` (None when nobody is signed in, or holds no right any more) and opens the scope.

    Stands behind session, authentication and second factor. An error undoes the whole request. A connection that was
    cut since the last request is found here, before anything was done: it is opened anew, and nobody notices.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        purpose = f"{request.method} {request.path.split('/')[1] or 'home'}"
        with ExitStack() as stack:
            actor = self._enter(stack, request, purpose)
            request.actor = actor  # type: ignore[attr-defined]
            response = self._get_response(request)
            if actor is not None:
                response.headers.setdefault("Cache-Control", "private, no-store")  # not even the browser keeps people
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Nothing half done stays."""
        transaction.set_rollback(True)

    def _enter(self, stack: ExitStack, request: HttpRequest, purpose: str) -> Actor | None:
        try:
            return stack.enter_context(entered(lambda: self._actor(request), purpose))
        except Exception as error:
            if connection.in_atomic_block or not database_away(error):
                raise
        connection.close()
        return stack.enter_context(entered(lambda: self._actor(request), purpose))

    def _actor(self, request: HttpRequest) -> Actor | None:
        account = request.user
        if not isinstance(account, Account):
            return None
        now = timezone.now()
        if request.session.get(_SEEN, 0) < now.timestamp() - _SEEN_EVERY_SECONDS:
            request.session[_SEEN] = int(now.timestamp())  # moves the idle end on, without a write a request
        request.account = account  # type: ignore[attr-defined]
        return actor_of(account, timezone.localdate(now), request.session.session_key or "")
