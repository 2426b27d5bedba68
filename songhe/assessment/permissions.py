"""What can be done with assessments."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, ASK, ACCEPT, ASSESS, REVIEW, ORGANISE, CAMPAIGN, IMPORT, EXPORT = (
    "assessment.read", "assessment.ask", "assessment.accept", "assessment.assess", "assessment.review",
    "assessment.organise", "assessment.campaign", "assessment.import", "assessment.export",
)  # fmt: skip

ACTIONS = declare(
    {
        READ: "看评估申请和结果",
        ASK: "替老人申请评估、提异议",
        ACCEPT: "受理评估申请，派评估员",
        ASSESS: "上门评估",
        REVIEW: "审核评估表，处理异议",
        ORGANISE: "登记评估机构和评估员",
        CAMPAIGN: "组织普遍评估",
        IMPORT: "导入评估结果",
        EXPORT: "导出评估结果",
    }
)
