"""The pages of lists: seen from where one works, drafted in a form with what it comes to beside it, sent on its way."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from songhe.policy.api import Release, begin_draft
from songhe.policy.models import Step
from songhe.rules.reading_packs import load_pack
from tests.platform_fixtures import ClientFor
from tests.policy.releases import EZHOU, NOW, POLICIES, issued_release, officer, sent_on

pytestmark = pytest.mark.usefixtures("db")
SUBSIDY = "17-elderly-service-subsidy"


def draft_of(first: Release) -> Release:
    return begin_draft(actor=officer(), of_list=first.of_list, from_date=date(2099, 1, 1), now=NOW)


def page_of(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


def fields_on(html: str) -> dict[str, Any]:
    """What the form of an item holds, as a browser would send it."""
    form = html[html.index('id="item-form"') : html.index("</form>", html.index('id="item-form"'))]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1] if value else "")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(body)
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    found.pop("once", None)
    return found


@pytest.mark.covers("POL-01")
def test_a_list_is_seen_with_its_items_said(client_as: ClientFor) -> None:
    release = issued_release()
    client = client_as("community_worker", "420704001002")
    lists = page_of(client, "policies")
    assert "鄂州市基本养老服务清单" in lists and "第1版" in lists and "导入" not in lists
    page = page_of(client, "release", release.pk)
    assert "养老服务补贴" in page and "年满80周岁" in page and "每个月" not in page
    assert "普惠" in page and "市民政局" in page and "加一项" not in page
    assert client.get(reverse("release-deed", args=[release.pk, "issue"])).status_code == 403


@pytest.mark.covers("POL-04")
def test_a_list_is_cut_by_age_economic_status_and_body(client_as: ClientFor) -> None:
    release = issued_release()
    client = client_as("city_officer", "420700")
    counts = {}
    for group in ("", "age:60", "age:80", "poor", "disabled", "healthy", "everyone", "nonsense"):
        page = page_of(client, "release", release.pk, group=group)
        counts[group] = int(re.search(r"(\d+)项，数字按", page)[1])  # type: ignore[index]
    assert counts[""] == counts["nonsense"] == 27
    assert 0 < counts["age:60"] <= counts["age:80"] <= 27
    assert 0 < counts["disabled"] < 27 and 0 < counts["poor"] < 27 and 0 < counts["everyone"] < 27


@pytest.mark.covers("POL-05")
def test_a_list_stands_beside_the_one_before_and_the_country_s(client_as: ClientFor) -> None:
    first = issued_release()
    draft = draft_of(first)
    text = draft.files[f"{SUBSIDY}.yaml"].replace("value: 80", "value: 85")
    Release.objects.filter(pk=draft.pk).update(files={**draft.files, f"{SUBSIDY}.yaml": text})
    client = client_as("city_officer", "420700")
    page = page_of(client, "release", draft.pk, view="compare")
    assert "上一版（第1版）" in page and "国家基本养老服务清单" in page and "还没有核对正式文本" in page
    assert "人变少：上一版可享、这里不可享" in page and "周岁（" in page
    changes = page_of(client, "release", draft.pk, view="changes")
    assert "value: 85" in changes and f"{SUBSIDY}.yaml" in changes
    assert "value: 70" not in changes
    assert "说法变了的事项" in changes and re.search(r"<del>年满80周岁[^<]*</del>", changes)
    assert re.search(r"现在：</span>年满85周岁", changes)


def test_what_was_taken_out_is_told_among_the_changes(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    files = {name: text for name, text in draft.files.items() if name != f"{SUBSIDY}.yaml"}
    Release.objects.filter(pk=draft.pk).update(files=files)
    changes = page_of(client_as("city_officer", "420700"), "release", draft.pk, view="changes")
    assert "17 养老服务补贴" in changes and "去掉了，施行以后谁也不能再按这一项享受" in changes


@pytest.mark.parametrize("view", ["doubts", "way"])
def test_doubts_and_the_way_are_told(client_as: ClientFor, view: str) -> None:
    page = page_of(client_as("district_officer", "420704"), "release", issued_release().pk, view=view)
    assert {"doubts": "ezhou-06", "way": "周敏"}[view] in page


def test_the_files_come_as_the_folder_they_were(client_as: ClientFor, tmp_path: Any) -> None:
    release = issued_release()
    client = client_as("city_officer", "420700")
    answer = client.get(reverse("release-files", args=[release.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "instruments.yaml").write_bytes((POLICIES / "instruments.yaml").read_bytes())
    assert load_pack(tmp_path, EZHOU).digest == release.digest
    assert "鄂州市基本养老服务清单" in page_of(client, "release-print", release.pk)


def test_another_city_s_list_is_not_there(client_as: ClientFor) -> None:
    release = issued_release()
    client = client_as("city_officer", "150600")
    assert "鄂州" not in page_of(client, "policies")
    for name in ("release", "release-files", "release-print"):
        assert client.get(reverse(name, args=[release.pk])).status_code == 404
    assert client.get(reverse("service-list", args=[release.of_list_id])).status_code == 404
    assert client.get(reverse("release", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.covers("POL-01")
def test_what_is_typed_is_said_and_mistakes_stand_at_their_field(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    client = client_as("city_officer", "420700")
    sent = fields_on(page_of(client, "release-item", draft.pk, SUBSIDY))
    address = reverse("release-item-try", args=[draft.pk, SUBSIDY])
    right = client.post(address, sent).content.decode()
    assert "年满80周岁" in right and "没有不对的" in right and "例子跑了" in right
    wrong = client.post(address, {**sent, "who": "agee >= from_age"}).content.decode()
    at = wrong[wrong.index('id="fault-who"') :]
    assert "agee" in at[: at.index("</div></div>")] and 'href="#at-who"' in wrong
    row = next(name for name, value in sent.items() if value == "100" and name.startswith("figure-"))
    other = client.post(address, {**sent, row: "120"}).content.decode()
    assert "应发120" in other and "不对" in other
    assert Release.objects.get(pk=draft.pk).version == draft.version


@pytest.mark.covers("POL-01")
def test_an_item_is_saved_from_its_form_and_nothing_typed_is_lost(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    client = client_as("city_officer", "420700")
    address = reverse("release-item", args=[draft.pk, SUBSIDY])
    sent = fields_on(page_of(client, "release-item", draft.pk, SUBSIDY))
    saved = client.post(address, {**sent, "standard": "每月120元", "do": "save"})
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert "standard: 每月120元\n" in draft.files[f"{SUBSIDY}.yaml"] and draft.version == 2
    late = client.post(address, {**sent, "standard": "每月150元", "do": "save"})
    page = late.content.decode()
    assert late.status_code == 422 and "刚改过这份草稿" in page and "每月150元" in page
    more = client.post(address, {**sent, "do": "more-example"}).content.decode()
    assert more.count('id="at-example-') == page.count('id="at-example-') + 3
    raw = page_of(client, "release-file", draft.pk, SUBSIDY)
    assert "每月120元" in raw


def test_an_item_is_added_and_taken_out(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    client = client_as("city_officer", "420700")
    sent = fields_on(page_of(client, "release-item-new", draft.pk))
    new = reverse("release-item-new", args=[draft.pk])
    none = client.post(new, {**sent, "do": "save", "name": "新的"})
    assert none.status_code == 422 and "1到99" in none.content.decode()
    given = {"number": "28", "item": "new-help", "name": "新的帮助", "who": "lives_alone", "gift_kind": "service"}
    answer = client.post(new, {**sent, **given, "gift_amount": "上门看望", "do": "save"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    page = page_of(client, "release-item", draft.pk, "28-new-help")
    assert "独居" in page and "没有例子" in page
    asked = page_of(client, "release-item-remove", draft.pk, "28-new-help")
    assert "去掉新的帮助" in asked
    draft.refresh_from_db()
    client.post(reverse("release-item-remove", args=[draft.pk, "28-new-help"]), {"version": draft.version})
    draft.refresh_from_db()
    assert "28-new-help.yaml" not in draft.files


@pytest.mark.covers("POL-03")
def test_a_draft_goes_its_way_on_the_pages(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    desk, boss = client_as("city_officer", "420700"), client_as("city_leader", "420700")

    def deed(client: Client, name: str, **given: str) -> str:
        answer = client.post(reverse("release-deed", args=[draft.pk, name]), given, follow=True)
        draft.refresh_from_db()
        return answer.content.decode()

    assert "等另一人审批" in deed(desk, "propose", words="提高标准")
    assert _tasks(draft) == [("policy.approve", "")]
    assert "不能" in deed(desk, "approve", digest=draft.digest) or draft.state == "proposed"
    assert draft.state == "proposed"
    assert "至少4个字" in deed(boss, "refuse", words="改") and draft.state == "proposed"
    assert "退回了" in deed(boss, "refuse", words="依据没有写清")
    assert _tasks(draft) == [("policy.approve", "refused"), ("policy.correct", "")]
    deed(desk, "propose", words="写清了")
    assert "看的不是现在这一版" in deed(boss, "approve", digest="0" * 64)
    deed(boss, "approve", digest=draft.digest)
    assert draft.state == "approved"
    ask = page_of(boss, "release-deed", draft.pk, "issue")
    assert "第1版到" in ask and "重新判定" in ask
    assert "印发了" in deed(boss, "issue") and draft.state == "issued"
    assert all(outcome for _, outcome in _tasks(draft))
    deeds = list(Step.objects.filter(release=draft).order_by("pk").values_list("deed", flat=True))
    assert deeds == ["begun", "proposed", "refused", "proposed", "approved", "issued"]


def _tasks(release: Release) -> list[tuple[str, str]]:
    with scoped(Actor.system("测试", ""), "test"):
        rows = Task.objects.filter(subject=release.pk).order_by("opened_at", "kind")
        return list(rows.values_list("kind", "outcome"))


def test_what_has_faults_is_listed_and_not_sent_on(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    text = draft.files[f"{SUBSIDY}.yaml"].replace("who:", "who: x AND", 1)
    Release.objects.filter(pk=draft.pk).update(files={**draft.files, f"{SUBSIDY}.yaml": text})
    client = client_as("city_officer", "420700")
    page = page_of(client, "release", draft.pk)
    assert "改好才能送审批" in page and f"/text/{SUBSIDY}/" in page
    answer = client.post(reverse("release-deed", args=[draft.pk, "propose"]), {"words": ""})
    assert answer.status_code == 422
    asked = page_of(client, "release-deed", draft.pk, "propose")
    assert re.search(r"养老服务补贴第\d+行：", asked) and "回到这一版" in asked
    assert "给审批人的说明" not in asked, "what cannot be sent yet has no form to send it"


def test_a_draft_is_begun_or_imported_from_the_pages(client_as: ClientFor) -> None:
    first = issued_release()
    client = client_as("city_officer", "420700")
    wrong = client.post(reverse("list-draft", args=[first.of_list_id]), {"from_date": "2020-01-01"})
    assert wrong.status_code == 422 and "更晚的一天" in wrong.content.decode()
    right = client.post(reverse("list-draft", args=[first.of_list_id]), {"from_date": "2099-01-01"})
    assert right.status_code == 302
    page = page_of(client, "list-import")
    assert EZHOU in page and "000000-national" not in page
    again = client.post(reverse("list-import"), {"key": EZHOU})
    assert again.status_code == 422 and "在路上" in again.content.decode()
    sent_on(first.of_list.releases.get(number=2))
