"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.people.imports.screens import batch, handing_in, listing, reviewing

urlpatterns: list[URLPattern] = [
    path("", listing.imports, name="imports"),
    path("export/", listing.imports_export, name="imports-export"),
    path("new/", handing_in.import_new, name="import-new"),
    path("<uuid:pk>/", batch.import_page, name="import"),
    path("<uuid:pk>/progress/", batch.import_progress, name="import-progress"),
    path("<uuid:pk>/columns/", handing_in.import_columns, name="import-columns"),
    path("<uuid:pk>/abandon/", handing_in.import_abandon, name="import-abandon"),
    path("<uuid:pk>/rows/", batch.import_rows, name="import-rows"),
    path("<uuid:pk>/error-rows/", batch.import_error_rows, name="import-error-rows"),
    path("<uuid:pk>/review/", reviewing.import_review, name="import-review"),
    path("<uuid:pk>/review/<int:number>/", reviewing.import_review_row, name="import-review-row"),
    path("<uuid:pk>/propose/", batch.import_propose, name="import-propose"),
    path("<uuid:pk>/approve/", batch.import_approve, name="import-approve"),
    path("<uuid:pk>/send-back/", batch.import_send_back, name="import-send-back"),
    path("<uuid:pk>/undo/", batch.import_undo, name="import-undo"),
]
