"""What a reason sheet says, from what the law and the person's facts mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from songhe.config.paths import policies_folder
from songhe.demo.cast import Elder, cast, cast_day, cast_list
from songhe.demo.divisions import region_name
from songhe.eligibility.reason_sheet.gather import Desk
from songhe.eligibility.reason_sheet.model import GROUPS, NO, TO_DO, UNSET, YES, Branch, Dossier, Sheet
from songhe.eligibility.reason_sheet.page import dossier_page, sheet_page
from songhe.eligibility.reason_sheet.result import hanging, headline_words, result_of, summary_words
from songhe.eligibility.reason_sheet.result_page import result_page
from songhe.eligibility.reason_sheet.sentences import branch_leaves
from songhe.eligibility.reason_sheet.text import sheet_lines
from songhe.eligibility.reason_sheet.words import (
    Instrument,
    document_words,
    place_words,
    read_instruments,
    value_words,
    yuan_words,
)
from songhe.rules.answers import answers_apart
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.reference import Reference
from tests.trace import covers

PROGRAMME = bind(load_pack(policies_folder(), cast_list()), cast_day())
ANSWERS = {"yes": True, "no": False, "unknown": None}
ALL_UNKNOWN: Mapping[str, Any] = {}


def desk(source: str = "名册") -> Desk:
    facts = {name for elder in cast() for name in elder.facts}
    return Desk(
        PROGRAMME,
        instruments=read_instruments(policies_folder()),
        names=region_name,
        sources=dict.fromkeys(facts, source),
    )


DESK = desk()


def elder(person_id: str) -> Elder:
    return next(one for one in cast() if one.person_id == person_id)


def dossier(person: Mapping[str, Any]) -> Dossier:
    return DESK.dossier("P", person)


def sheet(item: str, person: Mapping[str, Any]) -> Sheet:
    return DESK.sheet(PROGRAMME.item(item), person)


@covers("ENT-01")
@pytest.mark.parametrize("one", cast(), ids=lambda one: one.person_id)
def test_the_sheets_of_the_cast_say_what_was_argued_by_hand(one: Elder) -> None:
    found = {own.slug: own.answer for own in dossier(one.facts).sheets}
    assert {slug: found[slug] for slug in one.expect} == {slug: ANSWERS[word] for slug, word in one.expect.items()}


@covers("ENT-01")
@pytest.mark.parametrize("one", cast(), ids=lambda one: one.person_id)
def test_every_sheet_stands_on_its_tree(one: Elder) -> None:
    """The tree comes out as the rule itself does; conditions that decide share the answer of what they decide."""
    for own in dossier(one.facts).sheets:
        assert own.answer is Reference(cast_day()).read(PROGRAMME.item(own.slug).outcome)(one.facts)
        assert own.tree.answer is own.answer
        assert_decides(own.tree)
        for leaf in branch_leaves(own.tree):
            assert leaf.value, leaf.words
            assert leaf.clause or leaf.words == "在世", leaf.words


def assert_decides(branch: Branch) -> None:
    deciding = [child for child in branch.children if child.decides]
    assert all(child.answer is branch.answer for child in deciding)
    assert bool(deciding) == bool(branch.children and branch.decides)
    for child in branch.children:
        assert_decides(child)


@covers("ENT-01")
@pytest.mark.parametrize("one", [*cast(), None], ids=lambda one: one.person_id if one else "nothing known")
def test_an_open_item_names_what_is_missing_and_only_that(one: Elder | None) -> None:
    """Each is unknown now, or a place known too coarsely to decide."""
    facts = one.facts if one else ALL_UNKNOWN
    labels = {line.label for line in dossier(facts).facts if not line.known or line.value == "湖北省"}
    for own in dossier(facts).sheets:
        if own.group == TO_DO:
            assert own.missing
            assert set(own.missing) <= labels
            assert own.inquiry is not None
            assert own.inquiry.label in own.missing
        else:
            assert own.missing == ()
            assert own.inquiry is None or own.group == UNSET


@covers("ENT-01")
def test_single_changes_that_flip_a_no_do_flip_it() -> None:
    """C05 is able to care for herself; the nursing allowance hangs on that alone."""
    own = sheet("elderly-nursing-subsidy", elder("C05").facts)
    assert own.answer is False
    assert own.changes == ("经认定生活不能自理",)
    assert sheet("elderly-nursing-subsidy", {**elder("C05").facts, "cannot_self_care": True}).answer is True


@covers("ENT-01")
def test_what_would_end_a_yes_is_said_in_one_way_for_all_other_values() -> None:
    """The living allowance for the disabled: for a family on the minimum living allowance, with a certificate."""
    own = sheet("disability-living-subsidy", elder("C05").facts)
    assert own.keeps == ("不是低保家庭", "没有残疾证")
    for changed in ({"assistance": "edge"}, {"assistance": "none"}, {"disability_level": 0}):
        assert sheet("disability-living-subsidy", {**elder("C05").facts, **changed}).answer is False


@covers("ENT-01")
def test_waiting_is_the_easiest_way_the_day_before_the_birthday() -> None:
    facts = {"birth_date": date(1944, 5, 2), "registered_region": "420704"}
    own = sheet("advanced-age-allowance", facts)
    assert own.headline == "现在不可享"
    assert own.waiting == "到2024年5月2日满80周岁，就可享"
    assert own.gap == "2024年5月2日起可享"
    on_the_day = sheet("advanced-age-allowance", {**facts, "birth_date": date(1944, 5, 1)})
    assert (on_the_day.answer, on_the_day.waiting) == (True, "")


def test_waiting_does_not_help_where_another_condition_is_in_the_way() -> None:
    own = sheet("advanced-age-allowance", {"birth_date": date(1944, 5, 2), "registered_region": "110101"})
    assert own.waiting == ""
    assert own.headline == "不可享"
    assert "户籍地在鄂州市" in own.sentence


@covers("ENT-03", "PAY-01")
def test_eligible_and_payable_are_told_apart() -> None:
    """Items 17 and 20 are of a kind, 100 and 70 yuan: the higher is paid, the lower stays a yes without money."""
    higher, lower = (sheet(item, elder("C05").facts) for item in ("17", "20"))
    assert higher.amounts == (("可享", "每月100元"), ("应发", "每月100元"))
    assert lower.amounts == (("可享", "每月70元"), ("应发", "每月0元"))
    assert lower.answer is True
    assert lower.headline == "可享，本项不另发"
    assert "就高" in lower.coordination[0]
    assert dossier(elder("C05").facts).total == "每月100元"


@covers("ENT-03")
def test_an_open_item_of_a_kind_leaves_the_other_one_open() -> None:
    """Whether 70 is paid hangs on whether 100 is: the age is not known."""
    facts = {**elder("C05").facts, "birth_date": None}
    lower = sheet("20", facts)
    assert lower.answer is True
    assert dict(lower.amounts)["可享"] == "每月70元"
    assert dict(lower.amounts)["应发"] == "还定不下来"
    assert "第17项待核" in lower.coordination[0]


def test_a_dead_person_has_no_item_and_no_advice() -> None:
    facts = {**elder("C05").facts, "death_date": date(2024, 4, 30)}
    for own in dossier(facts).sheets:
        assert own.answer is False
        assert (own.waiting, own.changes, own.inquiry) == ("", (), None)
        assert "2024年4月30日去世" in own.sentence
    assert dossier({**facts, "death_date": date(2024, 5, 2)}).count(True) == dossier(elder("C05").facts).count(True)


def test_a_figure_the_list_does_not_set_is_nobodys_to_answer() -> None:
    own = sheet("minimum-living-top-up", elder("C05").facts)
    assert own.group == UNSET
    assert own.missing == ()
    assert "清单没有定" in own.headline


def test_an_amount_the_list_does_not_print_is_said_once() -> None:
    own = sheet("advanced-age-allowance", elder("C05").facts)
    lines = [line.text for line in sheet_lines(dossier(elder("C05").facts), own)]
    assert "  金额 清单没有写金额" in lines
    assert not any("应发" in line for line in lines)


def test_the_question_tells_what_each_answer_gives() -> None:
    own = sheet("advanced-age-allowance", {"registered_region": "420704"})
    assert own.inquiry is not None
    assert own.inquiry.question == "您的出生日期是哪一天？"
    assert [(option.words, option.answer) for option in own.inquiry.options] == [
        ("1944年5月1日或以前", True),
        ("1944年5月2日或以后", False),
    ]


@covers("ENT-01")
@pytest.mark.parametrize("own", [own for own in dossier(ALL_UNKNOWN).sheets if own.inquiry], ids=lambda own: own.slug)
def test_what_an_answer_is_said_to_give_is_what_it_gives(own: Sheet) -> None:
    """Every answer the rule tells apart is in one of the options, with the outcome it has."""
    bound = PROGRAMME.item(own.slug)
    reading = Reference(cast_day()).read(bound.outcome)
    assert own.inquiry is not None
    name = next(name for name, fact in PERSON_TABLE.items() if fact.question == own.inquiry.question)
    given = {reading({name: value}) for value in answers_apart(name, (bound.who,), cast_day(), {})}
    assert {option.answer for option in own.inquiry.options} == given
    if own.inquiry.wanted:
        assert True in given


def test_a_birth_date_that_only_opens_an_item_is_said_in_spans() -> None:
    """Meals: 65 and more; the tiers within are of the amount, so two spans are enough."""
    own = sheet("meals", ALL_UNKNOWN)
    assert own.inquiry is not None
    assert [(option.words, option.answer) for option in own.inquiry.options] == [
        ("1959年5月1日或以前", True),
        ("1959年5月2日或以后", False),
    ]


def test_groups_hold_every_item_once() -> None:
    for one in cast():
        own = dossier(one.facts)
        numbers = [each.number for group in GROUPS for each in own.of_group(group)]
        assert sorted(numbers) == list(range(1, 28))
        assert len(own.of_group(YES)) == own.count(True)
        assert len(own.of_group(NO)) == own.count(False)


def test_sources_and_clauses_stand_beside_the_value() -> None:
    leaf = next(leaf for leaf in branch_leaves(sheet("3", elder("C02").facts).tree) if "80" in leaf.words)
    assert (leaf.value, leaf.source, leaf.clause) == ("出生日期：1944年5月2日，79周岁", "名册", "附件1第3项")


def test_a_source_is_escaped_on_the_page() -> None:
    page = sheet_page(desk("<b>&").dossier("<i>", elder("C02").facts, (PROGRAMME.item("3"),)))
    assert "&lt;b&gt;&amp;" in page
    assert "&lt;i&gt;" in page
    assert "<i>" not in page


def test_the_page_of_all_items_links_every_row_to_its_sheet() -> None:
    page = dossier_page(dossier(elder("C05").facts))
    for number in range(1, 28):
        assert page.count(f'href="#item-{number}"') == 1
        assert page.count(f'id="item-{number}"') == 1


def test_an_unconfirmed_list_says_so_on_every_sheet() -> None:
    own = replace(dossier(elder("C05").facts), unconfirmed=True)
    assert "还没有与正式文本核对" in "\n".join(line.text for line in sheet_lines(own, own.sheets[0]))


# The result of an interview


def test_a_result_tells_money_from_services_and_sums_what_is_paid() -> None:
    result = result_of(dossier(elder("C05").facts))
    assert {own.number for own in result.money} == {3, 17, 20}
    assert result.entitled == dossier(elder("C05").facts).count(True)
    assert headline_words(result) == f"您可享{result.entitled}项"
    assert "3项是发钱的，写了金额的合计每月100元" in summary_words(result)


def test_what_most_items_hang_on_comes_first() -> None:
    result = result_of(dossier({"birth_date": date(1942, 1, 1)}))
    ordered = hanging(result)
    counts = [len(numbers) for _, numbers in ordered]
    assert counts == sorted(counts, reverse=True)
    waiting = {own.number: own.missing for own in result.to_find_out}
    for label, numbers in ordered:
        assert set(numbers) == {number for number, missing in waiting.items() if label in missing}


def test_nothing_known_is_nothing_promised() -> None:
    result = result_of(dossier(ALL_UNKNOWN))
    assert result.money == ()
    assert {own.number for own in result.services} <= {
        bound.item.number for bound in PROGRAMME.items if Reference(cast_day()).read(bound.outcome)({}) is not None
    }


def test_the_page_taken_home_holds_no_key_and_every_answer() -> None:
    page = result_page(DESK.dossier("KEY-0001", elder("C05").facts), [("您的户口在哪里？", "<梁子湖区>")])
    assert "KEY-0001" not in page
    assert "&lt;梁子湖区&gt;" in page
    assert "打12345" in page
    assert "不是审批决定" in page


# Words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("birth_date", date(1964, 2, 29), "1964年2月29日，60周岁"),
        ("birth_date", None, "不知道"),
        ("death_date", None, "没有死亡记录"),
        ("registered_region", "420704001002", "鄂城区凤凰街道吴都社区"),
        ("registered_region", "420700", "鄂州市"),
        ("registered_region", "110101", "110101"),
        ("registered_region", "999999", "别处"),
        ("dementia", False, "没有失智"),
        ("disability_level", 0, "没有残疾证"),
        ("assistance", "minimum_living", "低保"),
    ],
)
def test_values_as_people_say_them(name: str, value: Any, words: str) -> None:
    assert value_words(name, value, date(2024, 5, 1), region_name) == words


@pytest.mark.parametrize(
    ("yuan", "words"), [(100.0, "100元"), (186.4, "186.40元"), (0.0, "0元"), (0.1 + 0.2, "0.30元")]
)
def test_amounts_end_in_whole_fen(yuan: float, words: str) -> None:
    assert yuan_words(yuan) == words


def test_places_in_documents() -> None:
    known = {"ezhou-2023": Instrument("清单", "鄂州政办发〔2023〕28号"), "untitled": Instrument("某办法", "")}
    assert document_words("ezhou-2023/annex-1/3", known) == "鄂州政办发〔2023〕28号"
    assert document_words("untitled/2.1", known) == "《某办法》"
    assert document_words("nowhere/2.1", known) == "nowhere"
    assert place_words("ezhou-2023/annex-1/3") == "附件1第3项"
    assert place_words("ezhou-2023/2.2.4") == "正文2.2.4"
