"""What the review of a pair asks for."""

from __future__ import annotations

from django import forms

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
        label="撤回的原因",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "没有填"},
    )
