"""What is typed on the way in and inside."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.doors.portal.models import WORDS_LENGTH

_LONGEST_NUMBER, _LONGEST_CODE = 30, 12


class NumberForm(forms.Form):
    """Whose file it is."""

    number = forms.CharField(
        label=_("老人的身份证号"), max_length=_LONGEST_NUMBER, help_text=_("18位，最后一位可能是X"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class EnterForm(NumberForm):
    """And the telephone that the code goes to."""

    phone = forms.CharField(
        label=_("登记过的电话"), max_length=_LONGEST_NUMBER,
        help_text=_("本人写本人的，代办人写自己的，都要在社区登记过"),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code that came."""

    code = forms.CharField(
        label=_("短信里的6位数字"), max_length=_LONGEST_CODE,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class SayForm(forms.Form):
    """What is wrong, or to be asked."""

    words = forms.CharField(
        label=_("您想说什么"), max_length=WORDS_LENGTH, widget=forms.Textarea({"rows": 6}),
        help_text=_("最多500字。不写身份证号、银行卡号"),
    )  # fmt: skip
