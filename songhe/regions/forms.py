"""What the pages of changes ask for. Labels are the words operations use when something is wrong with a field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.kernel.errors import BadInput, SongheError
from songhe.regions.operations import altering
from songhe.regions.operations.altering import DOCUMENT_LENGTH
from songhe.regions.operations.deeds import Planned
from songhe.regions.terms import Deed
from songhe.ui.forms import day_field
from songhe.ui.words import said, said_error

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAME_LENGTH, CODE_LENGTH = 60, 12
Choices = Sequence[tuple[str, Any]]
_YES, _NO = "yes", "no"


_NAME = gettext_lazy("名称")


def _code(label: StrOrPromise, hint: StrOrPromise) -> forms.CharField:
    digits = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=CODE_LENGTH, help_text=hint, widget=digits)


def _name(label: StrOrPromise = _NAME) -> forms.CharField:
    return forms.CharField(label=label, max_length=NAME_LENGTH, help_text=gettext_lazy("全称，如凤凰街道、吴都社区"))


class ChangeForm(forms.Form):
    """What every change needs: from which day, and what says so."""

    on_date = day_field(gettext_lazy("生效日期"), gettext_lazy("批复写明的日期。还没到的，到那天自动改"))
    document = forms.CharField(
        label=gettext_lazy("文号"), max_length=DOCUMENT_LENGTH, help_text=gettext_lazy("批复的文号或文件名")
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code
        self.label_suffix = ""
        for field in self.fields.values():
            field.error_messages["required"] = _("没有填")

    def planned(self) -> Planned:
        """The deed. BadInput for what cannot be read."""
        raise NotImplementedError

    def refuse(self, error: SongheError) -> None:
        """Puts what an operation said to the field it speaks of, else above the form."""
        where = error.where if isinstance(error, BadInput) else ""
        name = next((name for name, field in self.fields.items() if where and field.label == said(where)), None)
        if name is None or not isinstance(error, BadInput):
            self.add_error(None, said_error(error))
            return
        accepted = _("要{accepted}").format(accepted=said(error.accepted)) if error.accepted else ""
        self.add_error(name, _("；").join(filter(None, (said(error.problem), accepted))))

    def again(self) -> list[tuple[str, str]]:
        """What was filled in, as names and values of hidden fields."""
        return [
            (name, str(value))
            for name, field in self.fields.items()
            for value in _values(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
        ]


class AddForm(ChangeForm):
    """A new division below another."""

    new_code = _code(gettext_lazy("代码"), "")
    name = _name()
    is_urban = forms.ChoiceField(
        label=gettext_lazy("城镇还是乡村"),
        required=False,
        choices=[("", gettext_lazy("还没有定")), (_YES, gettext_lazy("城镇")), (_NO, gettext_lazy("乡村"))],
    )
    field_order = ("new_code", "name", "is_urban")

    def __init__(self, *args: Any, within: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.fields["new_code"].help_text = _("以{within}开头").format(within=within) if within else _("6、9或12位")

    def planned(self) -> Planned:
        """See ChangeForm."""
        code = self.cleaned_data["new_code"]
        if not code.startswith(self.within) or not code[len(self.within) :].strip("0"):
            raise BadInput(
                _("代码"), _("不在这个区划里"), accepted=_("以{within}开头的代码").format(within=self.within)
            )
        urban = {_YES: True, _NO: False}.get(self.cleaned_data["is_urban"])
        return altering.adding(code, self.cleaned_data["name"], urban)


class RenameForm(ChangeForm):
    """Another name."""

    name = _name(gettext_lazy("新名称"))
    field_order = ("name",)

    def planned(self) -> Planned:
        """See ChangeForm."""
        return altering.renaming(self.code, self.cleaned_data["name"])


class MoveForm(ChangeForm):
    """Another code."""

    new_code = _code(gettext_lazy("新代码"), gettext_lazy("改到哪个上级，就用那里的代码；上级不变，只换代码也可以"))
    field_order = ("new_code",)

    def planned(self) -> Planned:
        """See ChangeForm."""
        return altering.moving(self.code, self.cleaned_data["new_code"])


class MergeForm(ChangeForm):
    """Two become one."""

    with_code = forms.ChoiceField(label=gettext_lazy("和哪个合并"))
    how = forms.ChoiceField(label=gettext_lazy("怎么并"), widget=forms.RadioSelect, initial="there")
    new_code = _code(gettext_lazy("新代码"), gettext_lazy("并成一个新的才填"))
    name = _name()
    field_order = ("with_code", "how", "new_code", "name")

    def __init__(self, *args: Any, others: Choices, own_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with_code"].choices = [("", _("选一个")), *others]  # type: ignore[attr-defined]
        ways = [
            ("there", _("{own_name}并入对方").format(own_name=own_name)),
            ("here", _("对方并入{own_name}").format(own_name=own_name)),
            ("new", _("两个并成一个新的")),
        ]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]
        self.fields["name"].help_text = _("并成一个新的才填")
        self.fields["new_code"].required = self.fields["name"].required = False

    def planned(self) -> Planned:
        """See ChangeForm."""
        other, how = self.cleaned_data["with_code"], self.cleaned_data["how"]
        if how == "new":
            for field, label in (("new_code", _("新代码")), ("name", _("名称"))):
                if not self.cleaned_data[field]:
                    raise BadInput(label, _("没有填"))
            return altering.merging([self.code, other], self.cleaned_data["new_code"], self.cleaned_data["name"])
        return altering.merging([self.code], other) if how == "there" else altering.merging([other], self.code)


class SplitForm(ChangeForm):
    """A part becomes one of its own."""

    new_code = _code(gettext_lazy("新代码"), gettext_lazy("划出来的用什么代码"))
    name = _name()
    children = forms.MultipleChoiceField(
        label=gettext_lazy("划过去的"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没选的留在原来的区划"),
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
