"""Whom the register believes, and for how long."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from songhe.kernel.errors import BadInput
from songhe.people import trust as t
from songhe.people.terms import Source
from songhe.people.trust import Telling, resolve, trust, trusted
from songhe.rules.facts import PERSON_TABLE

DAY = date(2026, 11, 18)


def told(source: str, value: str, as_of: date = date(2026, 11, 1), **days: date) -> Telling:
    return Telling(source, value, as_of, **days)


def test_every_fact_that_sources_tell_has_an_order_of_trust_and_every_source_a_limit() -> None:
    assert set(trust()) == set(PERSON_TABLE) - set(t.PERSON_FACTS)
    for fact, by_source in trust().items():
        assert [way.rank for way in by_source.values()] == sorted(way.rank for way in by_source.values()), fact
        assert all(way.months for way in by_source.values())
        assert not trusted(fact, "community").documented


def test_documents_are_not_below_what_is_only_said_but_for_how_people_live() -> None:
    seen_at_home = {"lives_alone", "empty_nest", "left_behind", "has_family_carer"}
    for fact in set(trust()) - seen_at_home:
        said = [way.rank for way in trust()[fact].values() if not way.documented]
        documented = [way.rank for way in trust()[fact].values() if way.documented]
        assert max(documented) < min(said), fact


@pytest.mark.covers("PER-02")
def test_the_most_trusted_telling_counts_and_the_other_is_shown() -> None:
    federation, community = told("disabled_federation", "3"), told("community", "4", date(2026, 11, 17))
    found = resolve("disability_level", [community, federation], DAY)
    assert (found.telling, found.others, found.conflict) == (federation, (community,), True)


def test_equals_who_disagree_are_a_conflict_in_which_the_newest_counts() -> None:
    older, newer = told("civil_affairs", "true"), told("assessment", "false", date(2026, 11, 2))
    assert resolve("cannot_self_care", [older, newer], DAY).telling == newer
    assert resolve("cannot_self_care", [older, newer], DAY).others == (older,)


def test_who_says_the_same_is_no_conflict() -> None:
    assert not resolve("dementia", [told("health", "true"), told("self", "true")], DAY).conflict


@pytest.mark.covers("PER-02")
def test_what_is_too_old_gives_way_to_who_is_trusted_less_and_then_to_not_known() -> None:
    assessed = told("assessment", "1", date(2024, 10, 15))
    assert resolve("ability_grade", [assessed], date(2026, 10, 14)).telling == assessed
    old = resolve("ability_grade", [assessed], date(2026, 10, 15))
    assert (old.telling, old.stale) == (None, assessed)
    said = told("community", "2", date(2026, 9, 1))
    assert resolve("ability_grade", [assessed, said], date(2026, 10, 15)).telling == said
    assert not resolve("ability_grade", [assessed, said], date(2026, 10, 15)).conflict


@pytest.mark.parametrize(
    ("as_of", "last_day", "first_day"),
    [
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1)),
        (date(2024, 2, 28), date(2026, 2, 27), date(2026, 2, 28)),
        (date(2024, 12, 31), date(2026, 12, 30), date(2026, 12, 31)),
    ],
)
def test_a_limit_at_a_leap_day_or_month_end_is_reached_like_an_age(
    as_of: date, last_day: date, first_day: date
) -> None:
    assessed = told("assessment", "1", as_of)
    assert resolve("ability_grade", [assessed], last_day).telling == assessed
    assert resolve("ability_grade", [assessed], first_day).stale == assessed
    assert t.next_change("ability_grade", [assessed], last_day) == first_day


def test_two_months_after_the_last_of_december_is_the_first_of_march() -> None:
    listed = told("civil_affairs", "edge", date(2025, 12, 31))
    assert t.stale_from("assistance", listed) == date(2026, 3, 1)


def test_a_telling_counts_from_its_first_day_until_the_day_it_ends() -> None:
    alone = told("community", "true", from_date=date(2026, 11, 10), until_date=date(2026, 11, 20))
    answers = [resolve("lives_alone", [alone], date(2026, 11, day)).telling is not None for day in (9, 10, 19, 20)]
    assert answers == [False, True, True, False]


def test_a_source_that_cannot_tell_a_fact_and_a_fact_that_nobody_tells_are_refused() -> None:
    with pytest.raises(BadInput, match="不能说这件事"):
        trusted("assistance", Source.FUNERAL)
    with pytest.raises(BadInput, match="名册里没有这一项"):
        trusted("birth_date", Source.POLICE)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("dementia", "true", True),
        ("ability_grade", "3", 3),
        ("assistance", "edge", "edge"),
        ("homeless", "false", False),
    ],
)
def test_a_value_is_read_from_its_text_and_written_back(fact: str, text: str, value: object) -> None:
    assert t.value_of(fact, text) == value
    assert t.text_of(value) == text


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("dementia", "True"),
        ("ability_grade", "5"),
        ("ability_grade", "03"),
        ("ability_grade", "３"),
        ("assistance", ""),
    ],
)
def test_a_text_that_is_no_value_is_refused(fact: str, text: str) -> None:
    with pytest.raises(BadInput, match="没有这个说法"):
        t.value_of(fact, text)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("assistance:", "assistances:"), "事实不全"),
        (("{civil_affairs: 2}", "{civil_affair: 2}"), "没有这个来源"),
        (("{civil_affairs: 2}, {community: 2}", "{civil_affairs: 2}, {civil_affairs: 2}"), "写了两次"),
        (("{civil_affairs: 2}", "{civil_affairs: 0}"), "月数不对"),
        (("{civil_affairs: 2}", "{civil_affairs: true}"), "月数不对"),
        (("reason: 卫健按年确认", "reason:"), "理由"),
    ],
)
def test_a_file_of_trust_that_is_wrong_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], told: str
) -> None:
    wrong = tmp_path / "trust.yaml"
    wrong.write_text(t.FILE.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    monkeypatch.setattr(t, "FILE", wrong)
    with pytest.raises(BadInput, match=told):
        trust()
