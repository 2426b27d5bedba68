"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.audit import screens

urlpatterns: list[URLPattern] = [
    path("", screens.audit, name="audit"),
    path("verify/", screens.audit_verify, name="audit-verify"),
    path("export/", screens.audit_export, name="audit-export"),
    path("<int:number>/", screens.audit_entry, name="audit-entry"),
]
