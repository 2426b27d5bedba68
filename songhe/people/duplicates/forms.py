"""What the review of a pair asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

REASON_LENGTH = 200


class DecideForm(forms.Form):
    """One decision on a pair; `survivor` names the file that stays when they are merged."""

    MERGE, DIFFERENT, LATER = "merge", "different", "later"

    decision = forms.ChoiceField(choices=[(one, one) for one in (MERGE, DIFFERENT, LATER)])
    survivor = forms.UUIDField(required=False)
    reason = forms.CharField(max_length=REASON_LENGTH, required=False)


class UndoForm(forms.Form):
    """Why a decision is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("撤回的原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("没有填")},
    )
