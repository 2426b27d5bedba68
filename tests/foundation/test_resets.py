"""An administrator's account is opened again by two persons: nobody becomes another administrator alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access import operations
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Reset, ResetDeed
from songhe.foundation.access.resetting import open_resets
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.notices.models import Notice
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from tests.platform_fixtures import PASSWORD, ActorFor, ClientFor

NOW = timezone.make_aware(datetime(2026, 11, 18, 9, 30))
WHY = "本人来电话说忘了密码"
AccountFor = Callable[..., Account]


@pytest.fixture
def first(actor: ActorFor, account_for: AccountFor) -> Actor:
    return replace(actor("security_admin"), account_id=account_for("security_admin", login="first").pk)


@pytest.fixture
def second(actor: ActorFor, account_for: AccountFor) -> Actor:
    return replace(actor("security_admin"), account_id=account_for("security_admin", login="second").pk)


def asked(by: Actor, account: Account, deed: ResetDeed = ResetDeed.PASSWORD) -> Reset:
    return operations.ask_reset(actor=by, account=account, deed=deed, reason=WHY, now=NOW)


@pytest.mark.covers("NET-04")
@pytest.mark.parametrize("role", ["security_admin", "system_admin", "auditor"])
def test_nobody_resets_an_administrator_alone(first: Actor, account_for: AccountFor, role: str) -> None:
    account = account_for(role, login="target")
    TOTPDevice.objects.create(user=account, name="手机", confirmed=True)
    for deed in (operations.reset_password, operations.remove_devices):
        with pytest.raises(Refused, match="另一位"):
            deed(actor=first, account=account)
    operations.close_account(actor=first, account=account, reason="休假")
    with pytest.raises(Refused, match="另一位"):
        operations.reopen_account(actor=first, account=account)
    account.refresh_from_db()
    assert account.check_password(PASSWORD) and not account.is_active
    assert TOTPDevice.objects.filter(user=account, confirmed=True).exists()


def test_who_is_proposed_for_it_counts_as_an_administrator(
    first: Actor, second: Actor, account_for: AccountFor
) -> None:
    account, _ = operations.open_account(actor=first, login="new-one", name="严素琴", unit="", now=NOW)
    operations.reset_password(actor=first, account=account)
    role = account_for("auditor", login="other").grants.get().role
    operations.propose_grant(
        actor=first, account=account, role=role, region="420700", from_date=NOW.date(), until_date=None,
        reason="接手审计", now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused):
        operations.reset_password(actor=first, account=account)


@pytest.mark.covers("NET-04")
def test_a_second_administrator_opens_the_way_and_the_person_sets_an_own_password(
    first: Actor, second: Actor, account_for: AccountFor
) -> None:
    account = account_for("auditor", login="target")
    reset = asked(first, account)
    with pytest.raises(Refused, match="不能自己批准"):
        operations.approve_reset(actor=first, reset=reset, now=NOW)
    assert list(open_resets(second)) == [reset]
    password = operations.approve_reset(actor=second, reset=reset, now=NOW)
    account.refresh_from_db()
    assert account.check_password(password) and account.must_change_password
    with pytest.raises(Conflict, match="决定过"):
        operations.approve_reset(actor=second, reset=reset, now=NOW)
    assert Notice.objects.filter(account=account).count() == 2, "asked, and done"
    assert Notice.objects.filter(account=first.account_id, title__contains="办好了").count() == 1
    assert Notice.objects.filter(account=second.account_id, title__contains="等您批准").count() == 1
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("audit"))["Location"] == reverse("own-password")


def test_the_second_factor_goes_by_two_and_is_bound_anew_before_anything_else(
    first: Actor, second: Actor, account_for: AccountFor
) -> None:
    account = account_for("security_admin", login="target")
    TOTPDevice.objects.create(user=account, name="手机", confirmed=True)
    reset = asked(first, account, ResetDeed.SECOND_FACTOR)
    assert operations.approve_reset(actor=second, reset=reset, now=NOW) == ""
    account.refresh_from_db()
    assert not TOTPDevice.objects.filter(user=account).exists()
    assert account.must_change_password and account.needs_second_factor
    assert account.check_password(PASSWORD)


def test_a_closed_administrator_comes_back_by_two(first: Actor, second: Actor, account_for: AccountFor) -> None:
    account = account_for("auditor", login="target")
    with pytest.raises(Conflict):
        asked(first, account, ResetDeed.REOPEN)
    operations.close_account(actor=first, account=account, reason="休假")
    account.refresh_from_db()
    with pytest.raises(Conflict):
        asked(first, account)
    reset = asked(first, account, ResetDeed.REOPEN)
    assert operations.approve_reset(actor=second, reset=reset, now=NOW)
    account.refresh_from_db()
    assert account.is_active


def test_neither_for_oneself_nor_by_oneself(first: Actor, second: Actor) -> None:
    own, other = (Account.objects.get(pk=one.account_id) for one in (first, second))
    with pytest.raises(Refused, match="自己"):
        asked(first, own)
    reset = asked(first, other)
    with pytest.raises(Refused, match="自己"):
        operations.approve_reset(actor=second, reset=reset, now=NOW)


def test_a_request_is_made_once_refused_taken_back_and_grows_old(
    first: Actor, second: Actor, account_for: AccountFor
) -> None:
    account = account_for("auditor", login="target")
    reset = asked(first, account)
    with pytest.raises(Conflict, match="等批准"):
        asked(second, account)
    operations.refuse_reset(actor=second, reset=reset, now=NOW)
    operations.refuse_reset(actor=first, reset=asked(first, account), now=NOW)
    old = asked(first, account)
    week = NOW + timedelta(days=8)
    with pytest.raises(Conflict, match="重新提出"):
        operations.approve_reset(actor=second, reset=old, now=week)
    again = operations.ask_reset(actor=first, account=account, deed=ResetDeed.PASSWORD, reason=WHY, now=week)
    assert list(open_resets(second, account)) == [again]
    assert account.check_password(PASSWORD)
    with scoped(first, "test"):
        written = list(Entry.objects.filter(subject=str(account.pk), kind="deed").values_list("action", flat=True))
    assert (written.count("access.ask_reset"), written.count("access.refuse_reset")) == (4, 2)


def test_a_reason_is_asked_for(first: Actor, account_for: AccountFor) -> None:
    account = account_for("auditor", login="target")
    with pytest.raises(BadInput, match="为什么"):
        operations.ask_reset(actor=first, account=account, deed=ResetDeed.PASSWORD, reason=" 忘 ", now=NOW)


def test_an_account_with_rights_elsewhere_is_not_there(actor: ActorFor, second: Actor, account_for: AccountFor) -> None:
    account = account_for("auditor", "420700", login="target")
    district = replace(actor("security_admin", "420704"), account_id=account_for("security_admin", "420704").pk)
    with pytest.raises(NotFound):
        asked(district, account)
    reset = asked(second, account)
    with pytest.raises(NotFound):
        operations.approve_reset(actor=district, reset=reset, now=NOW)


@pytest.mark.covers("NET-04")
def test_the_pages_ask_and_another_person_approves(client_as: ClientFor, account_for: AccountFor) -> None:
    target = account_for("auditor", login="target", name="魏国安")
    asking, approving = client_as("security_admin", login="first"), client_as("security_admin", login="second")
    page = asking.get(reverse("account", args=[target.pk])).content.decode()
    assert page.count('id="id_reason"') == 1, "one of each id"
    assert "重置这个管理员的账号" in page and 'value="password"><c' not in page
    asking.post(reverse("account-change", args=[target.pk]), {"deed": "password"})
    asking.post(reverse("reset-new", args=[target.pk]), {"deed": "password", "why": WHY})
    reset = Reset.objects.get()
    assert target.check_password(PASSWORD)
    decide = reverse("reset-decide", args=[reset.pk])
    assert "等另一位" in asking.get(reverse("accounts")).content.decode()
    asking.post(decide, {"deed": "approve"})
    reset.refresh_from_db()
    assert reset.decided_at is None
    assert WHY in approving.get(reverse("accounts")).content.decode()
    shown = approving.post(decide, {"deed": "approve"})
    assert "只显示这一次" in shown.content.decode()
    target.refresh_from_db()
    assert target.must_change_password and not target.check_password(PASSWORD)
