"""`python -m songhe.config.languages [--check] [room…]`: brings the rooms' catalogues up to what the rooms say."""

from __future__ import annotations

import sys
from collections.abc import Collection

from songhe.config.languages.catalogues import ROOMS, Catalogue, compiled, path_of, read, written
from songhe.config.languages.gathering import gathered


def brought_up(room: str, elsewhere: Catalogue) -> Catalogue:
    """The room's phrases with the English they have, here or in another room."""
    known = read(path_of(room))
    found = gathered(room)
    for phrase, entry in found.items():
        old = known.get(phrase) or elsewhere.get(phrase)
        entry.english = old.english if old else entry.english
    return found


def stale_files(*, mend: bool, wanted_rooms: Collection[str] = ()) -> list[str]:
    """The catalogues that are not what they should be, of all rooms or some; written anew when `mend`."""
    names = sorted(path.name for path in ROOMS.iterdir() if (path / "__init__.py").exists())
    elsewhere = {phrase: entry for room in names for phrase, entry in read(path_of(room)).items() if any(entry.english)}
    stale = []
    for room in names:
        catalogue = {} if wanted_rooms and room not in wanted_rooms else brought_up(room, elsewhere)
        if not catalogue:
            continue
        path = path_of(room)
        wanted = {path: written(catalogue).encode(), path.with_suffix(".mo"): compiled(catalogue)}
        for file, data in wanted.items():
            if not file.exists() or file.read_bytes() != data:
                stale.append(file.relative_to(ROOMS).as_posix())
                if mend:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
    return stale


def main(arguments: list[str]) -> int:
    """Writes the catalogues, or says with `--check` which are stale."""
    check = "--check" in arguments
    stale = stale_files(mend=not check, wanted_rooms=[one for one in arguments if not one.startswith("-")])
    for name in stale:
        sys.stdout.write(f"{'stale' if check else 'written'}: {name}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
