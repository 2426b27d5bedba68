"""The items of a draft in another order, and one that was taken out put back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, NotFound
from songhe.policy.models import Release
from songhe.policy.operations.drafting import keep, locked_draft
from songhe.policy.operations.steps import took_step
from songhe.policy.queries import taken_out
from songhe.policy.writing import rewritten
from songhe.rules.reading_packs import LIST_FILE

HIGHEST = 99


@transaction.atomic
def renumber(*, actor: Actor, release: UUID, numbers: Mapping[str, int], version: int, now: datetime) -> Release:
    """Gives items of a draft other numbers, by their files' names without the ending; the others keep theirs.

    BadInput for a number outside 1 to 99, one that two items would have, or a file that is none of an item.
    """
    row = locked_draft(actor, release, version)
    items = {name.removesuffix(".yaml"): text for name, text in row.files.items() if name != LIST_FILE}
    _check(items, numbers)
    files = {LIST_FILE: row.files[LIST_FILE]}
    for stem, text in items.items():
        number = numbers.get(stem, _number(stem))
        name = f"{number:02d}-{stem.partition('-')[2]}.yaml"
        changed = number != _number(stem)
        files[name] = rewritten(text, {"number": [f"number: {number}"]}, ("item", "number")) if changed else text
    if files == row.files:
        return row
    row.files = files
    keep(row, now)
    took_step(actor, row, "renumbered", "", now)
    moved = sum(_number(stem) != number for stem, number in numbers.items())
    record(actor, action="policy.renumber", subject=row.pk, region=row.of_list.region, detail={"items": moved})
    return row


@transaction.atomic
def put_back(*, actor: Actor, release: UUID, name: str, version: int, now: datetime) -> Release:
    """Puts an item back into a draft as it was in the release that the draft was begun from."""
    row = locked_draft(actor, release, version)
    found = {one: text for one, text in taken_out(row).items() if one == name}
    if not found:
        raise NotFound("去掉的这一项")
    row.files = {**row.files, **found}
    keep(row, now)
    took_step(actor, row, "put_back", name, now)
    record(actor, action="policy.put_back", subject=row.pk, region=row.of_list.region, detail={"file": name})
    return row


def _check(items: Mapping[str, str], numbers: Mapping[str, int]) -> None:
    taken: dict[int, str] = {}
    for stem in (*items, *(stem for stem in numbers if stem not in items)):
        number = numbers.get(stem, _number(stem))
        if stem not in items:
            raise NotFound("清单里的这个文件")
        if not 1 <= number <= HIGHEST:
            raise BadInput(stem, "号要是1到99的数", given=str(number), accepted="1到99")
        if number in taken:
            raise BadInput(stem, f"和{taken[number]}同号", given=str(number), accepted="每一项一个号")
        taken[number] = stem


def _number(stem: str) -> int:
    digits = stem.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() else 0
