"""What may stand beside what: types, units and the values a fact declares."""

from __future__ import annotations

import pytest

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.parse import Parser
from songhe.rules.typing_rules import BARE, TRUTH, Type, TypeCheck
from songhe.rules.units import GRADE, MONTH, PERCENT, RATIO, YEAR, Unit, parse_unit

MONTHLY = parse_unit("CNY/month")
UNITS: dict[str, Unit] = {
    "monthly": MONTHLY,
    "yearly": parse_unit("CNY/year"),
    "once": parse_unit("CNY"),
    "share": PERCENT,
    "multiple": RATIO,
    "from_age": YEAR,
    "waiting": MONTH,
    "from_grade": GRADE,
}
PARSER, CHECK = Parser(UNITS.keys(), "17-x.yaml:20"), TypeCheck(UNITS, "17-x.yaml:20")


@pytest.mark.parametrize(
    "text",
    [
        "TRUE", "dementia", "dementia = TRUE", "dementia <> lives_alone", "NOT dementia", "dementia OR age >= 80",
        "age >= 80", "age >= from_age", "from_age <= age", "age + 1 > from_age", "80 <= 90", "age IN (80, from_age)",
        "months_since(birth_date) >= waiting", "months_since(birth_date) >= 12", "monthly * multiple > monthly",
        "birth_date <= DATE '1944-05-01'", "birth_date < death_date", "birth_date IN (DATE '1944-05-01')",
        "ability_grade >= from_grade", "ability_grade >= 2", "disability_level <> 0", "disability_level IN (1, 2)",
        "disability_level + 1 = 9", "ability_grade = ability_grade", "sex = 1", "1 = sex", "sex IN (1, 2)", "sex = sex",
        "disability_category <> 0", "assistance = 'edge'", "'edge' = assistance", "assistance IN ('edge', 'none')",
        "'a' = 'b'", "assistance IS NULL", "registered_region IS NOT NULL", "sex IS NULL", "age IS NULL",
        "within(registered_region, '420700')", "within(registered_region, '420700') = TRUE",
        "CASE WHEN dementia THEN TRUE ELSE lives_alone END", "monthly / yearly > 1",
        "monthly / once * months_since(birth_date) = 1",
        "least(monthly, 100) = greatest(monthly, 3, 5)", "round(monthly * 1.3, 2) >= -monthly",
        "CASE WHEN dementia THEN monthly ELSE 0 END > 5", "share > 5", "multiple = 1.3",
    ],
)  # fmt: skip
def test_what_fits(text: str) -> None:
    CHECK.want(PARSER.parse(text), TRUTH)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("age", "这里应当是是非，现在是数（year）"),
        ("assistance", "这里应当是是非，现在是“救助类别”的文字"),
        ("80", "这里应当是是非，现在是数"),
        ("NOT age", "这里应当是是非"),
        ("dementia AND age", "这里应当是是非"),
        ("dementia OR 1", "这里应当是是非"),
        ("age >= '80'", "不能与"),
        ("age >= monthly", "不能与"),
        ("age >= waiting", "不能与"),
        ("months_since(birth_date) >= from_age", "不能与"),
        ("monthly >= yearly", "数（CNY/month）不能与数（CNY/year）比较"),
        ("monthly >= once", "不能与"),
        ("share = multiple", "不能与"),
        ("ability_grade >= from_age", "不能与"),
        ("dementia = 1", "不能与"),
        ("dementia = 'true'", "不能与"),
        ("dementia > lives_alone", "没有大小"),
        ("birth_date <= '1944-05-01'", "不能与"),
        ("birth_date <= 1944", "不能与"),
        ("assistance > 'edge'", "没有大小"),
        ("assistance = hukou_kind", "不能与"),
        ("assistance = 'minimum_livng'", "assistance没有这个值：minimum_livng"),
        ("'low' = assistance", "assistance没有这个值：low"),
        ("assistance IN ('edge', '')", "assistance没有这个值"),
        ("assistance = 1", "不能与"),
        ("sex > 1", "没有大小"),
        ("sex = 3", "sex没有这个值：3"),
        ("sex = 1.5", "sex没有这个值：3/2"),
        ("sex = 'male'", "不能与"),
        ("sex = disability_category", "不能与"),
        ("sex = from_grade", "不能与"),
        ("sex = multiple", "不能与"),
        ("sex + 1 = 2", "不能计算"),
        ("disability_level = 5", "disability_level没有这个值：5"),
        ("ability_grade IN (1, 9)", "ability_grade没有这个值：9"),
        ("registered_region = '420700'", "地区不能直接比较"),
        ("registered_region = residence_region", "地区不能直接比较"),
        ("registered_region IN ('420700')", "地区不能直接比较"),
        ("age + monthly > 1", "单位不同：year与CNY/month"),
        ("monthly - once > 1", "单位不同"),
        ("monthly * share > monthly", "不能与"),
        ("1 / age > from_age", "不能与"),
        ("age + 'x' > 1", "不能计算"),
        ("-dementia > 1", "不能计算"),
        ("round(birth_date) = 1", "不能计算"),
        ("least(age, monthly) = 1", "单位不同"),
        ("greatest(age, dementia) = 1", "不能计算"),
        ("CASE WHEN age THEN TRUE END", "这里应当是是非"),
        ("CASE WHEN dementia THEN TRUE ELSE 1 END", "这里应当是是非"),
        ("CASE WHEN dementia THEN 1 ELSE TRUE END = 1", "不能计算"),
        ("CASE WHEN dementia THEN monthly ELSE yearly END > 1", "单位不同"),
        ("CASE WHEN dementia THEN 'a' ELSE 'b' END = 'a'", "不能计算"),
        ("(age + 'x') IS NULL", "不能计算"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_and_line(text: str, problem: str) -> None:
    with pytest.raises(BadInput) as refused:
        CHECK.want(PARSER.parse(text), TRUTH)
    assert problem in refused.value.problem
    assert refused.value.where == "17-x.yaml:20"
    assert refused.value.accepted


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("100", None),
        ("1 + 2 * 3 / 4", None),
        ("monthly", MONTHLY),
        ("monthly * 1.3", MONTHLY),
        ("1.3 * monthly", MONTHLY),
        ("monthly * multiple", MONTHLY),
        ("monthly / 2", MONTHLY),
        ("monthly + 5", MONTHLY),
        ("5 - monthly", MONTHLY),
        ("yearly / 12", parse_unit("CNY/year")),
        ("monthly / yearly", parse_unit("year/month")),
        ("100 / monthly", parse_unit("month/CNY")),
        ("monthly * waiting", parse_unit("CNY")),
        ("least(5, monthly)", MONTHLY),
        ("CASE WHEN dementia THEN 5 WHEN lives_alone THEN monthly END", MONTHLY),
        ("-round(monthly, 1)", MONTHLY),
        ("age", YEAR),
        ("months_since(birth_date)", MONTH),
        ("ability_grade + 1", GRADE),
    ],
)
def test_a_number_has_the_unit_of_its_parts(text: str, unit: Unit | None) -> None:
    node = PARSER.parse(text)
    CHECK.want(node, Type("number", unit))
    assert CHECK.type_of(node).unit == unit


@pytest.mark.parametrize("text", ["dementia", "'x'", "birth_date", "monthly", "yearly", "age", "share"])
def test_money_a_month_wants_money_a_month(text: str) -> None:
    node = PARSER.parse(text)
    if text == "monthly":
        CHECK.want(node, Type("number", MONTHLY))
    else:
        with pytest.raises(BadInput, match="这里应当是数（CNY/month）"):
            CHECK.want(node, Type("number", MONTHLY))


def test_a_bare_number_fits_every_unit() -> None:
    for unit in UNITS.values():
        CHECK.want(PARSER.parse("100"), Type("number", unit))
        CHECK.want(n.Unset("monthly"), Type("number", MONTHLY))
    assert CHECK.type_of(PARSER.parse("100")) == BARE
