"""A district's own list beside the city's: the same texts under another name, with one item less."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from songhe.policy.api import Release, approve, import_list, issue, propose
from tests.policy.releases import EZHOU, POLICIES, leader, officer

DISTRICT_TITLE = "鄂城区基本养老服务清单"
MISSING = "left-behind-smart-care"  # the city's last item, which the district's list does not have


def district_list(
    root: Path, region: str = "420704", title: str = DISTRICT_TITLE, *, by: tuple[UUID, UUID] | None = None
) -> Release:
    """The list imported and issued today; `region` is a district or smaller, `by` the accounts of those who do so."""
    key = _written(root, region, title)
    drafts, decides = officer(region), leader(region)
    if by is not None:
        drafts, decides = replace(drafts, account_id=by[0]), replace(decides, account_id=by[1])
    now = timezone.now()
    draft = import_list(actor=drafts, root=root, key=key, now=now)
    proposed = propose(actor=drafts, release=draft.pk, note="", now=now)
    approve(actor=decides, release=draft.pk, digest=proposed.digest, now=now)
    return issue(actor=decides, release=draft.pk, today=timezone.localdate(now), now=now)


def _written(root: Path, region: str, title: str) -> str:
    key = f"{region}-own/basic-list"
    folder = root / key
    shutil.copytree(POLICIES / EZHOU, folder)
    (folder / "27-left-behind-smart-care.yaml").unlink()
    shutil.copy(POLICIES / "instruments.yaml", root)
    shutil.copy((POLICIES / EZHOU).parent / "doubts.yaml", folder.parent)
    head = (folder / "list.yaml").read_text(encoding="utf-8")
    for before, after in (
        ("list: basic-list-2023", "list: basic-list"), ("title: 鄂州市基本养老服务清单", f"title: {title}"),
        ("region: '420700'", f"region: '{region}'"), ("region_name: 鄂州市", "region_name: 鄂城区"),
        ("items: 27", "items: 26"),
    ):  # fmt: skip
        assert before in head, before
        head = head.replace(before, after, 1)
    (folder / "list.yaml").write_text(head, encoding="utf-8")
    return key
