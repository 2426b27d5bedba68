"""What the rooms say in Chinese: in tags of templates, in calls of Python, and in the word lists that are YAML.

In Python the text stands in `_`, `gettext…`, `told` or `phrase`; every Chinese text within an error of the house or
within a declaration counts as well, for pages say those in their own language (`songhe.ui.words`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

from songhe.config.languages.catalogues import ROOMS, Catalogue, Entry, Phrase

HAN = re.compile("[\u3400-\u9fff]")
ONE_TEXT = {"_", "N_", "gettext", "gettext_lazy", "gettext_noop", "told", "phrase"}
ONE_AND_MANY = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
ALL_TEXTS = {"BadInput", "Refused", "Conflict", "NotFound", "declare", "declare_kind", "handler"}
# Word lists, and the keys whose values a page shows; none: every value.
WORD_LISTS: dict[str, tuple[str, ...]] = {
    "config/audit_words.yaml": (),
    "config/roles.yaml": ("name", "describes"),
    "people/imports/sources.yaml": ("name", "label", "accepted"),
}
# Code that is seen through pages; the command line is Chinese.
SEEN = (
    "assessment/", "doors/", "eligibility/decisions/", "eligibility/simulating/", "foundation/", "kernel/", "people/",
    "policy/", "regions/", "ui/",
)  # fmt: skip
UNSEEN = {"foundation/embedded_postgres.py", "foundation/sealing/keys.py"}
_TRANSLATE = {"translate", "trans"}
_BLOCK = {"blocktranslate", "blocktrans"}
_PLURAL = "plural"
_IN_TAG = re.compile(r"""_\((["'])(.*?)\1\)""")


def gathered(room: str) -> Catalogue:
    """Every phrase of a room with the files that say it, without English."""
    found: dict[Phrase, set[str]] = {}
    for path in sorted((ROOMS / room).rglob("*")):
        for phrase in phrases(path):
            found.setdefault(phrase, set()).add(path.relative_to(ROOMS).as_posix())
    return {
        phrase: Entry(("", "") if phrase.plural else ("",), tuple(sorted(files))) for phrase, files in found.items()
    }


def phrases(path: Path) -> Iterator[Phrase]:
    """The phrases of one file."""
    name = path.relative_to(ROOMS).as_posix()
    seen = name.startswith(SEEN) and name not in UNSEEN
    if path.suffix == ".html":
        yield from in_template(path.read_text(encoding="utf-8"))
    elif path.suffix == ".py" and seen and "migrations" not in path.parts:
        yield from in_python(path.read_text(encoding="utf-8"))
    elif name in WORD_LISTS:
        yield from map(Phrase, _values(yaml.safe_load(path.read_text(encoding="utf-8")), WORD_LISTS[name], ""))


def in_template(text: str) -> Iterator[Phrase]:
    """The phrases of the text of a template."""
    tokens = iter(Lexer(text).tokenize())
    for token in tokens:
        words = list(smart_split(token.contents)) if token.token_type == TokenType.BLOCK else []
        if words and words[0] in _TRANSLATE and words[1][0] in "\"'":
            context = words[words.index("context") + 1][1:-1] if "context" in words else ""
            yield Phrase(words[1][1:-1].replace("%", "%%"), context=context)
        elif words and words[0] in _BLOCK:
            yield _block(words, tokens)
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            yield from (Phrase(found) for _, found in _IN_TAG.findall(token.contents))


def _block(words: list[str], tokens: Iterator[Token]) -> Phrase:
    parts = [""]
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts[-1] += token.contents.replace("%", "%%")
        elif token.token_type == TokenType.VAR:
            parts[-1] += f"%({token.contents})s"
        elif token.contents.strip() == _PLURAL:
            parts.append("")
        else:
            break
    said = [trim_whitespace(part) if "trimmed" in words else part for part in parts]
    context = words[words.index("context") + 1][1:-1] if "context" in words else ""
    return Phrase(said[0], said[1] if len(said) > 1 else "", context)


@lru_cache(maxsize=2048)
def in_python(text: str) -> tuple[Phrase, ...]:
    """The phrases of the text of a module."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in ONE_TEXT and texts:
            found.append(Phrase(texts[0]))
        elif name in ONE_AND_MANY and len(texts) > 1:
            found.append(Phrase(texts[0], texts[1]))
        elif name in IN_CONTEXT and len(texts) > 1:
            found.append(Phrase(texts[1], context=texts[0]))
        elif name in ALL_TEXTS:
            found += [Phrase(one) for one in _plain(node) if HAN.search(one)]
    return tuple(found)


def _plain(node: ast.AST) -> Iterator[str]:
    """The texts within a call; what is made of parts is not one, and other calls speak for themselves."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif not isinstance(child, ast.JoinedStr | ast.Call):
            yield from _plain(child)


def _values(node: Any, keys: tuple[str, ...], key: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _values(value, keys, str(name))
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, keys, key)
    elif isinstance(node, str) and HAN.search(node) and (not keys or key in keys):
        yield node
