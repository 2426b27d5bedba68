"""The words of assessment: purposes, reasons, states, with their Chinese."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    """What the result is needed for; how long it holds depends on it."""

    CARE_SUBSIDY = "care_subsidy", _("申请养老服务补贴")
    INSTITUTION = "institution", _("入住养老机构")
    HOME_CARE = "home_care", _("家庭养老床位和上门服务")
    OWN_WISH = "own_wish", _("自己想评")
    HARDSHIP = "hardship", _("困难老人普遍评估")


class Reason(models.TextChoices):
    """Why now, as form A asks."""

    FIRST = "first", _("首次评估")
    ROUTINE = "routine", _("常规评估")
    IMMEDIATE = "immediate", _("即时评估")
    DOUBTED = "doubted", _("复评")
    OTHER = "other", pgettext_lazy("assessment reason", "其他")


class AskedBy(models.TextChoices):
    """Who asked for it."""

    SELF = "self", _("本人")
    PROXY = "proxy", pgettext_lazy("asked by", "家人或代办人")
    COMMUNITY = "community", pgettext_lazy("asked by", "社区或村")
    INSTITUTION = "institution", _("养老机构")
    EVENT = "event", _("出院、跌倒等情况")
    CAMPAIGN = "campaign", _("普遍评估")
    REVIEW = "review", _("抽查")


class Happening(models.TextChoices):
    """After what a grade may hold no longer."""

    DISCHARGE = "discharge", pgettext_lazy("happening", "出院")
    FALL = "fall", pgettext_lazy("happening", "跌倒")
    OTHER = "other", pgettext_lazy("happening", "其他")


class AssessmentState(models.TextChoices):
    """Where an assessment stands."""

    ASKED = "asked", _("等受理")
    ACCEPTED = "accepted", _("等派人")
    ASSIGNED = "assigned", _("等约时间")
    APPOINTED = "appointed", _("等上门")
    SUBMITTED = "submitted", _("等审核")
    CONFIRMED = "confirmed", _("已出结果")
    REFUSED = "refused", pgettext_lazy("request", "不受理")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "已撤回")
    ENDED = "ended", pgettext_lazy("request", "没评成")


class FormState(models.TextChoices):
    """Where a form stands. A submitted one is never changed; a new one goes before it."""

    DRAFT = "draft", pgettext_lazy("form", "在填")
    SUBMITTED = "submitted", pgettext_lazy("form", "已交")
    SUPERSEDED = "superseded", pgettext_lazy("form", "已由新的代替")


class ResultState(models.TextChoices):
    """Where a result stands."""

    PROVISIONAL = "provisional", _("可以提异议")
    FINAL = "final", _("已定")
    REPLACED = "replaced", pgettext_lazy("result", "已由新的代替")
    WITHDRAWN = "withdrawn", pgettext_lazy("result", "已撤回")


class ResultSource(models.TextChoices):
    """How a result came here."""

    OWN = "own", _("本市评估")
    FILE = "file", pgettext_lazy("result", "名册导入")
    SYSTEM = "system", pgettext_lazy("result", "其他系统送来")
    OLD = "old", _("旧标准的结果")


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    RAISED = "raised", _("等受理")
    AGAIN = "again", _("正在复评")
    UPHELD = "upheld", _("维持原结果")
    CHANGED = "changed", _("结果改了")
    REFUSED = "refused", pgettext_lazy("objection", "不受理")


class TieKind(models.TextChoices):
    """What makes somebody unfit to assess a person."""

    RELATIVE = "relative", _("亲属")
    GUARDIAN = "guardian", pgettext_lazy("tie", "监护人或代办人")
    CARER = "carer", _("正在照护这位老人")
    PROVIDER = "provider", _("所在单位为这位老人提供收费服务")
    OTHER = "other", pgettext_lazy("tie", "其他利害关系")


class OrganisationState(models.TextChoices):
    """Whether an organisation may be sent."""

    REGISTERED = "registered", pgettext_lazy("organisation", "在册")
    SUSPENDED = "suspended", pgettext_lazy("organisation", "暂停")
    ENDED = "ended", pgettext_lazy("organisation", "已注销")
