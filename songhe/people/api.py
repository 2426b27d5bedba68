"""What other rooms may call."""

from songhe.people.counts import recount
from songhe.people.facts import person_table, told_in
from songhe.people.groups import GROUPS, Group
from songhe.people.identity import phone_of
from songhe.people.operations.dying import record_death, undo_death
from songhe.people.operations.registering import AlreadyRegistered, register_person
from songhe.people.operations.telling import Told, end_fact, record_fact, record_facts, withdraw_facts
from songhe.people.operations.telling_each import record_each
from songhe.people.permissions import APPROVE_IMPORT, IMPORT, MERGE
from songhe.people.queries.entrants import Entrant, acting_name, entrant_of, invented_papers, still_entrant
from songhe.people.queries.file import person_of, transfers_to_answer
from songhe.people.queries.keyed import people_after, people_by_numbers, person_by_number, seen_among
from songhe.people.queries.searching import Found, find_people
from songhe.people.queries.summaries import Counts, Summary, counted_on
from songhe.people.sheets import refresh_sheets
from songhe.people.sheets_told import KnownFact, facts_as_known, facts_of, sheet_as_known
from songhe.people.timeline import Happening, timeline
from songhe.people.trust import trust

__all__ = [
    "APPROVE_IMPORT",
    "GROUPS",
    "IMPORT",
    "MERGE",
    "AlreadyRegistered",
    "Counts",
    "Entrant",
    "Found",
    "Group",
    "Happening",
    "KnownFact",
    "Summary",
    "Told",
    "acting_name",
    "counted_on",
    "end_fact",
    "entrant_of",
    "facts_as_known",
    "facts_of",
    "find_people",
    "invented_papers",
    "people_after",
    "people_by_numbers",
    "person_by_number",
    "person_of",
    "person_table",
    "phone_of",
    "record_death",
    "record_each",
    "record_fact",
    "record_facts",
    "recount",
    "refresh_sheets",
    "register_person",
    "seen_among",
    "sheet_as_known",
    "still_entrant",
    "timeline",
    "told_in",
    "transfers_to_answer",
    "trust",
    "undo_death",
    "withdraw_facts",
]
