"""Sex and birth date together: bands by sex, years and months within a band, guessed days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from songhe.demo.chance import Floats, Ints
from songhe.demo.shape import Shape, read_shape
from songhe.kernel.days import latest_birth, latest_start

EPOCH = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True)
class Calendar:
    """Every possible birth day (days since 1970) with its weights.

    `adult` has one row a district, men's days before women's; `almost_60` one row for all, over the same days.
    """

    days: Ints
    adult: Floats
    almost_60: Floats


def ages_on(days: Ints, on: date) -> Ints:
    """Full years on the day for birth days counted from 1970; someone born on 29 February ages on 1 March."""
    born = EPOCH + days
    month = born.astype("M8[M]").astype(np.int64) % 12 + 1
    year = born.astype("M8[Y]").astype(np.int64) + 1970
    day = (born - born.astype("M8[M]").astype("M8[D]")).astype(np.int64) + 1
    return np.asarray(on.year - year - (month * 100 + day > on.month * 100 + on.day), dtype=np.int64)


def bands_of(ages: Ints, shape: Shape) -> Ints:
    """The age band of each age; younger people count with the first band."""
    return np.asarray(np.maximum(np.searchsorted(shape.numbers("age_bands"), ages, side="right") - 1, 0))


@cache
def read_calendar(city: str, on: date) -> Calendar:
    """The birth days of a city's older people on a day, by district and sex."""
    shape = read_shape(city)
    youngest = int(shape.number("age_bands", 0))
    first = latest_birth(int(shape.number("ages", "oldest")) + 1, on)
    months = int(shape.number("almost_60", "months"))
    last = latest_start(youngest * 12 - months, on)
    days = np.arange(_day(first) + 1, _day(last) + 1)
    ages = ages_on(days, on)
    births = _birth_weights(days, shape)
    rows = np.array([[_weights(births, ages, sex, district, shape) for sex in "mf"] for district in _districts(shape)])
    return Calendar(
        days=days,
        adult=rows.reshape(len(rows), -1),
        almost_60=np.tile(np.where(ages < youngest, births, 0.0), 2),
    )


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return _day(day)


def _day(day: date) -> int:
    return int((np.datetime64(day, "D") - EPOCH).astype(np.int64))


def _districts(shape: Shape) -> list[str]:
    return list(shape.table("districts", "share"))


def _birth_weights(days: Ints, shape: Shape) -> Floats:
    """Births on each day, up to a factor: by year and month, more on the days written for an unknown one."""
    born = EPOCH + days
    months = born.astype("M8[M]")
    year = born.astype("M8[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12
    length = ((months + 1).astype("M8[D]") - months.astype("M8[D]")).astype(np.int64)
    day = (born - months.astype("M8[D]")).astype(np.int64) + 1
    known = {int(name): count for name, count in shape.table("births", "national_10k").items()}
    size = np.array([known[min(max(int(one), min(known)), max(known))] for one in year])
    share = shape.numbers("births", "month")[month] / length
    share = share + (day == 15) * shape.number("births", "day_not_known", "fifteenth") / 12
    share = share + ((day == 1) & (month == 0)) * shape.number("births", "day_not_known", "first_of_january")
    return np.asarray(size * share)


def _weights(births: Floats, ages: Ints, sex: str, district: str, shape: Shape) -> Floats:
    """One sex in one district: every band has its share, thinned out within the band as people die."""
    bands = shape.numbers("age_bands")
    band = bands_of(ages, shape)
    alive = np.where(ages < bands[0], 0.0, np.exp(-shape.numbers("deaths", f"rate_{sex}")[band] * (ages - bands[band])))
    thinned = births * alive
    whole = np.bincount(band, weights=thinned, minlength=len(bands))
    district_share = shape.table("districts", "share")
    tilts = {code: shape.numbers("ages", "tilt", code) for code in district_share}
    mean = sum(district_share[code] * tilts[code] for code in district_share)
    wanted = shape.numbers("ages", f"share_{sex}") * tilts[district] / mean
    return np.asarray(thinned * (wanted / whole)[band])
