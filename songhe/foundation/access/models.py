"""Accounts, roles and grants: action by region, with dates. Roles are rows, so that a city can have its own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from songhe.foundation.database.fields import RegionCodeField

if TYPE_CHECKING:
    from songhe.foundation.access.entering import Held

ACCOUNT_NAME_LENGTH = 40


class Office(models.TextChoices):
    """What kind of work a role is. The three administrators are different persons."""

    BUSINESS = "business", _("业务")
    SYSTEM = "system", _("系统管理")
    SECURITY = "security", _("安全管理")
    AUDIT = "audit", _("审计")


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their sign-in name."""


class Account(AbstractBaseUser):
    """A person who works with Songhe. `login` is chosen by the office, never an identity number or a phone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(max_length=ACCOUNT_NAME_LENGTH, unique=True)
    name = models.CharField(max_length=ACCOUNT_NAME_LENGTH)
    unit = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    needs_second_factor = models.BooleanField(default=False)
    working_grant = models.ForeignKey(
        "access.Grant", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    held: tuple[Held, ...] | None = None  # what it may do, when it was read together with the account

    objects = AccountManager()
    USERNAME_FIELD = "login"

    class Meta:
        """See Django."""

        ordering = ("login",)

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used."""
        return False


class Role(models.Model):
    """A named set of actions."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=40, unique=True)
    office = models.CharField(max_length=10, choices=Office.choices, default=Office.BUSINESS)
    describes = models.CharField(max_length=200, blank=True)
    actions: models.QuerySet[RoleAction]

    class Meta:
        """See Django."""

        ordering = ("office", "code")

    def __str__(self) -> str:
        return self.name


class RoleAction(models.Model):
    """One action of a role."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="actions")
    action = models.CharField(max_length=60)

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("role", "action"), name="access_role_action_once"),)


class Grant(models.Model):
    """A role held in a region from a day until a day (excluded; empty while it lasts).

    A grant counts when it is approved by another person than the one who proposed it, and not yet ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    region = RegionCodeField()
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """See Django."""

        ordering = ("region", "role")
        constraints = (
            models.CheckConstraint(
                name="access_grant_dates", condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date"))
            ),
            models.CheckConstraint(
                name="access_grant_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=("account", "role", "region"), condition=Q(ended_at__isnull=True), name="access_grant_once"
            ),
        )


class ResetDeed(models.TextChoices):
    """What an administrator's account can be given by two persons."""

    PASSWORD = "password", _("重设密码")
    SECOND_FACTOR = "second-factor", _("去掉动态码")
    REOPEN = "reopen", _("重新启用")


class ResetOutcome(models.TextChoices):
    """What became of a request."""

    DONE = "done", _("办好了")
    REFUSED = "refused", _("没有批准")


class Reset(models.Model):
    """A way into an administrator's account that one security administrator asks for and another opens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    deed = models.CharField(max_length=20, choices=ResetDeed.choices)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=ResetOutcome.choices, blank=True)

    class Meta:
        """See Django."""

        constraints = (
            models.CheckConstraint(
                name="access_reset_two_persons",
                condition=~Q(outcome="done")
                | Q(decided_by__isnull=False, asked_by__isnull=False) & ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=("account", "deed"), condition=Q(decided_at__isnull=True), name="access_reset_once"
            ),
        )  # fmt: skip
