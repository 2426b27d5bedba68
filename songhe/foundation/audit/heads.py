"""The head of the chain, kept outside of the database: who cuts or reseals the entries cannot change it there.

One JSON line a day in a file, best on another machine or printed and signed.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Block
from songhe.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Head:
    """The last block at a moment."""

    at: str
    block: int
    until_id: int
    seal: str


def write_head(path: Path, *, now: datetime, daily: bool = False) -> Head | None:
    """Adds the last block's seal to the file; None when there is no block, or nothing new to write.

    `daily` writes at most one line a day.
    """
    known = read_heads(path)
    with scoped(Actor.system("audit", ""), "audit head"):
        last = Block.objects.order_by("-number").first()
    if last is None or (known and known[-1].block >= last.number):
        return None
    if daily and known and known[-1].at[:10] >= timezone.localtime(now).isoformat()[:10]:
        return None
    head = Head(timezone.localtime(now).isoformat(), last.number, last.until_id, bytes(last.seal).hex())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(head)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return head


def read_heads(path: Path) -> list[Head]:
    """The heads of a file in order, none when there is no file. BadInput for a line that is no head."""
    if not path.exists():
        return []
    heads = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            said = json.loads(line)
            heads.append(Head(str(said["at"]), int(said["block"]), int(said["until_id"]), str(said["seal"])))
        except (ValueError, KeyError, TypeError):
            raise BadInput(f"{path.name}第{number}行", "不是链头", accepted="songhe audit seal写出的文件") from None
    return heads
