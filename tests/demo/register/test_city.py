"""The demo city in its database: what was loaded is what was drawn, and the truth says where it errs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connections
from polars.testing import assert_frame_equal

from songhe.assessment.terms import AssessmentState, ObjectionState
from songhe.config.paths import policies_folder
from songhe.demo.cast import cast
from songhe.demo.divisions import read_divisions
from songhe.demo.register.building import build_city, built_city
from songhe.demo.register.cast_piece import cast_facts, cast_id
from songhe.demo.register.city import Piece
from songhe.demo.register.ground import demo_password
from songhe.demo.register.truths import read_truth
from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.places import fen_at, known_places, outcome_at
from songhe.eligibility.determining import column, payable_column, wide_table
from songhe.eligibility.engines import PolarsEngine
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, Role
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.people.api import person_table
from songhe.people.identity import identity_index, identity_of
from songhe.people.models import Person
from songhe.people.sheets import make_sheets
from songhe.policy.api import in_force, programme_of
from songhe.rules.facts import KEY
from songhe.rules.readings.polars import SCHEMA
from tests.database import database_copy
from tests.demo.register.conftest import DAY, PEOPLE, City, point_to, schema_of


def numbers(city: City, query: str, region: str = "") -> tuple[object, ...]:
    return city.rows(query, region)[0]


def sheets(city: City) -> pl.DataFrame:
    """The sheets of everybody as a person table, keyed by the person's id."""
    columns = ["person_id", *(name for name in SCHEMA if name != KEY)]
    rows = city.rows(f"SELECT {', '.join(columns)} FROM people_sheet")
    schema = {name: SCHEMA.get(name, pl.String) for name in columns}
    return pl.DataFrame([(str(row[0]), *row[1:]) for row in rows], schema=schema, orient="row").sort("person_id")


def test_the_city_says_what_it_is(city: City) -> None:
    assert built_city() == city.built
    assert (city.built.people, city.built.day) == (PEOPLE, DAY.isoformat())
    assert "写完了" in city.said[-1]


def test_everybody_drawn_is_in_the_register(city: City, drawn: tuple[Piece, Piece]) -> None:
    people = pl.concat([piece.people for piece in drawn])
    told = read_truth(city.folder / "truth", "told_by_lists").filter(pl.col("fact") == "death_date")
    dead = people["id"].is_in(told["id"].implode())
    people = people.with_columns(standing=pl.when(dead).then(pl.lit("dead")).otherwise("standing"))
    found = {str(row[0]): row[1:] for row in city.rows("SELECT id, name, region_code, standing FROM people_person")}
    assert found == {row[0]: row[1:] for row in people.select("id", "name", "region_code", "standing").rows()}
    for table, held in (("residence", "residences"), ("contact", "contacts"), ("lifeevent", "events")):
        count = numbers(city, f"SELECT count(*) FROM people_{table}")
        more = told.height if table == "lifeevent" else 0
        assert count == (sum(getattr(piece, held).height for piece in drawn) + more,)


def test_a_number_opens_and_is_found_by_its_index(city: City, drawn: tuple[Piece, Piece]) -> None:
    known = drawn[0].people.filter(pl.col("identity").is_not_null()).head(50)
    with scoped(Actor.system("测试", ""), "test"):
        for ident, number in known.select("id", "identity").rows():
            person = Person.objects.get(identity_index=identity_index(number))
            assert str(person.pk) == ident
            assert identity_of(person) == number


def test_the_sheets_are_those_the_database_makes(city: City) -> None:
    point_to(city.database.owner)
    try:
        with scoped(Actor.system("测试", ""), "test"):
            assert make_sheets(today=DAY) == 0
    finally:
        point_to(city.database.web)


