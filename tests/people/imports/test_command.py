"""songhe people import: read, propose, approve at the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.imports.models import Batch
from songhe.people.models import Sheet
from tests.command_line import run
from tests.people.imports.register import book, number, person, sheets

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级")
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


def batches() -> list[Batch]:
    with scoped(Actor.system("测试", ""), "test"):
        return list(Batch.objects.all())


def test_a_list_is_read_proposed_and_approved(city: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", HEADER, [("李桂芳", number(1), "肢体", "一级")])
    ended = run("people", "import", path, *OPTIONS, "--as", "officer")
    assert ended.code == 0, ended.err
    assert "读到1行：新增1" in ended.out
    (batch,) = batches()
    refused = run("people", "import", "--approve", str(batch.pk), "--as", "officer")
    assert refused.code == 1 and "不能审批导入" in refused.err
    approved = run("people", "import", "--approve", str(batch.pk), "--as", "leader")
    assert approved.code == 0 and "事实2条" in approved.out, approved.err
    with scoped(Actor.system("测试", ""), "test"):
        assert Sheet.objects.get(person=city).disability_level == 1


def test_a_dry_run_leaves_nothing(city: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", HEADER, [("李桂芳", number(1), "肢体", "五级")])
    ended = run("people", "import", path, *OPTIONS, "--as", "officer", "--dry-run")
    assert ended.code == 1
    assert "第2行D列 残疾等级：不认识 五级" in ended.err and "什么也没有留下" in ended.out
    assert not batches()
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("words", "code", "said"), [
    (("nowhere.csv", *OPTIONS, "--as", "officer"), 1, "找不到"),
    (("nowhere.csv", *OPTIONS, "--as", "nobody"), 1, "没有这个登录名"),
    (("nowhere.csv", "--as", "officer"), 2, "--source"),
    (("--as", "officer"), 2, "--approve"),
    (("nowhere.csv", "--source", "x", "--data-until", "2026-11-01", "--as", "officer"), 1, "这种名册"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(city: Any, words: tuple[str, ...], code: int, said: str) -> None:
    ended = run("people", "import", *words)
    assert ended.code == code and said in ended.err
