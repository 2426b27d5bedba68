"""Kept files are sealed: nothing of them lies in plain, and nothing in them can be changed, moved or cut off."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from songhe.foundation.access.actors import Actor
from songhe.foundation.sealing.files import CHUNK_BYTES, MARK, VERSION, is_sealed, sealed, unsealed
from songhe.foundation.sealing.seals import Unsealable
from songhe.foundation.uploads import adopt, content_of, keep, opened, path_of
from songhe.foundation.uploads.cleaning import clean
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.plain import plain_file, sweep
from tests.platform_fixtures import ClientFor

pytestmark = pytest.mark.covers("NET-04")

CITY = Actor.system("测试", "420700")
NUMBER = "429901194203180024"
CSV = f"姓名,证件号\n李桂芳,{NUMBER}\n".encode()
HEAD, CHUNK = len(MARK + VERSION) + 16, CHUNK_BYTES + 16


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


def sealed_bytes(content: bytes, owner: str = "one") -> bytes:
    return b"".join(sealed(iter([content]), owner))


def opened_bytes(content: bytes, owner: str = "one") -> bytes:
    return b"".join(unsealed(BytesIO(content), owner))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_is_sealed_opens_again_whatever_its_size(size: int) -> None:
    content = secrets.token_bytes(size)
    assert opened_bytes(sealed_bytes(content)) == content


@given(pieces=st.lists(st.binary(max_size=40), max_size=8))
@bounds(max_examples=30, deadline=None)
def test_how_the_pieces_come_does_not_matter(pieces: list[bytes]) -> None:
    assert opened_bytes(b"".join(sealed(iter(pieces), "one"))) == b"".join(pieces)


def test_the_same_file_sealed_twice_looks_different_and_shows_nothing() -> None:
    first, second = sealed_bytes(CSV), sealed_bytes(CSV)
    assert first != second and NUMBER.encode() not in first and is_sealed(first) and not is_sealed(CSV)


def broken() -> Iterator[Any]:
    whole = sealed_bytes(secrets.token_bytes(3 * CHUNK_BYTES))
    head, first, second, third = (
        whole[:HEAD],
        whole[HEAD : HEAD + CHUNK],
        whole[HEAD + CHUNK : HEAD + 2 * CHUNK],
        whole[HEAD + 2 * CHUNK :],
    )
    other = sealed_bytes(secrets.token_bytes(3 * CHUNK_BYTES))
    flipped = bytearray(whole)
    flipped[HEAD + 5] ^= 1
    yield pytest.param(bytes(flipped), id="a bit changed")
    yield pytest.param(head + second + first + third, id="two chunks swapped")
    yield pytest.param(head + first + second, id="the last chunk cut off")
    yield pytest.param(head + first + third, id="a chunk left out")
    yield pytest.param(whole + third, id="the last chunk twice")
    yield pytest.param(head + first + second + third[:-1], id="a byte cut off")
    yield pytest.param(head + first + other[HEAD + CHUNK : HEAD + 2 * CHUNK] + third, id="a chunk of another file")
    yield pytest.param(head, id="nothing but the head")
    yield pytest.param(whole[:3], id="a piece of the head")
    yield pytest.param(MARK + b"\x09" + whole[4:], id="another version")


@pytest.mark.parametrize("content", list(broken()))
def test_a_file_that_was_touched_does_not_open(content: bytes) -> None:
    with pytest.raises(Unsealable):
        opened_bytes(content)


def test_a_file_of_another_row_does_not_open() -> None:
    with pytest.raises(Unsealable):
        opened_bytes(sealed_bytes(CSV, "one"), "two")


def test_memory_stays_small_whatever_the_size() -> None:
    piece, count = b"x" * 65_536, 512  # 32 MB
    tracemalloc.start()
    done = sum(len(part) for part in sealed((piece for _ in range(count)), "one"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert done > count * len(piece) and peak < 8 * CHUNK_BYTES


def test_nothing_of_a_kept_file_or_an_export_lies_in_plain(db: None, folder: Path, tmp_path: Path) -> None:
    keep(CITY, SimpleUploadedFile("名册.csv", CSV))
    source = tmp_path / "导出.csv"
    source.write_bytes(CSV)
    adopt(CITY, source, "导出.csv")
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(kept) == 2 and all(is_sealed(content) for content in kept)
    assert not any(NUMBER.encode() in content or "李桂芳".encode() in content for content in kept)


def test_a_reader_gets_a_plain_copy_of_its_own_that_goes_with_it(db: None, folder: Path) -> None:
    upload = keep(CITY, SimpleUploadedFile("名册.csv", CSV))
    with opened(upload) as path:
        assert path.read_bytes() == CSV and path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0 and path.name == path_of(upload).name
        assert clean(older_than=0) == 0 and path.exists(), "nobody takes it away while it is read"
    assert not path.exists() and list((folder / "plain").iterdir()) == []


def test_a_file_kept_before_files_were_sealed_is_read_as_it_is(db: None, folder: Path) -> None:
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "old.csv").write_bytes(CSV)
    old = Upload(
        region_code="420700000000", name="旧.csv", place="ab/old.csv", size=len(CSV), created_at=timezone.now()
    )
    assert b"".join(content_of(old)) == CSV


def test_a_plain_file_in_the_place_of_a_sealed_one_is_refused(db: None, folder: Path) -> None:
    upload = keep(CITY, SimpleUploadedFile("名册.csv", CSV))
    path_of(upload).write_bytes(CSV)
    with pytest.raises(Unsealable):
        b"".join(content_of(upload))


def test_a_download_of_a_file_that_was_touched_is_an_error_and_not_a_file(folder: Path, client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    owner = Actor(client.account.pk, "何俊", "420704", frozenset())  # type: ignore[attr-defined]
    upload = keep(owner, SimpleUploadedFile("名册.csv", CSV))
    touched = bytearray(path_of(upload).read_bytes())
    touched[-1] ^= 1
    path_of(upload).write_bytes(bytes(touched))
    client.raise_request_exception = False
    assert client.get(f"/uploads/{upload.pk}/").status_code == 500


_HOLDER = """
import os, sys
from pathlib import Path
from django.conf import settings
settings.configure(FILES=sys.argv[1])
from songhe.foundation.uploads.plain import plain_file
with plain_file("a.csv") as path:
    path.write_text("x")
    print("there", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_reader_left_is_swept_and_what_is_in_use_stays(folder: Path) -> None:
    command = [sys.executable, "-c", _HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()) as process:
        assert process.stdout is not None and process.stdout.readline() == b"there\n"
        with plain_file("b.csv"):
            assert sweep(younger=0) == 0
            process.kill()
            process.wait()
            assert sweep() == 0, "it may have been made just now"
            assert sweep(younger=0) == 1
            assert len(list((folder / "plain").iterdir())) == 1
    old = time.time() - 120
    lost = folder / "plain" / "lost"
    lost.mkdir()
    (lost / "c.csv").write_text("x")
    os.utime(lost, (old, old))
    assert sweep() == 1
