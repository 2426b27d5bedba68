"""The page of the command line: the help of every command, as `--help` prints it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from docs.generate.markdown import code, finish, opening
from songhe.config.cli import songhe

WIDTH = 100


def page() -> str:
    """The page."""
    lines = opening(
        "The command line",
        "`songhe/config/cli/`",
        "Exit codes: 0 done, 1 something is wrong with the input (or a check found something), 2 wrong usage. "
        "Messages and progress go to the error stream, results to the output.",
    )
    for name, command, parent in all_commands():
        lines += [f"## {name}", "", *code(help_of(name, command, parent))]
    return finish(lines)


def all_commands() -> Iterator[tuple[str, click.Command, click.Context | None]]:
    """`songhe` and every command below it, groups before what is in them, with their full names."""
    yield from _with_children("songhe", songhe, None)


def _with_children(
    name: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context | None]]:
    yield name, command, parent
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=command.name, parent=parent)
        for child_name in command.list_commands(context):
            child = command.get_command(context, child_name)
            if child is None:
                raise AssertionError(f"{name} lists {child_name} and has none")
            yield from _with_children(f"{name} {child_name}", child, context)


def help_of(name: str, command: click.Command, parent: click.Context | None) -> str:
    """What `--help` prints, in a terminal of 100 columns."""
    context = click.Context(
        command, info_name=name.rsplit(" ", 1)[-1], parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    return command.get_help(context)
