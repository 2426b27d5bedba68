"""Fetches the front end's foreign files and cuts them to what is served; for maintainers, never at install.

`python -m songhe.ui.vendoring` asks npm for exactly these versions, refuses a package whose digest is not the one
written here, and writes the files and one MANIFEST per package below `static/ui/vendor`.
Style sheets lose what a strict content policy or the manifest storage would refuse: data addresses, source maps, files
that are not served. Tabler goes into a cascade layer, so that our own rules win without a fight over specificity.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "ui" / "vendor"
ICONS = (
    "activity address-book alert-triangle arrow-down arrow-narrow-right arrow-right arrow-up arrows-join "
    "arrows-sort basket bed bell book-2 bookmark building building-community building-hospital calculator "
    "calendar chart-bar chart-line check checklist chevron-down chevron-left chevron-right chevron-up "
    "circle-check circle-plus clipboard-check clipboard-list clock coin-yuan columns copy database-import "
    "device-watch door dots download external-link eye eye-check eye-off file-export file-import file-text "
    "filter git-merge heart-handshake help history home hourglass id inbox info-circle key layout-dashboard "
    "layout-sidebar-left-collapse layout-sidebar-left-expand link list-check loader-2 lock logout mail map-2 "
    "map-pin message minus pencil phone plus printer refresh report route scale search send server settings "
    "shield-check shield-lock soup star sun table tag target-arrow trash upload user user-check user-plus users "
    "versions volume wifi-off x"
).split()
MIT = """MIT License

{holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the registry; `cut` yields the names and contents of what is served."""

    folder: str
    name: str
    version: str
    licence: str
    sha512: str
    cut: Callable[[Path], Iterator[tuple[str, bytes]]]


def _without_source_map(text: str) -> str:
    return re.sub(r"(?://|/\*)# sourceMappingURL=\S+(?: ?\*/)?", "", text).rstrip() + "\n"


def _htmx(source: Path) -> Iterator[tuple[str, bytes]]:
    yield "htmx.min.js", (source / "dist/htmx.min.js").read_bytes()
    yield "LICENSE", (source / "LICENSE").read_bytes()


def _echarts(source: Path) -> Iterator[tuple[str, bytes]]:
    yield "echarts.common.min.js", (source / "dist/echarts.common.min.js").read_bytes()
    yield "LICENSE", (source / "LICENSE").read_bytes()
    yield "NOTICE", (source / "NOTICE").read_bytes()


def _leaflet(source: Path) -> Iterator[tuple[str, bytes]]:
    style = (source / "dist/leaflet.css").read_text(encoding="utf-8")
    style = re.sub(r"^\s*(?:background-image: url\(images/|behavior: url\().*$\n", "", style, flags=re.MULTILINE)
    script = (source / "dist/leaflet.js").read_text(encoding="utf-8")
    yield "leaflet.css", style.replace("\r\n", "\n").encode()
    yield "leaflet.js", _without_source_map(script).encode()
    yield "LICENSE", (source / "LICENSE").read_bytes()


def _tabler(source: Path) -> Iterator[tuple[str, bytes]]:
    text = (source / "dist/css/tabler.min.css").read_text(encoding="utf-8").removeprefix('@charset "UTF-8";')
    head = re.match(r"/\*!.*?\*/", text, re.DOTALL)
    if head is None or "@import" in text:
        raise SystemExit("tabler.min.css is not built as it was: look before you cut")
    rules = re.sub(r'url\("data:(?:[^"\\]|\\.)*"\)', "none", _without_source_map(text[head.end() :]))
    rules = re.sub(r"url\(data:[^)]*\)", "none", rules).strip()
    yield "tabler.min.css", f'@charset "UTF-8";\n{head[0]}\n@layer tabler{{{rules}}}\n'.encode()
    holder = "\n".join(re.findall(r"Copyright .*", head[0]))
    yield "LICENSE", MIT.format(holder=holder).encode()


def _icons(source: Path) -> Iterator[tuple[str, bytes]]:
    symbols = []
    for name in ICONS:
        drawing = (source / f"icons/outline/{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"\s+", " ", drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")])
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
            f'stroke-linecap="round" stroke-linejoin="round">{body.strip()}</symbol>'
        )
    lines = "\n".join(symbols)
    yield "sprite.svg", f'<svg xmlns="http://www.w3.org/2000/svg">\n{lines}\n</svg>\n'.encode()
    yield "LICENSE", (source / "LICENSE").read_bytes()


def _noto(source: Path) -> Iterator[tuple[str, bytes]]:
    for weight in (400, 600):
        faces = []
        for face in re.findall(
            r"@font-face \{.*?\}", (source / f"{weight}.css").read_text(encoding="utf-8"), re.DOTALL
        ):
            file = re.search(r"files/(noto-sans-sc-(\w+)-\d+-normal\.woff2)", face)
            if file is None or file[2] in {"cyrillic", "vietnamese"}:
                continue
            faces.append(re.sub(r"src: .*?;", f"src: url({file[1]}) format('woff2');", face))
            yield file[1], (source / "files" / file[1]).read_bytes()
        yield f"noto-sans-sc-{weight}.css", ("\n".join(faces) + "\n").encode()
    yield "LICENSE", (source / "LICENSE").read_bytes()


PACKAGES = (
    Package(
        "htmx",
        "htmx.org",
        "2.0.11",
        "Zero-Clause BSD",
        "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        _htmx,
    ),
    Package(
        "tabler",
        "@tabler/core",
        "1.6.1",
        "MIT",
        "lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04QUuW3pqDsIg==",
        _tabler,
    ),
    Package(
        "tabler-icons",
        "@tabler/icons",
        "3.52.0",
        "MIT",
        "dldKlJNfO/gZnGLcIY0X2EFFKIMGwL/rEvTqglvBgAPFiwj9pZOCN5V3Sf0Gyjq6foX4VQmLdOmsS4w5FdWKAw==",
        _icons,
    ),
    Package(
        "echarts",
        "echarts",
        "6.1.0",
        "Apache License 2.0",
        "q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
        _echarts,
    ),
    Package(
        "leaflet",
        "leaflet",
        "1.9.4",
        "BSD 2-Clause",
        "nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
        _leaflet,
    ),
    Package(
        "noto-sans-sc",
        "@fontsource/noto-sans-sc",
        "5.3.0",
        "SIL Open Font License 1.1",
        "HeqIlGm0+ohOKxZLuHj1qW6r6avHH0OWdKERAcSDI0RQ+MXrteuLKA+M+5eOA8rYy0MFvOR5AT0fQo2rUkye0Q==",
        _noto,
    ),
)


def fetch(package: Package, folder: Path) -> Path:
    """The unpacked package below the folder; SystemExit when its digest is another."""
    spelled = f"{package.name}@{package.version}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", spelled], cwd=folder, capture_output=True, check=True, text=True
    )
    archive = folder / packed.stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.sha512:
        raise SystemExit(f"{spelled}: the digest is {digest}")
    target = folder / package.folder
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    return target / "package"


def write(package: Package, source: Path, vendor: Path = VENDOR) -> None:
    """The served files of one package with their MANIFEST; what lay there before is removed."""
    folder = vendor / package.folder
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    files = dict(package.cut(source))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digests = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    head = f"# {package.name} {package.version}, {package.licence} (LICENSE); sha256 of each file\n"
    (folder / "MANIFEST").write_text(head + digests, encoding="utf-8")


def main() -> None:
    """Every package anew."""
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            write(package, fetch(package, Path(folder)))
            sys.stdout.write(f"{package.name} {package.version}\n")


if __name__ == "__main__":
    main()
