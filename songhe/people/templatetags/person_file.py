"""`{% file_frame pk "tab" %}`: what stands around a page of a file, for pages of other rooms that extend it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template

from songhe.people.models import Person
from songhe.people.screens.person import frame, open_file

register = template.Library()


@register.simple_tag(takes_context=True)
def file_frame(context: Any, pk: UUID, tab: str) -> str:
    """Puts head, tabs and rights into the block it stands in; `{{ block.super }}` then shows them. 404 as the file.

    A page that has read the person already gives it as `person`; it is not asked for twice.
    """
    request = context["request"]
    around = getattr(request, "person_file_frame", None)
    if around is None or around["person"].pk != pk:
        read = context.get("person")
        found = read if isinstance(read, Person) and read.pk == pk else open_file(request, pk)
        around = request.person_file_frame = frame(request, found, tab)
    for name, value in around.items():
        context[name] = value
    return ""
