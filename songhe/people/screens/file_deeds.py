"""What can be done with a file, each as one `Deed`: what it asks for, which operation does it, what is said after."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from songhe.kernel.errors import Conflict
from songhe.people import forms, permissions
from songhe.people.models import Contact
from songhe.people.operations import contacting, dying, housing, merging, moving, registering, telling, transferring
from songhe.people.presenters_facts import label_of, tellings_of
from songhe.people.queries import file
from songhe.people.screens import places
from songhe.people.screens.deeds import Asked, Deed, first
from songhe.people.screens.saying import Said
from songhe.people.trust import TOLD_FACTS


def _today(asked: Asked) -> str:
    return asked.today.isoformat()


# Correcting.
def _correct_form(asked: Asked, data: Any) -> forms.DeedForm:
    person = asked.person
    initial = {name: getattr(person, name) for name in forms.CorrectForm.FIELDS}
    return forms.CorrectForm(data.copy() if data else None, initial=first(version=person.version, **initial))


def _correct(asked: Asked, form: Any) -> Said:
    given = form.cleaned_data
    try:
        registering.correct_person(
            actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk,
            version=given["version"], changes=form.changes(asked.person), source=given["source"],
            reason=given["reason"],
        )  # fmt: skip
    except Conflict:
        form.data["version"] = asked.person.version
        raise
    return Said(_("更正好了"))


def _differences(asked: Asked, form: forms.DeedForm) -> dict[str, Any]:
    changed = form.is_bound and str(form.data.get("version")) != str(form.cleaned_data.get("version"))
    if not changed:
        return {}
    return {"differences": forms.differing(cast(forms.CorrectForm, form), asked.person, form.cleaned_data)}


CORRECT = Deed(
    permissions.WRITE, lambda person: _("更正{name}的档案").format(name=person.name), lambda person: _("更正"),
    _correct_form, _correct,
    follows=lambda person: [_("改前改后都留在记录里"), _("证件号和电话不显示，不改就空着")], more=_differences,
)  # fmt: skip


# Facts.
def _fact(asked: Asked) -> str:
    fact = str(asked.parts["fact"])
    if fact not in TOLD_FACTS:
        raise Http404
    return fact


def _fact_form(asked: Asked, data: Any) -> forms.DeedForm:
    return forms.FactForm(data, fact=_fact(asked), initial=first(as_of=_today(asked)))


def _tell(asked: Asked, form: Any) -> Said:
    given = form.cleaned_data
    new = telling.record_fact(
        actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk, fact=_fact(asked),
        value=given["value"], source=given["source"], as_of=given["as_of"], from_date=given["from_date"],
    )  # fmt: skip
    return Said(_("登记好了")) if new else Said(_("和已有的一样，没有变"), "info")


def _told(asked: Asked, form: forms.DeedForm) -> dict[str, Any]:
    fact = _fact(asked)
    resolved, tellings = file.facts_of(asked.person, asked.today)[fact]
    return {"fact": fact, "fact_label": label_of(fact), "tellings": tellings_of(fact, resolved, tellings, asked.today)}


TELL = Deed(
    permissions.WRITE, lambda person: _("登记{name}的情况").format(name=person.name),
    lambda person: pgettext("a fact", "登记"),
    _fact_form, _tell,
    follows=lambda person: [_("别的来源说的不会被盖掉；说法不同会两种都显示"), _("哪个来源算数，看来源的先后和日期")],
    template="people/fact.html", more=_told,
)  # fmt: skip


def _end_fact_form(asked: Asked, data: Any) -> forms.DeedForm:
    _fact(asked)
    return forms.EndFactForm(data, initial=first(until_date=_today(asked)))


def _end_fact(asked: Asked, form: Any) -> Said:
    telling.end_fact(
        actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk, fact=_fact(asked),
        source=str(asked.parts["source"]), until_date=form.cleaned_data["until_date"],
    )  # fmt: skip
    return Said(_("记下了，从那一天起不再是这样"))


END_FACT = Deed(
    permissions.WRITE, lambda person: _("{name}不再是这样").format(name=person.name), lambda person: _("不再是这样"),
    _end_fact_form,
    _end_fact, follows=lambda person: [_("那一天以前的仍然算数")],
)  # fmt: skip


# Death.
def _die(asked: Asked, form: Any) -> Said:
    given = form.cleaned_data
    dying.record_death(
        actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk,
        on_date=given["on_date"], source=given["source"], reason=given["reason"],
    )  # fmt: skip
    return Said(_("去世已登记。登记错了可以撤回"))


DEATH = Deed(
    permissions.LIFE_EVENT, lambda person: _("登记{name}去世？").format(name=person.name),
    lambda person: _("登记{name}去世").format(name=person.name),
    lambda asked, data: forms.DeathForm(data, initial=first()), _die, kind="alarm",
    follows=lambda person: [
        _("从那一天起不再算在册的老人，各项待遇和探访不再安排"), _("档案和记录都留着"),
        _("登记错了，有撤回权限的人可以撤回"),
    ],
)  # fmt: skip


def _undo_death(asked: Asked, form: Any) -> Said:
    dying.undo_death(
        actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk,
        reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return Said(_("去世已撤回，档案恢复成原来的样子"))


UNDO_DEATH = Deed(
    permissions.UNDO, lambda person: _("撤回{name}的去世登记").format(name=person.name),
    lambda person: _("撤回去世登记"),
    lambda asked, data: forms.UndoForm(data, initial=first()), _undo_death,
    follows=lambda person: [_("恢复成登记去世以前的样子"), _("登记和撤回都留在记录里")],
)  # fmt: skip


# Moving.
def _move_form(asked: Asked, data: Any) -> forms.DeedForm:
    options = places.communities(asked.request.actor, asked.today)
    return forms.MoveForm(data, communities=options, initial=first(on_date=_today(asked), place="living"))


def _move(asked: Asked, form: Any) -> Said:
    given = {name: form.cleaned_data[name] for name in ("place", "area", "address", "on_date", "source", "reason")}
    moving.move_person(actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk, **given)
    return Said(_("迁移已登记"))


MOVE = Deed(
    permissions.LIFE_EVENT, lambda person: _("{name}搬到别处").format(name=person.name), lambda person: _("登记迁移"),
    _move_form, _move,
    follows=lambda person: [
        _("迁居住地的，档案跟着到新的社区"), _("一个人搬走的，不再算原来那一户的人"),
        _("搬到您管的地方以外，请办转区或迁出"),
    ],
)  # fmt: skip


def _move_out(asked: Asked, form: Any) -> Said:
    given = {name: form.cleaned_data[name] for name in ("on_date", "destination", "source", "reason")}
    moving.move_out(actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk, **given)
    return Said(_("迁出已登记"))


MOVE_OUT = Deed(
    permissions.LIFE_EVENT, lambda person: _("登记{name}迁出？").format(name=person.name),
    lambda person: _("登记{name}迁出").format(name=person.name),
    lambda asked, data: forms.MoveOutForm(data, initial=first(on_date=_today(asked))), _move_out, kind="alarm",
    follows=lambda person: [_("不再算在册的老人，档案留在这里"), _("回来了可以登记迁回"),
        _("迁到本市别的区，请办转区")],
)  # fmt: skip


def _return(asked: Asked, form: Any) -> Said:
    moving.return_person(
        actor=asked.request.actor, today=asked.today, now=asked.now, person_id=asked.person.pk,
        on_date=form.cleaned_data["on_date"], reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return Said(_("迁回已登记"))


RETURN = Deed(
    permissions.LIFE_EVENT, lambda person: _("{name}迁回来了").format(name=person.name), lambda person: _("登记迁回"),
    lambda asked, data: forms.ReturnForm(data, initial=first(on_date=_today(asked))), _return,
)  # fmt: skip


def _transfer_form(asked: Asked, data: Any) -> forms.DeedForm:
    options = places.districts_elsewhere(asked.request.actor, asked.today)
    return forms.TransferForm(data, districts=options, initial=first())


def _transfer(asked: Asked, form: Any) -> Said:
    transferring.propose_transfer(
        actor=asked.request.actor, now=asked.now, person_id=asked.person.pk,
        to_region=form.cleaned_data["to_region"], reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return Said(_("转区已送出，等对方答复"))


TRANSFER = Deed(
    permissions.TRANSFER, lambda person: _("把{name}的档案转到别的区").format(name=person.name),
    lambda person: _("送出转区"), _transfer_form,
    _transfer,
    follows=lambda person: [_("对方同意后，档案连同记录一起转过去，您这里就看不到了"), _("对方答复以前可以撤回")],
)  # fmt: skip


# Contacts.
def _add_contact(asked: Asked, form: Any) -> Said:
    names = ("part", "relation", "name", "phone", "document", "from_date", "until_date")
    contacting.add_contact(
        actor=asked.request.actor, today=asked.today, person_id=asked.person.pk,
        **{name: form.cleaned_data[name] for name in names},
    )  # fmt: skip
    return Said(_("联系人已登记"))


CONTACT = Deed(
    permissions.WRITE, lambda person: _("给{name}登记联系人").format(name=person.name),
    lambda person: pgettext("a fact", "登记"),
    lambda asked, data: forms.ContactForm(data, initial=first(from_date=_today(asked), part="contact")), _add_contact,
)  # fmt: skip


def _contact(asked: Asked) -> Contact:
    found = asked.person.contacts.filter(pk=asked.parts["contact_pk"]).first()
    if found is None:
        raise Http404
    return found


def _end_contact_form(asked: Asked, data: Any) -> forms.DeedForm:
    _contact(asked)
    return forms.EndContactForm(data, initial=first(until_date=_today(asked)))


def _end_contact(asked: Asked, form: Any) -> Said:
    contacting.end_contact(
        actor=asked.request.actor, today=asked.today, now=asked.now, contact_id=_contact(asked).pk,
        until_date=form.cleaned_data["until_date"],
    )  # fmt: skip
    return Said(_("联系人已停用"))


END_CONTACT = Deed(
    permissions.WRITE, lambda person: _("停用{name}的一位联系人").format(name=person.name), lambda person: _("停用"),
    _end_contact_form,
    _end_contact, more=lambda asked, form: {"deed_about": _contact(asked).name},
)  # fmt: skip


# Households.
def _join_form(asked: Asked, data: Any) -> forms.DeedForm:
    mates = [
        (str(one.pk), _("{name}，{address}").format(name=one.name, address=one.address))
        for one in file.housemates_of(asked.person)
    ]
    return forms.JoinForm(data, housemates=mates, initial=first())


def _join(asked: Asked, form: Any) -> Said:
    actor, now = asked.request.actor, asked.now
    mate = file.person_of(actor, form.cleaned_data["housemate"])
    household = mate.household_id or housing.open_household(actor=actor, now=now, head_id=mate.pk).pk
    housing.join_household(
        actor=actor, now=now, person_id=asked.person.pk, household_id=household,
        relation=form.cleaned_data["relation"],
    )  # fmt: skip
    return Said(_("家庭已登记"))


JOIN = Deed(
    permissions.WRITE, lambda person: _("{name}和谁一户").format(name=person.name), lambda person: _("登记成一户"),
    _join_form, _join,
    follows=lambda person: [_("这里列出同一社区、同一住址的老人；住址不同的，先更正住址")],
    more=lambda asked, form: {"no_choice": not file.housemates_of(asked.person)},
)  # fmt: skip


def _leave(asked: Asked, form: Any) -> Said:
    person = asked.person
    housing.leave_household(actor=asked.request.actor, now=asked.now, person_id=person.pk)
    return Said(_("已不算这一户的人"))


LEAVE = Deed(
    permissions.WRITE, lambda person: _("{name}不再和这一户一起住？").format(name=person.name),
    lambda person: _("不再一起住"),
    lambda asked, data: forms.ConfirmForm(data, initial=first()), _leave,
    follows=lambda person: [_("住址不变；搬走的请办迁移")],
)  # fmt: skip


# Merged files.
def _unmerge(asked: Asked, form: Any) -> Said:
    event = file.merge_of(asked.person)
    if event is None:
        raise Conflict(_("没有合并过"))
    merging.unmerge_persons(
        actor=asked.request.actor, today=asked.today, now=asked.now, event_id=event.pk,
        reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return Said(_("合并已撤回，两份档案都恢复了"))


UNMERGE = Deed(
    permissions.UNDO, lambda person: _("撤回{name}的合并").format(name=person.name), lambda person: _("撤回合并"),
    lambda asked, data: forms.UndoForm(data, initial=first()), _unmerge,
    follows=lambda person: [_("两份档案都恢复成合并以前的样子"), _("合并和撤回都留在记录里")],
)  # fmt: skip
