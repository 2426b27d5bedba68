"""`python -m docs.generate` writes the pages; with `--check` it writes nothing and names those that differ."""

from __future__ import annotations

import sys

import click

from docs.generate import PAGES
from docs.generate.markdown import REFERENCE


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; name the pages that differ and exit with 1.")
def main(check: bool) -> None:
    """Make the pages of docs/reference that come from the code."""
    differing = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        differing.append(path)
        if not check:
            path.write_text(text, encoding="utf-8")
    for path in differing:
        click.echo(f"{path.relative_to(REFERENCE.parents[1])}: {'differs; make docs mends it' if check else 'made'}")
    sys.exit(1 if check and differing else 0)


if __name__ == "__main__":
    main()
