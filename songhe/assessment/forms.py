"""What the short forms of the room ask for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from songhe.assessment.models import PLACE_LENGTH, WORDS_LENGTH
from songhe.assessment.terms import AskedBy, Purpose, Reason
from songhe.ui.forms import RefusedForm, day_field

_FIRST_HOUR, _LAST_HOUR, _MINUTES = 8, 19, (0, 30)
ASKERS = (AskedBy.SELF, AskedBy.PROXY, AskedBy.COMMUNITY, AskedBy.INSTITUTION, AskedBy.EVENT)
REASONS = (Reason.FIRST, Reason.ROUTINE, Reason.IMMEDIATE, Reason.OTHER)


class AskForm(RefusedForm):
    """What an assessment is needed for, why now, and who asks."""

    purpose = forms.ChoiceField(label=_("评来做什么"), choices=Purpose.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("为什么评"), choices=[(one.value, one.label) for one in REASONS], widget=forms.RadioSelect
    )
    asked_by = forms.ChoiceField(
        label=_("谁申请的"), choices=[(one.value, one.label) for one in ASKERS], widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("情况"), required=False, max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如“上周出院，走路要人扶”；不写证件号和电话"),
    )  # fmt: skip


class WordsForm(RefusedForm):
    """Why."""

    words = forms.CharField(
        label=_("原因"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("申请的人会看到"),
    )  # fmt: skip


class PlainForm(RefusedForm):
    """Nothing but the deed."""


class AppointForm(RefusedForm):
    """A day, an hour and a place."""

    on = day_field(_("哪一天"))
    at = forms.ChoiceField(
        label=_("几点"),
        choices=[
            (f"{hour:02}:{minute:02}", f"{hour:02}:{minute:02}")
            for hour in range(_FIRST_HOUR, _LAST_HOUR)
            for minute in _MINUTES
        ],
    )
    place = forms.CharField(label=_("在哪里评"), required=False, max_length=PLACE_LENGTH, help_text=_("不写就是家里"))

    def visit_at(self) -> datetime:
        """The moment that was chosen."""
        day: date = self.cleaned_data["on"]
        clock = time.fromisoformat(self.cleaned_data["at"])
        return timezone.make_aware(datetime.combine(day, clock))


class TeamForm(RefusedForm):
    """Who is sent."""

    assessors = forms.MultipleChoiceField(label=_("派谁"), error_messages={"required": _("没有选评估员")})

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessors"].choices = [(key, key) for key in known]  # type: ignore[attr-defined]


def tomorrow(now: datetime) -> dict[str, str]:
    """What the appointment form begins with."""
    return {"on": (timezone.localdate(now) + timedelta(days=1)).isoformat(), "at": "09:00"}
