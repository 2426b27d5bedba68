"""Lists of the folder policies/ become releases: as drafts, which then go the way of all drafts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict
from songhe.kernel.regions import significant
from songhe.policy import permissions
from songhe.policy.kept_packs import digest_of, list_files
from songhe.policy.models import Instrument, Release, ServiceList
from songhe.policy.operations.steps import took_step
from songhe.policy.queries import in_force, open_draft
from songhe.rules.packs import Pack
from songhe.rules.reading_packs import load_pack


@transaction.atomic
def load_instruments(*, root: Path) -> int:
    """Writes the documents of policies/instruments.yaml to the table; gives how many there are."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load((root / "instruments.yaml").read_text(encoding="utf-8"))
    for key, row in rows.items():
        Instrument.objects.update_or_create(
            key=key,
            defaults={
                "title": row["title"], "number": row.get("number", ""), "issuer": row.get("issuer", ""),
                "region": str(row.get("region", "")).ljust(12, "0"), "issued_date": row.get("issued"),
                "status": row.get("status", ""), "notes": row.get("notes", ""), "digest": row.get("sha256", ""),
            },
        )  # fmt: skip
    return len(rows)


@transaction.atomic
def import_list(*, actor: Actor, root: Path, key: str, now: datetime) -> Release:
    """A draft from a folder of `root`, such as "420700-ezhou/basic-list-2023".

    BadInput when the list does not read, Conflict when a draft of it is on its way or the same files already hold.
    """
    actor.require(permissions.PROPOSE)
    pack = load_pack(root, key)
    actor.require_region(significant(pack.region))
    of_list, _ = ServiceList.objects.get_or_create(
        key=key, defaults={"title": pack.title, "region": pack.region.ljust(12, "0")}
    )
    if open_draft(of_list) is not None:
        raise Conflict("这份清单已经有一版在路上，办完再导入")
    files = list_files(root / key)
    last = of_list.releases.order_by("-number").first()
    if last is not None and last.digest == digest_of(files):
        raise Conflict(f"与第{last.number}版一字不差，不用导入")
    doubts = root / key.partition("/")[0] / "doubts.yaml"
    release = Release.objects.create(
        of_list=of_list, number=1 if last is None else last.number + 1, from_date=pack.from_date,
        until_date=pack.until_date, files=files, digest=digest_of(files), parent=_parent(pack, pack.from_date),
        doubts=doubts.read_text(encoding="utf-8") if doubts.is_file() else "", based_on=last, created_at=now,
        changed_at=now, drafted_by=actor.account_id, drafter=actor.name,
    )  # fmt: skip
    took_step(actor, release, "imported", f"从{key}导入，{len(pack.items)}项", now)
    record(actor, action="policy.import", subject=release.pk, region=of_list.region, detail={"key": key})
    return release


def _parent(pack: Pack, on: date) -> Release | None:
    if pack.extends is None:
        return None
    for release in in_force(on):
        if release.of_list.key == pack.extends.id:
            return release
    raise BadInput(f"{pack.id}/list.yaml", f"上级清单{pack.extends.id}还没有印发", accepted="先导入并印发上级清单")
