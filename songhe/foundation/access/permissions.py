"""What can be done with accounts and rights."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, ACCOUNTS, GRANT, APPROVE = "access.read", "access.accounts", "access.grant", "access.approve"

ACTIONS = declare(
    {
        READ: "看账号和角色",
        ACCOUNTS: "开停账号",
        GRANT: "提出授权",
        APPROVE: "批准授权",
    }
)
