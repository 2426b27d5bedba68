"""A district's own list beside the city's: the same texts under another name, with one item less."""

from __future__ import annotations

import shutil
from pathlib import Path

from songhe.policy.api import Release, import_list
from tests.policy.releases import EZHOU, NOW, POLICIES, TODAY, officer, sent_on

DISTRICT_TITLE = "鄂城区基本养老服务清单"
MISSING = "left-behind-smart-care"  # the city's last item, which the district's list does not have


def district_list(root: Path, region: str = "420704", title: str = DISTRICT_TITLE) -> Release:
    """The list imported and issued; `region` is a district or smaller."""
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
    return sent_on(import_list(actor=officer(region), root=root, key=key, now=NOW), TODAY)
