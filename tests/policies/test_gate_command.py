"""songhe rules check as an officer meets it: each fault with its file, its line and what is accepted; exit code 1."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from songhe.config.cli.rules import rules
from songhe.config.paths import policies_folder
from tests.policies.faulty_lists import FAULTS, Fault, sound
from tests.rules.writing_lists import LIST, write_list
from tests.trace import covers

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "lists"
DISTRICT = "420704-echeng/basic-list-2024"


def check(root: Path, *lists: str) -> Result:
    return CliRunner().invoke(rules, ["check", "--policies", str(root), *lists])


def where(path: Path, start: str, nth: int = 1) -> str:
    """File and line of the nth line that begins so, blanks apart."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if line.lstrip().startswith(start)]
    return f"{path}:{found[nth - 1]}"


@covers("POL-01")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_file_line_and_what_is_accepted(tmp_path: Path, fault: Fault) -> None:
    folder = write_list(tmp_path, sound(**fault.item), **fault.list)
    result = check(tmp_path, LIST)
    assert result.exit_code == 1
    place = where(folder / fault.file, fault.at, fault.nth)
    said = [line for line in result.output.splitlines() if line.startswith(f"  {place}：") and fault.says in line]
    assert said, result.output
    accepted = said[0].partition("可以是：")[2]
    assert fault.accepts in accepted
    assert "处要改，改好再发布" in result.output


@covers("POL-01")
def test_a_sound_list_passes(tmp_path: Path) -> None:
    write_list(tmp_path, sound())
    result = check(tmp_path, LIST)
    assert result.exit_code == 0
    assert f"{LIST}：通过（1项，0个参数（未定0个），3个例子，存疑0处，摘要" in result.output
    assert "都可以发布" in result.output


@covers("POL-02")
def test_a_district_below_the_city_is_refused_and_the_better_item_is_not_held_against_it(tmp_path: Path) -> None:
    root = Path(shutil.copytree(FIXTURES, tmp_path / "lists"))
    result = check(root, DISTRICT)
    assert result.exit_code == 1
    worse = root / DISTRICT / "17-elderly-service-subsidy.yaml"
    narrower, poorer = [line for line in result.output.splitlines() if line.startswith("  ")]
    assert narrower.startswith(f"  {where(worse, 'who:')}：养老服务补贴低于上级清单") and "人变少" in narrower
    assert poorer.startswith(f"  {where(worse, 'gives:')}：养老服务补贴低于上级清单") and "100→80" in poorer
    assert all(line.endswith("可以是：不少于上级清单的人和标准") for line in (narrower, poorer))
    assert "27项，自己写的2项" in result.output and "26-meals" not in result.output


def test_all_faults_of_a_list_and_all_lists_are_reported_in_one_run(tmp_path: Path) -> None:
    other = "420700-ezhou/other-list"
    write_list(tmp_path, sound(who="demented", clause=None))
    write_list(tmp_path, sound(who="demented"), list_id=other)
    result = check(tmp_path)
    assert result.exit_code == 1
    assert f"{LIST}：2处要改" in result.output and f"{other}：1处要改" in result.output
    assert "共3处要改" in result.output


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("01-item-1.yaml", b"item: [x\nb: 1\n", "不是YAML"),
        ("01-item-1.yaml", "item: 高龄津贴".encode("gb18030"), "不是UTF-8"),
        ("01-item-1.yaml", b"", "文件要由“键: 值”组成"),
        ("list.yaml", b"", "文件要由“键: 值”组成"),
        ("list.yaml", b"- 1\n", "文件要由“键: 值”组成"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault_and_the_next_list_is_still_checked(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (write_list(tmp_path, sound()) / name).write_bytes(content)
    write_list(tmp_path, sound(), list_id="420704-echeng/small-list")
    result = check(tmp_path)
    assert result.exit_code == 1
    assert any(f"{LIST}/{name}" in line and says in line for line in result.output.splitlines()), result.output
    assert "420704-echeng/small-list：通过" in result.output


def test_our_own_lists_pass_and_may_be_released() -> None:
    result = CliRunner().invoke(rules, ["check"])
    assert result.exit_code == 0, result.output
    assert result.output.count("通过") == len(list(policies_folder().glob("*/*/list.yaml")))
