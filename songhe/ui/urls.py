"""The page of components; mounted where a demonstration or a developer wants it."""

from __future__ import annotations

from django.urls import path

from songhe.ui import screens

urlpatterns = [
    path("components/", screens.components, name="components"),
    path("components/file/", screens.file, name="components-file"),
    path("components/sign-in/", screens.plain, name="components-plain"),
    path("components/sheet/", screens.sheet, name="components-sheet"),
]
