"""Tables and progress in a terminal. Han characters are two columns wide; the tables know that."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
from click.termui import progressbar

from songhe.kernel.money import Money

_LONGEST_RULE = 60  # below the head of a last column of sentences


def width(text: str) -> int:
    """How many terminal columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fill(text: str, columns: int, right: bool) -> str:
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Prints a table; columns numbered in `right` are aligned to the right."""
    sizes = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    rule = "  ".join("─" * min(size, _LONGEST_RULE) for size in sizes)
    for index, row in enumerate([head, *rows]):
        cells = [_fill(cell, sizes[place], place in right) for place, cell in enumerate(row)]
        click.echo("  ".join(cells).rstrip())
        if index == 0:
            click.echo(rule)


def number(value: int) -> str:
    """A whole number with thousands separated."""
    return f"{value:,}"


def signed(value: int) -> str:
    """A change: +12, −3, 0."""
    return "0" if value == 0 else f"+{value:,}" if value > 0 else f"−{-value:,}"


def yuan(fen: int | None) -> str:
    """An amount in yuan with two decimals; what the list does not set is a dash."""
    return "–" if fen is None else str(Money(fen))


def signed_yuan(fen: int) -> str:
    """A change of money in yuan."""
    return str(Money(fen)) if fen == 0 else f"+{Money(fen)}" if fen > 0 else f"−{Money(-fen)}"


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the error stream that is fed with how much more is done; silent when that is not a terminal."""
    hidden = not sys.stderr.isatty()
    with progressbar(length=total, label=label, file=sys.stderr, show_eta=True, hidden=hidden) as bar:
        yield bar.update
