"""Files: short, whole as vendored, and free of what does not belong in them."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Longer files, each with its reason. Empty is best.
LONGER: dict[str, str] = {}
LOCKS = sorted(ROOT.glob("requirements*.lock"))
MANIFESTS = sorted(path for folder in ("songhe", "tests") for path in (ROOT / folder).rglob("MANIFEST"))
# Sites that a page may point to. An index of packages is not among them.
SITES = {
    "keepachangelog.com",
    "semver.org",
    "www.apache.org",
    "www.w3.org",
    "127.0.0.1",
    "localhost",
}
NOT_OURS = re.compile(r"LICEN[CS]E|/vendor/|\.woff$|\.mo$|\.lock$|\.png$|\.jpg$")
MACHINE = re.compile(r"(?<![\w.$}/])/(?:root|work|Users|home/\w+)/\w")
PINYIN = (
    "butie buzhu canji canzhu danju dibao dushi fuli fuwu fuyang gaoling haizi hukouben jiating jigou jijin jintie "
    "jiedao kongchao laonian laoren liushou minzheng nianling pinggu pinkun qingdan renyuan shangmen shehui shenfen "
    "shequ shineng shizhi shouyang tekun teshu weixian yanglao yiliao youfu zhaohu zhengce zhuangtai zhufang zige"
).split()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ours(tracked: list[Path]) -> list[Path]:
    """The tracked files written by us."""
    return [path for path in tracked if not NOT_OURS.search(path.relative_to(ROOT).as_posix())]


@pytest.fixture(scope="module")
def python(ours: list[Path]) -> list[Path]:
    return [path for path in ours if path.suffix == ".py"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_python_file_is_longer_than_400_lines(python: list[Path]) -> None:
    written = [path for path in python if path.parent.name != "migrations"]  # those are written by the framework
    lengths = {name(path): text_of(path).count("\n") for path in written}
    assert {key: length for key, length in lengths.items() if length > LONGEST_FILE and key not in LONGER} == {}
    assert set(LONGER) <= {key for key, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_of_the_package_is_longer_than_40_lines(python: list[Path]) -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python
        if name(path).startswith("songhe/")
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef) and _lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def _lines(function: ast.FunctionDef) -> int:
    """Lines from the name to the end, the docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_there_is_no_drawer_for_everything(python: list[Path]) -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "misc", "tools"}
    parts = {part for path in python for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not drawers & parts


def test_files_are_utf8_with_line_feeds_and_an_end(ours: list[Path]) -> None:
    for path in ours:
        data = path.read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), name(path)
        assert b"\r\n" not in data, name(path)
        assert not data or data.endswith(b"\n"), name(path)
        data.decode("utf-8")


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.relative_to(ROOT).as_posix())
def test_vendored_files_are_those_of_their_manifest(manifest: Path) -> None:
    listed = dict(line.split()[::-1] for line in text_of(manifest).splitlines() if not line.startswith("#"))
    beside = {path.name for path in manifest.parent.iterdir() if path.is_file() and path.suffix != ".py"}
    assert set(listed) == beside - {"MANIFEST"}
    for file, digest in listed.items():
        assert hashlib.sha256((manifest.parent / file).read_bytes()).hexdigest() == digest, file


def test_the_divisions_are_those_of_their_manifest() -> None:
    folder = ROOT / "songhe" / "demo" / "data"
    digest = hashlib.sha256((folder / "divisions-420700.csv").read_bytes()).hexdigest()
    assert f"`{digest}`" in text_of(folder / "MANIFEST.md")


def test_there_is_something_vendored_to_check() -> None:
    assert len(MANIFESTS) >= 2


def test_no_address_but_of_known_sites(ours: list[Path]) -> None:
    found = {
        (name(path), host)
        for path in ours
        for host in re.findall(r"https?://([\w.-]*\w)", text_of(path))
        if host not in SITES
    }
    assert found == set()


def test_no_path_of_a_machine(ours: list[Path]) -> None:
    found = [f"{name(path)}: {match[0]}" for path in ours for match in MACHINE.finditer(text_of(path))]
    assert found == []


def test_no_identifier_in_pinyin(ours: list[Path]) -> None:
    pattern = re.compile(rf"(?:^|[\W_\d])({'|'.join(PINYIN)})(?:[\W_\d]|$)", re.IGNORECASE)
    elsewhere = [path for path in ours if path != Path(__file__)]
    in_text = [f"{name(path)}: {match[1]}" for path in elsewhere for match in pattern.finditer(text_of(path))]
    assert in_text + [name(path) for path in elsewhere if pattern.search(name(path))] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock: Path) -> None:
    entries = text_of(lock).replace("\\\n", " ").splitlines()
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})+ *$", entry), entry
    assert "://" not in text_of(lock)


def test_what_is_needed_to_run_is_pinned_and_locked() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    locked = set(re.findall(r"^([a-z0-9._-]+(?:\[[a-z,]+\])?==\S+)", text_of(ROOT / "requirements.lock"), re.MULTILINE))
    for wanted in project["dependencies"]:
        assert "==" in wanted
        assert re.sub(r"\[.*\]", "", wanted) in {re.sub(r"\[.*\]", "", entry) for entry in locked}
