"""What people type in the portal: how to be reached, what they think, the code of what they said."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.doors.portal.operations import LONGEST_NAME

_LONGEST_PHONE, _LONGEST_WORDS, _LONGEST_CONTACT, _CODE = 30, 1000, 100, 20


class ContactForm(forms.Form):
    """Who wants to be rung."""

    caller = forms.CharField(
        label=_("怎么称呼您"), max_length=LONGEST_NAME, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("电话"), max_length=_LONGEST_PHONE,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip


class OpinionForm(forms.Form):
    """What somebody thinks of the list."""

    words = forms.CharField(
        label=_("您想说什么"), max_length=_LONGEST_WORDS, widget=forms.Textarea({"rows": 6}),
        help_text=_("最多1000字。不写身份证号"),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("怎么找您（不写也行）"), max_length=_LONGEST_CONTACT, required=False,
        widget=forms.TextInput({"autocomplete": "tel"}), help_text=_("称呼和电话，只有答复的人看得到"),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code that was given for what was said."""

    code = forms.CharField(
        label=_("编号"),
        max_length=_CODE,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
