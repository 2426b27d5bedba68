"""What security administrators fill in about a webhook."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from songhe.doors.api.models import ApiClient
from songhe.doors.api.terms import URL_LENGTH
from songhe.doors.api.webhooks.kinds import words_of_kind
from songhe.doors.api.webhooks.subscribing import kinds_for
from songhe.ui.words import said


class WebhookForm(forms.Form):
    """Where to, and what of."""

    url = forms.CharField(
        label=_("送到哪里"), max_length=URL_LENGTH, help_text=_("以https开头的公网地址，那个单位的人给")
    )
    kinds = forms.MultipleChoiceField(label=_("哪些消息"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, client: ApiClient, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds: forms.MultipleChoiceField = self.fields["kinds"]  # type: ignore[assignment]
        kinds.choices = [(kind, said(words_of_kind(kind))) for kind in kinds_for(client)]
