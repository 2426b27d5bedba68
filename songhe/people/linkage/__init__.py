"""Matching records that have no identity number, by what else is written about a person.

    matches = match_rows(register, rows, settings=LinkSettings())
    matches.pairs            row, person_id, probability, band, rank and the evidence of each candidate pair
    find_duplicates(register)  pairs of the register that may be one person
    explain(pair)            the evidence of one pair in sentences

Blocking brings pairs together, comparisons put each field into a level, weights are learnt from the data without labels
(Fellegi and Sunter), rare names weigh more, and a row is one person or a stranger. Pure: no framework, no database.
What this deliberately is not: a search, a store of decisions, or a judge of rows that do carry a valid number.
"""

from songhe.people.linkage.deciding import AUTOMATIC, NONE, REVIEW
from songhe.people.linkage.duplicates import find_duplicates
from songhe.people.linkage.evidence import Evidence, explain
from songhe.people.linkage.matching import Matches, match_rows
from songhe.people.linkage.records import REGISTER_COLUMNS, ROW_COLUMNS
from songhe.people.linkage.settings import LinkSettings

__all__ = [
    "AUTOMATIC",
    "NONE",
    "REGISTER_COLUMNS",
    "REVIEW",
    "ROW_COLUMNS",
    "Evidence",
    "LinkSettings",
    "Matches",
    "explain",
    "find_duplicates",
    "match_rows",
]
