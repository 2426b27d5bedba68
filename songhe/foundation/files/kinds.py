"""What a file really is, told by its first bytes and not by its name."""

from __future__ import annotations

import zipfile
from enum import Enum
from pathlib import Path

from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.told import phrase, told


class FileKind(Enum):
    """The kinds of table that can be read and written; the value is the ending of the name."""

    CSV = ".csv"
    XLSX = ".xlsx"
    PARQUET = ".parquet"

    @property
    def words(self) -> str:
        """The kind as people call it."""
        return {".csv": phrase("CSV文本"), ".xlsx": phrase("Excel工作簿"), ".parquet": phrase("Parquet文件")}[
            self.value
        ]


ACCEPTED = "、".join(kind.value for kind in FileKind)
_HEAD = 8192
_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"
_AS_UTF8 = phrase("另存为“CSV UTF-8”")
_OTHERS = (  # what else people hand over under a table's name
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        phrase("旧的Excel文件（.xls）或加了密码的工作簿"),
        phrase("去掉密码，另存为.xlsx"),
    ),
    (b"PARE", phrase("加了密的Parquet文件"), phrase("没有加密的Parquet文件")),
    (b"PK\x05\x06", phrase("空的压缩包"), ACCEPTED),
    (b"\x1f\x8b", phrase("gzip压缩文件"), phrase("解压以后的文件")),
    (b"7z\xbc\xaf\x27\x1c", phrase("7z压缩文件"), phrase("解压以后的文件")),
    (b"Rar!", phrase("RAR压缩文件"), phrase("解压以后的文件")),
    (b"\x28\xb5\x2f\xfd", phrase("zstd压缩文件"), phrase("解压以后的文件")),
    (b"%PDF", phrase("PDF文件"), ACCEPTED),
    (b"ARROW1", phrase("Arrow文件"), ACCEPTED),
    (b"SQLite format 3\0", phrase("SQLite数据库"), ACCEPTED),
    (b"\xff\xfe\0\0", phrase("UTF-32编码的文本"), phrase("UTF-8或GB18030编码的CSV")),
    (b"\0\0\xfe\xff", phrase("UTF-32编码的文本"), phrase("UTF-8或GB18030编码的CSV")),
    (b"\xff\xfe", phrase("UTF-16编码的文本（Excel的“Unicode文本”）"), _AS_UTF8),
    (b"\xfe\xff", phrase("UTF-16编码的文本（Excel的“Unicode文本”）"), _AS_UTF8),
)
_ARCHIVES = {
    "xl/workbook.bin": phrase("Excel二进制工作簿（.xlsb）"),
    "word/document.xml": phrase("Word文档"),
    "content.xml": phrase("ODS等文档"),
}
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table")


def named_kind(path: Path) -> FileKind | None:
    """The kind the name claims, None when the ending is none of ours."""
    ending = path.suffix.lower()
    return next((kind for kind in FileKind if kind.value == ending), None)


def kind_of(path: Path) -> FileKind:
    """The kind of a file to read, which its name and its content agree on.

    NotFound when there is no such file; refused with BadInput when it is empty, unreadable, another kind than its name
    claims, or no kind that can be read.
    """
    head = _head(path)
    claimed = named_kind(path)
    if claimed is None:
        raise BadInput(path.name, "看文件名不是能读的表", accepted=ACCEPTED)
    if not head:
        raise BadInput(path.name, "是空文件", accepted="有表头和人员的表")
    found = _content(path, head, claimed)
    if found is not claimed:
        raise BadInput(
            path.name,
            told("文件名说是{words}，内容其实是{words2}", words=claimed.words, words2=found.words),
            accepted=told("改名为{value}", value=found.value),
        )
    return found


def _head(path: Path) -> bytes:
    try:
        if not path.exists():
            raise NotFound(told("文件{path}", path=path))
        if not path.is_file():
            raise BadInput(str(path), "不是普通文件", accepted=ACCEPTED)
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise BadInput(
            str(path), told("读不了（{strerror}）", strerror=error.strerror), accepted="可以读的文件"
        ) from error


def _content(path: Path, head: bytes, claimed: FileKind) -> FileKind:
    if head.startswith(_PARQUET):
        return FileKind.PARQUET
    if head.startswith(_ZIP):
        return _zip_content(path)
    for start, what, accepted in _OTHERS:
        if head.startswith(start):
            raise BadInput(path.name, told("是{what}", what=what), accepted=accepted)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise BadInput(path.name, "是网页或XML文本", accepted=ACCEPTED)
    if claimed is not FileKind.CSV:
        raise BadInput(
            path.name,
            told("文件名说是{words}，内容不是", words=claimed.words),
            accepted=told("真正的{words}", words=claimed.words),
        )
    if _every_second_is_zero(head):
        raise BadInput(path.name, "像是UTF-16编码的文本", accepted=_AS_UTF8)
    return FileKind.CSV


def _every_second_is_zero(head: bytes) -> bool:
    """Whether it looks like plain letters in UTF-16 without a byte order mark."""
    return max(head[0::2].count(0), head[1::2].count(0)) * 4 > len(head)


def _zip_content(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(path.name, "是坏的或没有下载完的压缩包", accepted=ACCEPTED) from error
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    found = next((words for name, words in _ARCHIVES.items() if name in names), phrase("压缩包"))
    raise BadInput(path.name, told("是{found}", found=found), accepted=ACCEPTED)
