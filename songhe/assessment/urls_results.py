"""Addresses of results and objections."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from songhe.assessment.screens import objections, report, results

urlpatterns: list[URLPattern | URLResolver] = [
    path("results/", results.results, name="results"),
    path("results/export/", results.results_export, name="results-export"),
    path("results/<uuid:pk>/", results.result, name="result"),
    path("results/<uuid:pk>/report/", report.result_report, name="result-report"),
    path("results/<uuid:pk>/withdraw/", results.result_withdraw, name="result-withdraw"),
    path("results/<uuid:pk>/object/", objections.result_object, name="result-object"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<uuid:pk>/", objections.objection, name="objection"),
    path("objections/<uuid:pk>/<slug:deed>/", objections.objection_deed, name="objection-deed"),
    path("people/<uuid:pk>/", results.person_assessments, name="person-assessments"),
]
