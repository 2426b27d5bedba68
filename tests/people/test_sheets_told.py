"""A person's facts with what is behind them; the sheet of another day, and as it was known at another time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from songhe.exchange.people import PersonTable
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import NotFound
from songhe.people.facts import person_table
from songhe.people.models import Person, Sheet
from songhe.people.operations.dying import record_death, undo_death
from songhe.people.operations.moving import move_person
from songhe.people.operations.telling import record_fact
from songhe.people.sheets import make_sheets
from songhe.people.sheets_told import facts_of, sheet_as_known
from songhe.people.timeline import timeline
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.readings.polars import SCHEMA
from tests.people.register import FENGHUANG, GULOU, HUARONG, NOW, TODAY, later, number, registered


def tell(actor: Actor, person: Person, fact: str, value: str, source: str, hours: int = 1, **days: Any) -> bool:
    return record_fact(
        actor=actor, today=TODAY, now=later(hours), person_id=person.pk, fact=fact, value=value, source=source, **days
    )


@pytest.mark.covers("PER-02")
def test_each_fact_says_value_source_day_limit_and_who_says_otherwise(everywhere: Actor) -> None:
    person = registered(everywhere)
    tell(everywhere, person, "disability_level", "3", "disabled_federation", as_of=TODAY)
    tell(everywhere, person, "disability_level", "4", "community", as_of=TODAY)
    tell(everywhere, person, "ability_grade", "1", "assessment", as_of=date(2024, 10, 15))
    facts = facts_of(person.pk, TODAY)
    level, grade = facts["disability_level"], facts["ability_grade"]
    assert (level.value, level.words, level.said and level.said.source) == (3, "三级", "残联")
    assert [(other.words, other.source) for other in level.others] == [("四级", "社区登记")]
    assert (grade.value, grade.words) == (None, "不知道")
    assert grade.stale and (grade.stale.words, grade.stale.months) == ("轻度失能", 24)
    assert grade.stale.stale_from == date(2026, 10, 15)
    assert facts["dementia"].said is None and facts["dementia"].stale is None
    sheet = Sheet.objects.get(pk=person.pk)
    assert (sheet.conflicts, sheet.stale) == (["disability_level"], ["ability_grade"])
    assert {name: known.value for name, known in facts.items()} == {name: getattr(sheet, name) for name in facts}


@pytest.mark.covers("PER-02")
def test_a_sheet_is_replayed_on_both_axes(everywhere: Actor) -> None:
    person = registered(everywhere)
    tell(everywhere, person, "assistance", "edge", "civil_affairs", hours=1, as_of=date(2026, 10, 31))
    tell(everywhere, person, "assistance", "minimum_living", "civil_affairs", hours=5, as_of=date(2026, 11, 15))
    known = [sheet_as_known(person.pk, TODAY, later(hours))["assistance"] for hours in (0, 2, 6)]
    assert known == [None, "edge", "minimum_living"]
    assert sheet_as_known(person.pk, date(2027, 2, 1), later(6))["assistance"] is None  # too old by then
    with pytest.raises(NotFound):
        sheet_as_known(person.pk, TODAY, later(-1))


@pytest.mark.covers("PER-02")
def test_a_death_and_a_move_are_known_only_from_when_they_were_recorded(everywhere: Actor) -> None:
    person = registered(everywhere)
    act = {"actor": everywhere, "today": TODAY, "person_id": person.pk}
    move_person(**act, now=later(1), place="living", area=GULOU, on_date=date(2026, 11, 10))
    record_death(**act, now=later(2), on_date=date(2026, 11, 12), source="funeral")
    undo_death(**act, now=later(3), reason="同名的人")
    deaths = [sheet_as_known(person.pk, TODAY, later(hours))["death_date"] for hours in (1, 2, 3)]
    assert deaths == [None, date(2026, 11, 12), None]
    places = [
        sheet_as_known(person.pk, day, later(hours))["residence_region"]
        for day, hours in ((TODAY, 0), (TODAY, 1), (date(2026, 11, 9), 1))
    ]
    assert places == [FENGHUANG, GULOU, FENGHUANG]


def test_the_timeline_tells_events_and_tellings_newest_first(everywhere: Actor) -> None:
    person = registered(everywhere)
    act = {"actor": everywhere, "today": TODAY, "person_id": person.pk}
    tell(everywhere, person, "dementia", "true", "health", as_of=date(2026, 10, 1))
    record_death(**act, now=later(2), on_date=date(2026, 11, 12), source="funeral", reason="火化名册")
    undo_death(**act, now=later(3), reason="同名的人")
    lines = timeline(person.pk)
    assert [line.words for line in lines] == ["撤回去世", "登记", "去世", "失智：是"]
    assert [line.undone for line in lines] == [False, False, True, False]
    assert len(timeline(person.pk, limit=2)) == 2


@pytest.mark.covers("PER-01")
def test_the_person_table_has_every_fact_typed_as_the_engine_reads_it(everywhere: Actor) -> None:
    person = registered(everywhere)
    registered(everywhere, identity=number("19400229", 1), name="王福海", living_region=HUARONG)
    tell(everywhere, person, "ability_grade", "2", "assessment", as_of=date(2024, 12, 1))
    tell(everywhere, person, "dementia", "true", "health", as_of=TODAY)
    table = person_table(today=TODAY, region="420704")
    assert dict(table.schema) == {name: kind() for name, kind in SCHEMA.items()}
    row = table.row(0, named=True)
    assert (row["person_id"], row["sex"], row["ability_grade"], row["dementia"]) == (str(person.pk), 2, 2, True)
    assert person_table(today=TODAY)["residence_region"].sort().to_list() == [HUARONG, FENGHUANG]
    late = person_table(today=date(2026, 12, 1), region="420704")
    assert late["ability_grade"].to_list() == [None]  # too old on that day, though the sheet was made before
    assert late["dementia"].to_list() == [True]


def test_an_empty_register_is_an_empty_person_table(everywhere: Actor) -> None:
    empty = person_table(today=TODAY)
    assert empty.height == 0 and empty.columns == ["person_id", *PERSON_TABLE]


def test_every_person_table_fact_is_a_column_of_the_sheet(everywhere: Actor) -> None:
    assert set(PERSON_TABLE) <= {field.name for field in Sheet._meta.get_fields()}


def test_the_dead_are_in_the_person_table_and_who_moved_away_is_not(everywhere: Actor) -> None:
    dead = registered(everywhere)
    record_death(actor=everywhere, today=TODAY, now=NOW, person_id=dead.pk, on_date=date(2026, 2, 28), source="funeral")
    away = registered(everywhere, identity=number("19400229", 1))
    Person.objects.filter(pk=away.pk).update(standing="away")
    make_sheets(today=TODAY)
    assert person_table(today=TODAY).select("person_id", "death_date").rows() == [(str(dead.pk), date(2026, 2, 28))]
    assert isinstance(person_table(today=TODAY, standings=["away"]), pl.DataFrame)


def test_the_person_table_is_a_file_that_determining_reads_without_a_bad_row(everywhere: Actor, tmp_path: Path) -> None:
    person = registered(everywhere)
    tell(everywhere, person, "assistance", "edge", "civil_affairs", as_of=TODAY)
    tell(everywhere, person, "pension_due", "false", "pensions", as_of=TODAY)
    registered(everywhere, identity="", sex="", birth_date=None, living_region=HUARONG)
    table = person_table(today=TODAY)
    path = tmp_path / "people.parquet"
    table.write_parquet(path)
    batches = list(PersonTable(path).batches())
    assert [batch.bad for batch in batches] == [None]
    assert batches[0].people.select(table.columns).rows() == table.rows()
