"""The page of the person table: every column a rule may speak of."""

from __future__ import annotations

from docs.generate.markdown import finish, opening, table
from songhe.rules.facts import KEY, PERSON_TABLE, PERSON_TABLE_VERSION, Fact, Kind

_TYPES = {
    Kind.DATE: "date 日期",
    Kind.BOOL: "bool 是非",
    Kind.WORD: "text 文字",
    Kind.CODE: "int 代码",
    Kind.GRADE: "int 等级（有高低）",
    Kind.REGION: "text 区划代码",
}


def page() -> str:
    """The page."""
    lines = opening(
        f"The person table 人员表, version {PERSON_TABLE_VERSION}",
        "`songhe/rules/facts.py`",
        "What `songhe determine`, `whatif`, `explain` and `agein` read: one row a person, as CSV, XLSX or Parquet. "
        f"`{KEY}` is required and unique; every other column may be absent. **An empty cell means unknown**, except "
        "`death_date`, where empty means alive. Codes are text: `420704`, never the number. Other columns are ignored, "
        "and named.",
        "一人一行。空格表示不知道；只有死亡日期空着表示在世。区划代码是文字，不是数。",
    )
    rows = [(f"`{KEY}`", "编号", "text 文字", "不空、不重复", "")]
    rows += [_row(fact) for fact in PERSON_TABLE.values()]
    lines += table(("column 列", "名称", "type 类型", "accepted 可填", "question 问法"), rows)
    booleans = [(f"`{fact.name}`", fact.if_true, fact.if_false) for fact in PERSON_TABLE.values() if fact.if_true]
    lines += ["## How yes and no are said 是与否怎么说", ""]
    return finish(lines + table(("column 列", "true", "false"), booleans))


def _row(fact: Fact) -> tuple[str, ...]:
    accepted = fact.accepted
    if fact.values:
        accepted = "、".join(f"`{value}` {word}" for value, word in fact.values.items())
    return f"`{fact.name}`", fact.label, _TYPES[fact.kind], accepted, fact.question
