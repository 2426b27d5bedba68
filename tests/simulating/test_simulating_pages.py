"""The pages of the simulator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from songhe.eligibility.decisions.operations.running import run_whole
from songhe.eligibility.simulating import queries
from songhe.eligibility.simulating.residence import RESIDENCE, Residence
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.policy.api import Release, Simulation, begin_draft, save_file
from tests.decisions.crowd import laid_in
from tests.platform_fixtures import ClientFor
from tests.policy.releases import issued_release, officer

EVERYBODY = Actor.system("测试", "")
CHANGE = "advanced-age-allowance.from_age=75"


@pytest.fixture
def issued(db: None) -> Iterator[Release]:
    """A decided crowd under an issued list."""
    RESIDENCE.drop()
    today = timezone.localdate()
    with scoped(EVERYBODY, "test"):
        release = issued_release(today=today)
        laid_in(300, on=today)
        run_whole(actor=EVERYBODY, region="", on=today, now=timezone.now())
        yield release
    RESIDENCE.drop()


@pytest.fixture
def draft(issued: Release) -> Release:
    now, name = timezone.now(), "03-advanced-age-allowance.yaml"
    begun = begin_draft(
        actor=officer(), of_list=issued.of_list, from_date=timezone.localdate() + timedelta(days=30), now=now
    )
    text = begun.files[name].replace("value: 80", "value: 75")
    return save_file(actor=officer(), release=begun.pk, name=name, text=text, version=begun.version, now=now)


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


@pytest.mark.covers("POL-06")
def test_a_figure_filled_in_becomes_the_address_and_the_answer(client_as: ClientFor, issued: Release) -> None:
    client, page = client_as("city_officer"), f"/simulate/{issued.pk}/"
    assert issued.of_list.title in text(client, "/simulate/")
    assert "改一个数，马上看到结果" in text(client, page)
    given = {"f.advanced-age-allowance.from_age": "75", "f.advanced-age-allowance.monthly_amount": "100"}
    filled = client.get(page, given)
    assert filled.status_code == 302 and filled.headers["Location"].startswith(page + "?v=advanced-age-allowance.from")
    shown = text(client, filled.headers["Location"])
    for words in ("高龄津贴", "80→75", "多得的人", "按年龄", "按区", "按牵头部门", "待核最多再加"):
        assert words in shown
    part = client.get(page, given, headers={"HX-Request": "true"})
    assert part.headers["HX-Push-Url"] == filled.headers["Location"]
    assert part.content.decode().lstrip().startswith('<div id="result"')


@pytest.mark.covers("POL-06")
def test_up_to_three_variants_stand_side_by_side(client_as: ClientFor, issued: Release) -> None:
    client, page = client_as("city_officer"), f"/simulate/{issued.pk}/"
    assert f"v={quote(CHANGE)}&amp;v={quote(CHANGE)}&amp;n=1" in text(client, f"{page}?v={CHANGE}")
    second = client.get(page, {"v": [CHANGE, CHANGE], "n": "1", "f.advanced-age-allowance.from_age": "70"})
    shown = text(client, second.headers["Location"])
    assert "80→75" in shown and "80→70" in shown and "乙" in shown
    assert "另存方案" not in text(client, f"{page}?v={CHANGE}&v={CHANGE}&v={CHANGE}")
    back = client.get(page, {"v": CHANGE, "f.advanced-age-allowance.from_age": "80"})
    assert back.headers["Location"] == page


def test_a_figure_that_cannot_be_meant_is_said(client_as: ClientFor, issued: Release) -> None:
    client, page = client_as("city_officer"), f"/simulate/{issued.pk}/"
    assert "不是能用的数" in text(client, f"{page}?v=advanced-age-allowance.from_age=abc")
    assert "没有" in text(client, f"{page}?v=nothing.at_all=3")


@pytest.mark.covers("POL-06", "NET-02")
def test_a_count_opens_into_people_of_the_own_region(client_as: ClientFor, issued: Release) -> None:
    page = f"/simulate/{issued.pk}/people/?v={CHANGE}&figure=better"
    shown = text(client_as("city_officer"), page)
    assert "试算：多得的人" in shown and "/decisions/people/" in shown and "1–" in shown
    assert "试算：新增的人" in text(
        client_as("city_officer", login="b"), f"{page[:-6]}gained&item=advanced-age-allowance&area=none&band=4"
    )
    text(client_as("city_officer", login="c"), f"{page}&area=110101", 404)
    text(client_as("community_worker", "420704001002"), page, 403)
    text(client_as("district_officer", "150602"), page, 404)


@pytest.mark.covers("POL-06")
def test_a_trial_is_kept_attached_and_read_by_the_approver(client_as: ClientFor, draft: Release) -> None:
    client, page = client_as("city_officer"), f"/simulate/{draft.pk}/"
    shown = text(client, page)
    assert "和施行中的第1版比" in shown and "75" in shown
    assert client.post(f"{page}keep/", {"name": "照草稿", "n": "0"}).status_code == 302
    kept = Simulation.objects.get()
    assert "照草稿" in text(client, page)
    leader = client_as("city_leader")
    text(leader, f"/simulate/kept/{kept.pk}/", 404)
    client.post(f"/simulate/kept/{kept.pk}/", {"do": "attach"})
    seen = text(leader, f"/simulate/kept/{kept.pk}/")
    assert "附在送审里" in seen and "高龄津贴" in seen and "取下来" not in seen
    client.post(f"/simulate/kept/{kept.pk}/", {"do": "drop"})
    assert Simulation.objects.exists()
    client.post(f"/simulate/kept/{kept.pk}/", {"do": "detach"})
    client.post(f"/simulate/kept/{kept.pk}/", {"do": "drop"})
    assert not Simulation.objects.exists()


def test_a_draft_with_a_fault_says_so(client_as: ClientFor, draft: Release) -> None:
    broken = draft.files["03-advanced-age-allowance.yaml"].replace("who:", "who: age >= and # ")
    save_file(
        actor=officer(), release=draft.pk, name="03-advanced-age-allowance.yaml", text=broken, version=draft.version,
        now=timezone.now(),
    )  # fmt: skip
    assert "这份草稿有错" in text(client_as("city_officer"), f"/simulate/{draft.pk}/", 422)


def test_while_people_are_being_read_the_page_says_so(
    client_as: ClientFor, issued: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    residence = Residence(at_once=-1)
    monkeypatch.setattr(residence, "_make_behind", lambda *_: None)
    monkeypatch.setattr(queries, "RESIDENCE", residence)
    client = client_as("city_officer")
    assert "正在把人读到内存里" in text(client, f"/simulate/{issued.pk}/?v={CHANGE}")
    assert client.get(f"/simulate/{issued.pk}/people/?v={CHANGE}").status_code == 302
    assert client.post(f"/simulate/{issued.pk}/keep/", {"v": CHANGE, "name": "试"}).status_code == 302
    assert not Simulation.objects.exists()


@pytest.mark.covers("POL-06", "POL-03")
def test_before_a_draft_goes_its_way_the_page_says_whom_it_touches(client_as: ClientFor, draft: Release) -> None:
    client = client_as("city_officer")
    page = text(client, f"/policy/releases/{draft.pk}/propose/")
    assert f'hx-get="/simulate/{draft.pk}/brief/"' in page
    part = text(client, f"/simulate/{draft.pk}/brief/")
    opened = re.search(r'href="(/simulate/[^"]+figure=better)"[^>]*>([\d,]+)<', part)
    assert opened is not None and int(opened[2].replace(",", "")) > 0
    assert f"{opened[2]}人" in re.sub(r"<[^>]*>|\s", "", text(client, unescape(opened[1])))
    assert "figure=gained" in part and "item=advanced-age-allowance" in part and "第1版比" in part
    assert "没有可比的" in text(client, f"/simulate/{draft.based_on_id}/brief/")
    assert client_as("community_worker", "420704001002").get(f"/simulate/{draft.pk}/brief/").status_code == 403
