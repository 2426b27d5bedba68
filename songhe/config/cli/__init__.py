"""The command line: `songhe`. Exit codes: 0 done, 1 something wrong with the input, 2 wrong usage."""

from __future__ import annotations

import io
import sys
from importlib import import_module

import click

from songhe import __version__
from songhe.kernel.errors import SongheError

# Where each command stands. A command's module is imported when it is called, so that `songhe ask` does not wait for
# what only `songhe determine` needs.
COMMANDS = {
    "determine": "songhe.config.cli.determine",
    "whatif": "songhe.config.cli.whatif",
    "agein": "songhe.config.cli.agein",
    "explain": "songhe.config.cli.explain",
    "ask": "songhe.config.cli.ask",
    "rules": "songhe.config.cli.rules",
    "serve": "songhe.config.cli.serve",
    "work": "songhe.config.cli.work",
    "audit": "songhe.config.cli.audit",
    "people": "songhe.config.cli.people",
    "regions": "songhe.config.cli.regions",
    "policy": "songhe.config.cli.policy",
    "demo": "songhe.config.cli.demo",
    "bench": "songhe.config.cli.bench",
}


class Commands(click.Group):
    """The group of commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command), cmd_name  # noqa: S101
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="松鹤 songhe")
def songhe() -> None:
    """松鹤：从一份养老服务清单，到每位老人可享什么。"""


def main() -> None:
    """Runs the command line; errors meant for the user are one clear message and exit code 1."""
    _print_whatever_comes()
    try:
        songhe(standalone_mode=True)
    except SongheError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _print_whatever_comes() -> None:
    """No run fails because a terminal's encoding lacks a sign or a file's name is no UTF-8: the code is printed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
