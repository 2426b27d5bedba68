"""Addresses: streets, blocks and flats in town, groups and house numbers in villages."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from songhe.demo.chance import Chance, Ints
from songhe.demo.divisions import read_divisions, region_name
from songhe.demo.places import read_places

_STREETS = (
    "文化路 明堂路 滨湖路 武昌大道 江碧路 司徒路 吴都大道 凤凰路 寒溪路 古城路 南浦路 滨江大道 百子畈路 洋澜路 雨台山路"
    " 飞鹅路 葛洪大道 人民路 建设街 新民街 长寿街 沿湖路 桂花巷 莲花山路 求知路 文星路 花园巷 青年路 和平街 胜利街"
).split()
_STREETS_EACH = 4
_NO_HOUSE = 1


def addresses(city: str, chance: Chance, community: Ints) -> pl.Series:
    """An address in each person's community, given as its position among the city's places."""
    places = read_places(city)
    town = places.in_town[community]
    street = chance.pick(np.ones(_STREETS_EACH))
    number, block = _upto(chance, 180), _upto(chance, 24)
    unit, floor, door = _upto(chance, 3), _upto(chance, 7), _upto(chance, 3)
    group, house = _upto(chance, 12), _upto(chance, 90)
    streets = np.array(_STREETS)[(community * 7 + street * 11) % len(_STREETS)]
    frame = pl.DataFrame(
        {
            "place": pl.Series(_names(city)).gather(pl.Series(community.astype(np.uint32))),
            "street": streets,
            "town": town,
            "old": chance.happens(0.35),
            "number": number,
            "block": block,
            "unit": unit,
            "room": floor * 100 + door,
            "group": group,
            "house": house,
        }
    )
    village = pl.format("{}{}组{}号", "place", "group", "house")
    old = pl.format("{}{}{}号", "place", "street", "number")
    new = pl.format("{}{}{}号{}栋{}单元{}室", "place", "street", "number", "block", "unit", "room")
    address = pl.when(~pl.col("town")).then(village).when(pl.col("old")).then(old).otherwise(new)
    return frame.select(address.alias("address")).to_series()


def _upto(chance: Chance, most: int) -> Ints:
    return np.asarray((chance.uniform() * most).astype(np.int64) + _NO_HOUSE)


@cache
def _names(city: str) -> list[str]:
    """Township and community as an address begins, by position among the city's places."""
    communities = [one.code for one in read_divisions(city) if one.level == "community"]
    return [region_name(code[:9]) + region_name(code) for code in communities]
