"""Who a staged row is about, sealed for its place: names, numbers and addresses lie in no staged table in the clear."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from songhe.foundation.sealing.seals import seal, unseal
from songhe.people.imports.sources import ADDRESS, BIRTH, IDENTITY, NAME, PHONE, REGION, SEX

WHO = (NAME, IDENTITY, BIRTH, SEX, REGION, ADDRESS, PHONE)
_PLACE = "imports_stagedrow.sealed"


def sealed_row(batch: UUID, number: int, who: Mapping[str, str | None]) -> bytes:
    """What the row says about who it is, for this batch and row only."""
    kept = {key: who[key] for key in WHO if who.get(key)}
    return seal(json.dumps(kept, ensure_ascii=False), f"{_PLACE}.{batch}.{number}")


def opened_row(batch: UUID, number: int, sealed: bytes | memoryview) -> dict[str, str]:
    """What was sealed. Unsealable when it was sealed for another row."""
    opened: dict[str, str] = json.loads(unseal(bytes(sealed), f"{_PLACE}.{batch}.{number}"))
    return opened
