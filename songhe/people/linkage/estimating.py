"""How much each level says, learnt from the data without a single labelled pair.

Fellegi and Sunter: a level weighs as much as it is commoner among true pairs (`match`) than among strangers (`chance`).
`chance` is counted in random pairs, `match` by expectation-maximisation: pairs are judged with the shares known so far,
and the shares counted again among the pairs so judged, until they stand still. Starting values count as so many pairs
seen, so that a file of five rows gets sensible answers too. Learning on pairs that agree on one field and applying
it to another, which is usual, fails where true pairs are a handful in a million: it learns decades and villages.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from songhe.people.linkage.levels import FIELDS, Birth, Name, Phone
from songhe.people.linkage.records import Records

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]

_RANDOM_PAIRS = 1_000_000
_CHANCE_COUNTS_AS = 2000.0
_MATCH_COUNTS_AS = 60.0


def matches_at_start() -> dict[str, Floats]:
    """The shares of the levels among true pairs before anything is learnt."""
    return {name: np.array([level.match for level in field.levels]) for name, field in FIELDS.items()}


def matches(levels: Mapping[str, Levels], probabilities: Floats) -> dict[str, Floats]:
    """The shares of the levels among true pairs, each pair counting by the probability that it is one."""
    found = matches_at_start()
    for name, field in FIELDS.items():
        if field.learnt:
            counts = np.bincount(levels[name], probabilities, len(field.levels)).astype(np.float64)
            found[name] = _shares(counts, found[name], _MATCH_COUNTS_AS)
    shared = slice(Phone.SAME, Phone.DIFFERS)
    found["phone"][shared] = found["phone"][shared].sum()
    return found


def chances(records: Records, seed: int) -> dict[str, Floats]:
    """Shares of the levels among random pairs, who are strangers but for a few that are left out as plainly one."""
    left, right = _random_pairs(records, seed)
    levels = records.compare(left, right)
    strangers = ~(np.isin(levels["name"], (Name.SAME, Name.VARIANT)) & (levels["birth"] == Birth.SAME))
    found = {}
    for name, field in FIELDS.items():
        start = np.array([level.chance for level in field.levels])
        counts = np.bincount(levels[name][strangers], minlength=len(start)).astype(np.float64)
        found[name] = _shares(counts, start, _CHANCE_COUNTS_AS) if field.learnt else start
    found["phone"] = _with_shared_phones(found["phone"])
    return found


def _random_pairs(records: Records, seed: int) -> tuple[Ints, Ints]:
    """A person of the register with a row of the file, or with another person when there is no file."""
    people, rows = records.registered, len(records.sex) - records.registered
    generator = np.random.default_rng(seed)
    others = (people, people + rows) if rows else (0, people)
    number = min(_RANDOM_PAIRS, people * (others[1] - others[0]))
    left = generator.integers(0, max(people, 1), number)
    right = generator.integers(others[0], max(others[1], 1), number)
    return left[left != right], right[left != right]


def _with_shared_phones(chance: Floats) -> Floats:
    """Random pairs hardly ever share a home, so what chance a shared telephone has there is said, not counted."""
    return np.array([*chance[:2], FIELDS["phone"].levels[2].chance, chance[3]])


def _shares(counts: Floats, start: Floats, counts_as: float) -> Floats:
    heard = counts.copy()
    heard[0] = 0.0
    prior = start / start[1:].sum()
    shares = (heard + counts_as * prior) / (heard.sum() + counts_as)
    shares[0] = 1.0
    return np.asarray(shares)