def test_the_sheet_is_the_offices_table_except_where_something_was_planted(
    city: City, drawn: tuple[Piece, Piece]
) -> None:
    piece = drawn[0]
    notes = piece.notes
    touched = pl.concat(
        [*(notes[name]["id"] for name in ("conflicts", "too_old", "wrong_deaths")),
         notes["drifted_grades"]["id"],
         read_truth(city.folder / "truth", "told_by_lists")["id"],
         read_truth(city.folder / "truth", "assessed_lately")["id"],
         piece.people.filter(pl.col("standing") == "away")["id"]]
    )  # fmt: skip
    ids = piece.truth["id"]
    table = piece.table.with_columns(
        person_id=ids, **{name: pl.col(name).str.pad_end(12, "0") for name in ("registered_region", "residence_region")}
    )
    wanted = table.filter(~pl.col("person_id").is_in(touched.implode())).sort("person_id")
    found = sheets(city).filter(pl.col("person_id").is_in(wanted["person_id"].implode()))
    assert_frame_equal(found.select(wanted.columns), wanted)
    assert wanted.height > 0.75 * PEOPLE


def test_the_truth_lies_beside_and_matches_the_rows(city: City) -> None:
    truth = {name: read_truth(city.folder / "truth", name) for name in
             ("people", "duplicates", "wrong_deaths", "unheard_deaths", "conflicts", "too_old")}  # fmt: skip
    assert truth["people"].height == PEOPLE + 13
    standing = {str(row[0]): row[1] for row in city.rows("SELECT id, standing FROM people_person")}
    dead = set(truth["people"].filter(pl.col("death_date").is_not_null())["id"])
    assert truth["wrong_deaths"].height and truth["unheard_deaths"].height and truth["duplicates"].height
    for ident in truth["wrong_deaths"]["id"]:
        assert standing[ident] == "dead" and ident not in dead
    for ident in truth["unheard_deaths"]["id"]:
        assert standing[ident] == "present" and ident in dead
    assert set(truth["duplicates"]["copy"]) <= standing.keys()
    marks = {
        str(row[0]): row[1:] for row in city.rows("SELECT person_id, conflicts::text, stale::text FROM people_sheet")
    }
    assert all(fact in marks[ident][0] for ident, fact in truth["conflicts"].select("id", "fact").rows())
    assert all(fact in marks[ident][1] for ident, fact in truth["too_old"].select("id", "fact").rows())


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("region", ["420704", "420703", "420702", "420704001", "420704001002", "150600"])
def test_who_works_in_a_region_sees_its_people_only(city: City, drawn: tuple[Piece, Piece], region: str) -> None:
    wanted = sum(piece.people["region_code"].str.starts_with(region).sum() for piece in drawn)
    for table in ("person", "sheet"):
        assert numbers(city, f"SELECT count(*) FROM people_{table}", region) == (wanted,)


def test_counts_by_community_add_up(city: City) -> None:
    present = numbers(city, "SELECT count(*) FROM people_sheet WHERE standing = 'present'")
    assert numbers(city, "SELECT sum(total) FROM people_count") == present


def test_the_cast_has_the_facts_of_its_stories(city: City) -> None:
    wanted = cast_facts(DAY).with_columns(
        person_id=pl.Series([str(cast_id(elder.person_id)) for elder in cast()]),
        **{name: pl.col(name).str.pad_end(12, "0") for name in ("registered_region", "residence_region")},
    )
    found = sheets(city).filter(pl.col("person_id").is_in(wanted["person_id"].implode()))
    assert_frame_equal(found.select(wanted.columns), wanted.sort("person_id"))
    for elder in cast():
        rows = city.rows("SELECT id FROM people_person WHERE name = %s", "420700", elder.name)
        assert (cast_id(elder.person_id),) in rows


def test_every_file_lies_in_a_division_of_the_city(city: City) -> None:
    known = {division.code.ljust(12, "0") for division in read_divisions("420700")}
    assert {row[0] for row in city.rows("SELECT DISTINCT region_code FROM people_person")} <= known
    unknown = """SELECT p.registered_region FROM people_person p
                 LEFT JOIN regions_division d ON d.code = p.registered_region
                 WHERE p.registered_region <> '' AND d.code IS NULL"""
    assert city.rows(unknown) == []


