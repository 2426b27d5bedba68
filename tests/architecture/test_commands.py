"""The command line speaks Chinese and shows an example that would work."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from docs.generate.commands import all_commands

HAN = re.compile(r"[\u4e00-\u9fff]")
COMMANDS = {name: command for name, command, _ in all_commands()}
LEAVES = [name for name, command in COMMANDS.items() if not isinstance(command, click.Group)]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_in_chinese_what_it_does(name: str) -> None:
    assert HAN.search(COMMANDS[name].help or "")


@pytest.mark.parametrize("name", LEAVES)
def test_every_option_says_in_chinese_what_it_is(name: str) -> None:
    options = [parameter for parameter in COMMANDS[name].params if isinstance(parameter, click.Option)]
    silent = [option.opts for option in options if not HAN.search(option.help or "") and option.name != "help"]
    assert silent == []


@pytest.mark.parametrize("name", LEAVES)
def test_the_help_ends_with_an_example_of_this_command(name: str) -> None:
    epilog = COMMANDS[name].epilog or ""
    assert epilog.startswith(f"例：{name}")


@pytest.mark.parametrize("name", LEAVES)
def test_the_example_is_one_the_command_would_take(name: str) -> None:
    command = COMMANDS[name]
    example = (command.epilog or "").removeprefix("例：").splitlines()[0]
    arguments = shlex.split(example)[len(name.split()) :]
    command.make_context(name, arguments)
