"""Small registers and files, written one person a line."""

from __future__ import annotations

from datetime import date

import polars as pl

REGISTER = pl.Schema(
    {
        "person_id": pl.String,
        "name": pl.String,
        "birth_date": pl.Date,
        "sex": pl.Int8,
        "region_code": pl.String,
        "address": pl.String,
        "phone_last4": pl.String,
        "household_id": pl.String,
        "deceased": pl.Boolean,
        "id_number": pl.String,
    }
)
ROWS = pl.Schema(
    {
        "row": pl.Int64,
        "name": pl.String,
        "birth_date": pl.Date,
        "sex": pl.Int8,
        "region_code": pl.String,
        "address": pl.String,
        "phone": pl.String,
        "id_number": pl.String,
    }
)
VILLAGE, NEXT_VILLAGE, OTHER_DISTRICT = "429901100201", "429901100202", "429902100201"
HOME = "松柏村3组12号"
BORN = date(1950, 3, 14)


def register(*people: dict[str, object]) -> pl.DataFrame:
    """Persons p1, p2 … who are all alike but for what is said of them."""
    usual = {
        "name": "李秀英",
        "birth_date": BORN,
        "sex": 2,
        "region_code": VILLAGE,
        "address": HOME,
        "phone_last4": "4821",
        "household_id": None,
        "deceased": False,
        "id_number": None,
    }
    lines = [{"person_id": f"p{at}", **usual, **person} for at, person in enumerate(people, start=1)]
    return pl.DataFrame(lines, schema=REGISTER)


def file(*rows: dict[str, object]) -> pl.DataFrame:
    """Rows 1, 2 … that all fit the usual person but for what is said of them."""
    usual = {
        "name": "李秀英",
        "birth_date": BORN,
        "sex": 2,
        "region_code": VILLAGE,
        "address": HOME,
        "phone": "13900004821",
        "id_number": None,
    }
    return pl.DataFrame([{"row": at, **usual, **row} for at, row in enumerate(rows, start=1)], schema=ROWS)
