"""An invented register, a department's file about some of its people, and the truth between them, from one seed.

Everybody is invented; the codes begin with 4299, which no division has. The errors are those departments make: other
characters of the same sound, lunar dates, 1 January for an unknown day, stale addresses, missing cells, strangers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import polars as pl

SURNAMES = (
    "李王张陈刘杨周黄吴胡徐余朱何熊程汪罗郭夏邓彭曾许万肖叶方柯谢孙高蔡严赵姜石田"
    "宋董潘袁丁秦洪郑马林冯曹唐吕卢廖付邹江尹涂梁韩杜魏姚沈范金邱雷龚邵苏钟谭段黎陶毛戴甘殷祝"
    "占詹童章游于陆贾孟史贺钱向皮佘管任阮鄢晏翁瞿艾查宛舒聂明郝桂梅樊阳闵裴喻阎靳"
)
FIRST = {
    1: "德金玉长永世正国志文春水木汉友大有家光明建新先卫爱传昌",
    2: "秀桂玉凤兰金银春冬腊细菊月翠元素早水梅莲爱美惠友国丽",
}
SECOND = {
    1: "生发山林才福清明德贵元财春根安全祥云义华国民强平军炎",
    2: "英兰珍香秀娥莲梅芝凤姣枝容桂花云珠贞清妹华芳荣琴红霞",
}
TOP = {
    1: "国民 和平 国华 德华 志强 建国 建华 水生 春生 金山 长林 志华 明清 国强 光明 新华".split(),
    2: "秀英 桂英 秀兰 玉兰 玉珍 凤英 桂兰 春香 桂香 冬梅 菊香 腊梅 翠兰 爱珍 金枝 春兰".split(),
}
SAME_SOUND = (
    "兰栏 芝枝 珍真 英瑛 华花 发法 桂贵 清青 生升 凤风 娥鹅 姣娇 腊蜡 明铭 香湘 友有 付傅 肖萧 占詹 阎闫 邱丘 戴代"
).split()
TRADITIONAL = "华華 国國 兰蘭 凤鳳 银銀 涂塗 万萬".split()
PLACES = "松柏桃李梅兰竹菊莲荷枫桂榆槐杨柳樟杉榕桐"


@dataclass(frozen=True)
class Elder:
    """One invented person as the register should hold him."""

    person_id: str
    name: str
    birth: date
    sex: int
    community: int
    address: str
    phone: str
    household: str


@dataclass(frozen=True)
class World:
    """`truth` has a line for each row whose person is in the register; a person held twice gives two lines."""

    register: pl.DataFrame
    rows: pl.DataFrame
    truth: pl.DataFrame
    twice: pl.DataFrame


def make_world(people: int, rows: int, seed: int) -> World:
    """The register of about `people`, a file of `rows`, which row is whom, and which persons are held twice."""
    chance = Random(seed)  # noqa: S311 -- a world that can be made again
    communities = max(8, people // 600)
    strangers = rows // 8
    everybody = _everybody(chance, people + strangers, communities)
    chance.shuffle(everybody)
    register, outside = everybody[:people], everybody[people:]
    copies = [(elder, _second_record(chance, elder)) for elder in chance.sample(register, people // 140)]
    held = [*register, *(copy for _, copy in copies)]
    chance.shuffle(held)
    known = chance.sample(register, rows - strangers - rows // 50)
    listed = [*known, *outside[:strangers], *chance.sample(known, rows // 50)]
    chance.shuffle(listed)
    twice = {elder.person_id: copy.person_id for elder, copy in copies}
    inside = {elder.person_id for elder in register}
    truth = [
        (number, key)
        for number, elder in enumerate(listed, start=1)
        if elder.person_id in inside
        for key in (elder.person_id, *([twice[elder.person_id]] if elder.person_id in twice else []))
    ]
    return World(
        _register_table(chance, held),
        pl.DataFrame([_row(chance, at, elder) for at, elder in enumerate(listed, start=1)], infer_schema_length=None),
        pl.DataFrame(truth, schema={"row": pl.Int64, "person_id": pl.String}, orient="row"),
        pl.DataFrame(list(twice.items()), schema={"left": pl.String, "right": pl.String}, orient="row"),
    )


def code_of(community: int) -> str:
    """Three districts, communities by twelve to a township."""
    township = community // 12
    return f"42990{township % 3 + 1}{100 + township // 3:03d}{201 + community % 12:03d}"


def _everybody(chance: Random, count: int, communities: int) -> list[Elder]:
    clans = [chance.choices(SURNAMES[:60], k=2) for _ in range(communities)]
    found: list[Elder] = []
    while len(found) < count:
        found += _household(chance, len(found), communities, clans)
    return found[:count]


def _household(chance: Random, start: int, communities: int, clans: list[list[str]]) -> list[Elder]:
    community = chance.randrange(communities)
    home = f"H{start:07d}"
    address = _address(chance, community)
    phone = _phone(chance)
    surname = chance.choice(clans[community]) if chance.random() < 0.4 else _surname(chance)
    birth = _birth(chance)
    first = Elder(f"P{start:07d}", _name(chance, surname, 1), birth, 1, community, address, phone, home)
    kind = chance.random()
    if kind < 0.2:
        return [first]
    own_phone = phone if chance.random() < 0.3 else _phone(chance)
    wife = replace(
        first,
        person_id=f"P{start + 1:07d}",
        name=_name(chance, _surname(chance), 2),
        birth=birth + timedelta(days=chance.randint(-1500, 2500)),
        sex=2,
        phone=own_phone,
    )
    if kind < 0.96 or len(first.name) < 3:
        return [first, wife]
    twin = kind > 0.996
    other_birth = birth if twin else birth + timedelta(days=chance.randint(400, 2500))
    brother = replace(
        first,
        person_id=f"P{start + 2:07d}",
        name=first.name[:2] + chance.choice(SECOND[1]),
        birth=other_birth,
        phone=_phone(chance),
        address=address if twin or chance.random() < 0.3 else _address(chance, community),
    )
    return [first, wife] if brother.name == first.name else [first, wife, brother]


def _surname(chance: Random) -> str:
    return SURNAMES[min(int(chance.expovariate(1 / 22)), len(SURNAMES) - 1)]


def _name(chance: Random, surname: str, sex: int) -> str:
    if chance.random() < 0.35:
        return surname + TOP[sex][min(int(chance.expovariate(1 / 6)), len(TOP[sex]) - 1)]
    if chance.random() < 0.07:
        return surname + chance.choice(SECOND[sex])
    return surname + chance.choice(FIRST[sex]) + chance.choice(SECOND[sex])


def _birth(chance: Random) -> date:
    birth = date(1964, 12, 31) - timedelta(days=min(int(chance.expovariate(1 / 3600)), 14000))
    if chance.random() < 0.03:
        return birth.replace(month=1, day=1)
    return birth.replace(day=15) if chance.random() < 0.015 else birth


def _address(chance: Random, community: int) -> str:
    place = PLACES[community % 20] + PLACES[community // 20 % 20]
    if community % 3:
        return f"{place}村{chance.randint(1, 12)}组{chance.randint(1, 90)}号"
    road = f"{place}路{chance.randint(1, 120)}号{chance.randint(1, 20)}栋"
    return f"{road}{chance.randint(1, 4)}单元{chance.randint(101, 702)}室"


def _phone(chance: Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}" if chance.random() < 0.75 else ""


def _second_record(chance: Random, elder: Elder) -> Elder:
    """The same person once more, as another office wrote it."""
    return replace(
        elder,
        person_id="D" + elder.person_id[1:],
        name=_other_name(chance, elder) if chance.random() < 0.2 else elder.name,
        birth=_other_birth(chance, elder.birth) if chance.random() < 0.35 else elder.birth,
        address=elder.address if chance.random() < 0.75 else "",
        phone=elder.phone if chance.random() < 0.5 else _phone(chance),
        household="",
    )


def _register_table(chance: Random, held: list[Elder]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person_id": [elder.person_id for elder in held],
            "name": [elder.name for elder in held],
            "birth_date": [elder.birth for elder in held],
            "sex": [elder.sex for elder in held],
            "region_code": [code_of(elder.community) for elder in held],
            "address": [elder.address or None for elder in held],
            "phone_last4": [elder.phone[-4:] or None for elder in held],
            "household_id": [elder.household or None for elder in held],
            "deceased": [chance.random() < 0.02 for _ in held],
        },
        schema_overrides={"sex": pl.Int8},
    )


def _row(chance: Random, number: int, elder: Elder) -> dict[str, object]:
    moved = chance.random() < 0.12
    community = chance.randrange(max(8, elder.community + 40)) if moved else elder.community
    address = _address(chance, community) if moved else _written_otherwise(chance, elder.address)
    has_region = chance.random() < 0.85
    return {
        "row": number,
        "name": _other_name(chance, elder) if chance.random() < 0.04 else elder.name,
        "birth_date": None if chance.random() < 0.05 else _file_birth(chance, elder.birth),
        "sex": None if chance.random() < 0.06 else (elder.sex if chance.random() < 0.996 else 3 - elder.sex),
        "region_code": code_of(community) if has_region else None,
        "address": address if not has_region or chance.random() < 0.6 else None,
        "phone": (elder.phone if chance.random() < 0.8 else _phone(chance)) or None if chance.random() < 0.6 else None,
    }


def _written_otherwise(chance: Random, address: str) -> str:
    if chance.random() < 0.3:
        return "某区" + address.replace("单元", "-").replace("栋", "-").replace("室", "")
    return address[:-1] if chance.random() < 0.2 else address


def _file_birth(chance: Random, birth: date) -> date:
    draw = chance.random()
    if draw < 0.03:
        return _other_birth(chance, birth)
    if draw < 0.05:
        return birth - timedelta(days=chance.randint(20, 50))
    return birth.replace(day=1) if draw < 0.07 else birth


def _other_birth(chance: Random, birth: date) -> date:
    ways: list[Callable[[], date]] = [
        lambda: date(birth.year + chance.choice((-1, 1)), birth.month, min(birth.day, 28)),
        lambda: date(birth.year, birth.day, birth.month) if birth.day <= 12 else birth.replace(month=1, day=1),
        lambda: birth.replace(day=min(28, birth.day % 10 + 10 * chance.randint(0, 1) or 1)),
        lambda: birth.replace(month=1, day=1),
        lambda: birth.replace(year=birth.year + chance.choice((-10, 10)), day=min(birth.day, 28)),
    ]
    return chance.choice(ways)()


def _other_name(chance: Random, elder: Elder) -> str:
    name, draw = elder.name, chance.random()
    if draw < 0.55:
        pairs = TRADITIONAL if draw < 0.1 else SAME_SOUND
        for pair in chance.sample(pairs, len(pairs)):
            for one, other in (pair, pair[::-1]):
                if one in name:
                    return name.replace(one, other, 1)
        return name
    if draw < 0.7:
        return name[0] + " " + name[1:] if draw < 0.62 else name[:-1] + "?"
    if draw < 0.8:
        return name[0] + chance.choice("细大小老") + chance.choice("毛伢妹姐")
    place = chance.randrange(1, len(name))
    return name[:place] + chance.choice(FIRST[elder.sex]) + name[place + 1 :]
