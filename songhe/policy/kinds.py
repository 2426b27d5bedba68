"""The room's kinds of task: whose turn a draft is, and the yearly look at a list."""

from __future__ import annotations

from songhe.foundation.tasks import declare_kind
from songhe.policy import permissions

APPROVE = declare_kind(
    "policy.approve", "审批清单", {"approved": "批准了", "refused": "退回了", "taken_back": "送审的人撤回了"},
    page="release", action=permissions.APPROVE,
)  # fmt: skip
CORRECT = declare_kind(
    "policy.correct", "改清单草稿", {"proposed": "又送审批了", "dropped": "作废了"},
    page="release", action=permissions.PROPOSE,
)  # fmt: skip
ISSUE = declare_kind(
    "policy.issue", "印发清单", {"issued": "印发了", "refused": "退回了"}, page="release", action=permissions.ISSUE
)
REVISE = declare_kind(
    "policy.revise", "清单年度修订", {"begun": "起草了新的一版", "unchanged": "看过了，今年不改"},
    page="service-list", action=permissions.PROPOSE,
)  # fmt: skip
