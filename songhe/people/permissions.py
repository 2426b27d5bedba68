"""What can be done with the register."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, WRITE, UNMASK = "people.read", "people.write", "people.unmask"
LIFE_EVENT, UNDO, MERGE, TRANSFER = "people.life_event", "people.undo", "people.merge", "people.transfer"
IMPORT, APPROVE_IMPORT, EXPORT = "people.import", "people.import.approve", "people.export"

ACTIONS = declare(
    {
        READ: "看老人档案",
        WRITE: "登记和更正老人档案",
        UNMASK: "查看完整证件号和电话",
        LIFE_EVENT: "登记去世和迁移",
        UNDO: "撤回去世和迁移",
        MERGE: "合并重复档案",
        TRANSFER: "把档案转到别的区",
        IMPORT: "导入部门名册",
        APPROVE_IMPORT: "审批导入",
        EXPORT: "导出名单",
    }
)
