"""The room's kinds of task."""

from __future__ import annotations

from songhe.assessment import permissions
from songhe.foundation.tasks import declare_kind

_ABOUT = "songhe.assessment.queries.naming.whose_assessment"

ACCEPT = declare_kind(
    "assessment.accept", "受理评估申请", {"accepted": "受理了", "refused": "不受理", "moot": "不用办了"},
    page="assessment", action=permissions.ACCEPT, about=_ABOUT,
)  # fmt: skip
VISIT = declare_kind(
    "assessment.visit", "上门评估", {"done": "评完了", "moot": "不用办了"},
    page="assessment", action=permissions.ASSESS, about=_ABOUT,
)  # fmt: skip
REVIEW = declare_kind(
    "assessment.review", "审核评估表", {"confirmed": "通过了", "sent_back": "退回了", "moot": "不用办了"},
    page="assessment", action=permissions.REVIEW, about=_ABOUT,
)  # fmt: skip
OBJECTION = declare_kind(
    "assessment.objection", "处理评估异议", {"again": "安排复评", "refused": "不受理", "moot": "不用办了"},
    page="objection", action=permissions.REVIEW, about="songhe.assessment.queries.naming.whose_objection",
)  # fmt: skip
RENEW = declare_kind(
    "assessment.renew", "评估快到期", {"asked": "申请了", "not_wanted": "老人不评了", "moot": "不用办了"},
    page="assessment-ask", action=permissions.ASK, about="songhe.assessment.queries.naming.who",
)  # fmt: skip
CHANGED = declare_kind(
    "assessment.changed", "情况变了，问要不要评", {"asked": "申请了", "not_wanted": "不用评", "moot": "不用办了"},
    page="assessment-ask", action=permissions.ASK, about="songhe.assessment.queries.naming.who",
)  # fmt: skip
SECOND = declare_kind(
    "assessment.second", "两次评估差得多", {"looked": "看过了", "moot": "不用办了"},
    page="assessment-second", action=permissions.REVIEW, about=_ABOUT,
)  # fmt: skip
CAMPAIGN = declare_kind(
    "assessment.campaign", "普遍评估：告诉老人", {"told": "都告诉了", "moot": "不用办了"},
    page="campaign-opening", action=permissions.ASK,
)  # fmt: skip
