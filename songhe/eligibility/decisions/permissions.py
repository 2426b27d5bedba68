"""What can be done with decisions."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, RUN, WORK, PAUSE, EXPORT, ADVISE = (
    "decisions.read", "decisions.run", "decisions.work", "decisions.pause", "decisions.export", "decisions.advise"
)  # fmt: skip

ACTIONS = declare(
    {
        READ: "看老人可享什么和理由",
        RUN: "重新判定",
        WORK: "办上门的事",
        PAUSE: "暂停和恢复一项待遇",
        EXPORT: "导出判定",
        ADVISE: "做养老服务顾问",
    }
)
