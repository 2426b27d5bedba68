"""What can be done with the audit trail. Nobody can change it."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, VERIFY, EXPORT = "audit.read", "audit.verify", "audit.export"

ACTIONS = declare({READ: "看审计记录", VERIFY: "验审计封条", EXPORT: "导出审计记录"})
