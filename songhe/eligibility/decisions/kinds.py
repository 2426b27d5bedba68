"""The room's kinds of task."""

from __future__ import annotations

from songhe.eligibility.decisions import permissions
from songhe.foundation.tasks import declare_kind

VISIT = declare_kind(
    "decisions.visit", "上门", {"done": "都办了", "moot": "不用办了"}, page="door", action=permissions.WORK,
    about="songhe.eligibility.decisions.queries.doors.who_live_at",
)  # fmt: skip
