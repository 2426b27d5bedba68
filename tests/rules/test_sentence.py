"""A rule and what an item gives as Chinese sentences that say the same as the rule, no less and no more."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from songhe.rules import nodes as n
from songhe.rules.programme import bind
from songhe.rules.sentence import Sentences, gift_of, plain_number, sentence_of
from tests.rules.writing_lists import ON, figure, item, read
from tests.trace import covers

FIGURES = {
    "from_age": figure(80, "year", "高龄起点"),
    "later_age": figure(None, "year", "高龄的年龄"),
    "standard": figure(730, "CNY/month", "低保标准"),
    "unset": figure(None, "CNY/month", "当地标准"),
    "raised": figure("standard * 1.3", "CNY/month"),
    "endless": figure("standard / 0", "CNY/month", "算不出的"),
    "share": figure(0.2, "ratio", "份额"),
    "multiple": figure(1.3, "ratio", "倍数"),
    "off": figure(50, "percent", "优惠"),
    "free": figure(100, "percent", "免费"),
    "worst": figure(1, "grade", "最重一级"),
    "often": figure(2, "times/month", "次数"),
    "yearly": figure(1, "times/year", "每年次数"),
    "visits": figure(None, "times/year", "探访次数"),
}


def said(root: Path, who: str = "dementia", **keys: Any) -> tuple[str, str]:
    """The sentence of the rule, and what the item gives, with every figure at hand."""
    pack = read(root, item(1, who=who, **keys), parameters=FIGURES)
    (bound,) = bind(pack, ON).items
    return sentence_of(bound, pack, {"420700": "鄂州市"}.get), gift_of(bound, pack)  # type: ignore[arg-type]


@covers("POL-01")
@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        # ages
        ("age >= 80", "年满80周岁"),
        ("age > 80", "超过80周岁"),
        ("age < 80", "不满80周岁"),
        ("age <= 80", "不超过80周岁"),
        ("age = 80", "正好80周岁"),
        ("age <> 80", "不是80周岁"),
        ("80 <= age", "年满80周岁"),
        ("80 > age", "不满80周岁"),
        ("NOT age >= 80", "不满80周岁"),
        ("age >= from_age", "年满80周岁"),
        ("age >= later_age", "达到高龄的年龄（未定）"),
        ("age < later_age", "不满高龄的年龄（未定）周岁"),
        ("age BETWEEN 60 AND 79", "年满60周岁，且不超过79周岁"),
        ("age IN (80, 90)", "年龄为80或90"),
        ("age - 60 > 5", "年龄减60大于5"),
        # yes and no
        ("dementia", "失智"),
        ("NOT dementia", "没有失智"),
        ("dementia = TRUE", "失智"),
        ("dementia <> TRUE", "没有失智"),
        ("dementia = FALSE", "没有失智"),
        ("FALSE <> dementia", "失智"),
        ("dementia = lives_alone", "是否失智与是否独居相同"),
        ("dementia <> lives_alone", "是否失智与是否独居不同"),
        ("TRUE", "任何情况"),
        ("FALSE", "没有这种情况"),
        ("NOT TRUE", "不是（任何情况）"),
        # words, codes, grades
        ("assistance = 'minimum_living'", "是低保家庭"),
        ("assistance <> 'minimum_living'", "不是低保家庭"),
        ("NOT assistance = 'minimum_living'", "不是低保家庭"),
        ("assistance = 'none'", "不是低保，也不是低保边缘（低收入）家庭"),
        ("assistance <> 'none'", "是低保或低保边缘（低收入）家庭"),
        ("assistance IN ('edge', 'minimum_living')", "是低保边缘（低收入）或低保家庭"),
        ("assistance NOT IN ('edge', 'minimum_living')", "不是低保边缘（低收入）或低保家庭"),
        ("hukou_kind = 'rural'", "是农村户口"),
        ("sex = 2", "性别为女"),
        ("sex <> 2", "性别不为女"),
        ("disability_level = 0", "没有残疾证"),
        ("disability_level > 0", "残疾等级高于无残疾证"),
        ("disability_level IN (1, 2)", "残疾等级为一级或二级"),
        ("disability_level NOT IN (1, 2, 3)", "残疾等级不为一级、二级、三级之一"),
        ("disability_level <= worst", "残疾等级不高于一级"),
        ("ability_grade >= 1", "能力等级达到轻度失能"),
        ("ability_grade < ability_grade + 1", "能力等级低于能力等级加1"),
        # days
        ("birth_date < DATE '1959-12-31'", "出生日期早于1959年12月31日"),
        ("birth_date >= DATE '1959-12-31'", "出生日期不早于1959年12月31日"),
        ("months_since(death_date) >= 6", "死亡日期起满的月数不少于6"),
        # places
        ("within(registered_region, '420700')", "户籍地在鄂州市"),
        ("NOT within(registered_region, '420700')", "户籍地不在鄂州市"),
        # not known
        ("birth_date IS NULL", "不知道出生日期"),
        ("birth_date IS NOT NULL", "知道出生日期"),
        ("dementia IS NULL", "不知道是否失智"),
        ("age >= 80 IS NOT NULL", "知道是否年满80周岁"),
        ("(dementia OR lives_alone) IS NULL", "不知道是否（失智；或独居）"),
        ("age IS NULL", "不知道年龄"),
        # joined: a reader must see what belongs together
        ("dementia AND lives_alone", "失智，且独居"),
        ("dementia OR lives_alone", "失智；或独居"),
        ("dementia AND (lives_alone OR empty_nest)", "失智，且（独居；或空巢）"),
        ("dementia OR lives_alone AND empty_nest", "失智；或独居，且空巢"),
        ("NOT (dementia OR lives_alone)", "不是（失智；或独居）"),
        ("lives_alone AND CASE WHEN dementia THEN TRUE ELSE FALSE END",
         "独居，且（失智的，任何情况；其余没有这种情况）"),
        ("lives_alone OR CASE WHEN dementia THEN TRUE END", "独居；或（失智的，任何情况）"),
        # reckoned
        ("standard * 1.3 > 900", "730元/月的1.3倍大于900"),
        ("1.3 * standard > 900", "730元/月的1.3倍大于900"),
        ("standard * share > 100", "730元/月的20%大于100"),
        ("standard * multiple > 100", "730元/月的1.3倍大于100"),
        ("unset * 0.2 > 100", "当地标准（未定）的20%大于100"),
        ("(standard + 10) * 2 = 5", "（730元/月加10）的2倍等于5"),
        ("standard / 2 - 1 < raised", "（730元/月除以2）减1小于949元/月"),
        ("age * age > 6400", "年龄乘年龄大于6400"),
        ("2 * 3 = 6", "2乘3等于6"),
        ("-age < 0", "负年龄小于0"),
        ("-(age - 1) < 0", "负（年龄减1）小于0"),
        ("endless > 5", "算不出的（未定）大于5"),
        ("least(age, 80) = 80", "年龄、80中最小的等于80"),
        ("greatest(age - 1, 80) <> 80", "（年龄减1）、80中最大的不等于80"),
        ("round(standard * 0.333, 1) <= 5", "（730元/月的33.3%）（保留1位小数）不超过5"),
        ("CASE WHEN dementia THEN 1 ELSE 2 END = 1", "（失智的，1；其余2）等于1"),
        ("CASE WHEN dementia OR lives_alone THEN CASE WHEN empty_nest THEN 1 END ELSE 2 END >= 1",
         "（（失智；或独居）的，（空巢的，1）；其余2）不少于1"),
    ],
)  # fmt: skip
def test_a_rule_as_a_sentence(tmp_path: Path, who: str, sentence: str) -> None:
    assert said(tmp_path, who)[0] == sentence + "。"


@covers("POL-01", "PAY-02")
@pytest.mark.parametrize(
    ("gives", "words"),
    [
        ({"service": "上门看望"}, "上门看望"),
        ({"cash": "standard", "per": "month"}, "发730元/月"),
        ({"cash": "standard", "per": "month", "of": "津贴"}, "津贴，发730元/月"),
        ({"cash": "unset", "per": "month"}, "发当地标准（清单没有写金额）"),
        ({"cash": "unset * 1.3", "per": "month"}, "发当地标准（未定）的1.3倍"),
        ({"cash": "100", "per": "year"}, "发100元/年"),
        ({"cash": "CASE WHEN age >= 90 THEN 200 WHEN age >= 80 THEN standard ELSE 0 END", "per": "month"},
         "发年满90周岁的，200元/月；年满80周岁的，730元/月；其余0元/月"),
        ({"cash": "CASE WHEN dementia THEN CASE WHEN age >= 90 THEN 200 END END", "per": "month"},
         "发失智的，（年满90周岁的，200元/月）"),
        ({"times": "often", "per": "month", "of": "上门探访"}, "上门探访，每月2次"),
        ({"times": "yearly", "per": "year", "of": "体检"}, "体检，每年1次"),
        ({"times": "3", "per": "month", "of": "上门探访"}, "上门探访，每月3次"),
        ({"times": "2", "per": "once", "of": "评估"}, "评估，一次性2次"),
        ({"times": "visits", "per": "year", "of": "上门探访"}, "上门探访：探访次数（未定）"),
        ({"discount": "off", "of": "门票"}, "门票优惠50%"),
        ({"discount": "free", "of": "门票"}, "门票免费"),
        ({"discount": "100", "of": "门票"}, "门票免费"),
        ({"discount": "CASE WHEN age >= 65 THEN free WHEN dementia THEN 30 ELSE off END", "of": "门票"},
         "门票：年满65周岁的免费，失智的优惠30%，其余优惠50%"),
    ],
)  # fmt: skip
def test_what_is_given_in_words(tmp_path: Path, gives: dict[str, str], words: str) -> None:
    assert said(tmp_path, gives=gives)[1] == words


def test_what_is_given_besides_is_said_too(tmp_path: Path) -> None:
    also = [{"service": "看望"}, {"discount": "off", "of": "门票"}]
    assert said(tmp_path, gives={"cash": "standard", "per": "month"}, also=also)[1] == "发730元/月；看望；门票优惠50%"


def test_the_figures_are_those_of_the_day_and_of_the_what_if(tmp_path: Path) -> None:
    values = [
        {"from": date(2023, 10, 17), "value": 80, "clause": "ezhou-2023/1"},
        {"from": date(2025, 1, 1), "value": 75, "clause": "ezhou-2023/1"},
    ]
    own = {"from_age": {"unit": "year", "values": values}}
    pack = read(tmp_path, item(1, who="age >= from_age", parameters=own))
    today, later = bind(pack, ON), bind(pack, date(2025, 1, 1))
    changed = bind(pack, ON, {"item-1.from_age": Fraction(70)})
    words = [sentence_of(programme.items[0], pack) for programme in (today, later, changed)]
    assert words == ["年满80周岁。", "年满75周岁。", "年满70周岁。"]


def test_a_figure_nobody_has_set_is_said_where_a_bound_rule_has_it(tmp_path: Path) -> None:
    pack = read(tmp_path, item(1), parameters=FIGURES)
    says = Sentences(bind(pack, ON).items[0], pack)
    assert says.say(n.Unset("unset")) == "当地标准（未定）"
    assert says.say(n.Within("residence_region", "420704")) == "居住地在420704"
    assert says.say(n.Constant("edge")) == "“edge”"


@pytest.mark.parametrize(
    ("value", "words"),
    [("80", "80"), ("1.3", "1.3"), ("-2.50", "-2.5"), ("1/3", "0.333333"), ("1000000000000", "1000000000000")],
)
def test_numbers_as_people_write_them(value: str, words: str) -> None:
    assert plain_number(Fraction(value)) == words
