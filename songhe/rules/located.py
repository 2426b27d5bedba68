"""YAML that remembers its lines, so that every complaint about the law names file and line.

Only plain values are read: text, whole and decimal numbers, true/false, ISO dates, nothing. YAML's yes/no/on/off stay
text: `outcome: no` is the word no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from songhe.kernel.errors import BadInput

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_QUOTED = ("'", '"', "|", ">")
_WORDS: dict[str, Any] = {"": None, "null": None, "~": None, "true": True, "false": False}


class Mapping(dict[str, Any]):
    """A mapping with the line of itself and of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping when the key is not there."""
        return self.lines.get(key, self.line)


class Sequence(list[Any]):
    """A sequence with the line of itself and of each element."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def located(self) -> Iterator[tuple[int, Any]]:
        """The elements with their lines."""
        return zip(self.lines, self, strict=True)


def read_yaml(path: Path) -> Mapping:
    """The file as a mapping with lines.

    Refused with BadInput: not there, not UTF-8, not YAML, not a mapping, a key twice, anchors and tags.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError as error:
        raise BadInput(str(path), "没有这个文件") from error
    except UnicodeDecodeError as error:
        raise BadInput(str(path), f"第{error.start}个字节不是UTF-8", accepted="UTF-8文字") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise BadInput(where, f"不是YAML（{getattr(error, 'problem', error)}）") from error
    if not isinstance(node, yaml.MappingNode):
        raise BadInput(f"{path}:1", "文件要由“键: 值”组成")
    result: Mapping = _construct(node, path)
    return result


def _construct(node: yaml.Node, path: Path) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, f"{path}:{line}")
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(line)
        for child in node.value:
            sequence.append(_construct(child, path))
            sequence.lines.append(child.start_mark.line + 1)
        return sequence
    mapping = Mapping(line)
    for key_node, value_node in node.value:
        key, key_line = str(key_node.value), key_node.start_mark.line + 1
        if key in mapping:
            raise BadInput(f"{path}:{key_line}", f"“{key}”写了两次", accepted="每个键只写一次")
        mapping[key] = _construct(value_node, path)
        mapping.lines[key] = key_line
    return mapping


def _scalar(node: yaml.ScalarNode, where: str) -> Any:
    text = str(node.value)
    if node.style in _QUOTED:  # always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise BadInput(where, "不是日期", given=text, accepted="真实的日期，如2024-05-01") from error
    return text
