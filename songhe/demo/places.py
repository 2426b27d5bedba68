"""Where people live and where their household register is kept: communities, weighted as the shape says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from songhe.demo.chance import Bools, Floats, Ints
from songhe.demo.divisions import read_divisions
from songhe.demo.shape import Shape, read_shape

_HALVINGS = 60


@dataclass(frozen=True)
class Places:
    """Communities as arrays; every region a person may have stands once in `codes`, communities first.

    `weight` has one row a district: the share of its people in each community. `outside` gives the position in `codes`
    of the first code of each kind of elsewhere, `outside_share` their weights.
    """

    codes: tuple[str, ...]
    districts: tuple[str, ...]
    district: Ints
    township: Ints
    in_town: Bools
    weight: Floats
    coarser: dict[str, Ints]
    outside: dict[str, int]
    outside_share: dict[str, Floats]


@cache
def read_places(city: str) -> Places:
    """The places of one city, from its divisions and its shape."""
    shape = read_shape(city)
    divisions = read_divisions(city)
    communities = [division.code for division in divisions if division.level == "community"]
    larger = [division.code for division in divisions if division.level != "community"]
    outside, outside_share, codes = {}, {}, [*communities, *larger]
    for kind in shape("registered", "share"):
        if kind in shape("elsewhere"):
            shares = shape.table("elsewhere", kind)
            outside[kind], outside_share[kind] = len(codes), np.array(list(shares.values()))
            codes += shares
    districts = tuple(shape.table("districts", "share"))
    townships = sorted({code[:9] for code in communities})
    in_town = np.array([_is_town(shape, code) for code in communities])
    return Places(
        codes=tuple(codes),
        districts=districts,
        district=np.array([districts.index(code[:6]) for code in communities]),
        township=np.array([townships.index(code[:9]) for code in communities]),
        in_town=in_town,
        weight=np.array([_community_weights(shape, district, communities, in_town) for district in districts]),
        coarser=_coarser(city, communities, codes),
        outside=outside,
        outside_share=outside_share,
    )


def _coarser(city: str, communities: list[str], codes: list[str]) -> dict[str, Ints]:
    """For every community the position of the township, district, city and province around it."""
    at = {code: position for position, code in enumerate(codes)}
    province = f"{city[:2]}0000"
    return {
        "township": np.array([at[code[:9]] for code in communities]),
        "district": np.array([at[code[:6]] for code in communities]),
        "city": np.array([at[city] for _ in communities]),
        "province": np.array([at[province] for _ in communities]),
    }


def _is_town(shape: Shape, code: str) -> bool:
    number = int(code[9:])
    return any(first <= number <= last for first, last in shape("communities", "town_numbers"))


def _community_weights(shape: Shape, district: str, communities: list[str], in_town: Bools) -> Floats:
    """Weights by which the townships keep their shares and the district its share of townspeople.

    A town community weighs as many villages as that takes; the same number everywhere in the district.
    """
    shares = shape.table("townships", district)
    uninhabited = shape("communities", "uninhabited")
    township = np.array([shares.get(code[:9], 0.0) if code not in uninhabited else 0.0 for code in communities])
    wanted = shape.number("districts", "living_urban", district)
    members = np.array([code[:9] for code in communities])
    low, high = 0.0, float(len(communities))
    weights = township
    for _ in range(_HALVINGS):
        villages = (low + high) / 2
        weights = _within_townships(township, members, np.where(in_town, villages, 1.0))
        if weights[in_town].sum() < wanted:
            low = villages
        else:
            high = villages
    return weights


def _within_townships(share: Floats, members: npt.NDArray[np.str_], size: Floats) -> Floats:
    _, township = np.unique(members, return_inverse=True)
    size = np.where(share > 0, size, 0.0)
    whole = np.bincount(township, weights=size)[township]
    return np.divide(share * size, whole, out=np.zeros_like(share), where=whole > 0)
