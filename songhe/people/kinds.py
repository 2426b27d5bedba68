"""The tasks that the register opens by itself, and those of its lists."""

from __future__ import annotations

from songhe.foundation.tasks.kinds import declare_kind
from songhe.people.permissions import APPROVE_IMPORT, LIFE_EVENT

PLACE_FILES = declare_kind(
    "people.place_files",
    "区划变更后分档案",
    {"placed": "都分好了", "none": "没有要分的"},
    action=LIFE_EVENT,
)
APPROVE_LIST = declare_kind(
    "people.import.approve",
    "审批部门名册",
    {"approved": "批了", "sent_back": "退回了", "given_up": "放弃了"},
    page="import",
    action=APPROVE_IMPORT,
)
