"""The files a page names: they are there, they are ours or vendored, and no foreign address is in them."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage

from songhe.ui import vendoring

STATIC = vendoring.VENDOR.parent.parent
OWN_STYLES = sorted((STATIC / "ui" / "css").glob("*.css"))
OWN_SCRIPTS = sorted((STATIC / "ui" / "js").glob("*.js"))
COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}\b")
# Colours with a place of their own: on the pine of the top bar, and hover shades between two tokens.
FREE = {
    "#FFFFFF",
    "#274A3F",
    "#8FA79C",
    "#E3EBE7",
    "#DDE8E2",
    "#9A2412",
    "#D6E8DF",
    "#E9E6DC",
    "#EBE8DE",
    "#6B6B6B",
    "#000000",
}


def test_the_manifest_storage_takes_every_file(tmp_path: Path) -> None:
    """It fails on a style sheet that names a file that is not served."""
    source = FileSystemStorage(location=STATIC)
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    names = [path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()]
    for name in names:
        with source.open(name) as file:
            storage.save(name, file)
    failed = [
        (name, done)
        for name, _, done in storage.post_process({name: (storage, name) for name in names})
        if isinstance(done, Exception)
    ]
    assert failed == []


@pytest.mark.parametrize("path", OWN_STYLES, ids=lambda path: path.name)
def test_colours_come_from_the_tokens(path: Path) -> None:
    if path.name == "tokens.css":
        return
    assert {one for one in COLOUR.findall(path.read_text(encoding="utf-8")) if one.upper() not in FREE} == set()


@pytest.mark.parametrize("path", OWN_STYLES, ids=lambda path: path.name)
def test_every_token_named_exists(path: Path) -> None:
    known = set(re.findall(r"(--sh-[\w-]+):", (STATIC / "ui/css/tokens.css").read_text(encoding="utf-8")))
    assert set(re.findall(r"var\((--sh-[\w-]+)\)", path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("path", [*OWN_STYLES, *OWN_SCRIPTS], ids=lambda path: path.name)
def test_a_file_of_ours_is_short_and_calls_nobody(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    assert not re.search(r"https?://(?!www\.w3\.org)|\beval\(|new Function|innerHTML|document\.write", text)


def test_vendored_styles_name_no_data_and_no_other_place() -> None:
    for path in vendoring.VENDOR.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*[\"']?(?:data:|https?:|//)", text), path.name
        assert "sourceMappingURL" not in text, path.name


def test_every_slice_of_the_font_is_served() -> None:
    folder = vendoring.VENDOR / "noto-sans-sc"
    named = {name for sheet in folder.glob("*.css") for name in re.findall(r"url\(([^)]+)\)", sheet.read_text())}
    assert named == {path.name for path in folder.glob("*.woff2")}
    assert {"noto-sans-sc-latin-400-normal.woff2", "noto-sans-sc-latin-600-normal.woff2"} <= named


def test_the_manifest_says_the_version_that_is_asked_for() -> None:
    for package in vendoring.PACKAGES:
        head = (vendoring.VENDOR / package.folder / "MANIFEST").read_text(encoding="utf-8").splitlines()[0]
        assert head == f"# {package.name} {package.version}, {package.licence} (LICENSE); sha256 of each file"
        assert (vendoring.VENDOR / package.folder / "LICENSE").stat().st_size > 100


def test_the_sprite_has_every_icon_once() -> None:
    sprite = (vendoring.VENDOR / "tabler-icons" / "sprite.svg").read_text(encoding="utf-8")
    assert sorted(re.findall(r'<symbol id="([\w-]+)"', sprite)) == sorted(vendoring.ICONS)


def _packed(folder: Path, name: str) -> Path:
    archive = folder / "one.tgz"
    with tarfile.open(archive, "w:gz") as made:
        entry = tarfile.TarInfo(name)
        entry.size = 3
        made.addfile(entry, io.BytesIO(b"abc"))
    return archive


def test_a_package_with_another_digest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _packed(tmp_path, "package/a")
    done = type("Done", (), {"stdout": "one.tgz\n"})
    monkeypatch.setattr(vendoring.subprocess, "run", lambda *arguments, **options: done)
    with pytest.raises(SystemExit, match="digest"):
        vendoring.fetch(vendoring.PACKAGES[0], tmp_path)


def test_a_package_is_cut_and_listed(tmp_path: Path) -> None:
    (tmp_path / "out" / "one").mkdir(parents=True)
    (tmp_path / "out" / "one" / "old").touch()
    package = vendoring.Package(
        "one", "one", "1.0", "MIT", "", lambda source: iter([("a.txt", b"abc"), ("LICENSE", b"MIT")])
    )
    vendoring.write(package, tmp_path, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out" / "one").iterdir()) == ["LICENSE", "MANIFEST", "a.txt"]
    assert (tmp_path / "out" / "one" / "MANIFEST").read_text().splitlines()[2].endswith("  a.txt")
