"""What people type into the console's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from songhe.foundation.access.models import Role
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import ACCEPTED, significant
from songhe.ui.words import said


class SignInForm(forms.Form):
    """Sign-in name and password."""

    login = forms.CharField(
        label=_("登录名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The code of the second factor."""

    code = forms.CharField(
        label=_("动态码"),
        max_length=8,
        help_text=_("手机上现在显示的6位数字"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ReplacingCodeForm(CodeForm):
    """The first code of a device that replaces another, with the password."""

    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False, help_text=_("换手机要再写一遍密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class PasswordForm(forms.Form):
    """Changing one's own password."""

    old = forms.CharField(
        label=_("现在的密码"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    new = forms.CharField(
        label=_("新密码"), strip=False, max_length=200, help_text=_("10位以上，不全是数字，不像登录名"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再写一遍新密码"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both writings of the new password are the same."""
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", gettext("和上面写的不一样"))
        return cleaned


class AccountForm(forms.Form):
    """Opening an account."""

    login = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("3到40位小写字母、数字和短横，字母开头；不用证件号和手机号")
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    unit = forms.CharField(label=_("单位"), max_length=80, required=False)


class RoleField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Roles by their names in the language of the page."""

    def label_from_instance(self, obj: Role) -> str:
        """See Django."""
        return said(obj.name)


class GrantForm(forms.Form):
    """Proposing a right."""

    role = RoleField(label=_("角色"), queryset=Role.objects.order_by("office", "code"), empty_label=_("选一个"))
    region = forms.CharField(
        label=_("在哪里"), max_length=12, help_text=format_lazy(_("{accepted}，例如420704"), accepted=_(ACCEPTED))
    )
    from_date = forms.DateField(label=_("从哪天起"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until_date = forms.DateField(
        label=_("到哪天前"),
        required=False,
        help_text=_("不填就一直有"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("为什么"), max_length=200, help_text=_("批准的人会看到"))

    def clean_region(self) -> str:
        """A code of 6, 9 or 12 digits."""
        code = str(self.cleaned_data["region"]).strip()
        try:
            significant(code)
        except BadInput as error:
            raise forms.ValidationError(gettext(ACCEPTED)) from error
        return code


class ReasonForm(forms.Form):
    """A deed that wants a reason."""

    reason = forms.CharField(label=_("为什么"), max_length=200)
