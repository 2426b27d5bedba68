"""Verifying the seals: each block is computed anew, the chain followed, the heads kept outside compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hmac import compare_digest

from django.db import connection

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.heads import Head
from songhe.foundation.audit.models import Block, Check, Entry
from songhe.foundation.audit.sealing import contents_of, entries_between
from songhe.foundation.audit.trees import NOTHING, root_of, seal_of

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a block, in words."""

    block: int
    from_id: int
    until_id: int
    what: str

    def __str__(self) -> str:
        return f"第{self.block}块（记录{self.from_id}至{self.until_id - 1}）：{self.what}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: how many blocks and entries are sealed up to which number, how many are not sealed yet."""

    blocks: int
    entries: int
    until_id: int
    unsealed: int
    problems: tuple[Problem, ...]


def verify(heads: Sequence[Head] = (), *, told: Told = lambda done, total: None) -> Verification:
    """Computes all blocks anew and compares them with what is stored, and with heads kept outside.

    Changed, added or removed entries are found in their block; removed and resealed blocks by the chain, the key and
    the heads. Entries not yet sealed are counted. `told` gets how many blocks of how many are done.
    """
    with scoped(Actor.system("audit", ""), "audit verify"):
        blocks = list(Block.objects.order_by("number"))
        problems: list[Problem] = []
        previous: Block | None = None
        for number, block in enumerate(blocks, start=1):
            problems += _problems_of(block, previous)
            previous = block
            told(number, len(blocks))
        problems += _problems_with_heads({block.number: block for block in blocks}, heads)
        until = previous.until_id if previous else 1
        unsealed = Entry.objects.filter(id__gte=until).count()
        stray = Entry.objects.filter(id__lt=blocks[0].from_id if blocks else 1).count()
        if stray:
            problems.append(Problem(0, 0, 1, f"封条之前插进了{stray}条"))
    entries = sum(block.entries for block in blocks)
    return Verification(len(blocks), entries, until, unsealed, tuple(problems))


def record_check(found: Verification, *, by: str, now: datetime) -> None:
    """Keeps that somebody verified, and what was found."""
    problems = [asdict(problem) for problem in found.problems]
    Check.objects.create(at=now, by=by[:40], blocks=found.blocks, until_id=found.until_id, problems=problems)


def _problems_of(block: Block, previous: Block | None) -> list[Problem]:
    found = []
    expected = previous.number + 1 if previous else 1
    if block.number != expected:
        gap = (
            f"前面少了第{expected}至第{block.number - 1}块"
            if block.number > expected + 1
            else f"前面少了第{expected}块"
        )
        found.append(gap)
    elif bytes(block.previous) != (bytes(previous.seal) if previous else NOTHING):
        found.append("与上一块接不上")
    if previous is not None and block.number == expected and block.from_id != previous.until_id:
        found.append("与上一块的记录号不连")
    if not compare_digest(seal_of(contents_of(block)), bytes(block.seal)):
        found.append("封条不对")
    with connection.cursor() as cursor:
        rows = entries_between(cursor, block.from_id, block.until_id)
    if len(rows) < block.entries:
        found.append(f"少了{block.entries - len(rows)}条记录")
    elif len(rows) > block.entries:
        found.append(f"多了{len(rows) - block.entries}条记录")
    elif root_of(rows) != bytes(block.root):
        found.append("记录被改过")
    return [Problem(block.number, block.from_id, block.until_id, what) for what in found]


def _problems_with_heads(blocks: dict[int, Block], heads: Sequence[Head]) -> list[Problem]:
    found = []
    for head in heads:
        block = blocks.get(head.block)
        if block is None:
            what = f"外存的链头（{head.at[:10]}）里有，库里没有，可能被截掉了"
        elif bytes(block.seal).hex() != head.seal:
            what = f"与外存的链头（{head.at[:10]}）不同，可能重新封过"
        else:
            continue
        found.append(Problem(head.block, block.from_id if block else 0, head.until_id, what))
    return found
