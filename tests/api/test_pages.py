"""Two administrators let a system in on its page; the token is shown once; nobody else can."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from songhe.doors.api import listing
from songhe.doors.api.models import ApiClient
from tests.platform_fixtures import ClientFor

NEW = "/systems/new/"


def wanted(**more: Any) -> dict[str, Any]:
    given = {
        "name": "残联接口", "office": "市残联", "region": "420704", "source": "disabled_federation",
        "purposes": ["exchange"], "actions": ["people.read", "people.write"],
        "until_date": (timezone.localdate() + timedelta(days=60)).isoformat(),
    }  # fmt: skip
    return given | more


@pytest.mark.covers("NET-02")
def test_one_proposes_another_lets_in_and_the_system_calls(client_as: ClientFor) -> None:
    first, second = client_as("security_admin"), client_as("security_admin", login="another-admin", name="周敏")
    assert first.get(NEW).status_code == 200
    assert first.post(NEW, wanted()).headers["Location"] == "/systems/"
    system = ApiClient.objects.get()
    decide = f"/systems/{system.pk}/decide/"
    assert "批准</button>" not in first.get("/systems/").content.decode()
    assert first.post(decide, {"deed": "approve"}).status_code == 302
    assert ApiClient.objects.get().approved_at is None
    page = second.post(decide, {"deed": "approve"}).content.decode()
    token = re.search(r"songhe_[\w-]{43}", page)
    assert token
    assert token[0] not in second.get("/systems/").content.decode()
    headers = {"Authorization": f"Bearer {token[0]}", "Songhe-Purpose": "exchange"}
    assert Client().get("/api/v1/people", headers=headers).status_code == 200
    assert first.get(f"/systems/?confirm={system.pk}").status_code == 200
    assert first.post(decide, {"deed": "end"}).status_code == 302
    assert Client().get("/api/v1/people", headers=headers).status_code == 401


def test_the_list_is_found_by_words_sorted_and_paged(client_as: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    first, second = client_as("security_admin"), client_as("security_admin", login="another-admin", name="周敏")
    for name, days in (("甲接口", 90), ("乙接口", 30), ("丙接口", 60)):
        first.post(NEW, wanted(name=name, until_date=(timezone.localdate() + timedelta(days=days)).isoformat()))
    for system in ApiClient.objects.exclude(name="丙接口"):
        second.post(f"/systems/{system.pk}/decide/", {"deed": "approve"})
    page = second.get("/systems/?sort=until").content.decode()
    assert page.index("等批准的系统") < page.index("丙接口") < page.index("乙接口")
    assert "甲接口" not in page and "共2个" in page
    behind = unescape(re.findall(r'href="(\?[^"]*after=[^"]*)"', page)[0])
    assert "甲接口" in second.get(f"/systems/{behind}").content.decode()
    page = second.get("/systems/?words=甲").content.decode()
    assert "甲接口" in page and "乙接口" not in page
    assert "没有这样的系统" in second.get("/systems/?words=丁&confirm=nonsense").content.decode()


def test_a_mistake_is_said_at_its_field(client_as: ClientFor) -> None:
    admin = client_as("security_admin")
    for wrong in ({"until_date": "2020-01-01"}, {"region": "42"}, {"actions": ["access.grant"]}, {"purposes": []}):
        answer = admin.post(NEW, wanted(**wrong))
        assert answer.status_code == 422
        assert "sh-field__error" in answer.content.decode()
    assert admin.post(NEW, wanted(region="150600")).status_code == 422
    assert not ApiClient.objects.exists()


def test_the_session_of_a_page_opens_no_call(client_as: ClientFor) -> None:
    officer = client_as("city_officer")
    assert officer.get("/api/v1/people").status_code == 401
    assert officer.get("/systems/").status_code == 403
