"""Seals: only what is settled is sealed, and whoever changes it afterwards is found, superuser or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.heads import read_heads, write_head
from songhe.foundation.audit.models import Block, Check, Mark
from songhe.foundation.audit.recording import record
from songhe.foundation.audit.sealing import keep_sealed, seal_blocks
from songhe.foundation.audit.trees import canonical, root_of
from songhe.foundation.audit.verifying import Problem, Verification, record_check, verify
from songhe.foundation.database.preparing import Database
from songhe.kernel.errors import BadInput
from tests.command_line import run

NOW = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
CITY = Actor.system("测试", "420700")
_TABLES = "audit_entry, audit_block, audit_check, audit_mark"
Owner = Callable[..., None]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker, platform_database: Database) -> Iterator[None]:
    """Work that is committed, as sealing needs it; emptied by the owner before and after."""
    with django_db_blocker.unblock():
        _emptied(platform_database)
        yield
        connection.close()
        _emptied(platform_database)


def _emptied(database: Database) -> None:
    with tampering(database) as owner:
        owner.execute(f"TRUNCATE {_TABLES}")
        owner.execute("ALTER SEQUENCE audit_entry_number RESTART")


@contextmanager
def tampering(database: Database) -> Iterator[psycopg.Connection]:
    """The owner with all guards off, as a superuser could have it."""
    with psycopg.connect(database.owner) as owner:
        for table in _TABLES.split(", ")[:3]:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute("SELECT set_config('app.lo', '0', true), set_config('app.hi', ':', true)")
        yield owner
        for table in _TABLES.split(", ")[:3]:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def tamper(committed: None, platform_database: Database) -> Owner:
    def do(*statements: str) -> None:
        with tampering(platform_database) as owner:
            for statement in statements:
                owner.execute(statement)

    return do


def deeds(number: int) -> None:
    with scoped(CITY, "test"):
        for at in range(number):
            record(CITY, action=f"test.deed{at}", detail={"at": at, "words": "凤凰社区"})


def sealed(number: int = 25, size: int = 10) -> None:
    deeds(number)
    assert seal_blocks(now=NOW, size=size) == -(-number // size)


def wrong(found: Verification) -> list[tuple[int, str]]:
    return [(problem.block, problem.what) for problem in found.problems]


def blocks() -> list[tuple[int, int, int, int]]:
    return list(Block.objects.order_by("number").values_list("number", "from_id", "until_id", "entries"))


@pytest.fixture
def stranger(committed: None, platform_database: Database) -> Iterator[psycopg.Connection]:
    """Another session of the application."""
    with psycopg.connect(platform_database.web) as web:
        yield web


def begins(web: psycopg.Connection) -> None:
    web.execute("INSERT INTO audit_entry (kind, actor_name, purpose, action, subject, region_code, row_count, detail, "
                "table_name, row_id) VALUES ('deed', '', '', 'slow', '', '420700000000', 1, '{}', '', '')")  # fmt: skip


def test_settled_entries_are_sealed_in_blocks_that_follow_each_other(committed: None) -> None:
    sealed(25)
    assert blocks() == [(1, 1, 11, 10), (2, 11, 21, 10), (3, 21, 26, 5)]
    assert seal_blocks(now=NOW) == 0
    deeds(1)
    assert seal_blocks(now=NOW) == 1
    found = verify()
    assert (found.blocks, found.entries, found.until_id, found.unsealed, found.problems) == (4, 26, 27, 0, ())


def test_a_run_seals_only_so_many_blocks(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songhe.foundation.audit.sealing.MOST_BLOCKS", 2)
    deeds(25)
    assert [seal_blocks(now=NOW, size=10), seal_blocks(now=NOW, size=10)] == [2, 1]
    assert verify().problems == ()


def test_the_worker_seals_and_writes_the_head_once_a_day(committed: None, tmp_path: Path, settings: Any) -> None:
    settings.AUDIT_HEADS = tmp_path / "heads.jsonl"
    for hours in (0, 3, 24):
        deeds(2)
        keep_sealed(now=NOW + timedelta(hours=hours))
    assert [head.block for head in read_heads(settings.AUDIT_HEADS)] == [1, 3]


def test_with_nothing_to_seal_nothing_is_sealed(committed: None) -> None:
    assert seal_blocks(now=NOW) == 0
    assert verify() == Verification(0, 0, 1, 0, ())


def test_a_long_gap_of_numbers_is_passed(committed: None) -> None:
    deeds(3)
    with scoped(CITY, "test"):
        for at in range(30):
            record(CITY, action=f"undone{at}")
        transaction.set_rollback(True)
    deeds(2)
    assert seal_blocks(now=NOW, size=10) == 2
    assert verify().problems == ()


def test_nothing_is_sealed_below_a_running_transaction(stranger: psycopg.Connection) -> None:
    begins(stranger)
    deeds(5)
    assert [seal_blocks(now=NOW), seal_blocks(now=NOW)] == [0, 0]
    assert Mark.objects.count() == 1
    stranger.commit()
    assert seal_blocks(now=NOW) == 1
    assert blocks() == [(1, 1, 7, 6)]
    assert not Mark.objects.exists()
    assert verify().problems == ()


def test_sealing_goes_on_while_somebody_is_always_at_work(
    stranger: psycopg.Connection, platform_database: Database
) -> None:
    begins(stranger)
    deeds(5)
    assert seal_blocks(now=NOW) == 0
    with psycopg.connect(platform_database.web) as later:
        begins(later)
        stranger.commit()
        assert seal_blocks(now=NOW) == 1
        assert blocks() == [(1, 1, 7, 6)]
        assert Mark.objects.count() == 1
    assert seal_blocks(now=NOW) == 1


def test_a_database_restored_on_another_server_is_sealed_on(committed: None) -> None:
    sealed(5)
    Mark.objects.create(below=6, writers=["99/12345"])
    deeds(1)
    assert seal_blocks(now=NOW) == 1
    assert blocks()[-1] == (2, 6, 7, 1)
    assert not Mark.objects.exists()


def test_sealing_has_its_own_transaction(committed: None) -> None:
    with scoped(CITY, "test"):
        record(CITY, action="test.deed")
        with pytest.raises(transaction.TransactionManagementError, match="its own"):
            seal_blocks(now=NOW)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ("UPDATE audit_entry SET action = 'nothing' WHERE id = 13", (2, "记录被改过")),
        ("UPDATE audit_entry SET detail = '{\"at\": 99}' WHERE id = 1", (1, "记录被改过")),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = 25", (3, "记录被改过")),
        ("UPDATE audit_entry SET actor = gen_random_uuid() WHERE id = 3", (1, "记录被改过")),
        ("UPDATE audit_entry SET row_id = 'x' WHERE id = 3", (1, "记录被改过")),
        ("DELETE FROM audit_entry WHERE id = 14", (2, "少了1条记录")),
        ("DELETE FROM audit_entry WHERE id >= 24", (3, "少了2条记录")),
        ("UPDATE audit_entry SET id = 0 WHERE id = 14", (2, "少了1条记录")),
        ("UPDATE audit_block SET sealed_at = sealed_at - interval '1 day' WHERE number = 2", (2, "封条不对")),
        ("UPDATE audit_block SET previous = root WHERE number = 3", (3, "与上一块接不上")),
        ("DELETE FROM audit_block WHERE number = 1", (2, "前面少了第1块")),
        ("UPDATE audit_block SET number = 9 WHERE number = 3", (9, "前面少了第3至第8块")),
        ("UPDATE audit_block SET from_id = 12 WHERE number = 2", (2, "与上一块的记录号不连")),
    ],
)
def test_whoever_tampers_is_found_in_the_block(tamper: Owner, deed: str, expected: tuple[int, str]) -> None:
    sealed(25)
    tamper(deed)
    assert expected in wrong(verify())


def test_an_entry_put_in_afterwards_is_found(tamper: Owner) -> None:
    sealed(25)
    copied = "SELECT {id}, at, transaction, role, kind, actor, actor_name, purpose, action, subject, region_code, "
    copied += "table_name, row_id, row_count, detail FROM audit_entry WHERE id = 5"
    tamper("DELETE FROM audit_entry WHERE id = 12", "INSERT INTO audit_entry " + copied.format(id=12))
    assert wrong(verify()) == [(2, "记录被改过")]
    tamper("INSERT INTO audit_entry " + copied.format(id=-3))
    assert (0, "封条之前插进了1条") in wrong(verify())


def test_an_entry_moved_into_a_hole_is_found(tamper: Owner) -> None:
    deeds(2)
    with scoped(CITY, "test"):
        record(CITY, action="undone")
        transaction.set_rollback(True)
    sealed(1)
    deeds(1)
    tamper("UPDATE audit_entry SET id = 3 WHERE id = 5")
    assert wrong(verify()) == [(1, "多了1条记录")]


def test_who_reseals_without_the_key_is_found(tamper: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed(25)
    tamper("UPDATE audit_entry SET action = 'nothing' WHERE id = 13", "DELETE FROM audit_block WHERE number >= 2")
    monkeypatch.setattr("songhe.foundation.audit.trees.key", lambda name: b"guessed" * 4)
    assert seal_blocks(now=NOW, size=10) == 2
    monkeypatch.undo()
    assert wrong(verify()) == [(2, "封条不对"), (3, "封条不对")]


def test_who_reseals_with_the_key_is_found_by_the_head_outside(tamper: Owner, tmp_path: Path) -> None:
    sealed(25)
    head = write_head(tmp_path / "heads.jsonl", now=NOW)
    tamper("UPDATE audit_entry SET action = 'nothing' WHERE id = 13", "DELETE FROM audit_block WHERE number >= 2")
    assert seal_blocks(now=NOW, size=10) == 2
    assert verify().problems == ()
    assert head is not None
    assert wrong(verify([head])) == [(3, "与外存的链头（2026-11-18）不同，可能重新封过")]


def test_a_cut_tail_is_found_by_the_head_outside(tamper: Owner, tmp_path: Path) -> None:
    sealed(25)
    write_head(tmp_path / "heads.jsonl", now=NOW)
    tamper("DELETE FROM audit_entry WHERE id >= 21", "DELETE FROM audit_block WHERE number = 3")
    assert verify().problems == ()
    (problem,) = verify(read_heads(tmp_path / "heads.jsonl")).problems
    assert problem == Problem(3, 0, 26, "外存的链头（2026-11-18）里有，库里没有，可能被截掉了")
    assert str(problem).startswith("第3块（记录0至25）：")


def test_heads_that_fit_are_no_problem_and_entries_to_come_are_counted(committed: None, tmp_path: Path) -> None:
    sealed(25)
    head = write_head(tmp_path / "heads.jsonl", now=NOW)
    deeds(2)
    told: list[tuple[int, int]] = []
    assert head is not None
    found = verify([head], told=lambda done, total: told.append((done, total)))
    assert (found.problems, found.unsealed, told[-1]) == ((), 2, (3, 3))


def test_a_head_is_written_when_there_is_a_new_block_and_daily_once_a_day(committed: None, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "heads.jsonl"
    assert write_head(path, now=NOW) is None
    sealed(5)
    assert write_head(path, now=NOW, daily=True) is not None
    assert write_head(path, now=NOW, daily=True) is None
    deeds(1)
    seal_blocks(now=NOW)
    assert write_head(path, now=NOW + timedelta(hours=3), daily=True) is None
    assert write_head(path, now=NOW + timedelta(days=1), daily=True) is not None
    assert [head.block for head in read_heads(path)] == [1, 2]
    deeds(1)
    seal_blocks(now=NOW)
    assert write_head(path, now=NOW + timedelta(days=1)) is not None


@pytest.mark.parametrize("line", ["no json", "[]", '{"at": "2026", "block": 1}', '{"at": 1, "block": "x"}'])
def test_a_file_that_holds_no_heads_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text(json.dumps({"at": "", "block": 1, "until_id": 2, "seal": ""}) + "\n" + line + "\n")
    with pytest.raises(BadInput, match="第2行"):
        read_heads(path)


def test_a_check_is_kept(committed: None) -> None:
    record_check(Verification(3, 25, 26, 0, (Problem(2, 11, 21, "记录被改过"),)), by="周敏", now=NOW)
    kept = Check.objects.get()
    assert (kept.by, kept.blocks, kept.problems[0]["what"]) == ("周敏", 3, "记录被改过")


def test_the_root_depends_on_each_entry_and_their_order() -> None:
    roots = {root_of(leaves) for leaves in ([], [b"a"], [b"b"], [b"a", b"b"], [b"b", b"a"], [b"a", b"b", b"b"])}
    assert len(roots) == 6
    assert canonical((1, None, '{"b": 1, "a": "凤"}')) == '[1,null,{"a":"凤","b":1}]'.encode()


@pytest.mark.parametrize("number", range(1, 18))
def test_the_root_is_that_of_rfc_6962(number: int) -> None:
    leaves = [bytes([at]) for at in range(number)]

    def tree(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return root_of(part)
        split = 1 << (len(part) - 1).bit_length() - 1
        from songhe.foundation.audit.trees import _digest

        return _digest(b"\x01", tree(part[:split]), tree(part[split:]))

    assert root_of(leaves) == tree(leaves)


@pytest.fixture
def joined(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songhe.config.cli.audit.join_platform", lambda folder: nullcontext())


def test_the_commands_seal_and_verify(joined: None, tamper: Owner, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    deeds(3)
    assert run("audit", "seal", "--head", heads).out == f"封了1块\n链头写到{heads}：第1块\n"
    assert run("audit", "seal", "--head", heads).out == "没有新的可封\n"
    good = run("audit", "verify", "--head", heads)
    assert (good.code, good.out) == (0, "验了1块，3条记录；对照了1个链头\n还没封的0条\n全都对\n")
    tamper("DELETE FROM audit_entry WHERE id = 2")
    bad = run("audit", "verify", "--head", heads)
    assert bad.code == 1
    assert "不对：第1块（记录1至3）：少了1条记录" in bad.out
    assert list(Check.objects.order_by("id").values_list("until_id", flat=True)) == [4, 4]
