"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from songhe.doors.portal.screens import asking, contact, placing, plain, requests, saying, sayings, services, verifying

urlpatterns: list[URLPattern | URLResolver] = [
    path("", plain.home, name="portal"),
    path("appearance/<str:what>/", plain.appearance, name="portal-appearance"),
    path("services/", services.services, name="portal-services"),
    path("services/<slug:slug>/", services.service, name="portal-service"),
    path("place/", placing.place, name="portal-place"),
    path("ask/", asking.ask, name="portal-ask"),
    path("ask/result/", asking.result, name="portal-result"),
    path("contact/", contact.contact, name="portal-contact"),
    path("contact/kept/", contact.contact_kept, name="portal-contact-kept"),
    path("opinion/", saying.opinion, name="portal-opinion"),
    path("opinion/answer/", saying.opinion_answer, name="portal-opinion-answer"),
    path("opinion/<uuid:pk>/", saying.opinion_kept, name="portal-opinion-said"),
    path("policy/", plain.policy, name="portal-policy"),
    path("accessibility/", plain.accessibility, name="portal-accessibility"),
    path("verify/", verifying.verify, name="verify"),
    path("public-notice/", verifying.public_notice, name="portal-public-notice"),
    path("requests/<uuid:pk>/", requests.request_page, name="portal-request"),
    path("sayings/<uuid:pk>/", sayings.saying_page, name="portal-saying"),
    path("mine/", include("songhe.doors.portal.mine.urls")),
]
