"""The text of a file and the values of its form, both ways: only what the form changed is written anew.

A file is taken apart into its top keys; those whose values are the same in the form keep their lines, comments and
all, and what the form does not know stays as it is. Scalars stay the words that stand there: the list's own reader
says what is wrong with them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from songhe.kernel.errors import BadInput

WIDTH = 112
_NUMBER = re.compile(r"[-+]?\d{1,30}(\.\d{1,30})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BARE = ("true", "false", "null")
_NO_TEXT = frozenset({"", "~", *_BARE})
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Quoted(str):
    """A scalar that stood in quotes, and is written so again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One top key with its lines, and the comments and blank lines after them."""

    key: str
    first: int
    lines: tuple[str, ...]
    after: tuple[str, ...]
    value: Any
    node: yaml.Node


def read_blocks(text: str) -> tuple[tuple[str, ...], list[Block]]:
    """The lines before the first key, and the top keys; BadInput for what is no mapping."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(f"第{mark.line + 1 if mark else 1}行", "不是YAML") from error
    if not isinstance(root, yaml.MappingNode):
        raise BadInput("第1行", "文件要由“键: 值”组成")
    lines = text.splitlines()
    starts = [key.start_mark.line for key, _ in root.value]
    blocks = []
    for (key, value), first, end in zip(root.value, starts, [*starts[1:], len(lines)], strict=True):
        last = end
        while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
            last -= 1
        own, after = tuple(lines[first:last]), tuple(lines[last:end])
        blocks.append(Block(str(key.value), first + 1, own, after, plain(value), value))
    return tuple(lines[: starts[0]] if starts else lines), blocks


def plain(node: yaml.Node) -> Any:
    """A node as text, lists and mappings of text."""
    if isinstance(node, yaml.SequenceNode):
        return [plain(child) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    quoted = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
    return Quoted(node.value) if quoted else str(node.value)


def rewritten(text: str, changed: Mapping[str, Sequence[str]], order: Sequence[str]) -> str:
    """The text with the lines of some top keys replaced; no lines at all take the key out.

    A key that was not there comes after the nearest one that stands before it in `order`.
    """
    before, blocks = read_blocks(text)
    parts: list[tuple[str, list[str]]] = [("", list(before))]
    for block in blocks:
        own = list(block.lines) if block.key not in changed else list(changed[block.key])
        parts.append((block.key, [*own, *block.after] if own or block.key not in changed else _joint(block.after)))
    present = {key for key, _ in parts}
    for key in order:
        if key in changed and key not in present and changed[key]:
            parts.insert(_place(parts, key, order), (key, list(changed[key])))
            present.add(key)
    return "\n".join(line for _, lines in parts for line in lines).rstrip() + "\n"


def _joint(after: Sequence[str]) -> list[str]:
    """What stood after a key that is gone, without a blank line doubled."""
    return [line for line in after if line.strip()]


def _place(parts: list[tuple[str, list[str]]], key: str, order: Sequence[str]) -> int:
    earlier = set(order[: order.index(key)])
    return max((index + 1 for index, (name, _) in enumerate(parts) if name in earlier), default=1)


def text_word(value: str, *, alone: bool = False) -> str:
    """A text as YAML: bare when it reads back as the same text, else in single quotes.

    `alone`: it has the rest of its line, and needs no quotes for a comma.
    """
    value = " ".join(value.split())
    safe = value not in _NO_TEXT and not _NUMBER.fullmatch(value) and not _DATE.fullmatch(value)
    if safe and _reads_back(value, alone):
        return value
    return "'" + value.replace("'", "''") + "'"


def _reads_back(value: str, alone: bool) -> bool:
    """Whether the bare text means itself, in lines of its own and, unless it stands alone, between braces."""
    try:
        if yaml.load(f"k: {value}\n", Loader=_LOADER) != {"k": value}:  # noqa: S506
            return False
        within = yaml.load(f"{{k: {value}, l: [{value}, m]}}", Loader=_LOADER) if not alone else None  # noqa: S506
    except yaml.YAMLError:
        return False
    return bool(alone or within == {"k": value, "l": [value, "m"]})


def bare_word(value: str, *, alone: bool = False) -> str:
    """A number, day, true, false or null as it is; anything else as a text."""
    value = value.strip()
    if _NUMBER.fullmatch(value) or _DATE.fullmatch(value) or value in _BARE:
        return value
    return text_word(value, alone=alone)


def word_again(value: Any) -> str:
    """What was read, written again: quotes where they were."""
    if isinstance(value, list):
        return "[" + ", ".join(word_again(part) for part in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {word_again(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Quoted):
        return "'" + value.replace("'", "''") + "'"
    return bare_word(value) if value else "''"


def flow(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs of a key and its YAML between braces; empty ones are left out."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs if value) + "}"


def scalar_lines(key: str, value: str, *, indent: str = "", as_text: bool = True) -> list[str]:
    """A key with a scalar: on one line, or folded over several when it is long and may be."""
    value = " ".join(value.split())
    if not value:
        return []
    word = text_word(value, alone=True) if as_text else bare_word(value, alone=True)
    line = f"{indent}{key}: {word}"
    if len(line) <= WIDTH or " " not in value:
        return [line]
    inner = f"{indent}  "
    folded = textwrap.wrap(value, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
    return [f"{indent}{key}: >-", *(inner + part for part in folded)]


def list_lines(key: str, values: Sequence[str]) -> list[str]:
    """A key with one line a text."""
    return [f"{key}:", *(f"  - {text_word(value, alone=True)}" for value in values)] if values else []
