"""One cell of a department's file, read as what its column holds: a value, or BadInput that says what would do.

Departments write days, grades and numbers in many ways; each reader takes the ways that leave no doubt, and no other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from functools import partial

from songhe.kernel import identity_numbers, phones
from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask
from songhe.kernel.regions import ACCEPTED as REGION_ACCEPTED
from songhe.kernel.regions import significant
from songhe.people.imports.sources import Column, plain
from songhe.people.models import ADDRESS_LENGTH, NAME_LENGTH

Reader = Callable[[str], str]
DAY_ACCEPTED = "2026-02-28或2026年2月28日"
_DAY = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})-(?P<d>\d{1,2})|/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})"
    r"|\.(?P<m3>\d{1,2})\.(?P<d3>\d{1,2})|年(?P<m4>\d{1,2})月(?P<d4>\d{1,2})日?|(?P<m5>\d{2})(?P<d5>\d{2}))"
    r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
)
_EARLIEST = 1850
_PARTS = re.compile(r"[、,，;；/和]")
_NAME = re.compile(r"[\w·•.\- ]+")
_SHORT = 8
_OLD_LENGTH = 15
_SEXES = {plain(word): value for value, words in {"1": "1 男 男性", "2": "2 女 女性"}.items() for word in words.split()}


def reader(column: Column) -> Reader:
    """How the cells of a column are read. Each gives the value as text of the person table."""
    simple: dict[str, Reader] = {
        "identity": identity,
        "name": partial(name, column.label, column.headers),
        "date": partial(day, column.label),
        "death": partial(day, column.label),
        "sex": sex,
        "region": region,
        "address": partial(address, column.label),
        "phone": phone,
    }
    return partial(spelled, column) if column.kind == "value" else simple[column.kind]


def identity(text: str) -> str:
    """An identity number of eighteen characters; one of the old fifteen digits is made into it."""
    narrow = unicodedata.normalize("NFKC", text).replace(" ", "").strip("'‘’`")
    if len(narrow) == _OLD_LENGTH and narrow.isascii() and narrow.isdigit():
        longer = f"{narrow[:6]}19{narrow[6:]}"
        narrow = longer + identity_numbers.check_character(longer)
    return identity_numbers.normalised(narrow)


def day(where: str, text: str) -> str:
    """A day in ISO form."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(narrow)
    if found is None:
        problem = "像是Excel里的序号，不是日期" if re.fullmatch(r"\d{5}(\.\d+)?", narrow) else "不像日期"
        raise BadInput(where, problem, given=shown(text), accepted=DAY_ACCEPTED)
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        read = date(year, month, number)
    except ValueError:
        raise BadInput(where, "没有这一天", given=shown(text), accepted=DAY_ACCEPTED) from None
    if read.year < _EARLIEST:
        raise BadInput(where, "太早，不可能", given=shown(text), accepted=DAY_ACCEPTED)
    return read.isoformat()


def sex(text: str) -> str:
    """1 or 2."""
    found = _SEXES.get(plain(text))
    if found is None:
        raise BadInput("性别", "不认识", given=shown(text), accepted="男或女")
    return found


def region(text: str) -> str:
    """A division's code, padded to twelve digits."""
    code = unicodedata.normalize("NFKC", text).strip()
    try:
        significant(code)
    except BadInput:
        raise BadInput("区划代码", "写法不对", given=shown(text), accepted=REGION_ACCEPTED) from None
    return code.ljust(12, "0")


def phone(text: str) -> str:
    """Digits of a telephone number."""
    return phones.normalised(unicodedata.normalize("NFKC", text).strip("'"))


def name(where: str, headers: Collection[str], text: str) -> str:
    """A person's name without blanks around it and between Chinese characters; a header repeated below is none."""
    narrow = " ".join(unicodedata.normalize("NFKC", text).split())
    narrow = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", narrow)
    if len(narrow) > NAME_LENGTH:
        raise BadInput(where, f"{len(narrow)}个字，太长", given=mask(narrow), accepted=f"不超过{NAME_LENGTH}个字")
    if plain(narrow) in headers:
        raise BadInput(where, "是表头，不是人", given=plain(narrow), accepted="一位老人的姓名；重复的表头行可以删掉")
    if not _NAME.fullmatch(narrow) or narrow.isdigit():
        raise BadInput(where, "不像姓名", given=mask(narrow), accepted="汉字或拼音的姓名")
    return narrow


def address(where: str, text: str) -> str:
    """An address on one line."""
    narrow = " ".join(text.split())
    if len(narrow) > ADDRESS_LENGTH:
        raise BadInput(where, f"{len(narrow)}个字，太长", given=mask(narrow), accepted=f"不超过{ADDRESS_LENGTH}个字")
    if not narrow.isprintable():
        raise BadInput(where, "有看不见的字符", given=mask(narrow), accepted="普通文字")
    return narrow


def spelled(column: Column, text: str) -> str:
    """The value of a fact that this spelling stands for."""
    found = column.spellings.get(plain(text))
    if found is not None:
        return found
    parts = [part for part in _PARTS.split(text) if plain(part) in column.spellings]
    if len(parts) > 1:
        raise BadInput(column.label, f"写了{len(parts)}个", given=shown(text), accepted="只写1个")
    raise BadInput(column.label, "不认识", given=shown(text), accepted=column.accepted)


def shown(text: str) -> str:
    """What stands in a cell of codes or days, as a list of errors may show it; masked when it may be something else."""
    return text if (len(text) <= _SHORT and text.isprintable()) or _DAY.fullmatch(text) else mask(text)
