"""The columns of bulk loading: identity sealed row by row, grams of names and addresses."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from songhe.foundation.sealing.seals import blind_index, seal
from songhe.people.grams import address_grams, name_grams
from songhe.people.identity import CONTACT_PHONE, IDENTITY, PHONE, TAIL

_PLAIN = (
    "id", "region_code", "name", "sex", "birth_date", "death_date", "standing", "registered_region", "living_region",
    "address", "household_relation",
)  # fmt: skip


def sealed_people(frame: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The rows of people_person from the columns of the model, with `identity` and `phone` in clear and right.

    Null stands for none; without `created_at` it is `now`.
    """
    ids = frame["id"]
    created = frame["created_at"] if "created_at" in frame.columns else pl.Series([now] * frame.height)
    return frame.select(*_PLAIN, pl.col("household").alias("household_id")).with_columns(
        **_found("identity", IDENTITY, frame["identity"], ids),
        **_found("phone", PHONE, frame["phone"], ids),
        version=pl.lit(1),
        created_at=created,
        changed_at=created,
    )


def sealed_contacts(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of people_contact from id, region_code, person_id, part, relation, name, phone, document, from_date."""
    sealed = _sealed(CONTACT_PHONE, frame["phone"], frame["id"])
    plain = frame.select("id", "region_code", "person_id", "part", "relation", "name", "document", "from_date")
    return plain.with_columns(phone_sealed=sealed, phone_tail=_tails(frame["phone"]))


def gram_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of people_gram: each name and each address is cut once, however many people have it."""
    cut = pl.concat(
        _grams(frame.select("region_code", "id", text=column), cut)
        for column, cut in (("name", name_grams), ("address", address_grams))
    )
    return cut.unique().select("region_code", "gram", pl.col("id").alias("person_id"))


def _grams(frame: pl.DataFrame, cut: object) -> pl.DataFrame:
    assert callable(cut)  # noqa: S101
    # House numbers are no part of a gram, so addresses of one street are one text.
    texts = frame.with_columns(pl.col("text").str.replace_all(r"[0-9]+", "1")) if cut is address_grams else frame
    distinct = texts["text"].unique()
    pieces = pl.DataFrame(
        {"text": distinct, "gram": [sorted(cut(text)) for text in distinct]},
        schema={"text": pl.String, "gram": pl.List(pl.String)},
    )
    return texts.join(pieces, on="text").select("region_code", "id", "gram").explode("gram").drop_nulls()


def _found(name: str, place: str, numbers: pl.Series, ids: pl.Series) -> dict[str, pl.Series]:
    return {
        f"{name}_sealed": _sealed(place, numbers, ids),
        f"{name}_index": pl.Series(
            [None if number is None else rf"\x{blind_index(number, place).hex()}" for number in numbers],
            dtype=pl.String,
        ),
        f"{name}_tail": _tails(numbers),
    }


def _sealed(place: str, numbers: pl.Series, ids: pl.Series) -> pl.Series:
    return pl.Series(
        [
            None if number is None else rf"\x{seal(number, f'{place}.{row}').hex()}"
            for number, row in zip(numbers, ids, strict=True)
        ],
        dtype=pl.String,
    )


def _tails(numbers: pl.Series) -> pl.Series:
    return numbers.str.slice(-TAIL).fill_null("")
