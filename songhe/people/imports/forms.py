"""The forms of an import."""

from __future__ import annotations

from typing import Any

from django import forms

from songhe.kernel.errors import BadInput, SongheError
from songhe.people.imports.sources import List, lists


class NewBatchForm(forms.Form):
    """A file, whose list it is, and the day it speaks of."""

    source = forms.ChoiceField(label="哪个部门的名册", error_messages={"required": "选一种名册"})
    data_until = forms.DateField(
        label="数据日期",
        help_text="名册说的是哪一天的情况，多半写在表头或发来的函上",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "填上数据日期", "invalid": "不像日期"},
    )
    file = forms.FileField(label="文件", error_messages={"required": "选一个文件", "empty": "是空文件"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "请选"), *((key, each.name) for key, each in lists().items())]

    def refuse(self, error: SongheError) -> None:
        """Shows an error of the house at its field."""
        where = error.where if isinstance(error, BadInput) else ""
        self.add_error("data_until" if where == "数据日期" else "file", str(error))


class ColumnsForm(forms.Form):
    """Which column of the file holds what."""

    def __init__(self, *args: Any, expected: List, header: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "没有这一列"), *((name, name) for name in dict.fromkeys(header) if name)]
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
        label="原因", min_length=2, max_length=150,
        error_messages={"required": "写上原因", "min_length": "再写具体一点"},
    )  # fmt: skip
