"""Why a cell cannot be used, in words for the person who has to mend it. The value is shown masked only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask
from songhe.rules.facts import KEY, PERSON_TABLE, Fact, Kind

EARLIEST = date(1880, 1, 1)  # nobody alive in any year of the lists was born before
# Days that programs write for "none": the zero of spreadsheets, the ends of calendars.
PLACEHOLDERS = (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(9999, 12, 31))
LONGEST_KEY = 200
KEY_ACCEPTED = f"1到{LONGEST_KEY}个字符、前后没有空格的编号"
_FULL_WIDTH = re.compile("[\u3000\uff01-\uff5e]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH_WORDS = {
    "true",
    "false",
    "yes",
    "no",
    "t",
    "f",
    "y",
    "n",
    "1",
    "0",
    "1.0",
    "0.0",
    "是",
    "否",
    "有",
    "无",
    "对",
    "错",
}
_UNKNOWN_WORDS = {
    "null",
    "none",
    "nan",
    "na",
    "n/a",
    "#n/a",
    "nil",
    "-",
    "--",
    "/",
    "无",
    "空",
    "未知",
    "不详",
    "不知道",
}
_DATE_HINTS = (
    (re.compile(r"[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}"), "年月日之间要用短横线"),
    (re.compile(r"[0-9]{8}"), "年月日之间要用短横线"),
    (re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}[日号]?"), "年月日之间要用短横线"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"), "月和日要写两位"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T].*"), "只要日期，不要时间"),
    (re.compile(r"[0-9]{5}(\.[0-9]+)?"), "像是Excel的日期序号；请把单元格设成日期格式"),
    (re.compile(r"[0-9]{4}(-[0-9]{1,2})?"), "要写到哪一天"),
)


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be used: the row as a person sees it, the column, the value masked, what would do."""

    row: int
    column: str
    problem: str
    given: str
    accepted: str

    def __str__(self) -> str:
        return str(BadInput(f"第{self.row:,}行 {self.column}", self.problem, given=self.given, accepted=self.accepted))

    @property
    def reason(self) -> str:
        """The problem without row and value, for the file of bad rows, which holds the value itself."""
        return f"{self.column}：{self.problem}；可以是：{self.accepted}"


def accepted(column: str) -> str:
    """What a cell of the column may hold."""
    return KEY_ACCEPTED if column == KEY else PERSON_TABLE[column].accepted


def bad_cell(row: int, column: str, text: str | None, kind: str = "text") -> BadCell:
    """A cell whose value the column does not accept. `kind` is what the cell of a workbook was."""
    if kind == "broken":
        return BadCell(row, column, f"单元格里是{text}", "", accepted(column))
    problem = _key_problem(text, kind) if column == KEY else _problem(PERSON_TABLE[column], text or "", kind)
    return BadCell(row, column, problem, mask(text) if text else "", accepted(column))


def _key_problem(text: str | None, kind: str) -> str:
    if not text:
        return "没有填"
    if kind == "number":
        return "是数字，位数多的已经不准了；请把单元格设成文本格式再填"
    if kind not in ("text", "empty"):
        return "单元格是日期、时间或是否，不是文本"
    if _CONTROL.search(text):
        return "有换行等看不见的字符"
    return "前后有空格" if text != text.strip() else "太长"


def _problem(fact: Fact, text: str, kind: str) -> str:
    if text != text.strip():
        return "前后有空格"
    if _FULL_WIDTH.search(text):
        return "有全角字符，要用半角"
    if text.lower() in _UNKNOWN_WORDS and text.lower() not in fact.values:
        return "不知道就留空，不要填别的"
    return _date_problem(text, kind) if fact.kind is Kind.DATE else _PROBLEMS[fact.kind](fact, text)


def _truth_problem(_fact: Fact, text: str) -> str:
    return "只认小写的true和false" if text.lower() in _TRUTH_WORDS else "不是true或false"


def _region_problem(_fact: Fact, text: str) -> str:
    return "不是6、9或12位数字" if text.isascii() and text.isdigit() else "不是行政区划代码"


def _word_problem(fact: Fact, text: str) -> str:
    if text in fact.values.values():
        return "要填代码，不填中文"
    return "大小写不对" if text.lower() in fact.values else "没有这个代码"


def _number_problem(fact: Fact, text: str) -> str:
    if text in fact.values.values():
        return "要填数字，不填中文"
    if re.fullmatch(r"[0-9]+\.0*", text):
        return "多了小数点"
    return "没有这个代码" if fact.kind is Kind.CODE else "没有这一级"


_PROBLEMS = {
    Kind.BOOL: _truth_problem,
    Kind.REGION: _region_problem,
    Kind.WORD: _word_problem,
    Kind.CODE: _number_problem,
    Kind.GRADE: _number_problem,
}


def _date_problem(text: str, kind: str) -> str:
    if kind == "time":
        return "只要日期，不要时间"
    if not _ISO.fullmatch(text):
        return next((hint for form, hint in _DATE_HINTS if form.fullmatch(text)), "不是日期")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "日历上没有这一天"
    if day in PLACEHOLDERS:
        return "像是占位的日期；不知道就留空"
    return f"早于{EARLIEST}"
