"""The header of a person table: which columns there are, which are not, and what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from songhe.exchange.cells import reads
from songhe.kernel.errors import BadInput
from songhe.kernel.masking import shown
from songhe.rules.facts import COLUMNS, KEY, PERSON_TABLE

_DEATH = "death_date"
_SHOWN = 20
_BY_LABEL = {fact.label: name for name, fact in PERSON_TABLE.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file: those of the person table in its order, those it lacks, and the others."""

    present: tuple[str, ...]
    absent: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know about columns that are not there or not read."""
        words = []
        facts = [name for name in self.absent if name != _DEATH]
        if facts:
            words.append(f"没有这些列，都算不知道：{'、'.join(facts)}")
        if _DEATH in self.absent:
            words.append(f"没有{_DEATH}列，都算在世")
        if self.others:
            more = f"等{len(self.others)}列" if len(self.others) > _SHOWN else ""
            words.append(f"不认识这些列，没有读：{'、'.join(map(_with_hint, self.others[:_SHOWN]))}{more}")
        return tuple(words)


def read_header(name: str, header: Sequence[str], types: Mapping[str, pl.DataType]) -> Header:
    """The columns of a file called `name`.

    Refused with BadInput: no header, no key, a column twice, a name that is only nearly right, a type that cannot hold
    the fact.
    """
    if not any(header):
        raise BadInput(f"{name}第1行", "没有列名", accepted=f"第1行是列名，其中有{KEY}")
    others = tuple(column for column in header if column not in COLUMNS and column)
    nearly = [f"“{shown(column)}”要写成{right}" for column in others if (right := _nearly(column))]
    if nearly:
        raise BadInput(f"{name}的表头", f"列名差一点：{'、'.join(nearly[:_SHOWN])}", accepted="一字不差的列名")
    if KEY not in header:  # said before any name is shown: without a header these are the cells of a person
        raise BadInput(f"{name}的表头", f"没有{KEY}列", accepted=f"{KEY}和{'、'.join(PERSON_TABLE)}")
    twice = [column for column, times in Counter(header).items() if times > 1 and column]
    if twice:
        raise BadInput(f"{name}的表头", f"有重复的列：{'、'.join(map(shown, twice[:_SHOWN]))}", accepted="每列一次")
    present = tuple(column for column in COLUMNS if column in header)
    _check_types(name, present, types)
    return Header(present, tuple(column for column in COLUMNS if column not in header), others)


def _plain(column: str) -> str:
    """A name without what people vary: case, width, spaces, hyphens."""
    narrow = unicodedata.normalize("NFKC", column).casefold()
    return "".join(letter for letter in narrow if letter.isalnum())


_PLAIN = {_plain(column): column for column in COLUMNS}


def _nearly(column: str) -> str:
    return _PLAIN.get(_plain(column), "")


def _with_hint(column: str) -> str:
    right = _BY_LABEL.get(column)
    return f"{column}（要读请改名为{right}）" if right else shown(column)


def _check_types(name: str, present: Sequence[str], types: Mapping[str, pl.DataType]) -> None:
    wrong = [f"{column}是{shown(str(types[column]))}" for column in present if not reads(column, types[column])]
    if wrong:
        accepted = "文本，或日期、真假、整数等相应的类型"
        raise BadInput(f"{name}的列", f"类型不对：{'、'.join(wrong)}", accepted=accepted)
