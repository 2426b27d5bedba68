"""What every answer carries, and how signing in, forms and sessions are kept from being misused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.access.views import PUBLIC
from songhe.foundation.audit.models import Entry
from tests.people.invented import registered
from tests.platform_fixtures import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SIGN_IN = "/sign-in/"
TLS = "https:" + "//"
Make = Callable[..., Any]


@pytest.fixture
def officer(client_as: Make) -> Client:
    client: Client = client_as("district_officer", "420704")
    return client


@pytest.fixture
def account(account_for: Make) -> Account:
    made: Account = account_for("district_officer", "420704", login="officer")
    return made


def sign_in(client: Client, password: str = PASSWORD, url: str = SIGN_IN, login: str = "officer") -> Any:
    return client.post(url, {"login": login, "password": password})


def pages(officer: Client) -> list[Any]:
    """A page for nobody, one with people, one person, a refusal, one that is not there, an answer to a wrong method."""
    person = registered("李桂芳")
    with_people = [reverse("people"), reverse("person", args=[person.pk]), reverse("person-new")]
    return [
        Client().get(SIGN_IN),
        *(officer.get(url) for url in [*with_people, reverse("audit"), "/nothing/", reverse("sign-out")]),
    ]


@pytest.mark.covers("PER-06")
def test_every_answer_forbids_what_no_page_needs(officer: Client) -> None:
    for answer in pages(officer):
        policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == policy["base-uri"] == "'self'"
        assert not any(word in answer["Content-Security-Policy"] for word in ("unsafe", "eval", "http:", "*"))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_page_holds_script_or_style_that_the_policy_would_stop(officer: Client) -> None:
    inline = re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|\sstyle=|<style|\son\w+=\"|javascript:"
    )
    for answer in pages(officer):
        assert inline.findall(answer.content.decode()) == [], answer.request["PATH_INFO"]


@pytest.mark.covers("PER-06")
def test_no_cache_keeps_a_page_with_people(officer: Client) -> None:
    for answer in pages(officer)[1:4]:
        assert "no-store" in answer.headers.get("Cache-Control", ""), answer.request["PATH_INFO"]


def test_behind_tls_cookies_and_pages_stay_on_tls() -> None:
    """Settings are read once, so another process reads them as they are behind TLS."""
    said = subprocess.run(
        [sys.executable, "-c", _BEHIND_TLS], cwd=ROOT, text=True, capture_output=True, check=False,
        env={**os.environ, "SONGHE_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    assert said.stdout.splitlines() == ["301 https", "max-age=31536000 secure"], said.stderr


_BEHIND_TLS = """
import django
django.setup()
from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
over = SecurityMiddleware(lambda request: HttpResponse())
plain = over(RequestFactory().get("/sign-in/"))
print(plain.status_code, plain["Location"].partition(":")[0])
safe = over(RequestFactory().get("/sign-in/", headers={"X-Forwarded-Proto": "https"}))
secure = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
print(safe["Strict-Transport-Security"], "secure" if secure else "open")
"""


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(account: Account) -> None:
    client = Client()
    client.get(SIGN_IN)
    answer = sign_in(client)
    assert answer.status_code == 302
    assert {"songhe", "csrftoken"} <= set(client.cookies)
    for name in ("songhe", "csrftoken"):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"


def test_signing_in_begins_another_session(account: Account) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["songhe"] = planted
    assert sign_in(client).status_code == 302
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["songhe"] = planted
    assert thief.get(reverse("people")).status_code == 302


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(officer: Client) -> None:
    copy = Client()
    copy.cookies["songhe"] = officer.cookies["songhe"].value
    assert copy.get(reverse("home")).status_code == 200
    assert officer.post(reverse("sign-out")).status_code == 302
    assert copy.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        f"{TLS}evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "http:evil.example", "///evil.example", " //evil.example", f"{TLS}testserver@evil.example/",
        "%2f%2fevil.example",
    ],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(account: Account, target: str) -> None:
    client = Client()
    answer = client.post(SIGN_IN, {"login": "officer", "password": PASSWORD}, query_params={"next": target})
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer["Location"]), answer["Location"]
    assert "evil.example" not in answer["Location"]


def test_signing_in_leads_back_to_where_one_was(account: Account) -> None:
    away = Client().get(reverse("people") + "?living=alone")
    assert sign_in(Client(), url=away["Location"])["Location"] == "/people/?living=alone"


@pytest.mark.covers("PER-06")
def test_every_form_wants_a_token_of_its_own(officer: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = officer.cookies
    asked = 0
    for name, pattern in _named().items():
        url = _address(name, pattern)
        answer = strict.post(url, {"login": "officer", "password": PASSWORD})
        if url.startswith("/api/"):  # opened by a token that no browser sends of itself
            assert answer.status_code in (401, 403), name
            continue
        assert answer.status_code == 403 and "页面开得太久" in answer.content.decode(), name
        asked += 1
    assert asked > 60


def _named() -> dict[str, Any]:
    return {str(name): found for name, found in get_resolver().reverse_dict.items() if isinstance(name, str)}


def _address(name: str, found: Any) -> str:
    """The address with some arguments that fit its converters."""
    _, _, _, converters = found
    fitting = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "slug": "x", "string": "en"}
    kinds = {key: type(one).__name__.removesuffix("Converter").lower() for key, one in converters.items()}
    kwargs = {key: fitting[kind] for key, kind in kinds.items()}
    return reverse(name, kwargs={key: int(value) if value == "1" else value for key, value in kwargs.items()})


@pytest.mark.covers("PER-06")
def test_after_five_wrong_passwords_the_right_one_does_not_help_for_a_while(account: Account) -> None:
    client = Client()
    for _ in range(configured.AXES_FAILURE_LIMIT):
        last = sign_in(client, "wrong")
    assert last.status_code in (403, 429)
    locked = sign_in(client)
    assert locked.status_code in (403, 429) and "Location" not in locked.headers
    assert sign_in(Client()).status_code == locked.status_code
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        assert sign_in(Client()).status_code == 302


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(account: Account) -> None:
    told = {
        re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", sign_in(Client(), "wrong", login=login).content.decode())
        for login in ("officer", "nobody-of-that-name")
    }
    assert len(told) == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}])
def test_a_closed_account_cannot_sign_in(account: Account, change: dict[str, Any]) -> None:
    Account.objects.filter(pk=account.pk).update(**change)
    assert sign_in(Client()).status_code == 403


def test_a_first_password_leads_to_a_new_one_and_nowhere_else(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(must_change_password=True)
    client = Client()
    sign_in(client)
    for name, found in _named().items():
        pattern_asks = getattr(_callback(name), "asks", None)
        if pattern_asks == PUBLIC or name in ("own-password", "sign-out"):
            continue
        answer = client.get(_address(name, found))
        assert answer.status_code == 405 or answer.headers.get("Location") == reverse("own-password"), name


def _callback(name: str) -> Any:
    from tests.security.test_crawl import PAGES

    return PAGES[name].callback


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "X-NOTHING"])
def test_odd_methods_do_nothing(officer: Client, method: str) -> None:
    person = registered("李桂芳")
    for url in (reverse("people"), reverse("person", args=[person.pk]), reverse("person-death", args=[person.pk])):
        answer = officer.generic(method, url)
        assert answer.status_code in (403, 405), (method, url)
        assert "李桂芳" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused(officer: Client) -> None:
    assert officer.get(reverse("home"), headers={"Host": "evil.example"}).status_code == 400


def test_a_grant_of_tomorrow_gives_nothing_today(client_as: Make) -> None:
    client = client_as("district_officer", "420704")
    client.account.grants.update(from_date=timezone.localdate() + timedelta(days=1), until_date=None)
    assert client.get(reverse("people")).status_code == 403
    client.account.grants.update(from_date=date(2020, 1, 1), until_date=timezone.localdate())
    assert client.get(reverse("people")).status_code == 403


def test_the_code_of_a_failed_page_finds_it_in_the_log(
    officer: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("李桂芳")

    monkeypatch.setattr("songhe.people.screens.listing.people_of", broken)
    officer.raise_request_exception = False
    page = officer.get(reverse("people"))
    assert page.status_code == 500 and "李桂芳" not in page.content.decode()
    (message,) = [record.getMessage() for record in caplog.records if record.name == "songhe.errors"]
    assert message.split()[-1] in page.content.decode()


@pytest.mark.covers("PER-06")
def test_auditors_of_the_region_see_who_signed_in_and_who_could_not(account: Account, client_as: Make) -> None:
    sign_in(Client(), "wrong")
    sign_in(Client(), "wrong", login="nobody-of-that-name")
    client = Client()
    sign_in(client)
    client.post(reverse("sign-out"))
    with scoped(Actor.system("测试", "420704"), "test"):
        found = Entry.objects.filter(subject=str(account.pk), kind="deed").order_by("id")
        told = [(one.action.removeprefix("access."), one.actor, one.region_code) for one in found]
    here = "420704000000"
    assert told == [
        ("sign_in_failed", None, here), ("sign_in", account.pk, here), ("sign_out", account.pk, here),
    ]  # fmt: skip
    page = client_as("auditor", "420704").get(reverse("audit")).content.decode()
    assert "登录没有成功" in page and "nobody-of-that-name" not in page


@pytest.mark.covers("PER-06")
def test_a_new_password_ends_the_other_sessions_and_is_told_to_auditors(account: Account) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    form = {"old": PASSWORD, "new": "a-crane-on-a-pine", "again": "a-crane-on-a-pine"}
    assert here.post(reverse("own-password"), form).status_code == 302
    assert here.get(reverse("people")).status_code == 200
    assert elsewhere.get(reverse("people")).status_code == 302
    with scoped(Actor.system("测试", "420704"), "test"):
        assert Entry.objects.filter(action="access.change_password", subject=str(account.pk)).count() == 1
