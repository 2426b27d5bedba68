"""What other rooms may call."""

from songhe.eligibility.decisions.kinds import HANDOVER, VISIT
from songhe.eligibility.decisions.models import AdviceTalk
from songhe.eligibility.decisions.operations.advising import (
    Talk,
    answer_in_talk,
    follow_up,
    note_talk,
    open_talk_contact,
)
from songhe.eligibility.decisions.operations.receiving import end_receipt, put_down, record_receipts
from songhe.eligibility.decisions.operations.running import decide_day, redetermine, run_whole
from songhe.eligibility.decisions.queries.advice import (
    STATES,
    TalkFilters,
    advice_desk,
    asked_at_doors,
    settled_by_word,
    talk_filters,
    talk_of,
    talks_by_month,
    talks_listed,
    talks_page,
    task_about,
    waiting_talks,
)
from songhe.eligibility.decisions.queries.doors import items_of, visits_overdue
from songhe.eligibility.decisions.queries.matters import Filters as MatterFilters
from songhe.eligibility.decisions.queries.matters import matter_of
from songhe.eligibility.decisions.queries.matters import page_of as matters_page
from songhe.eligibility.decisions.queries.news import changes_after
from songhe.eligibility.decisions.queries.person import Course, File, course_of, file_now, person_of
from songhe.eligibility.decisions.queries.takeup import people_of

__all__ = [
    "HANDOVER",
    "STATES",
    "VISIT",
    "AdviceTalk",
    "Course",
    "File",
    "MatterFilters",
    "Talk",
    "TalkFilters",
    "advice_desk",
    "answer_in_talk",
    "asked_at_doors",
    "changes_after",
    "course_of",
    "decide_day",
    "end_receipt",
    "file_now",
    "follow_up",
    "items_of",
    "matter_of",
    "matters_page",
    "note_talk",
    "open_talk_contact",
    "people_of",
    "person_of",
    "put_down",
    "record_receipts",
    "redetermine",
    "run_whole",
    "settled_by_word",
    "talk_filters",
    "talk_of",
    "talks_by_month",
    "talks_listed",
    "talks_page",
    "task_about",
    "visits_overdue",
    "waiting_talks",
]
