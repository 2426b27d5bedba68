"""Addresses of the console's own pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.doors.console.languages import language
from songhe.doors.console.screens import account_list, accounts, home, own, signing_in

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("components/", home.components, name="components"),
    path("healthy/", signing_in.healthy, name="healthy"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign-in-code"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("language/<str:code>/", language, name="language"),
    path("own/region/", signing_in.working_region, name="working-region"),
    path("own/password/", own.own_password, name="own-password"),
    path("own/second-factor/", own.own_second_factor, name="own-second-factor"),
    path("accounts/", account_list.accounts, name="accounts"),
    path("accounts/export/", account_list.accounts_export, name="accounts-export"),
    path("accounts/new/", accounts.account_new, name="account-new"),
    path("accounts/<uuid:pk>/", accounts.account, name="account"),
    path("accounts/<uuid:pk>/change/", accounts.account_change, name="account-change"),
    path("accounts/<uuid:pk>/grants/", accounts.grant_new, name="grant-new"),
    path("accounts/<uuid:pk>/resets/", accounts.reset_new, name="reset-new"),
    path("resets/<uuid:pk>/decide/", accounts.reset_decide, name="reset-decide"),
    path("grants/<uuid:pk>/decide/", accounts.grant_decide, name="grant-decide"),
    path("roles/", accounts.roles, name="roles"),
]
