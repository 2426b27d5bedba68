"""What the pages of changes ask for. Labels are the words operations use when something is wrong with a field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from songhe.kernel.errors import BadInput, SongheError
from songhe.regions.operations import altering
from songhe.regions.operations.altering import DOCUMENT_LENGTH
from songhe.regions.operations.deeds import Planned
from songhe.regions.terms import Deed

NAME_LENGTH, CODE_LENGTH = 60, 12
Choices = Sequence[tuple[str, Any]]
_YES, _NO = "yes", "no"


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def _code(label: str, hint: str) -> forms.CharField:
    digits = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=CODE_LENGTH, help_text=hint, widget=digits)


def _name(label: str = "名称") -> forms.CharField:
    return forms.CharField(label=label, max_length=NAME_LENGTH, help_text="全称，如凤凰街道、吴都社区")


class ChangeForm(forms.Form):
    """What every change needs: from which day, and what says so."""

    on_date = forms.DateField(
        label="生效日期", widget=DayInput, input_formats=["%Y-%m-%d"], error_messages={"invalid": "没有这一天"},
        help_text="批复写明的日期。还没到的，到那天自动改",
    )  # fmt: skip
    document = forms.CharField(label="文号", max_length=DOCUMENT_LENGTH, help_text="批复的文号或文件名")

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code
        self.label_suffix = ""
        for field in self.fields.values():
            field.error_messages["required"] = "没有填"

    def planned(self) -> Planned:
        """The deed. BadInput for what cannot be read."""
        raise NotImplementedError

    def refuse(self, error: SongheError) -> None:
        """Puts what an operation said to the field it speaks of, else above the form."""
        where = error.where if isinstance(error, BadInput) else ""
        name = next((name for name, field in self.fields.items() if where and field.label == where), None)
        if name is None or not isinstance(error, BadInput):
            self.add_error(None, str(error))
            return
        self.add_error(name, "；".join(filter(None, (error.problem, error.accepted and f"要{error.accepted}"))))

    def again(self) -> list[tuple[str, str]]:
        """What was filled in, as names and values of hidden fields."""
        return [
            (name, str(value))
            for name, field in self.fields.items()
            for value in _values(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
        ]


class AddForm(ChangeForm):
    """A new division below another."""

    new_code = _code("代码", "")
    name = _name()
    is_urban = forms.ChoiceField(
        label="城镇还是乡村", required=False, choices=[("", "还没有定"), (_YES, "城镇"), (_NO, "乡村")]
    )
    field_order = ("new_code", "name", "is_urban")

    def __init__(self, *args: Any, within: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.fields["new_code"].help_text = f"以{within}开头" if within else "6、9或12位"

    def planned(self) -> Planned:
        """See ChangeForm."""
        code = self.cleaned_data["new_code"]
        if not code.startswith(self.within) or not code[len(self.within) :].strip("0"):
            raise BadInput("代码", "不在这个区划里", accepted=f"以{self.within}开头的代码")
        urban = {_YES: True, _NO: False}.get(self.cleaned_data["is_urban"])
        return altering.adding(code, self.cleaned_data["name"], urban)


class RenameForm(ChangeForm):
    """Another name."""

    name = _name("新名称")
    field_order = ("name",)

    def planned(self) -> Planned:
        """See ChangeForm."""
        return altering.renaming(self.code, self.cleaned_data["name"])


class MoveForm(ChangeForm):
    """Another code."""

    new_code = _code("新代码", "改到哪个上级，就用那里的代码；上级不变，只换代码也可以")
    field_order = ("new_code",)

    def planned(self) -> Planned:
        """See ChangeForm."""
        return altering.moving(self.code, self.cleaned_data["new_code"])


class MergeForm(ChangeForm):
    """Two become one."""

    with_code = forms.ChoiceField(label="和哪个合并")
    how = forms.ChoiceField(label="怎么并", widget=forms.RadioSelect, initial="there")
    new_code = _code("新代码", "并成一个新的才填")
    name = _name()
    field_order = ("with_code", "how", "new_code", "name")

    def __init__(self, *args: Any, others: Choices, own_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with_code"].choices = [("", "选一个"), *others]  # type: ignore[attr-defined]
        ways = [("there", f"{own_name}并入对方"), ("here", f"对方并入{own_name}"), ("new", "两个并成一个新的")]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]
        self.fields["name"].help_text = "并成一个新的才填"
        self.fields["new_code"].required = self.fields["name"].required = False

    def planned(self) -> Planned:
        """See ChangeForm."""
        other, how = self.cleaned_data["with_code"], self.cleaned_data["how"]
        if how == "new":
            for field, label in (("new_code", "新代码"), ("name", "名称")):
                if not self.cleaned_data[field]:
                    raise BadInput(label, "没有填")
            return altering.merging([self.code, other], self.cleaned_data["new_code"], self.cleaned_data["name"])
        return altering.merging([self.code], other) if how == "there" else altering.merging([other], self.code)


class SplitForm(ChangeForm):
    """A part becomes one of its own."""

    new_code = _code("新代码", "划出来的用什么代码")
    name = _name()
    children = forms.MultipleChoiceField(
        label="划过去的", widget=forms.CheckboxSelectMultiple, help_text="没选的留在原来的区划"
    )
    field_order = ("new_code", "name", "children")

    def __init__(self, *args: Any, below: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if below:
            self.fields["children"].choices = list(below)  # type: ignore[attr-defined]
        else:
            del self.fields["children"]

    def planned(self) -> Planned:
        """See ChangeForm."""
        given = self.cleaned_data
        return altering.splitting(self.code, given["new_code"], given["name"], given.get("children", ()))


class EndForm(ChangeForm):
    """No more."""

    def planned(self) -> Planned:
        """See ChangeForm."""
        return altering.ending(self.code)


FORMS: dict[Deed, type[ChangeForm]] = {
    Deed.ADD: AddForm,
    Deed.RENAME: RenameForm,
    Deed.MOVE: MoveForm,
    Deed.MERGE: MergeForm,
    Deed.SPLIT: SplitForm,
    Deed.END: EndForm,
}


def _values(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value or ""]
