"""Addresses of campaigns and of the board."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.assessment.screens import board, campaigns

urlpatterns: list[URLPattern] = [
    path("board/", board.board, name="board"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/openings/<uuid:pk>/", campaigns.campaign_opening, name="campaign-opening"),
    path("campaigns/<uuid:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:pk>/people/", campaigns.campaign_people, name="campaign-people"),
    path("campaigns/<uuid:pk>/ask/", campaigns.campaign_ask, name="campaign-ask"),
    path("campaigns/<uuid:pk>/close/", campaigns.campaign_close, name="campaign-close"),
]
