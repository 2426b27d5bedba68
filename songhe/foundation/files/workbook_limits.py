"""How large a workbook may be, read from the directory of its zip before anything in it is opened.

A few kilobytes can unpack to gigabytes; the directory says so, and what it hides the limits of the reading process
catch.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

MEGABYTE = 1 << 20
MOST_BYTES = 20 * MEGABYTE
MOST_PARTS = 200
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 100
_RATIO_FROM = MEGABYTE
_WAY_OUT = phrase("在Excel里另存为“CSV UTF-8”")


def check_workbook(path: Path) -> None:
    """Refuses with BadInput a workbook that is too large, or packed in a way no spreadsheet program packs."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        problem = told("工作簿有{value:.1f}MB，超过{value2}MB", value=size / MEGABYTE, value2=MOST_BYTES // MEGABYTE)
        raise BadInput(path.name, problem, accepted=_WAY_OUT)
    parts = _parts(path)
    if len(parts) > MOST_PARTS:
        raise BadInput(
            path.name,
            told("工作簿里有{count}个部件，超过{most_parts}个", count=len(parts), most_parts=MOST_PARTS),
            accepted=_WAY_OUT,
        )
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        problem = told(
            "工作簿展开后有{value:,.0f}MB，超过{value2}MB", value=unpacked / MEGABYTE, value2=MOST_UNPACKED // MEGABYTE
        )
        raise BadInput(path.name, problem, accepted=_WAY_OUT)
    for part in parts:
        if part.file_size > _RATIO_FROM and part.file_size > MOST_RATIO * part.compress_size:
            raise BadInput(
                path.name,
                told("工作簿里有一个部件压缩得超过{most_ratio}倍，像是压缩炸弹", most_ratio=MOST_RATIO),
                accepted=_WAY_OUT,
            )


def _parts(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(path.name, "工作簿是坏的或没有下载完", accepted="完好的.xlsx") from error
