"""Accounts and rights: two persons for a grant, three administrators apart, counted anew for every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access import operations
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, Role
from songhe.foundation.access.queries import accounts_of, actor_of, devices_of, proposals
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from tests.platform_fixtures import PASSWORD, TODAY, ActorFor

NOW = timezone.make_aware(datetime(2026, 11, 18, 9, 30))
AccountFor = Callable[..., Account]


@pytest.fixture
def first(actor: ActorFor, account_for: AccountFor) -> Actor:
    account = account_for("security_admin", "420700", login="first")
    return replace(actor("security_admin"), account_id=account.pk)


@pytest.fixture
def second(actor: ActorFor, account_for: AccountFor) -> Actor:
    account = account_for("security_admin", "420700", login="second")
    return replace(actor("security_admin"), account_id=account.pk)


@pytest.fixture
def newcomer(first: Actor) -> Account:
    account, _ = operations.open_account(actor=first, login="new-one", name="严素琴", unit="凤凰街道", now=NOW)
    return account


def propose(by: Actor, account: Account, **changed: object) -> Grant:
    wanted: dict[str, object] = {
        "role": Role.objects.get(code="street_officer"), "region": "420704001", "from_date": TODAY,
        "until_date": None, "reason": "接手凤凰街道",
    }  # fmt: skip
    return operations.propose_grant(actor=by, account=account, now=NOW, **(wanted | changed))  # type: ignore[arg-type]


def test_an_account_starts_with_no_right_and_a_password_to_change(first: Actor) -> None:
    account, password = operations.open_account(actor=first, login="new-one", name="严素琴", unit="", now=NOW)
    assert account.check_password(password)
    assert account.must_change_password
    assert actor_of(account, TODAY) is None


@pytest.mark.parametrize("login", ["Ab", "1abc", "严素琴", "a b", "ab", "a" * 41])
def test_a_sign_in_name_of_another_form_is_refused(first: Actor, login: str) -> None:
    with pytest.raises(BadInput, match="登录名"):
        operations.open_account(actor=first, login=login, name="严素琴", unit="", now=NOW)


def test_a_sign_in_name_is_taken_once(first: Actor, newcomer: Account) -> None:
    with pytest.raises(BadInput, match="已经有人用"):
        operations.open_account(actor=first, login="new-one", name="吴秋云", unit="", now=NOW)


def test_a_grant_counts_when_another_person_approved_it(first: Actor, second: Actor, newcomer: Account) -> None:
    grant = propose(first, newcomer)
    assert actor_of(newcomer, TODAY) is None
    assert list(proposals(second)) == [grant]
    with pytest.raises(Refused, match="不能自己批准"):
        operations.approve_grant(actor=first, grant=grant, now=NOW)
    operations.approve_grant(actor=second, grant=grant, now=NOW)
    working = actor_of(newcomer, TODAY)
    assert working is not None
    assert working.region == "420704001"
    assert working.may("people.write")
    assert not working.may("access.grant")
    with pytest.raises(Conflict):
        operations.approve_grant(actor=second, grant=grant, now=NOW)


def test_a_grant_ends_at_once_and_on_its_day(first: Actor, second: Actor, newcomer: Account) -> None:
    grant = propose(first, newcomer, until_date=TODAY + timedelta(days=2))
    operations.approve_grant(actor=second, grant=grant, now=NOW)
    assert actor_of(newcomer, TODAY - timedelta(days=1)) is None
    assert actor_of(newcomer, TODAY + timedelta(days=1)) is not None
    assert actor_of(newcomer, TODAY + timedelta(days=2)) is None
    operations.end_grant(actor=first, grant=grant, now=NOW)
    assert actor_of(newcomer, TODAY) is None


def test_a_refused_proposal_never_counts(first: Actor, second: Actor, newcomer: Account) -> None:
    grant = propose(first, newcomer)
    operations.refuse_grant(actor=second, grant=grant, now=NOW)
    with pytest.raises(Conflict):
        operations.approve_grant(actor=second, grant=grant, now=NOW)
    assert actor_of(newcomer, TODAY) is None


def test_nobody_grants_oneself(first: Actor) -> None:
    with pytest.raises(Refused, match="自己"):
        propose(first, Account.objects.get(pk=first.account_id))


@pytest.mark.parametrize(("held", "wanted"), [("system_admin", "security_admin"), ("auditor", "city_officer")])
def test_the_three_administrators_are_different_persons(
    first: Actor, second: Actor, newcomer: Account, held: str, wanted: str
) -> None:
    grant = propose(first, newcomer, role=Role.objects.get(code=held), region="420700")
    operations.approve_grant(actor=second, grant=grant, now=NOW)
    with pytest.raises(Refused, match="同一个人"):
        propose(first, newcomer, role=Role.objects.get(code=wanted), region="420700")


def test_a_region_outside_ones_own_is_like_none(first: Actor, newcomer: Account) -> None:
    with pytest.raises(NotFound):
        propose(first, newcomer, region="150600")


def test_the_same_right_is_not_proposed_twice(first: Actor, newcomer: Account) -> None:
    propose(first, newcomer)
    with pytest.raises(Conflict):
        propose(first, newcomer)


def test_dates_in_the_wrong_order_are_refused(first: Actor, newcomer: Account) -> None:
    with pytest.raises(BadInput, match="到期日"):
        propose(first, newcomer, until_date=TODAY)


def test_one_works_in_the_region_one_chose(first: Actor, second: Actor, newcomer: Account) -> None:
    here, there = propose(first, newcomer), propose(first, newcomer, region="420704002")
    for grant in (here, there):
        operations.approve_grant(actor=second, grant=grant, now=NOW)
    operations.work_in(account=newcomer, grant=there, today=TODAY)
    working = actor_of(newcomer, TODAY)
    assert working is not None
    assert working.region == "420704002"
    operations.end_grant(actor=first, grant=there, now=NOW)
    fallen_back = actor_of(newcomer, TODAY)
    assert fallen_back is not None
    assert fallen_back.region == "420704001"
    with pytest.raises(NotFound):
        operations.work_in(account=newcomer, grant=there, today=TODAY)


def test_a_closed_account_has_no_right_and_no_way_in(first: Actor, account_for: AccountFor) -> None:
    account = account_for("street_officer", "420704001")
    operations.close_account(actor=first, account=account, reason="离职")
    assert actor_of(account, TODAY) is None
    with pytest.raises(Conflict):
        operations.close_account(actor=first, account=account, reason="离职")
    operations.reopen_account(actor=first, account=account)
    assert actor_of(account, TODAY) is not None
    with pytest.raises(Refused):
        operations.close_account(actor=first, account=Account.objects.get(pk=first.account_id), reason="x")


def test_a_device_is_replaced_with_the_password_only(account_for: AccountFor) -> None:
    account = account_for("street_officer", "420704001")
    first = operations.new_device(account=account)
    operations.confirm_device(account=account, code=code_of(first))
    second = operations.new_device(account=account)
    with pytest.raises(BadInput, match="密码"):
        operations.confirm_device(account=account, code=code_of(second), password="guessed")
    operations.confirm_device(account=account, code=code_of(second), password=PASSWORD)
    assert [device.pk for device in devices_of(account)] == [second.pk]


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key, device.step, device.t0, device.digits, device.drift):06d}"


def test_ones_own_password_wants_the_old_one_and_a_good_new_one(account_for: AccountFor) -> None:
    account = account_for("street_officer", "420704001")
    for old, new, words in (
        ("no", "a-longer-password", "现在的密码"),
        (PASSWORD, "12345678901", "新密码"),
        (PASSWORD, PASSWORD, "一样"),
    ):
        with pytest.raises(BadInput, match=words):
            operations.change_own_password(account=account, old=old, new=new)
    operations.change_own_password(account=account, old=PASSWORD, new="a-crane-on-a-pine")
    assert account.check_password("a-crane-on-a-pine")


def test_an_account_with_rights_elsewhere_is_another_administrators(
    actor: ActorFor, first: Actor, account_for: AccountFor
) -> None:
    account = account_for("city_officer", "420700")
    district = replace(actor("security_admin", "420704"), account_id=account_for("security_admin", "420704").pk)
    for deed in (operations.reset_password, operations.remove_devices, operations.reopen_account):
        with pytest.raises(NotFound):
            deed(actor=district, account=account)
    with pytest.raises(NotFound):
        operations.close_account(actor=district, account=account, reason="离职")
    with pytest.raises(NotFound):
        propose(district, account)
    assert account.check_password(PASSWORD)
    assert account in accounts_of(first)
    assert account not in accounts_of(district)


def test_who_has_no_right_any_more_can_still_sign_out(newcomer: Account) -> None:
    newcomer.must_change_password = False
    newcomer.save()
    client = Client()
    client.force_login(newcomer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/")
    assert page.status_code == 403 and "退出" in page.content.decode()
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert reverse("sign-in") in client.get("/")["Location"]
