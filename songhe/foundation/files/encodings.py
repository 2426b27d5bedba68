"""The encoding of a text file, decided on all of it: UTF-8 when every byte fits, else GB18030, else refused."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

_PIECE = 8 << 20
_BOM = codecs.BOM_UTF8
_ACCEPTED = phrase("UTF-8或GB18030编码的文本")
_SURELY_UTF8 = 16  # continuation bytes: eight Chinese characters
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text file with the encoding it was found to have."""

    path: Path
    encoding: str
    lines: int
    quoted: bool

    def pieces(self, size: int) -> Iterator[tuple[bytes, int]]:
        """The content as UTF-8 without byte order mark, in pieces, each with how far the file is read."""
        decoder = codecs.getincrementaldecoder(self.encoding)() if self.encoding != "utf-8" else None
        with self.path.open("rb") as file:
            if file.read(len(_BOM)) != _BOM:
                file.seek(0)
            while data := file.read(size):
                yield data if decoder is None else decoder.decode(data).encode(), file.tell()


def examine(path: Path) -> Text:
    """Reads the whole file once. BadInput names the line of the first NUL or of the first byte that fits nothing."""
    lines, quoted, last, utf8 = 0, False, b"\n", _Utf8()
    for data in _raw(path):
        if b"\0" in data:
            line = lines + data[: data.index(b"\0")].count(b"\n") + 1
            raise BadInput(
                told("{name}第{line:,}行", name=path.name, line=line),
                "有NUL字符（零字节），不是文本",
                accepted=_ACCEPTED,
            )
        utf8.check(data, lines + 1)
        lines += data.count(b"\n")
        quoted = quoted or b'"' in data
        last = data[-1:]
    utf8.finish(lines + 1)
    return Text(path, _encoding(path, utf8), lines + (last != b"\n"), quoted)


def _raw(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(_PIECE):
            yield data


class _Utf8:
    """Whether bytes are UTF-8. `misfit` is the line of the first that is not, None while all are."""

    misfit: int | None = None

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._beyond_ascii = 0

    def check(self, data: bytes, line: int) -> None:
        """Takes the next bytes, which begin on the line."""
        if self.misfit is not None:
            return
        pending = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(data)
        except UnicodeDecodeError as error:
            good = (pending + data)[: error.start]
            self._beyond_ascii += len(good) - len(good.decode())
            self.misfit = line + good.count(b"\n")
        else:
            self._beyond_ascii += len(data) - len(text)

    def finish(self, line: int) -> None:
        """No more bytes: a character that has only begun is a misfit."""
        if self.misfit is None and self._decoder.getstate()[0]:
            self.misfit = line

    @property
    def surely(self) -> bool:
        """Whether what fits shows that all should: so much well-formed Chinese is no accident."""
        return self._beyond_ascii >= _SURELY_UTF8


def _encoding(path: Path, utf8: _Utf8) -> str:
    if utf8.misfit is None:
        return "utf-8"
    where = told("{name}第{misfit:,}行", name=path.name, misfit=utf8.misfit)
    if utf8.surely or _has_mark(path):
        raise BadInput(where, "是UTF-8编码，但有坏字节", accepted=_ACCEPTED)
    if not _is_gb18030(path):
        raise BadInput(where, "编码读不懂：既不是UTF-8，也不是GB18030", accepted=_ACCEPTED)
    return "gb18030"


def _has_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_BOM)) == _BOM


def _is_gb18030(path: Path) -> bool:
    """Whether all of it decodes, to characters that have a meaning: other encodings often decode to private ones."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        for data in _raw(path):
            if _PRIVATE_USE.search(decoder.decode(data)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
