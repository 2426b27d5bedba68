"""A connection to the database that was cut is no page that failed."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from psycopg.conninfo import conninfo_to_dict
from pytest_django import DjangoDbBlocker

from songhe.config.urls import handler500, urlpatterns  # noqa: F401 - Django reads them here, being the root
from songhe.foundation.access.models import Account
from songhe.foundation.access.views import public
from songhe.foundation.database.away import database_away
from songhe.foundation.database.preparing import Database
from tests.database import database_copy
from tests.platform_fixtures import ClientFor

_CUT = "SELECT pg_terminate_backend(%s, 5000)"
_database: list[Database] = []


def cut() -> None:
    """Ends this thread's connection as a server that restarts does."""
    with psycopg.connect(_database[0].web, autocommit=True) as beside:
        beside.execute(_CUT, [connection.connection.info.backend_pid])


@public
def cut_amid(request: HttpRequest) -> HttpResponse:
    Account.objects.filter(login="city_officer-420700000000").update(name="改了一半")
    cut()
    return HttpResponse(str(Account.objects.count()))


urlpatterns = [*urlpatterns, path("cut-amid/", cut_amid, name="cut-amid"), path("api/cut-amid/", cut_amid)]


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of a transaction that is undone: a database of one's own in which everything is committed."""
    settings = connection.settings_dict
    before = dict(settings)
    with database_copy("_cut") as copy, django_db_blocker.unblock():
        _database[:] = [copy]
        parts = conninfo_to_dict(copy.web)
        settings.update(NAME=parts["dbname"], USER=parts["user"], HOST=parts["host"], PORT=parts["port"])
        connection.close()
        yield
        connection.close()
        settings.update(before)


@pytest.fixture
def officer(db: None, client_as: ClientFor) -> Client:
    client = client_as("city_officer")
    client.raise_request_exception = False
    return client


@pytest.fixture
def nowhere() -> Iterator[None]:
    """No server answers meanwhile."""
    connection.close()
    before = connection.settings_dict["PORT"]
    connection.settings_dict["PORT"] = "9"
    yield
    connection.settings_dict["PORT"] = before
    connection.close()


def test_who_asks_next_after_a_cut_notices_nothing(officer: Client) -> None:
    for _ in range(2):
        assert officer.get("/people/").status_code == 200
        cut()
    cut_off = connection.connection
    answer = officer.post("/language/en/", headers={"Referer": "/people/"})
    assert answer.status_code == 302
    assert connection.connection is not cut_off


@pytest.mark.urls(__name__)
def test_a_page_that_is_cut_amid_says_so_and_asks_again_by_itself(officer: Client) -> None:
    answer = officer.get("/cut-amid/?page=2")
    assert (answer.status_code, answer["Retry-After"], answer["Refresh"]) == (503, "5", "5")
    assert "正在重连" in answer.content.decode()
    assert 'href="/cut-amid/?page=2"' in answer.content.decode()
    assert officer.get("/people/").status_code == 200
    assert Account.objects.get(pk=officer.account.pk).name == "何俊", "what was half done is undone"  # type: ignore[attr-defined]


@pytest.mark.urls(__name__)
def test_a_form_that_is_cut_amid_is_never_sent_again_by_itself(officer: Client) -> None:
    answer = officer.post("/cut-amid/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Refresh" not in answer
    assert "刚才那一步可能没有存上" in answer.content.decode()


@pytest.mark.urls(__name__)
def test_another_system_is_told_when_to_ask_again(officer: Client) -> None:
    answer = officer.get("/api/cut-amid/")
    assert (answer.status_code, answer["Retry-After"], answer.json()["status"]) == (503, "5", 503)


def test_while_no_server_answers_every_page_says_so(officer: Client, nowhere: None) -> None:
    page, call = officer.get("/people/"), officer.get("/api/v1/policies/")
    assert (page.status_code, call.status_code) == (503, 503)
    assert "正在重连" in page.content.decode()
    assert call["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("wrong", ["SELECT pg_sleep(1)", "SELECT nobody_knows()"])
def test_a_wrong_or_slow_statement_is_no_database_that_is_away(db: None, wrong: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        with pytest.raises(DatabaseError) as failed, transaction.atomic():
            cursor.execute(wrong)
    assert not database_away(failed.value)
    assert not database_away(None)
