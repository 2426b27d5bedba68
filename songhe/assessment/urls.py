"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from songhe.assessment import urls_campaigns, urls_field, urls_importing, urls_organisations, urls_results
from songhe.assessment.screens import asking, form, listing, one

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.assessments, name="assessments"),
    path("ask/<uuid:pk>/", asking.assessment_ask, name="assessment-ask"),
    *urls_field.urlpatterns,
    *urls_importing.urlpatterns,
    *urls_results.urlpatterns,
    *urls_campaigns.urlpatterns,
    *urls_organisations.urlpatterns,
    path("<uuid:pk>/", one.assessment, name="assessment"),
    path("<uuid:pk>/forms/<uuid:form_pk>/", form.assessment_form, name="assessment-form"),
    path("<uuid:pk>/<slug:deed>/", one.assessment_deed, name="assessment-deed"),
]
