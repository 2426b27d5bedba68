"""Reads what a person types as an answer: a number, a word, a day in any of the usual spellings, a place.

What cannot be read is refused in words that say what to write instead; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from songhe.eligibility.asking import Asked, Divisions, Interview
from songhe.kernel import regions
from songhe.kernel.days import age_on
from songhe.kernel.errors import BadInput
from songhe.rules.facts import PERSON_TABLE, Kind

OLDEST = 130
_SPACE = re.compile(r"\s+")
_UNCLEAR = frozenset(("", "0", "不清楚", "不知道", "不晓得", "说不清", "?"))
_TRUE = frozenset(("是", "是的", "对", "有", "有的", "yes", "y"))
_FALSE = frozenset(("否", "不是", "不", "没有", "没", "无", "不对", "no", "n"))
_DATE = re.compile(r"(\d{4})[-./年、, ](\d{1,2})[-./月、, ](\d{1,2})[日号]?|(\d{4})(\d{2})(\d{2})")
_SHORT_YEAR = re.compile(r"\d{2}([-./年]\d{1,2}){2}[日号]?")
_NO_DAY = re.compile(r"\d{4}([-./年]\d{1,2}月?)?年?")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_COUNTED = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_AS_WRITTEN = "写成1944-05-02这样"
_OR_UNCLEAR = f"{_AS_WRITTEN}，不清楚就写0"
_LUNAR = ("农历", "阴历", "旧历", "腊月", "正月", "初", "闰", "民国")


def read_answer(asked: Asked, typed: str, on: date, divisions: Divisions | None = None) -> Any:
    """The value of what was typed, None for 不清楚.

    Refused with BadInput in words that say what to write instead. Full-width digits and letters are as good as others.
    """
    spaced = _SPACE.sub(" ", unicodedata.normalize("NFKC", typed)).strip().lower()
    text = spaced.replace(" ", "")
    if text in _UNCLEAR:
        return None
    fact = PERSON_TABLE[asked.fact]
    if fact.kind is Kind.DATE:
        return _read_date(text, spaced, on)
    if text.isdigit() and len(text) <= len(str(len(asked.choices))):
        return _numbered(asked, int(text))
    worded = _worded(asked, text)
    if text in worded:
        return worded[text]
    if fact.kind is Kind.REGION:
        return _read_region(text, divisions)
    raise BadInput("回答", "没有这个答案", accepted=_numbers(asked))


def _worded(asked: Asked, text: str) -> Mapping[str, Any]:
    """The words that are an answer: those of the choices, and of yes and no where that is the question."""
    words = {choice.words.lower(): choice.value for choice in asked.choices}
    if PERSON_TABLE[asked.fact].kind is Kind.BOOL:
        words |= dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    elif (nothing := PERSON_TABLE[asked.fact].nothing) is not None:
        words |= dict.fromkeys(_FALSE, nothing)
    return words


def _numbers(asked: Asked) -> str:
    return f"写1到{len(asked.choices)}的号，不清楚就写0"


def _numbered(asked: Asked, number: int) -> Any:
    if not 1 <= number <= len(asked.choices):
        raise BadInput("回答", f"没有第{number}个答案", accepted=_numbers(asked))
    return asked.choices[number - 1].value


def _read_date(text: str, spaced: str, on: date) -> date:
    if any(word in text for word in _LUNAR):
        raise BadInput("日期", "要公历的", accepted=f"照身份证{_OR_UNCLEAR}")
    plain = _in_digits(text)
    found = _DATE.fullmatch(plain) or _DATE.fullmatch(spaced)
    if found is None:
        raise BadInput("日期", _date_problem(plain), accepted=_OR_UNCLEAR)
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        value = date(year, month, day)
    except ValueError as error:
        raise BadInput("日期", f"{year}年没有{month}月{day}日", accepted=f"照身份证{_AS_WRITTEN}") from error
    if value > on:
        raise BadInput("日期", f"{year}年{month}月{day}日还没有到", accepted=f"写{on.isoformat()}或以前的日子")
    if age_on(value, on) > OLDEST:
        raise BadInput("日期", f"照这样写，到今天{age_on(value, on)}岁了", accepted="看看年份写对没有")
    return value


def _date_problem(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "年份要写4位"
    return "只有年月还不够，要写到哪一天" if _NO_DAY.fullmatch(text) else "看不懂"


def _in_digits(text: str) -> str:
    """一九四四年五月二十一日 as 1944年5月21日; what has no Chinese figures stays."""
    counted = _COUNTED.sub(lambda found: (found[1] or "一") + (found[2] or "零"), text)
    return counted.translate(_DIGITS)


def _read_region(text: str, divisions: Divisions | None) -> str:
    if text.isdigit():
        try:
            regions.significant(text)
        except BadInput as error:
            digits = f"现在{len(text)}位，要6、9或12位"
            raise BadInput("区划代码", digits, accepted="写成420704这样，也可以写号") from error
        return text
    found = divisions.named(text) if divisions else ()
    if not found:
        raise BadInput("地名", "没有找到这个地名", accepted="写街道、社区的全名，或6、9、12位代码，或上面的号")
    if len(found) > 1:
        several = "、".join(f"{code}（{name}）" for code, name in found[:4])
        raise BadInput("地名", f"这个地名有{len(found)}处", accepted=f"写代码：{several}")
    return found[0][0]


def read_known(interview: Interview, lines: Iterable[str], where: str, on: date) -> Mapping[str, Any]:
    """Facts written down beforehand, one a line as `出生日期：1944-05-02` or `birth_date: 1944-05-02`.

    Empty lines and those that begin with # say nothing. Refused with BadInput, which names the line.
    """
    facts = {**{fact.label: name for name, fact in PERSON_TABLE.items()}, **{name: name for name in PERSON_TABLE}}
    known: dict[str, Any] = {}
    for number, line in enumerate(lines, 1):
        label, colon, answer = unicodedata.normalize("NFKC", line).strip().partition(":")
        if not label or label.startswith("#"):
            continue
        place = f"{where}第{number}行"
        name = facts.get(label.strip())
        if not colon or name is None:
            raise BadInput(place, "看不懂是哪一样", accepted="写成“出生日期：1944-05-02”这样，名称照人员表")
        if name in known:
            raise BadInput(place, f"{PERSON_TABLE[name].label}写了两次", accepted="一样一行")
        try:
            known[name] = read_answer(interview.asked(name), answer, on, interview.divisions)
        except BadInput as error:
            raise BadInput(f"{place} {PERSON_TABLE[name].label}", error.problem, accepted=error.accepted) from error
    return known
