"""What forms of all rooms share: a day by the browser's calendar, and saying in the form what an operation refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from songhe.kernel.errors import BadInput, SongheError
from songhe.ui.words import said_error

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DayInput(forms.DateInput):
    """The browser's own calendar, which reads and writes days as ISO 8601 in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day_field(label: StrOrPromise, hint: StrOrPromise = "", *, required: bool = True) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, widget=DayInput, input_formats=["%Y-%m-%d"], help_text=hint, required=required,
        error_messages={"invalid": gettext_lazy("没有这一天")},
    )  # fmt: skip


class RefusedForm(forms.Form):
    """A form that can show what an operation refused."""

    def refuse(self, error: SongheError, name: str | None = None) -> None:
        """Shows an error of the house, at a field when it is about one."""
        words = said_error(error)
        if isinstance(error, BadInput) and name:
            words = words.removeprefix(f"{error.where}：")
        self.add_error(name, words)
