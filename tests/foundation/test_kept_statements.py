"""A queryset that is compiled once finds and makes what the same queryset does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db.models import Count
from django.test.utils import override_settings

from songhe.foundation.access.models import Account, Grant
from songhe.foundation.database.kept import Kept

pytestmark = pytest.mark.usefixtures("db")


def _grants(account, today):  # type: ignore[no-untyped-def]
    return Grant.objects.filter(account=account, from_date__lte=today).select_related("role", "account").order_by("pk")


@pytest.mark.parametrize("prepared", [False, True])
def test_it_finds_the_same_objects_with_their_relations(account_for: Callable[..., Account], prepared: bool) -> None:
    account, today, kept = account_for("district_officer", "420704"), date.today(), Kept(_grants)
    with override_settings(PREPARED=prepared):
        for _ in range(2):
            found, usual = kept(account=account.pk, today=today), list(_grants(account.pk, today))
            assert found == usual
            assert found
            assert [vars_of(one) for one in found] == [vars_of(one) for one in usual]
            assert found[0].account == account
            assert found[0].role.name == usual[0].role.name


def vars_of(one: Grant) -> dict[str, object]:
    return {name: value for name, value in vars(one).items() if name != "_state"}


def test_other_values_find_others(account_for: Callable[..., Account], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    account, kept = account_for("district_officer", "420704"), Kept(lambda key: Account.objects.filter(pk=key))
    with django_assert_num_queries(2):
        assert kept.first(key=uuid4()) is None
        assert kept.first(key=account.pk) == account


def test_what_is_counted_beside_comes_along(account_for: Callable[..., Account]) -> None:
    account = account_for("district_officer", "420704")
    kept = Kept(lambda key: Account.objects.filter(pk=key).annotate(number=Count("grants")))
    assert kept.first(key=account.pk).number == account.grants.count()  # type: ignore[union-attr]
