"""A kind of task for tests."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from songhe.foundation.tasks import declare_kind
from songhe.people.permissions import APPROVE_IMPORT

VISIT = declare_kind("test.visit", "上门看看", {"done": "看过了", "away": "没人在家"})
NAMED = declare_kind("test.named", "看名字", {"done": "看过了"}, about="tests.foundation.task_kinds.who")
APPROVE = declare_kind("test.approve", "审批", {"yes": "同意", "no": "不同意"}, action=APPROVE_IMPORT)


def who(subjects: Sequence[UUID]) -> dict[UUID, str]:
    """Everybody has the same name."""
    return dict.fromkeys(subjects, "王秀英")
