"""How rare a shared name or birth date is: that two records share a rare one says more.

The chance that a stranger bears a name depends on what else agrees: on names that were in fashion in his decade, and on
the surnames of his village and of his home. Each is taken into account against the pair, never for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from songhe.people.linkage.levels import FIELDS, Birth, Name, Place
from songhe.people.linkage.names import surname
from songhe.people.linkage.records import Records

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]

_UNSEEN = 0.7
_COHORT_COUNTS_AS = 3000.0
_VILLAGE_COUNTS_AS = 50.0
_YEARS_IN_COHORT = 10
_FAMILY = 0.5


@dataclass(frozen=True, slots=True)
class Rarity:
    """For each record of the register the chance that a stranger shares a thing with it."""

    name: Floats
    sound: Floats
    birth: Floats
    surname: Floats
    surname_in_village: Floats

    @classmethod
    def of(cls, records: Records) -> Rarity:
        """Counted in the register alone, the record itself left out."""
        people = slice(records.registered)
        forms, sounds, surnames = _numbered(records)
        cohort = records.births.year[people] // _YEARS_IN_COHORT * 3 + records.sex[people]
        everywhere = _frequency(forms[people], _usual("name", Name.SAME))
        in_cohort = _within(forms[people], cohort, everywhere, _COHORT_COUNTS_AS)
        common = np.where(surnames[people] >= 0, _frequency(surnames[people], 0.01), 1.0)
        village = _within(surnames[people], records.places.community[people], common, _VILLAGE_COUNTS_AS)
        return cls(
            np.maximum(everywhere, in_cohort),
            np.maximum(_frequency(sounds[people], _usual("name", Name.CONFUSED)) - everywhere, everywhere * 0.1),
            _frequency(records.births.day_number[people], _usual("birth", Birth.SAME)),
            common,
            np.maximum(village, common),
        )

    def bits(self, people: Ints, levels: dict[str, Levels], chance: dict[str, Floats]) -> tuple[Floats, Floats]:
        """What to add to the weights of name and birth date of each pair."""
        family = np.isin(levels["place"], (Place.SAME_ADDRESS, Place.LIKE_ADDRESS))
        village = levels["place"] == Place.COMMUNITY
        kin = np.where(
            family,
            np.maximum(_FAMILY / self.surname[people], 1.0),
            np.where(village, self.surname_in_village[people] / self.surname[people], 1.0),
        )
        same, confused = levels["name"] == Name.SAME, levels["name"] == Name.CONFUSED
        usual = chance["name"]
        names = np.where(same, usual[Name.SAME] / np.minimum(self.name[people] * kin, 1.0), 1.0)
        names = np.where(confused, usual[Name.CONFUSED] / np.minimum(self.sound[people] * kin, 1.0), names)
        births = np.where(levels["birth"] == Birth.SAME, chance["birth"][Birth.SAME] / self.birth[people], 1.0)
        return np.log2(names), np.log2(births)


def _usual(field: str, level: int) -> float:
    return FIELDS[field].levels[level].chance


def _numbered(records: Records) -> tuple[Ints, Ints, Ints]:
    """Each record's name in its commonest form, by its sound, and its surname, as numbers."""
    found = []
    for texts in (records.names.form, records.names.sound, tuple(surname(form) for form in records.names.form)):
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        found.append(np.array([places[text] if text else -1 for text in texts], dtype=np.int64)[records.names.of])
    return found[0], found[1], found[2]


def _frequency(values: Ints, usual: float) -> Floats:
    """The chance of another record with the same value; one never seen again has that of a rare one, not zero."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((counts[where] - 1 + _UNSEEN) / (len(values) - 1 + _UNSEEN / usual))


def _within(values: Ints, group: Ints, everywhere: Floats, counts_as: float) -> Floats:
    """The chance inside each record's group, drawn towards that everywhere where the group is small."""
    _, groups, sizes = np.unique(group, return_inverse=True, return_counts=True)
    both = groups * (values.max(initial=0) + 2) + values + 1
    _, where, counts = np.unique(both, return_inverse=True, return_counts=True)
    return np.asarray((counts[where] - 1 + counts_as * everywhere) / (sizes[groups] - 1 + counts_as))
