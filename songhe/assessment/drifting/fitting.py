"""Who scores unlike the others on like people: an additive model of totals, with honest intervals.

A total is taken to be what is known of the person beforehand, plus what each of the team adds, plus chance. What
assessors add is drawn softly towards nothing (a normal prior of `PRIOR` points), so that two who always go together
get wide intervals and not an arbitrary share each. See docs/adr/0020-assessor-drift.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

LEAST_CASES, LEAST_PEERS = 30, 3
CONFIDENCE = 0.95  # that none of the intervals of a run misses
PRIOR = 10.0  # points; assessors rarely differ by more
_LEAST_VARIANCE = 1 / 12  # of whole points: totals that are all alike are no more exact than that
DIFFERS, UNCLEAR, ALIKE, FEW = "differs", "unclear", "alike", "few"
Array = Any


@dataclass(frozen=True, slots=True)
class Cases:
    """Assessments in columns. `teams` holds two places of `assessors` a row, -1 for nobody.

    `traits` are codes from 0 on, of what was known before; `groups` says by assessor whom to compare with.
    """

    totals: Array
    teams: Array
    persons: Array
    traits: Mapping[str, Array]
    groups: Array

    @property
    def assessors(self) -> int:
        """How many assessors there are."""
        return len(self.groups)


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many points an assessor's totals lie above (or below) the peers' on like people, with the interval."""

    assessor: int
    points: float
    low: float
    high: float
    cases: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Effects by assessor; how many were judged, and by how many points like people differ anyway."""

    effects: tuple[Effect, ...]
    judged: int
    spread: float


def fit(cases: Cases, *, least: float) -> Fit:
    """Fits the model. An assessor differs whose interval lies wholly beyond `least` points on one side.

    Intervals hold together (Bonferroni over all who are judged). Who has fewer than `LEAST_CASES` assessments, or fewer
    than `LEAST_PEERS` judged peers, is in the model and not judged.
    """
    number = np.bincount(cases.teams[cases.teams >= 0], minlength=cases.assessors)
    enough = _judged(number, cases.groups)
    judged = int(enough.sum())
    if judged == 0:
        effects = tuple(Effect(one, 0.0, 0.0, 0.0, int(n), FEW) for one, n in enumerate(number))
        return Fit(effects, 0, 0.0)
    points, errors, spread, freedom = _estimated(cases, enough)
    reach = _student(1 - (1 - CONFIDENCE) / (2 * judged), freedom)
    effects = tuple(
        _effect(one, float(points[one]), float(errors[one]) * reach, int(number[one]), bool(enough[one]), least)
        for one in range(cases.assessors)
    )
    return Fit(effects, judged, spread)


def _effect(one: int, points: float, width: float, cases: int, enough: bool, least: float) -> Effect:
    low, high = points - width, points + width
    if not enough:
        verdict = FEW
    elif low > least or high < -least:
        verdict = DIFFERS
    elif low >= -least and high <= least:
        verdict = ALIKE
    else:
        verdict = UNCLEAR
    return Effect(one, points, low, high, cases, verdict)


def _judged(number: Array, groups: Array) -> Array:
    enough = number >= LEAST_CASES
    peers = np.bincount(groups[enough], minlength=int(groups.max(initial=0)) + 1) if enough.any() else np.zeros(1)
    return enough & (peers[groups] > LEAST_PEERS) if enough.any() else enough


def _estimated(cases: Cases, enough: Array) -> tuple[Array, Array, float, int]:
    """Points and standard errors against the peers, the residual spread, degrees of freedom."""
    persons = _numbered(cases.persons)
    sent, known = _sent(cases), _design(cases.traits, len(cases.totals))
    share = _share_of_person(_residual(cases.totals, np.hstack([sent, known])), persons)
    totals, sent, known = (_less_person(one, persons, share) for one in (cases.totals[:, None], sent, known))
    total, sent = totals[:, 0], _residual(sent, known)  # what the traits explain is out of both
    rest = _residual(total, known)
    gram, own = sent.T @ sent, sent.T @ rest
    freedom = max(1, len(total) - known.shape[1] - cases.assessors)
    shrink, variance = 0.0, 0.0
    for _pass in range(2):
        added = np.linalg.pinv(gram + shrink * np.eye(cases.assessors), hermitian=True) @ own
        variance = max(float(np.sum((rest - sent @ added) ** 2)) / freedom, _LEAST_VARIANCE)
        shrink = variance / PRIOR**2
    bread = np.linalg.inv(gram + shrink * np.eye(cases.assessors))
    added = bread @ own
    drawn = bread @ bread * (shrink**2 * PRIOR**2)
    meat = _meat(sent, rest - sent @ added, persons)
    spread = np.maximum(_against_peers(variance * bread, cases.groups, enough),
                        _against_peers(bread @ meat @ bread + drawn, cases.groups, enough))  # fmt: skip
    return _centred(added, cases.groups, enough), np.sqrt(spread), math.sqrt(variance), freedom


def _sent(cases: Cases) -> Array:
    """Who went: a column an assessor."""
    out = np.zeros((len(cases.totals), cases.assessors))
    for place in range(cases.teams.shape[1]):
        there = np.flatnonzero(cases.teams[:, place] >= 0)
        out[there, cases.teams[there, place]] += 1.0
    return out


def _design(traits: Mapping[str, Array], rows: int) -> Array:
    columns = [np.ones((rows, 1))]
    for codes in traits.values():
        kinds = np.unique(codes)[1:]
        columns.append((codes[:, None] == kinds[None, :]).astype(float))
    return np.hstack(columns)


def _residual(values: Array, known: Array) -> Array:
    """What is left of the values when what the columns explain is taken out."""
    return values - known @ (np.linalg.pinv(known.T @ known, hermitian=True) @ (known.T @ values))


def _numbered(persons: Array) -> Array:
    _names, numbers = np.unique(persons, return_inverse=True)
    return numbers


def _share_of_person(rest: Array, persons: Array) -> Array:
    """By person, how much of the own mean to take off (Swamy and Arora): nothing when nobody was assessed twice.

    What stays with a person from one assessment to the next is told from what changes by those assessed again.
    """
    times = np.bincount(persons)
    again = int(times.sum() - len(times))
    if again == 0:
        return np.zeros(len(times))
    within = float(np.sum((rest - (np.bincount(persons, rest) / times)[persons]) ** 2)) / again
    lasting = max(0.0, float(rest @ rest) / len(rest) - within)
    out: Array = 1 - np.sqrt(within / (within + times * lasting)) if within + lasting > 0 else np.zeros(len(times))
    return out


def _less_person(values: Array, persons: Array, share: Array) -> Array:
    times = np.bincount(persons)
    means = np.zeros((len(times), values.shape[1]))
    np.add.at(means, persons, values)
    out: Array = values - (share / times)[persons, None] * means[persons]
    return out


def _meat(sent: Array, rest: Array, persons: Array) -> Array:
    """The spread of the scores summed up by person: who is assessed twice does not count as two."""
    summed = np.zeros((int(persons.max()) + 1, sent.shape[1]))
    np.add.at(summed, persons, sent * rest[:, None])
    number = len(summed)
    out: Array = summed.T @ summed * (number / max(1, number - 1))
    return out


def _against_peers(spread: Array, groups: Array, enough: Array) -> Array:
    """Variances of the differences to the mean of the group."""
    out = np.zeros(len(groups))
    for group in np.unique(groups):
        inside = np.flatnonzero((groups == group) & enough)
        if not len(inside):
            continue
        block = spread[np.ix_(inside, inside)]
        out[inside] = np.diag(block) - 2 * block.mean(axis=1) + block.mean()
    return np.maximum(out, 0.0)


def _centred(added: Array, groups: Array, enough: Array) -> Array:
    """Differences to the median of the group: a few who differ do not shift the others."""
    out = added.copy()
    for group in np.unique(groups):
        inside = groups == group
        judged = inside & enough
        if judged.any():
            out[inside] -= np.median(added[judged])
    return out


def _student(share: float, freedom: int) -> float:
    """The quantile of Student's distribution, by an expansion that is exact to three digits from ten degrees on."""
    z = NormalDist().inv_cdf(share)
    terms: Sequence[float] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(z + sum(term / freedom ** (power + 1) for power, term in enumerate(terms)))
