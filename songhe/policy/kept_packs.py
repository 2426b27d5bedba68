"""A release as the engine's list: read from the kept texts exactly as from a folder.

The engine reads files; the texts are laid into a folder of their own for the moment of reading. What was read is
kept in memory by the digests of the release and of those above it: releases that left the draft never change.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast
from uuid import UUID

import yaml

from songhe.kernel.errors import BadInput
from songhe.policy.models import Instrument, Release
from songhe.policy.states import IN_FORCE
from songhe.rules.gate import Finding, check_list
from songhe.rules.packs import Pack
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import INSTRUMENTS_FILE, LIST_FILE, load_pack, read_pack

_DOUBTS = "doubts.yaml"
Texts = tuple[tuple[str, str], ...]
Mark = tuple[tuple[UUID, str], ...]
Read = TypeVar("Read")
_KEPT: dict[tuple[Mark] | tuple[Mark, date], object] = {}
_MOST = 128


def pack_of(release: Release) -> Pack:
    """The list of a release that can be read; BadInput for a draft with faults."""
    return _kept((_mark(release),), lambda: _read(_laid(release), release.of_list.key))


def programme_of(release: Release, on: date) -> Programme:
    """The list of a release bound to a day."""
    return _kept((_mark(release), on), lambda: _bound(_laid(release), release.of_list.key, on))


def found_in(release: Release) -> Finding:
    """What the gate finds in a release: problems by file name and line, examples run, figures counted.

    BadInput when list.yaml cannot be read at all.
    """
    return _found(_laid(release), release.of_list.key)


def read_as_far(release: Release, name: str, text: str) -> tuple[Pack, tuple[BadInput, ...]]:
    """The list with another text in one of its files, as far as it can be read, and what is wrong with it.

    BadInput when list.yaml cannot be read at all. Nothing is kept.
    """
    key = release.of_list.key
    texts = {**dict(_laid(release)), f"{key}/{name}": text}
    with tempfile.TemporaryDirectory() as folder:
        root = _written(Path(folder), tuple(texts.items()))
        try:
            pack, problems = read_pack(root, key)
        except BadInput as error:
            raise _short(error, root / key) from error
        return pack, tuple(_short(problem, root / key) for problem in problems.found)


def short_place(pack: Pack, problem: BadInput) -> BadInput:
    """A problem by file name and line, without the folder in which the list lay when it was read."""
    return _short(problem, pack.path.parent)


def digest_of(files: Mapping[str, str]) -> str:
    """The digest that reading the same files from a folder gives."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + files[name].encode())
    return total.hexdigest()


def _mark(release: Release) -> Mark:
    """What an issued release, and those above it, are known by without reading their texts; empty for others."""
    found: list[tuple[UUID, str]] = []
    above: Release | None = release
    while above is not None:
        if above.state not in IN_FORCE:
            return ()
        found.append((above.pk, above.digest))
        above = above.parent
    return tuple(found)


def _kept(key: tuple[Mark] | tuple[Mark, date], read: Callable[[], Read]) -> Read:
    """What was read of issued releases, by their marks: they never change, so their texts are read once a process."""
    if not key[0]:
        return read()
    if key not in _KEPT:
        while len(_KEPT) >= _MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = read()
    return cast(Read, _KEPT[key])


def _short(problem: BadInput, folder: Path) -> BadInput:
    where = problem.where.removeprefix(f"{folder}/")
    return BadInput(where, problem.problem, given=problem.given, accepted=problem.accepted)


def _laid(release: Release) -> Texts:
    texts: dict[str, str] = {INSTRUMENTS_FILE: _instruments()}
    above: Release | None = release
    while above is not None:
        key = above.of_list.key
        texts |= {f"{key}/{name}": text for name, text in above.files.items()}
        if above.doubts:
            texts[f"{key.rpartition('/')[0]}/{_DOUBTS}"] = above.doubts
        above = above.parent
    return tuple(sorted(texts.items()))


def _instruments() -> str:
    rows = Instrument.objects.order_by("key").values("key", "title")
    return yaml.safe_dump({row["key"]: {"title": row["title"]} for row in rows}, allow_unicode=True)


def _written(folder: Path, texts: Texts) -> Path:
    for name, text in texts:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@lru_cache(maxsize=32)
def _found(texts: Texts, key: str) -> Finding:
    with tempfile.TemporaryDirectory() as folder:
        root = _written(Path(folder), texts)
        try:
            finding = check_list(root, key)
        except BadInput as error:
            raise _short(error, root / key) from error
        problems = tuple(_short(problem, root / key) for problem in finding.problems)
    return Finding(finding.pack, problems, finding.examples, finding.parameters)


@lru_cache(maxsize=64)
def _read(texts: Texts, key: str) -> Pack:
    with tempfile.TemporaryDirectory() as folder:
        return load_pack(_written(Path(folder), texts), key)


@lru_cache(maxsize=128)
def _bound(texts: Texts, key: str, on: date) -> Programme:
    return bind(_read(texts, key), on)


def list_files(folder: Path) -> dict[str, str]:
    """The texts of a list's folder by file name; BadInput when it has no list.yaml."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    if LIST_FILE not in files:
        raise BadInput(str(folder), "这个文件夹里没有list.yaml", accepted="policies下面一份清单的文件夹")
    return files
