"""What other rooms may call."""

from songhe.eligibility.decisions.kinds import VISIT
from songhe.eligibility.decisions.operations.receiving import end_receipt, put_down, record_receipts
from songhe.eligibility.decisions.operations.running import decide_day, redetermine, run_whole
from songhe.eligibility.decisions.queries.doors import visits_overdue

__all__ = [
    "VISIT",
    "decide_day",
    "end_receipt",
    "put_down",
    "record_receipts",
    "redetermine",
    "run_whole",
    "visits_overdue",
]
