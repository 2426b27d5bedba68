"""Addresses below /api/v1/: the document is for everybody, all calls stand behind the gate."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.doors.api.documents import docs, openapi
from songhe.doors.api.gate import gated
from songhe.doors.api.service import KEYED, api

urlpatterns: list[URLPattern] = [
    path("openapi.json", openapi, name="api-document"),
    path("docs/", docs, name="api-docs"),
]
# The library gives a call that reads and one that writes at the same address one pattern each, with the same view.
for _name, _pattern in {str(one.name): one for one in api.urls[0] if isinstance(one, URLPattern)}.items():
    if _name != "api-root" and _pattern.callback is not None:
        urlpatterns.append(path(str(_pattern.pattern), gated(_pattern.callback, KEYED), name=f"api-{_name}"))
