"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.eligibility.decisions.screens import doors, matters, overview, person

urlpatterns: list[URLPattern] = [
    path("", overview.decisions, name="decisions"),
    path("people/", overview.decided_people, name="decided-people"),
    path("people/<uuid:pk>/", person.person_decisions, name="person-decisions"),
    path("people/<uuid:pk>/sheet/", person.person_sheet, name="person-decisions-sheet"),
    path("people/<uuid:pk>/sheet.pdf", person.person_pdf, name="person-decisions-pdf"),
    path("people/<uuid:pk>/items/<slug:item>/pause/", person.item_pause, name="item-pause"),
    path("people/<uuid:pk>/items/<slug:item>/resume/", person.item_resume, name="item-resume"),
    path("runs/", overview.decision_runs, name="decision-runs"),
    path("matters/", matters.matters, name="matters"),
    path("matters/export/", matters.matters_export, name="matters-export"),
    path("matters/views/", matters.matter_view_save, name="matter-view-save"),
    path("matters/views/<uuid:pk>/drop/", matters.matter_view_drop, name="matter-view-drop"),
    path("doors/<uuid:pk>/", doors.door, name="door"),
    path("doors/<uuid:pk>/undo/<uuid:matter>/", doors.door_undo, name="door-undo"),
]
