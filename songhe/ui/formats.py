"""Figures and times as a page says them, in the language of the page. Whoever calls gives `today`.

Empty is an en dash, never a zero; minus is the real minus sign; a day is said as people say it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

NOTHING = "–"
MINUS = "−"
WEEKDAYS = "一二三四五六日"
ENGLISH = "en"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEAR = {0: "今天", -1: "昨天", 1: "明天"}
_NEAR_ENGLISH = {0: "today", -1: "yesterday", 1: "tomorrow"}
_FEN_PER_TEN_THOUSAND_YUAN = 1_000_000
_SHOWN_OF_ID = (4, 4)
_SHOWN_OF_PHONE = (3, 4)
_LONGEST_MASK = 10


def number(value: int | float | Decimal | None, places: int = 0) -> str:
    """12,486; −3; – for None. `places` decimals, rounded half up."""
    if value is None:
        return NOTHING
    return _signed(f"{_rounded(value, places):,}")


def change(value: int | float | Decimal | None, places: int = 0) -> str:
    """A difference with its sign: +25,973, −1,846, 0."""
    said = number(value, places)
    return f"+{said}" if value is not None and _rounded(value, places) > 0 else said


def yuan(fen: int | None) -> str:
    """Whole fen as yuan with two decimals, 100 when there are none: 186.40, 100."""
    if fen is None:
        return NOTHING
    amount = Decimal(fen).scaleb(-2)
    return _signed(f"{amount:,.2f}" if fen % 100 else f"{fen // 100:,}")


def ten_thousand_yuan(fen: int | None) -> str:
    """Whole fen as 万元 with one decimal: 3,170.2; the unit stands in the head of the column."""
    return NOTHING if fen is None else number(Decimal(fen) / _FEN_PER_TEN_THOUSAND_YUAN, 1)


def percent(share: float | Decimal | None, places: int = 1) -> str:
    """A share between 0 and 1: 8.0%."""
    return NOTHING if share is None else f"{number(Decimal(str(share)) * 100, places)}%"


def part(of: float | None, whole: float | None) -> str:
    """`of` as a percentage of `whole`; – when there is no whole."""
    return NOTHING if of is None or not whole else percent(Decimal(of) / Decimal(whole))


def day(value: date | None, today: date) -> str:
    """今天, 昨天, 明天, 11月18日 within the year, 2024年10月15日 beyond it."""
    if value is None:
        return NOTHING
    near = (_NEAR_ENGLISH if _is_english() else _NEAR).get((value - today).days)
    return near or _dated(value, today)


def exact_day(value: date) -> str:
    """2026年11月23日, whatever day it is."""
    if _is_english():
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def day_with_week(value: date, today: date) -> str:
    """11月23日 星期一: the first line of a page of work."""
    if _is_english():
        return f"{_DAYS[value.weekday()]} {_dated(value, today)}"
    return f"{_dated(value, today)} 星期{WEEKDAYS[value.weekday()]}"


def moment(value: datetime | None, today: date) -> str:
    """今天 14:30, 昨天 02:10, 11月18日 09:05; the value is already in local time."""
    return NOTHING if value is None else f"{day(value.date(), today)} {value:%H:%M}"


def exact_moment(value: datetime) -> str:
    """2026年11月23日 14:30:05: on hover and in print."""
    return f"{exact_day(value.date())} {value:%H:%M:%S}"


def since(value: date | None, today: date) -> str:
    """How long ago in the coarsest fitting unit: 3天前, 2个月前, 2年前. In the future: as `day`."""
    if value is None or value > today:
        return day(value, today)
    if (today - value).days < 2:
        return day(value, today)
    months = (today.year - value.year) * 12 + today.month - value.month - (today.day < value.day)
    if months < 1:
        count, unit = (today - value).days, "天"
    else:
        count, unit = (months, "个月") if months < 36 else (months // 12, "年")
    return _english_ago(count, unit) if _is_english() else f"{count}{unit}前"


def _is_english() -> bool:
    return get_language() == ENGLISH


def _dated(value: date, today: date) -> str:
    """11月18日 within the year, else with the year."""
    if value.year != today.year:
        return f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year}" if _is_english() else exact_day(value)
    return f"{value.day} {_MONTHS[value.month - 1][:3]}" if _is_english() else f"{value.month}月{value.day}日"


def _english_ago(count: int, unit: str) -> str:
    word = {"天": "day", "个月": "month", "年": "year"}[unit]
    return f"{count} {word}{'' if count == 1 else 's'} ago"


def masked_id(text: str | None) -> str:
    """4299**********0027; a shorter number shows at most its last two characters."""
    return _masked(text, *_SHOWN_OF_ID)


def masked_phone(text: str | None) -> str:
    """138****5521; a fixed line 0711-555 0132 shows its first three and last four as well."""
    return _masked(text, *_SHOWN_OF_PHONE)


def _masked(text: str | None, first: int, last: int) -> str:
    if not text:
        return NOTHING
    if len(text) < first + last + 3:
        return "*" * max(len(text) - 2, 1) + text[-2:] if len(text) > 3 else "*" * len(text)
    return text[:first] + "*" * min(len(text) - first - last, _LONGEST_MASK) + text[-last:]


def _rounded(value: int | float | Decimal, places: int) -> Decimal:
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
