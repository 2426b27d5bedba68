"""What pages of the register ask for. Labels are the words that operations use when something is wrong with a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.kernel.errors import BadInput, SongheError
from songhe.people.models import ADDRESS_LENGTH, NAME_LENGTH, Person
from songhe.people.presenters_facts import say_value
from songhe.people.terms import Part, Place, Relation, Sex, Source
from songhe.people.trust import sources_of
from songhe.rules.facts import PERSON_TABLE, Fact, Kind
from songhe.ui.forms import day_field
from songhe.ui.words import said, said_error

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASON_LENGTH = 200
Choices = Sequence[tuple[str, Any]]
_SAME, _OUTSIDE = "", "outside"
_WHY = gettext_lazy("说明")


class DeedForm(forms.Form):
    """A form of a deed. `once` makes the same form sent twice one deed."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.error_messages["required"] = _("没有填")

    def refuse(self, error: SongheError) -> None:
        """Puts what an operation said to the field it speaks of, else above the form."""
        problem, where = said_error(error), ""
        if isinstance(error, BadInput):
            where = said(error.where)
            accepted = _("要{accepted}").format(accepted=said(error.accepted)) if error.accepted else ""
            problem = _("；").join(filter(None, (said(error.problem), accepted)))
        name = next((name for name, field in self.fields.items() if field.label == where), None)
        if name is None and where:
            problem = _("{where}：{problem}").format(where=where, problem=problem)
        self.add_error(name, problem)


def _reason(label: StrOrPromise = _WHY, *, required: bool = False, hint: StrOrPromise = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=REASON_LENGTH,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _source(choices: Choices = Source.choices, initial: str = Source.COMMUNITY) -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("来源"), choices=choices, initial=initial)


