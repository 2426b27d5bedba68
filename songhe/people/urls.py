"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.people.screens import (
    exports,
    fact_pages,
    file_deeds,
    households,
    listing,
    person,
    registering,
    transfers,
)
from songhe.people.screens.deeds import page_of

urlpatterns: list[URLPattern] = [
    path("", listing.people, name="people"),
    path("search/", listing.people_search, name="people-search"),
    path("columns/", listing.people_columns, name="people-columns"),
    path("views/", listing.view_save, name="people-view-save"),
    path("views/<uuid:pk>/drop/", listing.view_drop, name="people-view-drop"),
    path("export/", exports.people_export, name="people-export"),
    path("new/", registering.person_new, name="person-new"),
    path("new/check/", registering.person_check, name="person-check"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new/", transfers.transfer_new, name="transfer-new"),
    path("transfers/<uuid:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<uuid:pk>/withdraw/", transfers.transfer_withdraw, name="transfer-withdraw"),
    path("households/<uuid:pk>/", households.household, name="household"),
    path("households/<uuid:pk>/move/", households.household_move, name="household-move"),
    path("<uuid:pk>/", person.person, name="person"),
    path("<uuid:pk>/events/", person.person_events, name="person-events"),
    path("<uuid:pk>/seen/", person.person_seen, name="person-seen"),
    path("<uuid:pk>/unmask/", person.person_unmask, name="person-unmask"),
    path("<uuid:pk>/correct/", page_of(file_deeds.CORRECT), name="person-correct"),
    path("<uuid:pk>/facts/", fact_pages.person_facts, name="person-facts"),
    path("<uuid:pk>/facts/<slug:fact>/", page_of(file_deeds.TELL), name="person-fact"),
    path("<uuid:pk>/facts/<slug:fact>/<slug:source>/end/", page_of(file_deeds.END_FACT), name="person-fact-end"),
    path("<uuid:pk>/death/", page_of(file_deeds.DEATH), name="person-death"),
    path("<uuid:pk>/death/undo/", page_of(file_deeds.UNDO_DEATH), name="person-undo-death"),
    path("<uuid:pk>/move/", page_of(file_deeds.MOVE), name="person-move"),
    path("<uuid:pk>/move-out/", page_of(file_deeds.MOVE_OUT), name="person-move-out"),
    path("<uuid:pk>/return/", page_of(file_deeds.RETURN), name="person-return"),
    path("<uuid:pk>/transfer/", page_of(file_deeds.TRANSFER), name="person-transfer"),
    path("<uuid:pk>/contacts/", page_of(file_deeds.CONTACT), name="contact-new"),
    path("<uuid:pk>/contacts/<uuid:contact_pk>/end/", page_of(file_deeds.END_CONTACT), name="contact-end"),
    path("<uuid:pk>/contacts/<uuid:contact_pk>/unmask/", person.contact_unmask, name="contact-unmask"),
    path("<uuid:pk>/household/", page_of(file_deeds.JOIN), name="person-join"),
    path("<uuid:pk>/household/leave/", page_of(file_deeds.LEAVE), name="person-leave"),
    path("<uuid:pk>/unmerge/", page_of(file_deeds.UNMERGE), name="person-unmerge"),
]
