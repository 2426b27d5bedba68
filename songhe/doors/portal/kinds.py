"""The portal's kind of task."""

from __future__ import annotations

from songhe.foundation.tasks.kinds import declare_kind

CONTACT = declare_kind(
    "portal.contact",
    "给老人回电话",
    {"reached": "联系上了", "not_reached": "打了几次没人接", "moot": "不用联系了"},
    page="portal-request",
)
