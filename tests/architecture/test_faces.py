"""A room is met through its face: `api`, `events` and `terms`. Keys, migrations and templates go down as imports do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import grimp
import pytest
from django.apps import apps

from docs.generate import rooms

ROOT = Path(__file__).resolve().parents[2]
FACES = {"api", "events", "terms"}
ROOMS = ("people", "regions")
ORDER = {room: place for place, line in enumerate(rooms.layers()) for room in line}
INCLUDED = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"'#]+)""")


def room_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def is_face(module: str) -> bool:
    """`songhe.people.api`, and that of a noun with a folder of its own: `songhe.people.imports.api`."""
    return module.rsplit(".", maxsplit=1)[-1] in FACES


@pytest.mark.parametrize("room", ROOMS)
def test_strangers_import_a_rooms_face_and_nothing_else(graph: grimp.ImportGraph, room: str) -> None:
    inside = [module for module in graph.modules if module.startswith(f"songhe.{room}.")]
    found = sorted(
        f"{importer} -> {module}"
        for module in inside
        if not is_face(module)
        for importer in graph.find_modules_that_directly_import(module)
        if room_of(importer) != room
    )
    assert found == []


def test_the_face_has_no_code() -> None:
    faces = [path for room in ROOMS for path in (ROOT / "songhe" / room).rglob("api.py")]
    assert len(faces) >= len(ROOMS)
    for path in faces:
        kinds = {type(node).__name__ for node in ast.parse(path.read_text(encoding="utf-8")).body}
        assert kinds <= {"Expr", "ImportFrom", "Assign"}, path


def test_keys_between_tables_go_down() -> None:
    wrong = []
    for model in apps.get_models():
        here = room_of(model.__module__)
        for field in model._meta.get_fields():
            other = field.related_model if field.many_to_one or (field.one_to_one and not field.auto_created) else None
            if here in ORDER and other is not None and not isinstance(other, str):
                there = room_of(other.__module__)
                if there in ORDER and there != here and ORDER[there] <= ORDER[here]:
                    wrong.append(f"{model.__module__}.{model.__name__}.{field.name} -> {there}")
    assert wrong == []


def test_migrations_depend_downwards() -> None:
    labels = {
        config.label: room_of(config.name) for config in apps.get_app_configs() if config.name.startswith("songhe")
    }
    wrong, seen = [], 0
    for path in sorted((ROOT / "songhe").rglob("migrations/0*.py")):
        here = path.relative_to(ROOT).parts[1]
        for label in re.findall(r'\(\s*["\'](\w+)["\'],\s*["\']\d{4}_', path.read_text(encoding="utf-8")):
            there = labels.get(label, "")
            seen += 1
            if there in ORDER and there != here and ORDER[there] <= ORDER[here]:
                wrong.append(f"{path.relative_to(ROOT)} -> {label}")
    assert seen > 10
    assert wrong == []


def test_templates_are_included_downwards() -> None:
    owner = {}
    files = [path for path in (ROOT / "songhe").rglob("*.html") if "templates" in path.parts]
    for path in files:
        parts = path.relative_to(ROOT).parts
        owner["/".join(parts[parts.index("templates") + 1 :])] = parts[1]
    wrong = []
    for path in files:
        here = path.relative_to(ROOT).parts[1]
        for name in INCLUDED.findall(path.read_text(encoding="utf-8")):
            there = owner.get(name, "")
            assert there, f"{path.relative_to(ROOT)} includes {name}, which is nowhere"
            if there != here and ORDER[there] <= ORDER[here]:
                wrong.append(f"{path.relative_to(ROOT)} -> {name}")
    assert wrong == []
