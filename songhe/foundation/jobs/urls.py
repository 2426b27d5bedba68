"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.jobs import screens

urlpatterns: list[URLPattern] = [
    path("", screens.jobs, name="jobs"),
    path("export/", screens.jobs_export, name="jobs-export"),
    path("<uuid:job_id>/", screens.job, name="job"),
    path("<uuid:job_id>/progress/", screens.job_progress, name="job-progress"),
    path("<uuid:job_id>/stop/", screens.stop_job, name="job-stop"),
]
