"""Changes to try, as typed by an officer: read strictly, refused with what would do."""

from __future__ import annotations

from fractions import Fraction

import pytest

from songhe.config.paths import policies_folder
from songhe.eligibility.scenarios import read_scenario
from songhe.kernel.errors import BadInput, NotFound, SongheError
from songhe.rules.packs import Pack
from songhe.rules.reading_packs import load_pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(policies_folder(), "420700-ezhou/basic-list-2023")


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("advanced-age-allowance.from_age=75", {"advanced-age-allowance.from_age": 75}),
        ("3.from_age=75", {"advanced-age-allowance.from_age": 75}),
        ("高龄津贴.from_age=75", {"advanced-age-allowance.from_age": 75}),
        (" 3 . from_age = 75周岁 ", {"advanced-age-allowance.from_age": 75}),
        ("17.monthly_amount=150.50元/月", {"elderly-service-subsidy.monthly_amount": Fraction("150.50")}),
        ("17.monthly_amount=150 CNY/month", {"elderly-service-subsidy.monthly_amount": 150}),
        ("meals.high_discount=100%", {"meals.high_discount": 100}),
        ("list.function_loss_from=3", {"list.function_loss_from": 3}),
        ("17.from_age=70，20.monthly_amount=0", {
            "elderly-service-subsidy.from_age": 70, "disability-living-subsidy.monthly_amount": 0
        }),
    ],
)  # fmt: skip
def test_changes_are_read(pack: Pack, text: str, changes: dict[str, Fraction | int]) -> None:
    scenario = read_scenario(pack, text)
    assert scenario.changes == changes
    assert scenario.text == text.strip()


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", BadInput, "读不懂"),
        ("from_age=75", BadInput, "读不懂"),
        ("3.from_age", BadInput, "读不懂"),
        ("3.from_age=75,", BadInput, "读不懂"),
        ("advanced-age-alowance.from_age=75", NotFound, "advanced-age-allowance（高龄津贴）"),
        ("高龄补贴.from_age=75", NotFound, "高龄津贴"),
        ("28.from_age=75", NotFound, "employee-pension"),
        ("3.age=75", NotFound, "from_age（起享年龄）、monthly_amount（每月津贴）"),
        ("3.function_loss_from=2", NotFound, "list.function_loss_from"),
        ("list.nothing=2", NotFound, "advanced_age（高龄的年龄）"),
        ("13.from_age=75", NotFound, "没有可改的参数"),
        ("3.from_age=", BadInput, "单位是年"),
        ("3.from_age=七十五", BadInput, "单位是年"),
        ("3.from_age=-1", BadInput, "0或以上"),
        ("3.from_age=1e3", BadInput, "单位不对"),
        ("3.from_age=75元", BadInput, "单位不对"),
        ("17.monthly_amount=100元", BadInput, "单位是元/月"),
        ("17.monthly_amount=1/3", BadInput, "单位不对"),
        ("17.monthly_amount=99999999999999", BadInput, "0或以上"),
        ("meals.high_discount=101", BadInput, "100%"),
        ("3.from_age=75,advanced-age-allowance.from_age=76", BadInput, "改了两次"),
        ("17.monthly_amount=1,000", BadInput, "读不懂"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could(
    pack: Pack, text: str, error: type[SongheError], words: str
) -> None:
    with pytest.raises(error) as refused:
        read_scenario(pack, text)
    assert words in str(refused.value)
