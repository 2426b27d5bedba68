"""The same request twice is done once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once, forget_answers
from songhe.foundation.idempotency.models import Answer
from songhe.kernel.errors import BadInput, Conflict

OFFICER = Actor(uuid.UUID(int=7), "何俊", "4207", frozenset())
KEY = "0123456789abcdef"
Ask = Callable[..., HttpResponse]


class Desk:
    """A page that counts how often it was done."""

    def __init__(self, response: Callable[[], HttpResponse]) -> None:
        self.done = 0
        self._response = response
        self.view = answered_once(self._view)

    def _view(self, request: HttpRequest) -> HttpResponse:
        self.done += 1
        return self._response()

    def ask(
        self, key: str = KEY, actor: Actor | None = OFFICER, path: str = "/people/new/", **more: Any
    ) -> HttpResponse:
        method, headers = more.pop("method", "post"), more.pop("headers", {})
        sent = more | ({"once": key} if key else {})
        request = getattr(RequestFactory(), method)(path, sent, headers=headers)
        request.actor = actor
        try:
            return self.view(request)
        finally:
            request.close()


def leads_on() -> HttpResponse:
    return HttpResponseRedirect("/people/5/")


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(leads_on)


def test_a_repeated_form_is_done_once_and_answered_alike(desk: Desk) -> None:
    first, second = desk.ask(name="万长松"), desk.ask(name="万长松")
    assert (first["Location"], second["Location"], desk.done) == ("/people/5/", "/people/5/", 1)
    assert (second.status_code, Answer.objects.get().status) == (302, 302)


def test_the_header_counts_like_the_field(desk: Desk) -> None:
    desk.ask(key="", headers={"Idempotency-Key": KEY}, name="a")
    desk.ask(name="a")
    assert desk.done == 1


def test_the_same_key_with_other_content_is_refused(desk: Desk) -> None:
    desk.ask(name="万长松")
    with pytest.raises(Conflict, match="内容不一样"):
        desk.ask(name="王德福")
    with pytest.raises(Conflict):
        desk.ask(name="万长松", path="/people/other/")
    assert desk.done == 1


def test_another_key_and_another_account_are_other_requests(desk: Desk) -> None:
    desk.ask(name="a")
    desk.ask(key="another-key-1", name="a")
    desk.ask(actor=Actor(uuid.UUID(int=8), "周敏", "4207", frozenset()), name="a")
    assert desk.done == 3


def test_without_key_without_account_or_without_post_nothing_is_kept(desk: Desk) -> None:
    for _ in range(2):
        desk.ask(key="", name="a")
        desk.ask(actor=None, name="a")
        desk.ask(method="get", name="a")
    assert (desk.done, Answer.objects.count()) == (6, 0)


@pytest.mark.parametrize("key", ["short", "x" * 81, "not a key!", "键键键键键键键键"])
def test_a_key_has_a_form(desk: Desk, key: str) -> None:
    with pytest.raises(BadInput, match="写法"):
        desk.ask(key=key)


def test_a_form_shown_again_leaves_the_key_free(db: None) -> None:
    answers = iter([HttpResponse("15位，要18位"), leads_on()])
    desk = Desk(lambda: next(answers))
    assert desk.ask(number="15").status_code == 200
    assert desk.ask(number="18").status_code == 302


def test_a_request_that_fails_leaves_the_key_free(db: None) -> None:
    def fails() -> HttpResponse:
        raise ValueError("no")

    desk = Desk(fails)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            desk.ask()
    assert (desk.done, Answer.objects.count()) == (2, 0)


def test_a_page_that_undoes_its_transaction_is_let_be(db: None) -> None:
    def undoes() -> HttpResponse:
        transaction.set_rollback(True)
        return leads_on()

    with transaction.atomic():
        assert Desk(undoes).ask().status_code == 302
    assert not Answer.objects.exists()


@pytest.mark.parametrize("status", [201, 204])
def test_an_answer_with_nothing_to_show_is_kept_too(db: None, status: int) -> None:
    desk = Desk(lambda: HttpResponse(status=status))
    assert [desk.ask().status_code, desk.ask().status_code, desk.done] == [status, status, 1]


def test_pages_in_parts_are_led_on_their_way(db: None) -> None:
    desk = Desk(lambda: HttpResponse(status=204, headers={"HX-Redirect": "/people/5/"}))
    desk.ask()
    again = desk.ask(headers={"HX-Request": "true"})
    assert (again.status_code, again["HX-Redirect"], desk.done) == (204, "/people/5/", 1)


def test_an_address_too_long_to_keep_is_not_kept(db: None) -> None:
    desk = Desk(lambda: HttpResponseRedirect("/" + "x" * 300))
    desk.ask()
    desk.ask()
    assert desk.done == 2


def test_files_count_as_content(desk: Desk) -> None:
    def file(content: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("list.csv", content)

    desk.ask(file=file(b"one"))
    desk.ask(file=file(b"one"))
    with pytest.raises(Conflict):
        desk.ask(file=file(b"two"))
    assert desk.done == 1


def test_other_bodies_count_as_they_are(desk: Desk) -> None:
    def ask(body: bytes) -> HttpResponse:
        request = RequestFactory().post("/api/", body, "application/json", headers={"Idempotency-Key": KEY})
        request.actor = OFFICER
        return desk.view(request)

    ask(b'{"a": 1}')
    ask(b'{"a": 1}')
    with pytest.raises(Conflict):
        ask(b'{"a": 2}')
    assert desk.done == 1


def test_the_content_is_not_kept(desk: Desk) -> None:
    desk.ask(identity="429900194403120027")
    kept = Answer.objects.get()
    assert len(bytes(kept.body)) == 16


def test_old_answers_are_forgotten(desk: Desk) -> None:
    desk.ask()
    assert forget_answers(before=timezone.now() - timedelta(days=1)) == 0
    assert forget_answers(before=timezone.now() + timedelta(days=1)) == 1


def test_what_the_page_asks_for_stays_known() -> None:
    assert answered_once(needs("people.write")(lambda request: leads_on())).asks == ("people.write",)


def test_the_field_has_a_new_key_each_time_it_is_shown() -> None:
    template = engines["django"].from_string("{% load once %}{% once %}")
    shown = {template.render(), template.render()}
    assert len(shown) == 2
    assert all(one.startswith('<input type="hidden" name="once" value="') for one in shown)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        Answer.objects.all().delete()
        connection.close()


def test_two_at_the_same_time_are_done_once(committed: None) -> None:
    at_work, go_on = threading.Event(), threading.Event()

    def slowly() -> HttpResponse:
        at_work.set()
        assert go_on.wait(30)
        return leads_on()

    desk = Desk(slowly)
    answers = []

    def ask() -> None:
        with transaction.atomic():
            answers.append(desk.ask(name="a")["Location"])
        connections.close_all()

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    assert at_work.wait(30)
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert (answers, desk.done) == (["/people/5/"] * 2, 1)
