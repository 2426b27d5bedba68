"""songhe people import: read, propose, approve at the command line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.people.imports.models import Batch
from songhe.people.models import Sheet
from tests.command_line import Ended, run
from tests.people.imports.register import book, number, person, sheets
from tests.platform_fixtures import PASSWORD

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级")
LIST = ("nowhere.csv", "--source", "disabled_federation", "--data-until", "2026-11-01")
OPTIONS = ("--source", "disabled_federation", "--data-until", "2026-11-01")


@pytest.fixture
def city(
    account_for: Callable[..., Any], at_work: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    settings.FILES = tmp_path / "files"
    monkeypatch.setattr("songhe.config.cli.people.join_platform", lambda folder: nullcontext())
    account_for("district_officer", "420704", login="officer")
    account_for("district_leader", "420704", login="leader", name="周敏")
    with scoped(Actor.system("测试", ""), "test"):
        found = person(1, "李桂芳")
        sheets()
    return found


def run_as(login: str, *words: str | Path, password: str = PASSWORD, code: str = "") -> Ended:
    """The command with who does it, the password on standard input."""
    typed = ("--as", login, "--password-stdin", *(("--code", code) if code else ()))
    with patch.object(sys, "stdin", io.StringIO(password + "\n")):
        return run("people", "import", *words, *typed)


def batches() -> list[Batch]:
    with scoped(Actor.system("测试", ""), "test"):
        return list(Batch.objects.all())


def test_a_list_is_read_proposed_and_approved(city: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", HEADER, [("李桂芳", number(1), "肢体", "一级")])
    ended = run_as("officer", path, *OPTIONS)
    assert ended.code == 0, ended.err
    assert "读到1行：新增1" in ended.out
    (batch,) = batches()
    refused = run_as("officer", "--approve", str(batch.pk))
    assert refused.code == 1 and "不能审批导入" in refused.err
    approved = run_as("leader", "--approve", str(batch.pk))
    assert approved.code == 0 and "事实2条" in approved.out, approved.err
    with scoped(Actor.system("测试", ""), "test"):
        assert Sheet.objects.get(person=city).disability_level == 1


def test_a_dry_run_leaves_nothing(city: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", HEADER, [("李桂芳", number(1), "肢体", "五级")])
    ended = run_as("officer", path, *OPTIONS, "--dry-run")
    assert ended.code == 1
    assert "第2行D列 残疾等级：不认识 五级" in ended.err and "什么也没有留下" in ended.out
    assert not batches()
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("words", "code", "said"), [
    (("nowhere.csv", *OPTIONS), 1, "找不到"),
    (("nowhere.csv",), 2, "--source"),
    ((), 2, "--approve"),
    (("nowhere.csv", "--source", "x", "--data-until", "2026-11-01"), 1, "这种名册"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(city: Any, words: tuple[str, ...], code: int, said: str) -> None:
    ended = run_as("officer", *words)
    assert ended.code == code and said in ended.err


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(city: Any) -> None:
    wrong, unknown = run_as("officer", *LIST, password="guessed"), run_as("nobody", *LIST)
    assert wrong.code == unknown.code == 1
    assert wrong.err == unknown.err and "登录名或密码不对" in wrong.err
    assert [(one.action, one.detail["at"]) for one in signings()] == [("access.sign_in_failed", "command line")]


def test_too_many_tries_close_the_way_even_for_the_right_password(city: Any) -> None:
    for _ in range(5):
        run_as("officer", *LIST, password="guessed")
    locked = run_as("officer", *LIST)
    assert locked.code == 1 and "15分钟以后再试" in locked.err


def test_a_second_factor_is_asked_for(city: Any) -> None:
    device = TOTPDevice.objects.create(user=Account.objects.get(login="officer"), name="手机", confirmed=True)
    assert "--code" in run_as("officer", *LIST).err
    assert "动态码不对" in run_as("officer", *LIST, code="000000").err
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    right = f"{totp(device.bin_key, device.step, device.t0, device.digits, device.drift):06d}"
    assert "找不到" in run_as("officer", *LIST, code=right).err
    assert [one.detail["second_factor"] for one in signings() if one.action == "access.sign_in"] == [True]


@pytest.mark.parametrize(("changed", "said"), [
    ({"is_active": False}, "登录名或密码不对"),
    ({"must_change_password": True}, "先在网页上改密码"),
    ({"needs_second_factor": True}, "绑定动态码"),
])  # fmt: skip
def test_an_account_that_may_not_work_yet_or_any_more_does_nothing(
    city: Any, changed: dict[str, bool], said: str
) -> None:
    Account.objects.filter(login="officer").update(**changed)
    ended = run_as("officer", *LIST)
    assert ended.code == 1 and said in ended.err


def test_who_lacks_the_action_is_refused_before_the_file_is_read(city: Any, account_for: Callable[..., Any]) -> None:
    account_for("community_worker", "420704001002", login="worker")
    ended = run_as("worker", *LIST)
    assert ended.code == 1 and "不能" in ended.err and "找不到" not in ended.err
    assert not signings()


def test_without_standard_input_the_password_is_asked_for_and_not_shown(
    city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def prompt(words: str, **how: Any) -> str:
        asked.append((words, how["hide_input"]))
        return PASSWORD

    monkeypatch.setattr("click.prompt", prompt)
    assert "找不到" in run("people", "import", *LIST, "--as", "officer").err
    assert asked == [("密码", True)]


def signings() -> list[Entry]:
    with scoped(Actor.system("测试", ""), "test"):
        return list(Entry.objects.filter(action__startswith="access.sign_in").order_by("id"))
