"""What speaks for a pair and what against it: as columns of a table, and as sentences for the one who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from songhe.kernel.errors import BadInput
from songhe.people.linkage.levels import FIELDS, Field
from songhe.people.linkage.scoring import Scored

_CLEAR, _FAINT = 3.0, 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of the side-by-side screen. `bits` doubles the odds by each whole one; negative ones halve them."""

    field: str
    label: str
    text: str
    bits: float

    @property
    def sign(self) -> str:
        """How it speaks: for, weakly for, neither way, weakly against, against."""
        if abs(self.bits) < _FAINT:
            return "不说明问题"
        how = "" if abs(self.bits) >= _CLEAR else "略"
        return f"{how}支持是同一人" if self.bits > 0 else f"{how}不支持是同一人"


def evidence_columns(scored: Scored) -> pl.DataFrame:
    """The weight of each pair, and for each field its level and what it adds to the weight, in powers of two."""
    columns: dict[str, pl.Series] = {"weight": pl.Series(scored.weight, dtype=pl.Float32)}
    for name, field in FIELDS.items():
        codes = pl.Series([field.code(level) for level in range(len(field.levels))], dtype=pl.String)
        columns[name] = codes.gather(scored.levels[name].astype(np.uint32))
    for name in FIELDS:
        columns[f"{name}_bits"] = pl.Series(scored.bits[name], dtype=pl.Float32)
    return pl.DataFrame(columns)


def explain(pair: Mapping[str, object]) -> list[Evidence]:
    """The evidence of one line of a table of pairs, what says most first; fields on which a side is silent come last.

    Refused with BadInput when the pair has a level that does not exist. No name, date or number is in the sentences.
    """
    lines = [_line(name, field, pair) for name, field in FIELDS.items() if name in pair]
    return sorted(lines, key=lambda line: -abs(line.bits))


def _line(name: str, field: Field, pair: Mapping[str, object]) -> Evidence:
    codes = [field.code(level) for level in range(len(field.levels))]
    code = str(pair[name])
    if code not in codes:
        raise BadInput(field.label, "没有这种比较结果", given=code, accepted="、".join(codes))
    return Evidence(
        name, field.label, field.levels[codes.index(code)].text, float(str(pair.get(f"{name}_bits") or 0.0))
    )
