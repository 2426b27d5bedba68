"""The two tables as the comparisons need them: one run of records, the register first, the file's rows after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.kernel.errors import BadInput
from songhe.people.linkage.births import Births
from songhe.people.linkage.names import Names
from songhe.people.linkage.numbers import IdentityNumbers, compare_phones, phone_tails
from songhe.people.linkage.places import Places

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]

# Columns a table must have; the value says whether it may be left out.
REGISTER_COLUMNS: Mapping[str, bool] = {
    "person_id": False,
    "name": False,
    "birth_date": False,
    "sex": True,
    "region_code": True,
    "address": True,
    "phone_last4": True,
    "household_id": True,
    "deceased": True,
    "id_number": True,
}
ROW_COLUMNS: Mapping[str, bool] = {
    "row": False,
    "name": False,
    "birth_date": True,
    "sex": True,
    "region_code": True,
    "address": True,
    "phone": True,
    "id_number": True,
}
_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of each record; 0 stands for an unknown sex and for no household."""

    names: Names
    births: Births
    sex: Ints
    places: Places
    phones: Ints
    numbers: IdentityNumbers
    household: Ints
    deceased: Bools
    registered: int

    @classmethod
    def read(cls, register: pl.DataFrame, rows: pl.DataFrame | None = None) -> Records:
        """Both tables; refused with BadInput for a missing column, an empty key or one that stands twice."""
        tables = [_even(_checked(register, REGISTER_COLUMNS, "人员名册"), "phone_last4")]
        if rows is not None:
            tables.append(_even(_checked(rows, ROW_COLUMNS, "文件"), "phone"))
        table = pl.concat(tables)
        return cls(
            Names.read(table["name"]),
            _births(table["birth_date"]),
            table["sex"].to_numpy(),
            Places.read(table["region_code"], table["address"]),
            phone_tails(table["phone"]),
            IdentityNumbers.read(table["id_number"]),
            table["household"].rank("dense").fill_null(0).cast(pl.Int64).to_numpy(),
            table["deceased"].to_numpy(),
            register.height,
        )

    def compare(self, left: Ints, right: Ints) -> dict[str, Levels]:
        """The level of each field for each pair."""
        shares = [self._compare(left[at : at + _AT_ONCE], right[at : at + _AT_ONCE]) for at in _starts(len(left))]
        return {field: np.concatenate([share[field] for share in shares]) for field in shares[0]}

    def _compare(self, left: Ints, right: Ints) -> dict[str, Levels]:
        places = self.places.compare(left, right)
        sexes = np.where(self.sex[left] == self.sex[right], 1, 2)
        return {
            "name": self.names.compare(left, right),
            "birth": self.births.compare(left, right),
            "sex": np.where((self.sex[left] == 0) | (self.sex[right] == 0), 0, sexes).astype(np.uint8),
            "place": places,
            "phone": compare_phones(self.phones, left, right, places),
            "number": self.numbers.compare(left, right),
        }


def _starts(length: int) -> range:
    return range(0, max(length, 1), _AT_ONCE)


def _checked(table: pl.DataFrame, columns: Mapping[str, bool], where: str) -> pl.DataFrame:
    missing = [name for name, optional in columns.items() if not optional and name not in table.columns]
    if missing:
        raise BadInput(where, f"缺少列{'、'.join(missing)}", accepted="、".join(columns))
    key = table[next(iter(columns))]
    if key.null_count() or key.n_unique() != len(key):
        raise BadInput(f"{where}的{key.name}列", "有空值或重复值", accepted="每行一个不同的值")
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in columns if name not in table.columns]
    return table.with_columns(absent)


def _even(table: pl.DataFrame, phone: str) -> pl.DataFrame:
    """The columns both tables share, with one type each."""
    birth = pl.col("birth_date")
    if table.schema["birth_date"] != pl.Date:
        birth = birth.cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
    household = pl.col("household_id") if "household_id" in table.columns else pl.lit(None)
    deceased = pl.col("deceased") if "deceased" in table.columns else pl.lit(False)
    return table.select(
        pl.col("name").cast(pl.String),
        birth.alias("birth_date"),
        pl.col("sex").cast(pl.String).replace_strict({"1": 1, "2": 2}, default=0, return_dtype=pl.Int64),
        pl.col("region_code").cast(pl.String),
        pl.col("address").cast(pl.String),
        pl.col(phone).cast(pl.String).alias("phone"),
        pl.col("id_number").cast(pl.String),
        household.cast(pl.String).alias("household"),
        deceased.cast(pl.Boolean, strict=False).fill_null(value=False).alias("deceased"),
    )


def _births(dates: pl.Series) -> Births:
    days = dates.cast(pl.Int32).cast(pl.Int64).fill_null(0).to_numpy()
    parts = [
        part.fill_null(0).cast(pl.Int64).to_numpy() for part in (dates.dt.year(), dates.dt.month(), dates.dt.day())
    ]
    return Births(dates.is_not_null().to_numpy(), days, *parts)
