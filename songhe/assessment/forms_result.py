"""What the short forms about results and objections ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.assessment.forms import ASKERS
from songhe.assessment.models import WORDS_LENGTH
from songhe.assessment.terms import AskedBy
from songhe.ui.forms import RefusedForm

_RAISERS = [(one.value, one.label) for one in ASKERS if one != AskedBy.EVENT]


class WithdrawForm(RefusedForm):
    """Why a result stands no longer."""

    words = forms.CharField(
        label=_("为什么撤回"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如“评的不是这位老人”；会留在审计里"),
    )  # fmt: skip


class ObjectForm(RefusedForm):
    """Who doubts a result, and why."""

    raised_by = forms.ChoiceField(label=_("谁提出的"), choices=_RAISERS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("为什么有异议"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("哪一项评得不对、实际怎样；不写证件号和电话"),
    )  # fmt: skip


class RefuseForm(RefusedForm):
    """Why an objection is not taken up."""

    words = forms.CharField(
        label=_("为什么不受理"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("提出的人会看到"),
    )  # fmt: skip
