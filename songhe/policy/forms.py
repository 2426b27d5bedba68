"""What the short forms of the room ask for. Items have a form of their own: item_form.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.ui.forms import RefusedForm, day_field

WORDS_LENGTH, TITLE_LENGTH = 400, 120


def _words(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=WORDS_LENGTH, help_text=hint, required=required, widget=area)


class BeginForm(RefusedForm):
    """A new draft."""

    from_date = day_field(_("从哪一天施行"), _("比现在这一版更晚的一天；起草时还可以改"))
    note = _words(_("为什么改"), required=False)


class ImportForm(RefusedForm):
    """A list of the folder."""

    key = forms.ChoiceField(label=_("哪一份清单"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, keys: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = keys  # type: ignore[attr-defined]


class NoteForm(RefusedForm):
    """A word that may be left out."""

    words = _words(_("给审批人的说明"), _("改了什么、依据是什么"), required=False)


class ReasonForm(RefusedForm):
    """A reason."""

    words = _words(_("原因"), _("要改什么，如“第17项的金额要注明依据”"))


class DigestForm(RefusedForm):
    """Exactly what was looked at."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class PlainForm(RefusedForm):
    """Nothing but the deed."""


class UnchangedForm(RefusedForm):
    """Why a list stays as it is this year."""

    words = _words(_("看过什么，为什么不改"), _("如“标准与省里一致，今年不调整”"))


class FileForm(RefusedForm):
    """The text of one file, and which saving of the draft it was looked at."""

    text = forms.CharField(
        label=_("文件原文"), max_length=60_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "sh-input", "spellcheck": "false"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


DEED_FORMS: dict[str, type[RefusedForm]] = {
    "propose": NoteForm, "take-back": PlainForm, "refuse": ReasonForm, "approve": DigestForm, "issue": PlainForm,
    "drop": ReasonForm,
}  # fmt: skip
