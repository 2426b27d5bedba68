"""Addresses of the assessor's day and of the device that is taken along."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from songhe.assessment.screens import field

urlpatterns: list[URLPattern | URLResolver] = [
    path("day/", field.assessment_day, name="assessment-day"),
    path("day/leave/", field.assessment_leave, name="assessment-leave"),
    path("day/<uuid:pk>/phone/", field.assessment_day_phone, name="assessment-day-phone"),
    path("field/", field.assessment_field, name="assessment-field"),
    path("field/worker.js", field.assessment_field_worker, name="assessment-field-worker"),
    path("field/token/", field.assessment_field_token, name="assessment-field-token"),
    path("field/take/", field.assessment_field_take, name="assessment-field-take"),
    path("field/<uuid:pk>/save/", field.assessment_field_save, name="assessment-field-save"),
    path("field/<uuid:pk>/photo/", field.assessment_field_photo, name="assessment-field-photo"),
    path("field/<uuid:pk>/sign/", field.assessment_field_sign, name="assessment-field-sign"),
    path("field/<uuid:pk>/submit/", field.assessment_field_submit, name="assessment-field-submit"),
    path("<uuid:pk>/photos/<uuid:photo>/", field.assessment_photo, name="assessment-photo"),
]
