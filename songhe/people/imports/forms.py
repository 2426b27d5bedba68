"""The forms of an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.kernel.errors import BadInput, SongheError
from songhe.people.imports.sources import List, lists
from songhe.ui.words import said_error


class NewBatchForm(forms.Form):
    """A file, whose list it is, and the day it speaks of."""

    source = forms.ChoiceField(
        label=gettext_lazy("哪个部门的名册"), error_messages={"required": gettext_lazy("选一种名册")}
    )
    data_until = forms.DateField(
        label=gettext_lazy("数据日期"),
        help_text=gettext_lazy("名册说的是哪一天的情况，多半写在表头或发来的函上"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("填上数据日期"), "invalid": gettext_lazy("不像日期")},
    )
    file = forms.FileField(
        label=gettext_lazy("文件"),
        error_messages={"required": gettext_lazy("选一个文件"), "empty": gettext_lazy("是空文件")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("请选")), *((key, _(each.name)) for key, each in lists().items())]

    def refuse(self, error: SongheError) -> None:
        """Shows an error of the house at its field."""
        where = error.where if isinstance(error, BadInput) else ""
        self.add_error("data_until" if where == "数据日期" else "file", said_error(error))


class ColumnsForm(forms.Form):
    """Which column of the file holds what."""

    def __init__(self, *args: Any, expected: List, header: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("没有这一列")), *((name, name) for name in dict.fromkeys(header) if name)]
        for key, column in expected.columns.items():
            self.fields[key] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=False,
                help_text=column.accepted,
                widget=forms.Select(attrs={"class": "sh-input"}),
            )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), min_length=2, max_length=150,
        error_messages={"required": gettext_lazy("写上原因"), "min_length": gettext_lazy("再写具体一点")},
    )  # fmt: skip
