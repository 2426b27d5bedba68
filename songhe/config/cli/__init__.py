"""The command line: `songhe`. Exit codes: 0 done, 1 something wrong with the input, 2 wrong usage."""

from __future__ import annotations

import sys

import click

from songhe import __version__
from songhe.config.cli import demo, determine, people, rules, whatif
from songhe.kernel.errors import SongheError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="松鹤 songhe")
def songhe() -> None:
    """松鹤：从一份养老服务清单，到每位老人可享什么。"""


for command in (
    determine.determine,
    rules.rules,
    people.explain,
    people.ask,
    whatif.whatif,
    whatif.agein,
    demo.demo,
    demo.bench,
):
    songhe.add_command(command)


def main() -> None:
    """Runs the command line; errors meant for the user are one clear message and exit code 1."""
    try:
        songhe(standalone_mode=True)
    except SongheError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
