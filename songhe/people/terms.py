"""The words of the register: kinds and states, with their Chinese."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Standing(models.TextChoices):
    """Where a person stands in the register."""

    PRESENT = "present", _("在册")
    AWAY = "away", _("已迁出")
    DEAD = "dead", _("已去世")
    MERGED = "merged", _("已合并")


class Place(models.TextChoices):
    """Which of a person's two places a residence is."""

    REGISTERED = "registered", _("户籍地")
    LIVING = "living", _("居住地")


class Relation(models.TextChoices):
    """To the head of the household, or to the person."""

    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    SON = "son", _("儿子")
    DAUGHTER = "daughter", _("女儿")
    CHILD_IN_LAW = "child_in_law", _("儿媳或女婿")
    GRANDCHILD = "grandchild", _("孙辈")
    PARENT = "parent", _("父母")
    SIBLING = "sibling", _("兄弟姐妹")
    RELATIVE = "relative", _("其他亲属")
    NEIGHBOUR = "neighbour", _("邻居")
    WORKER = "worker", _("社区或村里的人")
    OTHER = "other", _("其他")


class Part(models.TextChoices):
    """What somebody is to a person."""

    CONTACT = "contact", _("联系人")
    GUARDIAN = "guardian", _("监护人")
    PROXY = "proxy", _("代办人")


class LifeEventKind(models.TextChoices):
    """What happened in a person's life that the register follows."""

    REGISTERED = "registered", pgettext_lazy("event", "登记")
    CORRECTED = "corrected", pgettext_lazy("event", "更正")
    DIED = "died", pgettext_lazy("event", "去世")
    DEATH_UNDONE = "death_undone", pgettext_lazy("event", "撤回去世")
    MOVED_IN = "moved_in", pgettext_lazy("event", "迁入")
    MOVED_OUT = "moved_out", pgettext_lazy("event", "迁出")
    RETURNED = "returned", pgettext_lazy("event", "迁回")
    TRANSFERRED = "transferred", pgettext_lazy("event", "转区")
    MERGED = "merged", pgettext_lazy("event", "合并")
    UNMERGED = "unmerged", pgettext_lazy("event", "撤回合并")


class Source(models.TextChoices):
    """The department, or the work, a fact comes from."""

    POLICE = "police", _("公安户籍")
    CIVIL_AFFAIRS = "civil_affairs", _("社会救助")
    DISABLED_FEDERATION = "disabled_federation", _("残联")
    HEALTH = "health", _("卫健")
    INSURANCE = "insurance", _("医保")
    PENSIONS = "pensions", _("人社")
    VETERANS = "veterans", _("退役军人")
    FUNERAL = "funeral", _("殡葬")
    COMMUNITY = "community", _("社区登记")
    ASSESSMENT = "assessment", _("能力评估")
    SELF = "self", _("本人说")


class Side(models.TextChoices):
    """Whose row of a transfer it is."""

    GIVING = "giving", _("转出")
    RECEIVING = "receiving", _("转入")


class TransferState(models.TextChoices):
    """Where a transfer stands."""

    PROPOSED = "proposed", _("等对方答复")
    ACCEPTED = "accepted", _("已转")
    DECLINED = "declined", _("对方没有同意")
    WITHDRAWN = "withdrawn", _("已撤回")
