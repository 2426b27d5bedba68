"""Addresses of files of results."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from songhe.assessment.screens import importing

urlpatterns: list[URLPattern | URLResolver] = [
    path("results/imports/", importing.result_batches, name="result-batches"),
    path("results/imports/new/", importing.result_batch_new, name="result-batch-new"),
    path("results/imports/template/", importing.result_batch_template, name="result-batch-template"),
    path("results/imports/<uuid:pk>/", importing.result_batch, name="result-batch"),
    path("results/imports/<uuid:pk>/errors/", importing.result_batch_errors, name="result-batch-errors"),
    path("results/imports/<uuid:pk>/<slug:deed>/", importing.result_batch_deed, name="result-batch-deed"),
]
