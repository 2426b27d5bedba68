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

_NUMBER = re.compile(r"[-+]?\d{1,30}(\.\d{1,30})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DEEPEST = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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

    Refused with BadInput: not there, not UTF-8, not YAML, not a mapping, a key twice; nesting without end; anchors,
    tags and merge keys, which say elsewhere what belongs on the page.
    """
    text = _text(path)
    try:
        _refuse_what_hides(text, path)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        reason = getattr(error, "problem", None) or getattr(error, "reason", "")
        raise BadInput(where, f"不是YAML（{reason}）") from error
    if not isinstance(node, yaml.MappingNode):
        raise BadInput(f"{path}:1", "文件要由“键: 值”组成")
    result: Mapping = _construct(node, path)
    return result


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadInput(str(path), "没有这个文件") from error
    except UnicodeDecodeError as error:
        raise BadInput(str(path), f"第{error.start + 1}个字节不是UTF-8", accepted="UTF-8文字") from error
    except OSError as error:
        raise BadInput(str(path), "读不了这个文件", given=error.strerror or "") from error


def _refuse_what_hides(text: str, path: Path) -> None:
    deep = 0
    for event in yaml.parse(text, Loader=_LOADER):
        where = f"{path}:{event.start_mark.line + 1}" if event.start_mark else str(path)
        if getattr(event, "anchor", None):
            raise BadInput(where, "不能用锚（&、*）", accepted="把值写全")
        tag = getattr(event, "tag", None)
        if tag:
            raise BadInput(where, "不能用标签（!）", given=tag, accepted="普通的值；像数的文字加引号")
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if deep > _DEEPEST:
            raise BadInput(where, "嵌套太深", accepted=f"不超过{_DEEPEST}层")


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
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value in ("", "<<"):
            raise BadInput(f"{path}:{key_line}", "键要是一个词", accepted="键: 值")
        key = str(key_node.value)
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
