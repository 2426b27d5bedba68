"""Files handed in: what is kept, what is refused, and that nothing is left over."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.files.kinds import FileKind
from songhe.foundation.uploads import adopt, content_of, discard, keep, path_of
from songhe.foundation.uploads.cleaning import clean
from songhe.foundation.uploads.models import NAME_LENGTH, Upload
from songhe.foundation.uploads.operations import clean_name
from songhe.foundation.uploads.queries import readable
from songhe.kernel.errors import BadInput, NotFound
from tests.platform_fixtures import ClientFor

CITY = Actor.system("测试", "420700")
NOW = timezone.now()
CSV = "姓名,年龄\n某某,80\n".encode()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


def workbook() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def handed(content: bytes = CSV, name: str = "残联名册.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def left(folder: Path) -> list[str]:
    """Every file below the folder; plain copies are gone when their reader is."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_whole_under_a_name_that_says_nothing(db: None, folder: Path) -> None:
    upload = keep(CITY, handed(), now=NOW)
    path = path_of(upload)
    assert b"".join(content_of(upload)) == CSV
    assert (upload.name, upload.kind, upload.size) == ("残联名册.csv", ".csv", len(CSV))
    assert upload.sha256 == hashlib.sha256(CSV).hexdigest()
    assert "残联" not in str(path) and path.stat().st_mode & 0o077 == 0
    assert left(folder) == [path.name]


@pytest.mark.covers("NET-05")
@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.csv", "空文件"),
        (b"MZ\x90\x00" * 100, "病毒.exe", "不是能读的表"),
        (b"%PDF-1.7", "名册.xlsx", "PDF"),
        (workbook(), "名册.csv", "Excel工作簿"),
        (b"<html><body>", "名册.csv", "网页"),
        (b"PK\x03\x04broken", "名册.xlsx", "坏的"),
        (b"PAR1" + b"x" * 100, "名册.parquet", "Parquet"),
        (CSV, "../../../", "没有文件名"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_gone(
    db: None, folder: Path, content: bytes, name: str, words: str
) -> None:
    file = handed(content)
    file._name = name  # as a client may send it, past Django's own cleaning
    with pytest.raises(BadInput, match=words):
        keep(CITY, file)
    assert left(folder) == []
    with scoped(CITY, "test"):
        assert not Upload.objects.exists()


def test_the_kinds_are_the_callers_choice(db: None) -> None:
    assert keep(CITY, handed(workbook(), "名册.XLSX"), [FileKind.XLSX]).kind == ".xlsx"
    with pytest.raises(BadInput, match="是CSV文本"):
        keep(CITY, handed(), [FileKind.XLSX])


def test_a_file_over_the_limit_is_refused_whatever_it_says_of_itself(db: None, folder: Path) -> None:
    with pytest.raises(BadInput, match="太大"):
        keep(CITY, handed(b"x" * 2000), limit=1000)
    lying = handed(b"x" * 2000)
    lying.size = 10
    with pytest.raises(BadInput, match="太大"):
        keep(CITY, lying, limit=1000)
    assert left(folder) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("名册.csv", "名册.csv"),
        ("C:\\fakepath\\名册.csv", "名册.csv"),
        ("../../etc/passwd", "passwd"),
        ('a<b>:"c|d?*.csv', "a_b___c_d__.csv"),
        ("名\u202e册\x00\n.csv", "名册.csv"),
        ("  .名册.csv. ", "名册.csv"),
        ("字" * 300 + ".xlsx", "字" * (NAME_LENGTH - 5) + ".xlsx"),
        ("没有尾巴", "没有尾巴"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_scanner_may_refuse(db: None, settings: Any, folder: Path) -> None:
    settings.UPLOAD_SCANNER = f"{__name__}.Finds"
    with pytest.raises(BadInput, match="病毒"):
        keep(CITY, handed())
    assert left(folder) == []


class Finds:
    """A scanner that finds something."""

    def check(self, path: Path) -> None:
        raise BadInput(path.name, "有病毒")


def test_a_full_disk_keeps_nothing(db: None, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 0})())
    with pytest.raises(BadInput, match="满"):
        keep(CITY, handed())
    assert left(folder) == []


def test_a_file_that_songhe_made_is_taken_over(db: None, tmp_path: Path) -> None:
    source = tmp_path / "导出.csv"
    source.write_bytes(CSV)
    upload = adopt(CITY, source, "80岁以上.csv", permission="people.export", now=NOW)
    assert not source.exists()
    assert b"".join(content_of(upload)) == CSV
    assert (upload.kind, upload.permission) == (".csv", "people.export")


def test_a_file_is_read_in_its_region_by_who_may(db: None, client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    owner = Actor(client.account.pk, "何俊", "420704", frozenset())  # type: ignore[attr-defined]
    upload = keep(owner, handed(), permission="people.import")
    with scoped(owner, "test"):
        with pytest.raises(NotFound):  # the right went since
            readable(owner, upload.pk)
        assert readable(Actor(None, "别人", "420704", frozenset({"people.import"})), upload.pk) == upload
        with pytest.raises(NotFound):
            readable(Actor(None, "别人", "420704", frozenset()), upload.pk)
    own = keep(owner, handed())
    with scoped(owner, "test"):
        assert readable(owner, own.pk) == own
        with pytest.raises(NotFound):
            readable(Actor.system("别人", "420704", ["people.import"]), own.pk)
    with scoped(Actor.system("邻区", "420703", ["people.import"]), "test"), pytest.raises(NotFound):
        readable(Actor.system("邻区", "420703", ["people.import"]), upload.pk)


def test_a_download_is_an_attachment_that_no_browser_opens(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    owner = Actor(client.account.pk, "何俊", "420704", frozenset())  # type: ignore[attr-defined]
    upload = keep(owner, handed())
    answer = client.get(reverse("upload", args=[upload.pk]))
    assert b"".join(answer.streaming_content) == CSV  # type: ignore[arg-type]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with scoped(owner, "test"):
        actions = Entry.objects.filter(subject=str(upload.pk)).order_by("id").values_list("action", flat=True)
        assert list(actions) == ["uploads.keep", "uploads.read"]


def test_others_files_are_not_there(client_as: ClientFor, db: None) -> None:
    upload = keep(Actor.system("别人", "420703"), handed())
    client: Client = client_as("district_officer", "420704000000")
    assert client.get(reverse("upload", args=[upload.pk])).status_code == 404


def test_a_discarded_file_goes_with_the_commit_and_its_row_stays(
    db: None, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    upload = keep(CITY, handed())
    path = path_of(upload)
    with django_capture_on_commit_callbacks(execute=True):
        discard(actor=CITY, upload=upload, now=NOW)
        assert path.exists()
    assert not path.exists()
    with scoped(CITY, "test"):
        gone = Upload.objects.get(pk=upload.pk)
    assert gone.deleted_at == NOW
    with pytest.raises(NotFound):
        path_of(gone)


def test_files_without_a_row_are_removed_after_a_day(db: None, folder: Path) -> None:
    kept = keep(CITY, handed())
    try:
        with transaction.atomic():
            lost = keep(CITY, handed())
            raise InterruptedError
    except InterruptedError:
        pass
    yesterday = time.time() - 25 * 3600
    assert clean() == 0
    for upload in (kept, lost):
        os.utime(folder / upload.place, (yesterday, yesterday))
    assert clean() == 1
    assert left(folder) == [path_of(kept).name]
