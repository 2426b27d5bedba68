"""The hidden field that makes a form be done once."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from songhe.foundation.idempotency.answering import FIELD

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A new key for this form as it is shown now."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4().hex)
