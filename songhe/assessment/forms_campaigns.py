"""What the pages of campaigns ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.assessment.models import NAME_LENGTH, WORDS_LENGTH
from songhe.assessment.openings import LeftOut
from songhe.assessment.terms import Purpose
from songhe.people.api import GROUPS
from songhe.ui.forms import RefusedForm, day_field
from songhe.ui.words import said

_OFFERED = (
    "destitute", "minimum_living", "edge", "family_planning", "entitled", "severe", "disabled", "dementia", "lonely",
    "alone", "alone_80", "empty_nest", "left_behind", "very_old", "from_90", "never_assessed",
)  # fmt: skip


class CampaignForm(RefusedForm):
    """Whom, where, by when, what for."""

    name = forms.CharField(label=_("名称"), max_length=NAME_LENGTH, help_text=_("如“困难老人12月底前都评到”"))
    groups = forms.MultipleChoiceField(
        label=_("哪些老人"), widget=forms.CheckboxSelectMultiple, help_text=_("选几类就是几类合在一起，一个人只算一次"),
        error_messages={"required": _("没有选")},
    )  # fmt: skip
    region = forms.ChoiceField(label=_("哪个地方"))
    by_date = day_field(_("哪天前评完"))
    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["groups"].choices = [(code, said(GROUPS[code].words)) for code in _OFFERED]
        choices["region"].choices = places


class LeaveForm(RefusedForm):
    """Why somebody is not assessed now."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("为什么不评"), choices=LeftOut.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("情况"), required=False, max_length=WORDS_LENGTH, help_text=_("不写证件号和电话")
    )  # fmt: skip
