"""Addresses of organisations, assessors, comparisons, second assessments and settlements."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from songhe.assessment.screens import drifting, organisations, settling

urlpatterns: list[URLPattern | URLResolver] = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.organisation_new, name="organisation-new"),
    path("organisations/<uuid:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:pk>/assessor/", organisations.assessor_new, name="assessor-new"),
    path("organisations/<uuid:pk>/<slug:deed>/", organisations.organisation_deed, name="organisation-deed"),
    path("assessors/<uuid:pk>/", organisations.assessor, name="assessor"),
    path("assessors/<uuid:pk>/change/", organisations.assessor_change, name="assessor-change"),
    path("assessors/<uuid:pk>/tie/", organisations.tie_new, name="tie-new"),
    path("assessors/<uuid:pk>/ties/<uuid:tie>/", organisations.tie_end, name="tie-end"),
    path("assessors/<uuid:pk>/draw/", drifting.assessor_draw, name="assessor-draw"),
    path("drift/", drifting.drift, name="drift"),
    path("drift/measure/", drifting.drift_measure, name="drift-measure"),
    path("seconds/", drifting.assessment_seconds, name="assessment-seconds"),
    path("seconds/<uuid:pk>/", drifting.assessment_second, name="assessment-second"),
    path("settlement/", settling.settlement, name="settlement"),
    path("settlement/export/", settling.settlement_export, name="settlement-export"),
    path("settlement/<uuid:pk>/<slug:kind>/", settling.settlement_rows, name="settlement-rows"),
]