def test_loading_puts_everything_on_again(city: City) -> None:
    assert schema_of(city.database) == city.schema_before


def test_every_role_has_an_account_that_signs_in_and_may_work(city: City) -> None:
    with scoped(None, "test"):
        grants = Grant.objects.select_related("account", "role")
        assert {grant.role_id for grant in grants} == set(Role.objects.values_list("code", flat=True))
        persons = [{grant.account_id, grant.proposed_by_id, grant.approved_by_id} for grant in grants]
        assert all(len(three) == 3 for three in persons)
        account = Account.objects.get(login="officer-420704")
        assert account.check_password(demo_password())
        actor = actor_of(account, DAY)
    assert actor is not None and actor.region == "420704" and actor.may("people.import")


def test_there_is_something_to_do(city: City) -> None:
    tasks = dict(city.rows("SELECT kind, count(*) FROM tasks_task GROUP BY kind"))
    assert numbers(city, "SELECT count(*) FROM duplicates_pair") == (tasks["people.duplicate"],)
    doors = numbers(city, "SELECT count(DISTINCT door) FROM decisions_matter WHERE closed_at IS NULL")
    assert doors == (tasks["decisions.visit"],) and doors[0] > 50


def test_what_earlier_lists_told_is_in_the_register_and_true(city: City) -> None:
    told = read_truth(city.folder / "truth", "told_by_lists")
    truth = read_truth(city.folder / "truth", "people")
    facts = told.filter(pl.col("fact") != "death_date")
    assert facts.height > 100
    for name in facts["fact"].unique():
        rows = facts.filter(pl.col("fact") == name).join(truth.select("id", so=pl.col(name).cast(pl.String)), on="id")
        assert (rows["value"] == rows["so"]).all(), name
    kept = {
        (str(person), fact, value)
        for person, fact, value in city.rows(
            """SELECT person_id, fact, value FROM people_circumstance
               WHERE batch IS NOT NULL AND known_until IS NULL AND source <> 'assessment'"""
        )
    }
    assert kept == set(facts.rows())


def test_lists_came_in_before_the_city_opened(city: City) -> None:
    rows = city.rows("SELECT source, state, created_at::date < now()::date FROM imports_batch")
    states = [state for _, state, _ in rows]
    assert {source for source, state, _ in rows if state == "applied"} >= {"pensions", "household_register", "health"}
    assert "proposed" in states and "undone" in states and "compared" in states
    waiting = city.rows("SELECT count(*) FROM imports_batch WHERE state = 'proposed'", "420704")
    assert waiting == [(1,)]
    errors = numbers(city, "SELECT count(*) FROM imports_rowerror", "420703")
    assert errors[0] and numbers(city, "SELECT count(*) FROM jobs_job WHERE state = 'done'")[0] > 10
    assert numbers(city, "SELECT count(*) FROM outbox_delivery WHERE state = 'waiting'") == (0,)


def test_assessments_stand_beside_what_the_register_knows(city: City) -> None:
    """Every grade that the register has by assessment is the level of a result that stands; cases are on all ways."""
    told = city.rows("""SELECT count(*), count(*) FILTER (WHERE r.level::text = c.value
            AND r.state IN ('final', 'provisional')) FROM people_circumstance c LEFT JOIN assessment_result r
        ON c.batch IN (r.id, r.batch) AND r.person_id = c.person_id WHERE c.fact = 'ability_grade'
        AND c.source = 'assessment' AND c.batch IS NOT NULL AND c.known_until IS NULL""")[0]
    assert told[0] == told[1] > 50
    states = {row[0] for row in city.rows("SELECT DISTINCT state FROM assessment_assessment")}
    assert states == set(AssessmentState)
    assert {row[0] for row in city.rows("SELECT state FROM assessment_objection")} == set(ObjectionState)
    assert numbers(city, "SELECT count(*) FROM people_person WHERE name = '王德福'") == (1,)
    kinds = dict(city.rows("SELECT kind, count(*) FROM tasks_task WHERE kind LIKE 'assessment%%' GROUP BY kind"))
    assert set(kinds) >= {"assessment.accept", "assessment.visit", "assessment.review", "assessment.objection"}
    drifted = read_truth(city.folder / "truth", "drifted_assessors")
    assert sorted(drifted["points"]) == [-6, 5]


