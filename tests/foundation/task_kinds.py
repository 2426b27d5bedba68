"""A kind of task for tests."""

from __future__ import annotations

from songhe.foundation.tasks import declare_kind
from songhe.people.permissions import APPROVE_IMPORT

VISIT = declare_kind("test.visit", "上门看看", {"done": "看过了", "away": "没人在家"})
APPROVE = declare_kind("test.approve", "审批", {"yes": "同意", "no": "不同意"}, action=APPROVE_IMPORT)
