"""What the forms of organisations, assessors and ties ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.assessment.models import NAME_LENGTH, WORDS_LENGTH
from songhe.assessment.terms import TieKind
from songhe.foundation.access.models import Account
from songhe.ui.forms import RefusedForm, day_field


class OrganisationForm(RefusedForm):
    """A lawfully registered body."""

    name = forms.CharField(label=_("名称"), max_length=NAME_LENGTH)
    code = forms.CharField(label=_("统一社会信用代码"), max_length=30, help_text=_("18位，营业执照或登记证书上有"))
    district = forms.ChoiceField(label=_("登记在哪个区县"))
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    from_date = day_field(_("从哪天起"))
    note = forms.CharField(label=_("备注"), max_length=WORDS_LENGTH, required=False)

    def __init__(self, *args: Any, districts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = list(districts)  # type: ignore[attr-defined]


class StateForm(RefusedForm):
    """From which day, and why."""

    on_date = day_field(_("从哪天起"))
    note = forms.CharField(label=_("原因"), max_length=WORDS_LENGTH)


class _AccountForm(RefusedForm):
    """A form with the field `account`: which of those that are still to have goes with an assessor."""

    def __init__(self, *args: Any, accounts: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {str(one.pk): one for one in accounts}
        self.fields["account"].choices = _choices(accounts)  # type: ignore[attr-defined]

    def account_chosen(self) -> Account | None:
        """The account that was chosen, if any."""
        return self.accounts.get(self.cleaned_data["account"])


class AssessorForm(_AccountForm):
    """An assessor as the certificate says."""

    name = forms.CharField(label=_("姓名"), max_length=NAME_LENGTH)
    certificate = forms.CharField(label=_("证书号"), max_length=40)
    certified_from = day_field(_("证书从哪天起"))
    certified_until = day_field(_("证书到哪天止"), _("从这一天起不能再派"))
    joined_date = day_field(_("哪天来这家机构"))
    medical = forms.BooleanField(label=_("有医护背景"), required=False)
    full_time = forms.BooleanField(label=_("专职"), required=False)
    account = forms.ChoiceField(label=_("用哪个账号"), required=False, help_text=_("有评估员角色、还没连上别人的账号"))


class AssessorChangeForm(_AccountForm):
    """What changes: a renewed certificate, leaving, how somebody works, the account."""

    certified_until = day_field(_("证书到哪天止"), _("换了新证就写新的日期"))
    medical = forms.BooleanField(label=_("有医护背景"), required=False)
    full_time = forms.BooleanField(label=_("专职"), required=False)
    left_date = day_field(_("哪天离开"), _("从这一天起不能再派"), required=False)
    account = forms.ChoiceField(label=_("用哪个账号"), required=False, help_text=_("有评估员角色、还没连上别人的账号"))


class TieForm(RefusedForm):
    """What binds an assessor, or the whole organisation, to a person who was found before."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("什么关系"), choices=TieKind.choices, widget=forms.RadioSelect)
    whole = forms.BooleanField(label=_("整个机构都不能评"), required=False)
    from_date = day_field(_("从哪天起"))
    words = forms.CharField(label=_("说明"), max_length=WORDS_LENGTH, required=False)


class UntilForm(RefusedForm):
    """A day."""

    until_date = day_field(_("到哪天为止"), _("从这一天起又可以派"))


class LookForm(RefusedForm):
    """What came of looking at two results that differ."""

    words = forms.CharField(
        label=_("看下来怎样"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如“当天刚打过针”“B.2.3 两组看法不同，已一起讲过”"),
    )  # fmt: skip


def _choices(accounts: Sequence[Account]) -> list[tuple[str, Any]]:
    return [("", _("不连账号")), *((str(one.pk), f"{one.name}（{one.login}）") for one in accounts)]
