"""SM3 Merkle trees over entries, and the keyed seal of a block."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

from songhe.foundation.sealing.keys import AUDIT, key

NOTHING = bytes(32)
_LEAF, _NODE = b"\x00", b"\x01"  # a node can never pass for an entry
# The columns of an entry as they are sealed; the instant in microseconds, so that no time zone matters.
COLUMNS = (
    "id, (extract(epoch FROM at) * 1000000)::bigint, transaction, role, kind, actor::text, actor_name, purpose, "
    "action, subject, region_code, table_name, row_id, row_count, detail::text"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a block says: which entries, how many, the root over them, the seal before."""

    number: int
    from_id: int
    until_id: int
    entries: int
    root: bytes
    previous: bytes
    sealed_at: int


def canonical(row: tuple[Any, ...]) -> bytes:
    """One entry, read as COLUMNS, as bytes that are the same on every machine."""
    *values, detail = row
    return json.dumps([*values, json.loads(detail)], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The Merkle root over the entries in order, as in RFC 6962 with SM3; of nothing, the digest of nothing."""
    level = [_digest(_LEAF, leaf) for leaf in leaves]
    if not level:
        return _digest(b"")
    while len(level) > 1:
        pairs = [_digest(_NODE, level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1 :]
    return level[0]


def seal_of(contents: Contents) -> bytes:
    """HMAC-SM3 over what a block says. Who lacks the key cannot make one."""
    said = [
        "songhe audit block", contents.number, contents.from_id, contents.until_id, contents.entries,
        contents.root.hex(), contents.previous.hex(), contents.sealed_at,
    ]  # fmt: skip
    state = HMAC(key(AUDIT), SM3())
    state.update(json.dumps(said).encode())
    return state.finalize()


def _digest(*parts: bytes) -> bytes:
    state = Hash(SM3())
    for part in parts:
        state.update(part)
    return state.finalize()
