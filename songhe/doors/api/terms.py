"""The words of the door for systems: what for, what may be done, and how much."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

NAME_LENGTH, OFFICE_LENGTH = 30, 80
CALLS_A_MINUTE = 600
MOST_FACTS = 10_000
MOST_PERSONS = 100
MOST_RESULTS = 2_000
MOST_ROWS, USUAL_ROWS = 500, 100
LONGEST_DAYS = 366


class Purpose(models.TextChoices):
    """What another system reads or tells for. Every call says one, and every entry in the audit trail keeps it."""

    EXCHANGE = "exchange", _("部门数据交换")
    BENEFITS = "benefits", _("核对和发放待遇")
    SERVICES = "services", _("安排服务")
    STATISTICS = "statistics", _("统计")


class MessageState(models.TextChoices):
    """Where a message to a system stands."""

    WAITING = "waiting", _("待送")
    DONE = "done", _("已送")
    FAILED = "failed", _("没送到")


URL_LENGTH = 300

# What a system may be allowed to do: a part of what people may, never anything of administrators.
ALLOWED = (
    "regions.read", "people.read", "people.write", "policy.read", "decisions.read", "tasks.read", "tasks.do",
    "assessment.read", "assessment.import",
)  # fmt: skip
