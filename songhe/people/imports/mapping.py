"""Which column of a file holds what: guessed from the header, kept by header so that it is asked once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from songhe.kernel.errors import BadInput
from songhe.kernel.masking import shown
from songhe.kernel.told import told
from songhe.people.imports.sources import IDENTITY, List, plain

Mapped = dict[str, str]  # key of a column of the list -> name of the column in the file


def signature(header: Sequence[str]) -> str:
    """The same for files with the same columns in the same order."""
    return hashlib.sha256("\0".join(plain(name) for name in header).encode()).hexdigest()[:32]


def guessed(expected: List, header: Sequence[str]) -> Mapped:
    """What each column probably is: headers that are known for it, then those that begin or end with a known one."""
    found: Mapped = {}
    names = [name for name in dict.fromkeys(header) if name]
    for exact in (True, False):
        for key, column in expected.columns.items():
            if key in found:
                continue
            for name in names:
                if name not in found.values() and _is(plain(name), column.headers, exact):
                    found[key] = name
                    break
    return {key: found[key] for key in expected.columns if key in found}


def _is(name: str, known: Sequence[str], exact: bool) -> bool:
    if exact:
        return name in known
    return any(len(each) > 2 and (name.startswith(each) or name.endswith(each)) for each in known)


def checked(expected: List, header: Sequence[str], wanted: Mapping[str, str]) -> Mapped:
    """The mapping, when a file with this header can be read by it. BadInput says which column is missing or taken."""
    mapped = {key: wanted[key] for key in expected.columns if wanted.get(key)}
    for name in mapped.values():
        if name not in header:
            raise BadInput("对列", "文件里没有这一列", given=shown(name), accepted="文件里有的列")
    times = Counter(header)
    for key, name in mapped.items():
        if times[name] > 1:
            problem = told("文件里有{times}列都叫这个名字，分不清", times=times[name])
            raise BadInput(expected.columns[key].label, problem, given=shown(name), accepted="改掉一个列名再导入")
    twice = next((name for name, count in Counter(mapped.values()).items() if count > 1), None)
    if twice is not None:
        raise BadInput("对列", "一列对了两次", given=shown(twice), accepted="每列只对一次")
    missing = [column.label for column in expected.required if column.key not in mapped]
    if expected.registers and IDENTITY not in mapped:
        missing.append(expected.columns[IDENTITY].label)
    if missing:
        raise BadInput("对列", told("还没有对上：{words}", words="、".join(missing)), accepted="必需的列都对上")
    if expected.facts and not any(column.fact and key in mapped for key, column in expected.columns.items()):
        labels = "、".join(column.label for column in expected.columns.values() if column.fact)
        raise BadInput("对列", "没有一列说得出事实", accepted=told("至少对上一列：{labels}", labels=labels))
    return mapped


def letter(place: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
