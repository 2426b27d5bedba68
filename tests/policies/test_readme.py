"""What the README of the law tells an officer to write is what the gate takes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml

from songhe.config.paths import policies_folder
from songhe.rules.gate import check_list
from songhe.rules.reading_packs import list_ids
from tests.command_line import EZHOU, run
from tests.trace import covers

ROOT = policies_folder()
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@covers("POL-01")
def test_the_item_of_the_readme_passes_the_gate_as_the_28th_of_the_city(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT, tmp_path / "policies"))
    (example,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (root / EZHOU / "28-bathing-help.yaml").write_text(example, encoding="utf-8")
    listed = root / EZHOU / "list.yaml"
    listed.write_text(listed.read_text(encoding="utf-8").replace("items: 27", "items: 28"), encoding="utf-8")
    finding = check_list(root, EZHOU)
    assert [str(problem) for problem in finding.problems] == []
    assert len(finding.pack.items) == 28


def test_every_key_of_an_item_is_explained() -> None:
    used = {key for path in ROOT.glob("*/*/[0-9]*.yaml") for key in yaml.safe_load(path.read_text(encoding="utf-8"))}
    told = set(re.findall(r"`(\w+)`", README.partition("| 键 |")[2].partition("\n\n")[0]))
    assert used - {"also", "unconfirmed"} <= told and "also" in README


def test_the_commands_of_the_readme_are_there() -> None:
    named = set(re.findall(r"^songhe rules (\w+)", README, re.MULTILINE))
    offered = set(re.findall(r"^  (\w+) ", run("rules", "--help").out.partition("Commands:")[2], re.MULTILINE))
    assert named == offered


def test_the_counts_of_the_changelog_are_those_of_the_lists() -> None:
    for list_id in list_ids(ROOT):
        finding = check_list(ROOT, list_id)
        assert f"{finding.examples}个例子" in CHANGELOG
        assert f"存疑{len(finding.pack.doubts)}处" in CHANGELOG
    unset = [p for p in check_list(ROOT, EZHOU).pack.parameters.values() if not p.values]
    assert f"空着的数有{len(unset) + 1}个" in CHANGELOG, "the list's own and the allowance"