class RegisterForm(DeedForm):
    """A new file."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH)
    identity = forms.CharField(
        label=gettext_lazy("身份证号"), required=False, max_length=24,
        help_text=gettext_lazy("18位，末位可以是X。还没有就先空着"),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "inputmode": "text", "hx-post": reverse_lazy("person-check"),
                "hx-trigger": "input changed delay:400ms", "hx-target": "#identity-check", "hx-swap": "innerHTML",
            }
        ),
    )  # fmt: skip
    birth_date = day_field(gettext_lazy("出生日期"), gettext_lazy("有身份证号就不用填"), required=False)
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"), required=False, choices=[("", gettext_lazy("按身份证号")), *Sex.choices]
    )
    phone = forms.CharField(label=gettext_lazy("电话"), required=False, max_length=24)
    living_region = forms.ChoiceField(label=gettext_lazy("居住地"))
    address = forms.CharField(
        label=gettext_lazy("住址"),
        required=False,
        max_length=ADDRESS_LENGTH,
        help_text=gettext_lazy("路名、门牌、单元房号"),
    )
    registered_region = forms.ChoiceField(label=gettext_lazy("户籍地"), required=False)
    outside = forms.CharField(
        label=gettext_lazy("外地户籍的区划代码"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("户籍在外地才填，6位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    on_date = day_field(gettext_lazy("哪一天迁入"), gettext_lazy("不是刚迁入的就不填"), required=False)
    reason = _reason()

    def __init__(self, *args: Any, communities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["living_region"].choices = [("", _("选社区或村")), *communities]  # type: ignore[attr-defined]
        same: Choices = [(_SAME, _("和居住地一样")), (_OUTSIDE, _("在外地")), *communities]
        self.fields["registered_region"].choices = same  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """What `register_person` takes."""
        given = {
            name: self.cleaned_data[name] for name in ("name", "identity", "birth_date", "sex", "phone", "address")
        }
        living, registered = self.cleaned_data["living_region"], self.cleaned_data["registered_region"]
        if registered == _OUTSIDE:
            registered = self.cleaned_data["outside"]
        elif registered == _SAME:
            registered = living
        return given | {"living_region": living, "registered_region": registered, "reason": self.cleaned_data["reason"]}


class CorrectForm(DeedForm):
    """What is wrong in a file. Numbers are never shown: empty leaves them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH)
    birth_date = day_field(gettext_lazy("出生日期"), required=False)
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"), required=False, choices=[("", gettext_lazy("不知道")), *Sex.choices]
    )
    address = forms.CharField(label=gettext_lazy("住址"), required=False, max_length=ADDRESS_LENGTH)
    identity = forms.CharField(
        label=gettext_lazy("身份证号"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("不改就空着"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("电话"), required=False, max_length=24, help_text=gettext_lazy("不改就空着")
    )
    source = _source()
    reason = _reason(gettext_lazy("原因"), required=True, hint=gettext_lazy("看了什么证件，听谁说的"))

    FIELDS = ("name", "birth_date", "sex", "address")

    def changes(self, person: Person) -> dict[str, Any]:
        """What differs from the file."""
        found = {
            name: self.cleaned_data[name] for name in self.FIELDS if self.cleaned_data[name] != getattr(person, name)
        }
        return found | {name: self.cleaned_data[name] for name in ("identity", "phone") if self.cleaned_data[name]}


class FactForm(DeedForm):
    """What one source tells of one fact."""

    value = forms.ChoiceField(label=gettext_lazy("情况"), widget=forms.RadioSelect)
    source = _source()
    as_of = day_field(gettext_lazy("说的是哪一天"), gettext_lazy("证件、名册或上门的那一天"))
    from_date = day_field(gettext_lazy("从哪一天起"), gettext_lazy("知道才填"), required=False)

    def __init__(self, *args: Any, fact: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = _(PERSON_TABLE[fact].label)
        self.fields["value"].choices = fact_choices(fact)  # type: ignore[attr-defined]
        known = sources_of(fact)
        self.fields["source"].choices = [(code, Source(code).label) for code in known]  # type: ignore[attr-defined]
        self.fields["source"].initial = Source.COMMUNITY if Source.COMMUNITY in known else known[0]


class EndFactForm(DeedForm):
    """A fact that one source told does not hold any more."""

    until_date = day_field(gettext_lazy("到哪一天为止"), gettext_lazy("从这一天起不再是这样"))


class DeathForm(DeedForm):
    """A death."""

    on_date = day_field(gettext_lazy("去世日期"))
    source = _source([(code, Source(code).label) for code in ("funeral", "police", "community", "health", "insurance")])
    reason = _reason(hint=gettext_lazy("死亡证明编号，或者谁告诉的"))


class UndoForm(DeedForm):
    """Why something is taken back."""

    reason = _reason(gettext_lazy("撤回的原因"), required=True, hint=gettext_lazy("怎么知道登记错了"))


class MoveForm(DeedForm):
    """A move within the region."""

    place = forms.ChoiceField(
        label=gettext_lazy("迁的是"), choices=Place.choices, widget=forms.RadioSelect, initial=Place.LIVING
    )
    area = forms.ChoiceField(label=gettext_lazy("迁到哪里"))
    address = forms.CharField(
        label=gettext_lazy("住址"), required=False, max_length=ADDRESS_LENGTH, help_text=gettext_lazy("迁户籍不用填")
    )
    on_date = day_field(gettext_lazy("迁移日期"))
    source = _source([(code, Source(code).label) for code in ("community", "police")])
    reason = _reason()

    def __init__(self, *args: Any, communities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("选社区或村")), *communities]  # type: ignore[attr-defined]


class MoveOutForm(DeedForm):
    """A move to somewhere Songhe does not look after."""

    on_date = day_field(gettext_lazy("迁出日期"))
    destination = forms.CharField(
        label=gettext_lazy("迁到哪里"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("6位区划代码，知道才填"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    source = _source([(code, Source(code).label) for code in ("community", "police")])
    reason = _reason()


class ReturnForm(DeedForm):
    """Back again."""

    on_date = day_field(gettext_lazy("迁回日期"))
    reason = _reason()


class TransferForm(DeedForm):
    """Offering a file to another district."""

    to_region = forms.ChoiceField(label=gettext_lazy("转到哪里"))
    reason = _reason(gettext_lazy("原因"), required=True)

    def __init__(self, *args: Any, districts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_region"].choices = [("", _("选区县")), *districts]  # type: ignore[attr-defined]


class RequestTransferForm(DeedForm):
    """Asking for a file that another district holds."""

    identity = forms.CharField(
        label=gettext_lazy("身份证号"),
        max_length=24,
        help_text=gettext_lazy("18位，照证件抄"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = forms.ChoiceField(label=gettext_lazy("居住地"))
    address = forms.CharField(label=gettext_lazy("住址"), required=False, max_length=ADDRESS_LENGTH)
    reason = _reason(gettext_lazy("原因"), required=True, hint=gettext_lazy("从什么时候起住在这里，看了什么证件"))

    def __init__(self, *args: Any, communities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("选社区或村")), *communities]  # type: ignore[attr-defined]


class AnswerTransferForm(DeedForm):
    """Yes or no to a transfer."""

    accepted = forms.ChoiceField(
        label=gettext_lazy("同意吗"),
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        widget=forms.RadioSelect,
    )
    area = forms.ChoiceField(label=gettext_lazy("居住地"), required=False)
    address = forms.CharField(label=gettext_lazy("住址"), required=False, max_length=ADDRESS_LENGTH)
    answer = _reason(gettext_lazy("答复"), hint=gettext_lazy("不同意要写原因"))

    def __init__(self, *args: Any, communities: Choices, receiving: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not receiving:
            del self.fields["area"], self.fields["address"]
            return
        self.fields["area"].choices = [("", _("选社区或村")), *communities]  # type: ignore[attr-defined]


class SometimesNeeded(forms.CharField):
    """A field that one of the answers beside it makes needed; its hint says which, so it is not called optional."""

    sometimes_needed = True

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, **more)


class ContactForm(DeedForm):
    """Somebody for a person."""

    part = forms.ChoiceField(
        label=gettext_lazy("身份"), choices=Part.choices, widget=forms.RadioSelect, initial=Part.CONTACT
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH)
    relation = forms.ChoiceField(
        label=gettext_lazy("关系"), choices=[one for one in Relation.choices if one[0] != Relation.SELF]
    )
    phone = SometimesNeeded(label=gettext_lazy("电话"), max_length=24, help_text=gettext_lazy("监护人可以不填"))
    document = SometimesNeeded(
        label=gettext_lazy("监护文书"),
        max_length=120,
        help_text=gettext_lazy("监护人要填：判决书、指定书或协议的编号"),
    )
    from_date = day_field(gettext_lazy("从哪一天起"))
    until_date = day_field(gettext_lazy("到哪一天为止"), gettext_lazy("有期限才填"), required=False)


class EndContactForm(DeedForm):
    """A contact ends."""

    until_date = day_field(gettext_lazy("到哪一天为止"), gettext_lazy("从这一天起不再是"))


class JoinForm(DeedForm):
    """Under whose roof a person lives."""

    housemate = forms.ChoiceField(label=gettext_lazy("和谁一户"), widget=forms.RadioSelect)
    relation = forms.ChoiceField(
        label=gettext_lazy("和户主的关系"), choices=[one for one in Relation.choices if one[0] != Relation.SELF]
    )

    def __init__(self, *args: Any, housemates: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["housemate"].choices = list(housemates)  # type: ignore[attr-defined]


class ConfirmForm(DeedForm):
    """Nothing but yes."""


def fact_choices(fact: str) -> Choices:
    """The values of a fact in words, yes before no."""
    described: Fact = PERSON_TABLE[fact]
    if described.kind is Kind.BOOL:
        return [("true", described.if_true), ("false", described.if_false)]
    return [(str(value), say_value(fact, str(value))) for value in described.values]


def differing(form: CorrectForm, person: Person, shown: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """What the file says now and what somebody was about to write, field by field, where the two differ."""
    labels = {"sex": dict(Sex.choices)}
    return [
        (
            str(form.fields[name].label),
            labels.get(name, {}).get(getattr(person, name), getattr(person, name)),
            labels.get(name, {}).get(str(shown.get(name)), shown.get(name)),
        )
        for name in CorrectForm.FIELDS
        if _plain(getattr(person, name)) != _plain(shown.get(name))
    ]


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
