"""Addresses of one's own. None of them names anybody: whose file it is stands in the visit."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.doors.portal.mine import entry_screens, screens
from songhe.doors.portal.screens import assessing

urlpatterns: list[URLPattern] = [
    path("", screens.portal_mine, name="portal-mine"),
    path("enter/", entry_screens.portal_enter, name="portal-enter"),
    path("enter/code/", entry_screens.portal_code, name="portal-code"),
    path("other/", entry_screens.portal_other, name="portal-other"),
    path("stay/", entry_screens.portal_stay, name="portal-stay"),
    path("leave/", entry_screens.portal_leave, name="portal-leave"),
    path("file/", screens.portal_file, name="portal-file"),
    path("decisions/", screens.portal_decisions, name="portal-decisions"),
    path("decisions/<slug:slug>/", screens.portal_decision, name="portal-decision"),
    path("questions/", screens.portal_questions, name="portal-questions"),
    path("questions/<slug:fact>/", screens.portal_question, name="portal-question"),
    path("seen/", screens.portal_seen, name="portal-seen"),
    path("say/", screens.portal_say, name="portal-say"),
    path("sayings/", screens.portal_sayings, name="portal-sayings"),
    path("assessment/", assessing.portal_assessment, name="portal-assessment"),
    path("assessment/ask/", assessing.portal_assessment_ask, name="portal-assessment-ask"),
    path("assessment/object/", assessing.portal_assessment_object, name="portal-assessment-object"),
]
