"""Who scores unlike the others: what was planted is found, the honest are left alone, what nobody knows is not said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from songhe.assessment.drifting.agreement import agreement, kappa, share
from songhe.assessment.drifting.fitting import ALIKE, DIFFERS, FEW, UNCLEAR, Cases, fit

ASSESSORS, ASSESSMENTS, BODIES = 60, 30_000, 12
PER_BODY = ASSESSORS // BODIES
LEAST = 1.0


def planted(seed: int, effects: dict[int, float], *, honest: float = 0.5) -> Cases:
    """A city: bodies of five in three districts, teams of two of one body, people of all kinds, totals of 0 to 90."""
    chance = np.random.default_rng(seed)
    body = chance.integers(0, BODIES, ASSESSMENTS)
    two = chance.permuted(np.tile(np.arange(PER_BODY), (ASSESSMENTS, 1)), axis=1)[:, :2]
    teams = body[:, None] * PER_BODY + two
    district, age, sex = body % 3, chance.integers(0, 6, ASSESSMENTS), chance.integers(0, 2, ASSESSMENTS)
    dementia = (chance.random(ASSESSMENTS) < 0.1).astype(int)
    added = chance.normal(0, honest, ASSESSORS)
    for one, points in effects.items():
        added[one] = points
    able = 75 - 5 * age - 2 * sex - 12 * dementia + np.array([0, 2, -1])[district] + chance.normal(0, 17, ASSESSMENTS)
    totals = np.clip(np.round(able + added[teams].sum(axis=1)), 0, 90)
    traits = {"age": age, "sex": sex, "dementia": dementia, "district": district}
    persons = chance.integers(0, 20_000, ASSESSMENTS)
    return Cases(totals, teams, persons, traits, (np.arange(ASSESSORS) // PER_BODY) % 3)


def differing(cases: Cases) -> set[int]:
    return {effect.assessor for effect in fit(cases, least=LEAST).effects if effect.verdict == DIFFERS}


@pytest.mark.covers("ASM-04")
@pytest.mark.parametrize("seed", range(6))
def test_two_who_drifted_are_found_and_at_most_one_of_fifty_honest_ones(seed: int) -> None:
    one, other = (seed * 7) % ASSESSORS, (seed * 7 + 23) % ASSESSORS
    found = differing(planted(seed, {one: 5.0, other: -6.0}))
    assert {one, other} <= found
    assert len(found - {one, other}) <= 0.02 * (ASSESSORS - 2)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_accused_where_nobody_drifts(seed: int) -> None:
    assert differing(planted(seed, {}, honest=0.0)) == set()


def test_two_of_one_team_who_drift_apart_are_told_apart() -> None:
    effects = fit(planted(11, {0: 5.0, 1: -6.0}), least=LEAST).effects
    assert (effects[0].verdict, effects[1].verdict) == (DIFFERS, DIFFERS)
    assert effects[0].low > LEAST
    assert effects[1].high < -LEAST


def test_sicker_people_are_no_drift() -> None:
    cases = planted(5, {})
    sees_the_oldest = (cases.teams == 3).any(axis=1)
    age = np.where(sees_the_oldest, 5, cases.traits["age"])
    totals = cases.totals - 5 * (age - cases.traits["age"])
    assert 3 not in differing(Cases(totals, cases.teams, cases.persons, {**cases.traits, "age": age}, cases.groups))


def test_who_always_goes_together_is_not_told_apart() -> None:
    """All teams of one body are the same two: their sum is known, who of them it is cannot be."""
    cases = planted(3, {})
    body = cases.teams[:, 0] // PER_BODY
    teams = np.where((body == 0)[:, None], np.array([[0, 1]]), cases.teams)
    effects = fit(
        Cases(cases.totals + 8.0 * (body == 0), teams, cases.persons, cases.traits, cases.groups), least=LEAST
    )
    by_place = effects.effects
    assert {by_place[0].verdict, by_place[1].verdict} == {UNCLEAR}
    assert by_place[0].high - by_place[0].low > 15


def test_few_cases_or_few_peers_are_not_judged() -> None:
    cases = planted(2, {4: 20.0})
    kept = np.flatnonzero(~(cases.teams == 4).any(axis=1))
    some = np.append(kept, np.flatnonzero((cases.teams == 4).any(axis=1))[:20])
    cut = Cases(
        cases.totals[some], cases.teams[some], cases.persons[some],
        {name: codes[some] for name, codes in cases.traits.items()}, cases.groups,
    )  # fmt: skip
    assert fit(cut, least=LEAST).effects[4].verdict == FEW
    alone = Cases(cases.totals, cases.teams, cases.persons, cases.traits, np.arange(ASSESSORS))
    assert {effect.verdict for effect in fit(alone, least=LEAST).effects} == {FEW}


def test_nothing_at_all_is_not_judged() -> None:
    none: Any = np.zeros(0)
    empty = Cases(none, np.zeros((0, 2), dtype=int), none, {"age": none.astype(int)}, np.zeros(3, dtype=int))
    assert [effect.verdict for effect in fit(empty, least=LEAST).effects] == [FEW] * 3


def test_who_is_like_the_others_is_called_alike_when_that_is_known_well() -> None:
    effects = fit(planted(8, {}, honest=0.0), least=4.0).effects
    assert {effect.verdict for effect in effects} == {ALIKE}


def test_the_same_cases_give_the_same_answer() -> None:
    assert fit(planted(1, {2: 3.0}), least=LEAST) == fit(planted(1, {2: 3.0}), least=LEAST)


@pytest.mark.covers("ASM-04")
def test_kappa_is_that_of_the_textbook() -> None:
    """Cohen 1968, worked by hand: linear weights on a table of three levels."""
    table = np.array([[20, 5, 0], [3, 15, 2], [1, 4, 10]])
    seen = (5 + 3 + 2 + 4) * 0.5 + 1 * 1.0
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = sum(abs(i - j) / 2 * rows[i] * columns[j] for i in range(3) for j in range(3)) / 60
    assert kappa(table) == pytest.approx(1 - seen / expected)
    assert kappa(np.diag([5, 5, 5])) == 1.0
    assert kappa(np.diag([5, 0, 0])) is None


def test_agreement_has_intervals_that_hold_it_and_none_for_a_handful() -> None:
    chance = np.random.default_rng(4)
    first = chance.integers(0, 5, 120)
    second = np.where(chance.random(120) < 0.8, first, np.clip(first + 1, 0, 4))
    found = agreement(first.tolist(), second.tolist(), levels=5)
    assert found.exact is not None
    assert found.kappa is not None
    assert found.exact.low < found.exact.value < found.exact.high
    assert 0.7 < found.kappa.low < found.kappa.value < found.kappa.high < 1
    assert agreement([0, 1], [0, 2], levels=5).kappa is None
    assert agreement([], [], levels=5).exact is None


def test_a_share_of_all_is_not_called_certain() -> None:
    all_alike = share(8, 8)
    assert (all_alike.value, all_alike.high) == (1.0, pytest.approx(1.0))
    assert all_alike.low < 0.7
