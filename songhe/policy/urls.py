"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.policy.screens import deeds, drafts, list_fields, lists, releases

urlpatterns: list[URLPattern] = [
    path("", lists.policies, name="policies"),
    path("import/", lists.list_import, name="list-import"),
    path("lists/<uuid:pk>/", lists.service_list, name="service-list"),
    path("lists/<uuid:pk>/draft/", lists.list_draft, name="list-draft"),
    path("lists/<uuid:pk>/unchanged/", lists.list_unchanged, name="list-unchanged"),
    path("releases/<uuid:pk>/", releases.release, name="release"),
    path("releases/<uuid:pk>/files.zip", releases.release_files, name="release-files"),
    path("releases/<uuid:pk>/print/", releases.release_print, name="release-print"),
    path("releases/<uuid:pk>/new-item/", drafts.release_item_new, name="release-item-new"),
    path("releases/<uuid:pk>/items/<slug:stem>/", drafts.release_item, name="release-item"),
    path("releases/<uuid:pk>/items/<slug:stem>/try/", drafts.release_item_try, name="release-item-try"),
    path("releases/<uuid:pk>/items/<slug:stem>/remove/", drafts.release_item_remove, name="release-item-remove"),
    path("releases/<uuid:pk>/items/<slug:stem>/back/", list_fields.release_item_back, name="release-item-back"),
    path("releases/<uuid:pk>/list/", list_fields.release_list, name="release-list"),
    path("releases/<uuid:pk>/list/try/", list_fields.release_list_try, name="release-list-try"),
    path("releases/<uuid:pk>/order/", list_fields.release_order, name="release-order"),
    path("releases/<uuid:pk>/text/<slug:stem>/", drafts.release_file, name="release-file"),
    path("releases/<uuid:pk>/<slug:deed>/", deeds.release_deed, name="release-deed"),
]
