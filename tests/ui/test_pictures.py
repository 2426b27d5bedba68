"""A chart and a map say no more than their table."""

from __future__ import annotations

import json

import pytest

from songhe.ui.pictures import Area, Chart, Map, Series, classes, step

SERIES = (Series("甲", (1, None)), Series("乙", (2, 3), 2))


def chart(**changed: object) -> Chart:
    given = {"key": "visits", "title": "探访", "kind": "stacked", "categories": ("10月", "11月"), "series": SERIES}
    return Chart(**(given | changed))  # type: ignore[arg-type]


def test_the_table_has_the_figures_of_the_drawing() -> None:
    made = chart()
    assert made.rows == [("10月", [1, 2]), ("11月", [None, 3])]
    assert [one["values"] for one in made.drawn["series"]] == [[1, None], [2, 3]]
    assert json.loads(json.dumps(made.drawn)) == made.drawn


def test_a_diverging_chart_lies() -> None:
    assert chart(kind="diverging").drawn["lying"]
    assert not chart(kind="bar").drawn["lying"]


def test_one_or_two_lying_bars_get_a_low_picture() -> None:
    assert chart(lying=True).is_low
    assert not chart().is_low


@pytest.mark.parametrize(
    "changed",
    [{"kind": "pie"}, {"key": "No Id"}, {"series": ()}, {"series": SERIES * 3}, {"categories": ("10月",)}],
    ids=["a pie", "a key with blanks", "nothing", "six series", "figures without a name"],
)
def test_a_picture_that_could_not_be_read_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"chart|series"):
        chart(**changed)


@pytest.mark.parametrize(("value", "expected"), [(None, 0), (0.079, 1), (0.08, 2), (0.119, 2), (0.12, 3), (1, 3)])
def test_a_bound_belongs_to_the_class_above_it(value: float | None, expected: int) -> None:
    assert step(value, (0.08, 0.12)) == expected


def test_more_than_five_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        step(1, (1, 2, 3, 4, 5))


def test_the_classes_are_printed_as_people_read_them() -> None:
    assert classes((0.08, 0.12), ("8", "12"), unit="%") == ((1, "不到8%"), (2, "8–12%"), (3, "12%以上"))
    with pytest.raises(ValueError, match="once"):
        classes((0.08,), ("8", "12"))


def test_a_map_says_that_it_is_no_official_one() -> None:
    made = Map("shares", "各区", "区", "比例", (Area("4299", "甲区", "5.0%", 1),), ((1, "不到8%"),))
    assert "不作划界依据" in made.note
    assert made.drawn["areas"]["4299"] == {"name": "甲区", "shown": "5.0%", "step": 1, "url": ""}