def test_tasks_are_due_on_many_days(city: City) -> None:
    query = "SELECT count(*) FROM tasks_task WHERE state <> 'closed' AND due_date"
    earlier, today, later = (numbers(city, f"{query} {sign} '{DAY}'")[0] for sign in ("<", "=", ">"))
    assert earlier and today and later


def test_a_build_that_ends_early_leaves_nothing(tmp_path: Path, django_db_blocker: Any) -> None:
    def say(words: str) -> None:
        if "写好" in words:
            raise KeyboardInterrupt

    with database_copy("early") as database, django_db_blocker.unblock():
        before = point_to(database.owner)
        try:
            with pytest.raises(KeyboardInterrupt):
                build_city(people=100, day=DAY, seed=1, data=tmp_path, policies=policies_folder(), say=say)
            assert built_city() is None
            with scoped(Actor.system("测试", ""), "test"):
                assert not Person.objects.exists() and not Account.objects.exists()
        finally:
            connections["default"].close()
            connections["default"].settings_dict.update(before)


def test_building_again_changes_nothing(city: City) -> None:
    before = numbers(city, "SELECT count(*), max(changed_at) FROM people_person")
    again = build_city(
        people=50, day=date(2030, 1, 1), seed=9, data=city.folder, policies=policies_folder(), say=city.said.append
    )
    assert again == city.built
    assert numbers(city, "SELECT count(*), max(changed_at) FROM people_person") == before
    assert connections["default"].settings_dict["USER"] == "songhe_web"


@pytest.mark.covers("PER-03", "ENT-04")
def test_the_finder_names_who_never_applied_and_nobody_else(city: City) -> None:
    planted = set(read_truth(city.folder / "truth", "never_enrolled").select("id", "item").rows())
    named = {
        (str(person), item)
        for person, item in city.rows("SELECT person_id, item FROM decisions_matter WHERE kind = 'offer'")
    }
    assert len(planted) > 20
    assert len(named & planted) >= 0.99 * len(planted)
    assert named - planted == set()


@pytest.mark.covers("ENT-04")
def test_who_is_still_paid_after_death_is_named(city: City) -> None:
    planted = set(read_truth(city.folder / "truth", "paid_beyond").select("id", "item").rows())
    named = {
        (str(person), item)
        for person, item in city.rows("SELECT person_id, item FROM decisions_matter WHERE kind = 'stop'")
    }
    assert planted and named == planted


@pytest.mark.covers("ENT-01")
def test_what_is_kept_is_what_determine_says_of_the_exported_table(city: City) -> None:
    with scoped(Actor.system("测试", ""), "test"):
        people = person_table(today=DAY)
        programme = programme_of(in_force(DAY)[-1], DAY)
        places = known_places()
        kept = {str(row.person_id): row for row in Standing.objects.all()}
    wide = wide_table(programme, PolarsEngine(DAY), people)
    words = {True: "y", False: "n", None: "u"}
    for bound in programme.items:
        place, payable = places[bound.item.slug], payable_column(bound)
        money = wide[payable].to_list() if payable in wide.columns else [None] * wide.height
        for key, yes, yuan in zip(wide["person_id"], wide[column(bound)], money, strict=True):
            row = kept[key]
            assert outcome_at(row.yes, row.unknown, place) == words[yes]
            if yes and payable in wide.columns:
                assert fen_at(row.fen, place) == (None if yuan is None else int(yuan * 100))
    assert len(kept) == wide.height
