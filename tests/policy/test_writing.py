"""The form of an item and the text of its file: the text is what is kept, and only what changed is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import QueryDict

from songhe.kernel.errors import BadInput
from songhe.policy.item_form import field_at, fields_by_line, form_of_post, form_of_text, text_of_form
from songhe.policy.writing import bare_word, read_blocks, text_word
from tests.policy.releases import POLICIES

ITEMS = sorted(POLICIES.glob("*/*/[0-9]*.yaml"))
SUBSIDY = POLICIES / "420700-ezhou/basic-list-2023/17-elderly-service-subsidy.yaml"


@pytest.mark.covers("POL-01")
@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_a_form_that_changes_nothing_leaves_every_letter(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text_of_form(form_of_text(text), text) == text


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_what_is_written_anew_reads_as_the_same_values(path: Path) -> None:
    form = form_of_text(path.read_text(encoding="utf-8"))
    again = form_of_text(text_of_form(form, ""))
    assert again.parts() == form.parts()


def test_one_changed_figure_changes_one_part_and_the_rest_survives() -> None:
    text = SUBSIDY.read_text(encoding="utf-8") + "unknown_key: {a: [1, 'x']}\n# the end\n"
    form = form_of_text(text)
    row = next(row for row in form.figures if row["name"] == "monthly_amount")
    row["value"] = "120"
    changed = text_of_form(form, text).splitlines()
    old = text.splitlines()
    assert [(a, b) for a, b in zip(old, changed, strict=True) if a != b] == [
        (line, line.replace("value: 100", "value: 120")) for line in old if "value: 100" in line
    ]


def test_what_a_figure_has_besides_stays_with_it() -> None:
    text = "item: x\nparameters:\n  a:\n    unit: year\n    unset_before: 2024-01-01\n    notes: [一句, '12']\n"
    text += "    values: []\n"
    form = form_of_text(text)
    form.figures[0]["label"] = "起点"
    assert "    unset_before: 2024-01-01\n    notes: [一句, '12']\n" in text_of_form(form, text)


def test_a_key_taken_out_and_a_key_put_in_stand_where_they_belong() -> None:
    text = "item: x\nnumber: 3\nname: 名\nlead: [市民政局]\n\n# about the clause\nclause: a/1\nwho: sex = 'male'\n"
    form = form_of_text(text)
    form.lead, form.texts["standard"] = [], "按规定: 发放"
    written = text_of_form(form, text)
    assert [block.key for block in read_blocks(written)[1]] == ["item", "number", "name", "clause", "standard", "who"]
    assert "# about the clause\nclause: a/1\nstandard: '按规定: 发放'\n" in written


@pytest.mark.parametrize("text", ["80", "2024-05-01", "true", "null", "a: b", "# x", "'a'", "[x", "- x", "a #b", "~"])
def test_texts_that_would_read_as_something_else_are_quoted(text: str) -> None:
    assert text_word(text).startswith("'")
    (block,) = read_blocks(f"k: {text_word(text)}\n")[1]
    assert block.value == text


def test_numbers_and_days_stand_bare_and_formulas_as_text() -> None:
    assert [bare_word(word) for word in ("100", "1.5", "2024-05-01", "a * 1.2", "x, y")] == [
        "100", "1.5", "2024-05-01", "a * 1.2", "'x, y'",
    ]  # fmt: skip


def test_the_facts_of_an_example_get_their_quotes_by_what_they_are() -> None:
    sent = QueryDict(mutable=True)
    sent.update(
        {
            "item": "x", "number": "3", "gift_kind": "cash", "gift_amount": "100", "gift_per": "month",
            "example-0-case": "满80周岁", "example-0-on": "2024-05-01", "example-0-outcome": "yes",
            "example-0-given": "birth_date: 1944-05-01，registered_region=420704；lives_alone: true",
            "example-1-case": "不知道", "example-1-on": "2024-05-01", "example-1-outcome": "unknown",
            "example-1-missing": "birth_date、registered_region",
        }
    )  # fmt: skip
    text = text_of_form(form_of_post(sent), "")
    assert "given: {birth_date: 1944-05-01, registered_region: '420704', lives_alone: true}, outcome: yes}" in text
    assert "given: {}, outcome: unknown, missing: [birth_date, registered_region]}" in text
    assert "gives: {cash: 100, per: month}" in text


def test_a_line_of_the_file_belongs_to_a_field_of_the_form() -> None:
    text = SUBSIDY.read_text(encoding="utf-8")
    marks = fields_by_line(text)
    lines = text.splitlines()
    assert field_at(marks, next(i for i, line in enumerate(lines, 1) if line.startswith("who:")) + 1) == "who"
    first = next(i for i, line in enumerate(lines, 1) if line.startswith("examples:"))
    assert field_at(marks, first + 3) == "example-2"
    form = form_of_text(text)
    amount = next(i for i, row in enumerate(form.figures) if row["name"] == "monthly_amount")
    assert field_at(marks, next(i for i, line in enumerate(lines, 1) if "value: 100" in line)) == f"figure-{amount}"


def test_what_is_no_yaml_is_said() -> None:
    with pytest.raises(BadInput, match="YAML"):
        form_of_text("a: [1,\nb: 2")
    with pytest.raises(BadInput, match="键"):
        form_of_text("- a\n")
