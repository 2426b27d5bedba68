"""Views that staff kept of a list are carried over to where all of them stand."""

from __future__ import annotations

from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection

from songhe.foundation.access.models import Account
from songhe.foundation.views_kept.keeping import MOST_VIEWS, drop_view, save_view, views_of
from songhe.kernel.errors import BadInput, NotFound
from tests.people.register import NOW

MOVES = {
    "people": ("songhe.people.migrations.0008_views_elsewhere", "people_savedview"),
    "tasks": ("songhe.foundation.tasks.migrations.0004_views_elsewhere", "tasks_savedview"),
}


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(login="keeper", name="何俊", created_at=NOW)


@pytest.mark.parametrize("page", MOVES)
def test_what_was_kept_before_is_carried_over_with_its_address(account: Account, page: str) -> None:
    module, old = MOVES[page]
    key = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {old} (id uuid, account_id uuid, name text, query text, created_at timestamptz)"
        )
        row = [key, account.pk, "独居的", "living=alone", NOW]
        cursor.execute(f"INSERT INTO {old} VALUES (%s, %s, %s, %s, %s)", row)
        cursor.execute(import_module(module)._MOVED)
        cursor.execute(f"DELETE FROM {old}")
        cursor.execute(import_module(module)._BACK)
        cursor.execute(f"SELECT id, account_id, name, query, created_at FROM {old}")
        assert cursor.fetchall() == [tuple(row)]
    assert [(one.pk, one.name, one.query) for one in views_of(account, page)] == [(key, "独居的", "living=alone")]


def test_a_page_has_its_own_names_and_as_many_as_may_be(account: Account) -> None:
    given = {"account": account, "query": "sex=female", "now": NOW}
    first = save_view(page="people", name=" 女  性 ", **given)
    assert (first.name, save_view(page="tasks", name="女 性", **given).page) == ("女 性", "tasks")
    assert save_view(page="people", name="女 性", **given).pk == first.pk
    for number in range(MOST_VIEWS - 1):
        save_view(page="people", name=f"第{number}个", **given)
    for page, name, query in (("people", "多一个", ""), ("tasks", "", ""), ("tasks", "长", "x" * 1001)):
        with pytest.raises(BadInput):
            save_view(page=page, name=name, account=account, query=query, now=NOW)
    with pytest.raises(NotFound):
        drop_view(account=account, page="tasks", view=first.pk)
    drop_view(account=account, page="people", view=first.pk)
    assert len(views_of(account, "people")) == MOST_VIEWS - 1
