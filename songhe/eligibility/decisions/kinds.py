"""The room's kinds of task."""

from __future__ import annotations

from songhe.eligibility.decisions import permissions
from songhe.foundation.tasks import declare_kind

VISIT = declare_kind(
    "decisions.visit", "上门", {"done": "都办了", "moot": "不用办了"}, page="door", action=permissions.WORK,
    about="songhe.eligibility.decisions.queries.doors.who_live_at",
)  # fmt: skip

HANDOVER = declare_kind(
    "adviser.handover",
    "跟进咨询",
    {"visited": "上门办了", "phoned": "电话里办了", "unreached": "没联系上", "not_needed": "不用办了"},
    page="advice-talk",
    action=permissions.ADVISE,
    about="songhe.eligibility.decisions.queries.advice.who_asked",
)
