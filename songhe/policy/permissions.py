"""What can be done with lists."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, PROPOSE, APPROVE, ISSUE, ANSWER = (
    "policy.read", "policy.propose", "policy.approve", "policy.issue", "policy.answer"
)  # fmt: skip

ACTIONS = declare(
    {
        READ: "看清单和它的草稿",
        PROPOSE: "起草清单，送审批",
        APPROVE: "审批清单",
        ISSUE: "印发清单",
        ANSWER: "答复对清单的意见",
    }
)
