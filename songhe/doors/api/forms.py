"""What security administrators fill in about another system."""

from __future__ import annotations

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from songhe.doors.api.terms import ALLOWED, NAME_LENGTH, OFFICE_LENGTH, Purpose
from songhe.foundation.access.actors import words_of
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import ACCEPTED, significant
from songhe.people.terms import Source
from songhe.ui.words import said


class SystemForm(forms.Form):
    """Proposing that a system may call."""

    name = forms.CharField(label=_("系统的名称"), max_length=NAME_LENGTH, help_text=_("审计记录里写的就是它"))
    office = forms.CharField(label=_("哪个单位的"), max_length=OFFICE_LENGTH)
    region = forms.CharField(
        label=_("在哪里"), max_length=12, help_text=format_lazy(_("{accepted}，例如420704"), accepted=_(ACCEPTED))
    )
    source = forms.ChoiceField(
        label=_("登记哪个部门的事实"), required=False, choices=[("", _("不登记")), *Source.choices]
    )
    purposes = forms.MultipleChoiceField(
        label=_("用来做什么"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    actions = forms.MultipleChoiceField(label=_("能做什么"), widget=forms.CheckboxSelectMultiple)
    until_date = forms.DateField(
        label=_("到哪天前"), help_text=_("最多一年"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        actions: forms.MultipleChoiceField = self.fields["actions"]  # type: ignore[assignment]
        actions.choices = [(action, said(words_of(action))) for action in ALLOWED]

    def clean_region(self) -> str:
        """A code of 6, 9 or 12 digits."""
        code = str(self.cleaned_data["region"]).strip()
        try:
            significant(code)
        except BadInput as error:
            raise forms.ValidationError(gettext(ACCEPTED)) from error
        return code
