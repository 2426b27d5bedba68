"""The words of the register: kinds and states, with their Chinese."""

from __future__ import annotations

from django.db import models


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Standing(models.TextChoices):
    """Where a person stands in the register."""

    PRESENT = "present", "在册"
    AWAY = "away", "已迁出"
    DEAD = "dead", "已去世"
    MERGED = "merged", "已合并"


class Place(models.TextChoices):
    """Which of a person's two places a residence is."""

    REGISTERED = "registered", "户籍地"
    LIVING = "living", "居住地"


class Relation(models.TextChoices):
    """To the head of the household, or to the person."""

    SELF = "self", "本人"
    SPOUSE = "spouse", "配偶"
    SON = "son", "儿子"
    DAUGHTER = "daughter", "女儿"
    CHILD_IN_LAW = "child_in_law", "儿媳或女婿"
    GRANDCHILD = "grandchild", "孙辈"
    PARENT = "parent", "父母"
    SIBLING = "sibling", "兄弟姐妹"
    RELATIVE = "relative", "其他亲属"
    NEIGHBOUR = "neighbour", "邻居"
    WORKER = "worker", "社区或村里的人"
    OTHER = "other", "其他"


class Part(models.TextChoices):
    """What somebody is to a person."""

    CONTACT = "contact", "联系人"
    GUARDIAN = "guardian", "监护人"
    PROXY = "proxy", "代办人"


class LifeEventKind(models.TextChoices):
    """What happened in a person's life that the register follows."""

    REGISTERED = "registered", "登记"
    CORRECTED = "corrected", "更正"
    DIED = "died", "去世"
    DEATH_UNDONE = "death_undone", "撤回去世"
    MOVED_IN = "moved_in", "迁入"
    MOVED_OUT = "moved_out", "迁出"
    RETURNED = "returned", "迁回"
    TRANSFERRED = "transferred", "转区"
    MERGED = "merged", "合并"
    UNMERGED = "unmerged", "撤回合并"


class Source(models.TextChoices):
    """The department, or the work, a fact comes from."""

    POLICE = "police", "公安户籍"
    CIVIL_AFFAIRS = "civil_affairs", "社会救助"
    DISABLED_FEDERATION = "disabled_federation", "残联"
    HEALTH = "health", "卫健"
    INSURANCE = "insurance", "医保"
    PENSIONS = "pensions", "人社"
    VETERANS = "veterans", "退役军人"
    FUNERAL = "funeral", "殡葬"
    COMMUNITY = "community", "社区登记"
    ASSESSMENT = "assessment", "能力评估"
    SELF = "self", "本人说"


class Side(models.TextChoices):
    """Whose row of a transfer it is."""

    GIVING = "giving", "转出"
    RECEIVING = "receiving", "转入"


class TransferState(models.TextChoices):
    """Where a transfer stands."""

    PROPOSED = "proposed", "等对方答复"
    ACCEPTED = "accepted", "已转"
    DECLINED = "declined", "对方没有同意"
    WITHDRAWN = "withdrawn", "已撤回"
