"""The pages of the work that follows: door, matters, overview, people, runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from songhe.eligibility.decisions.models import Matter, Receipt, Run
from songhe.eligibility.decisions.operations.running import run_whole
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.foundation.tasks.models import Task
from songhe.foundation.views_kept.models import KeptView
from songhe.people.models import Sheet
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, SIBLING, decided, house, receives, resident
from tests.platform_fixtures import ClientFor

WORKER = ("community_worker", COMMUNITY)


@pytest.fixture
def household(db: None) -> Iterator[str]:
    """A couple with an offer each and one question; next door one is overpaid. All of it as of today."""
    with scoped(EVERYBODY, "test"):
        roof = house()
        resident("王德福", 84, household=roof)
        resident("余秀珍", 83, household=roof, lives_alone=None)
        receives(resident("柯国强", 79), ALLOWANCE)
        decided()
        yield str(roof.pk)


def matter(name: str, kind: str) -> Matter:
    return Matter.objects.get(person__name=name, kind=kind, closed_at=None)


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


@pytest.mark.covers("PER-03")
def test_a_visit_is_done_on_the_page_of_its_door(client_as: ClientFor, household: str) -> None:
    client, page = client_as(*WORKER), f"/decisions/doors/{household}/"
    shown = text(client, page)
    assert "王德福" in shown and "余秀珍" in shown and "您是不是一个人住？" in shown and "高龄津贴" in shown
    ask = matter("余秀珍", "ask")
    assert 'value="=true"' in text(client, f"{page}?matter={ask.pk}")
    answer = client.post(page, {"matter": str(ask.pk), "outcome": "=true"})
    assert answer.status_code == 302
    shown = text(client, page)
    assert "记下了独居" in shown and f"/undo/{ask.pk}/" in shown
    offer = matter("王德福", "offer")
    refused = client.post(page, {"matter": str(offer.pk), "outcome": "declined"})
    assert refused.status_code == 422 and "写一句为什么不要" in refused.content.decode()
    client.post(page, {"matter": str(offer.pk), "outcome": "declined", "reason": "儿子在管"})
    for one in Matter.objects.filter(person__name="余秀珍", closed_at=None):
        client.post(page, {"matter": str(one.pk), "outcome": "accepted", "from_date": "2026-12-01"})
    assert Receipt.objects.filter(person__name="余秀珍", item=ALLOWANCE).exists()
    shown = text(client, page)
    assert "都办了" in shown
    assert Task.objects.get(kind="decisions.visit", subject=household).outcome == "done"


def test_what_was_answered_is_taken_back_from_the_page(client_as: ClientFor, household: str) -> None:
    client, page = client_as(*WORKER), f"/decisions/doors/{household}/"
    ask = matter("余秀珍", "ask")
    client.post(page, {"matter": str(ask.pk), "outcome": "=false"})
    assert client.post(f"{page}undo/{ask.pk}/").status_code == 302
    assert "撤回了" in text(client, page)
    assert matter("余秀珍", "ask").pk == ask.pk


def test_a_second_worker_is_told_in_words(client_as: ClientFor, household: str) -> None:
    page, offer = f"/decisions/doors/{household}/", matter("王德福", "offer")
    client_as(*WORKER, login="first", name="周敏").post(page, {"matter": str(offer.pk), "outcome": "offered"})
    second = client_as(*WORKER, login="other", name="何俊")
    answer = second.post(page, {"matter": str(offer.pk), "outcome": "declined", "reason": "不要"}, follow=True)
    assert "周敏刚办了这一件：告诉了，在考虑" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"matter": "x"},
        {"matter": "00000000-0000-4000-8000-000000000000", "outcome": "declined", "reason": "不要"},
        {"do": "nobody"},
    ],
)
def test_nonsense_is_answered_in_words(client_as: ClientFor, household: str, sent: dict[str, str]) -> None:
    answer = client_as(*WORKER).post(f"/decisions/doors/{household}/", sent)
    assert answer.status_code == (302 if sent.get("do") else 422)


@pytest.mark.covers("PER-03")
def test_a_sibling_community_sees_neither_door_nor_matters(client_as: ClientFor, household: str) -> None:
    client = client_as("community_worker", SIBLING)
    text(client, f"/decisions/doors/{household}/", 404)
    assert "王德福" not in text(client, "/decisions/matters/")


def test_the_list_of_matters_is_filtered_sorted_and_exported(client_as: ClientFor, household: str) -> None:
    client = client_as("street_officer", "420704001000")
    shown = text(client, "/decisions/matters/")
    assert shown.index("柯国强") < shown.index("王德福")
    wanted = {
        "?kind=ask": ("余秀珍", "柯国强"),
        "?kind=stop": ("柯国强", "王德福"),
        "?question=lives_alone": ("余秀珍", "柯国强"),
        "?item=home-visits": ("余秀珍", "柯国强"),
        f"?region={SIBLING}": ("没有这样的事", "王德福"),
        "?outcome=closed": ("还没有办了的", "王德福"),
        "?sort=newest": ("王德福", "没有这样的事"),
        "?due=x&kind=y&region=42&item=../x&question=x": ("王德福", "没有这样的事"),
    }
    for address, (there, absent) in wanted.items():
        main = text(client, f"/decisions/matters/{address}").partition("</h1>")[2]
        assert there in main and absent not in main, address
    officer = client_as("district_officer", "420704000000")
    answer = officer.post("/decisions/matters/export/", {"within": "kind=offer", "kind": "csv"})
    assert answer.status_code == 302
    run_queued()
    assert "2" in text(officer, answer.url)


def test_every_figure_of_the_overview_opens_its_people(client_as: ClientFor, household: str) -> None:
    client = client_as("city_officer", "420700000000")
    shown = text(client, "/decisions/")
    assert "高龄津贴" in shown and "outcome=gap" in shown
    for outcome, names in (
        ("yes", {"王德福", "余秀珍"}), ("gap", {"王德福", "余秀珍"}), ("receiving", {"柯国强"}), ("beyond", {"柯国强"}),
        ("unknown", set()),
    ):  # fmt: skip
        rows = text(client, f"/decisions/people/?item={ALLOWANCE}&outcome={outcome}")
        assert {name for name in ("王德福", "余秀珍", "柯国强") if name in rows} == names, outcome
    assert "余秀珍" in text(client, "/decisions/people/?item=home-visits&outcome=unknown&area=420704000000")
    text(client, f"/decisions/people/?item={ALLOWANCE}&outcome=whatever", 404)
    text(client, "/decisions/people/?item=nothing&outcome=yes", 404)


def test_a_worker_keeps_views_of_her_list_and_nobody_else_sees_them(client_as: ClientFor, household: str) -> None:
    client = client_as(*WORKER, login="first")
    saved = client.post("/decisions/matters/views/", {"within": "kind=ask&sort=newest", "name": "要问的"}, follow=True)
    page = saved.content.decode()
    assert "视图“要问的”存好了" in page and "删掉视图“要问的”" in page
    assert "要问的" in text(client, "/decisions/matters/") and "删掉视图" not in text(client, "/decisions/matters/")
    nameless = client.post("/decisions/matters/views/", {"within": "kind=ask", "name": " "}, follow=True)
    assert "要1到20个字" in nameless.content.decode()
    kept, other = KeptView.objects.get(), client_as(*WORKER, login="second")
    assert (kept.page, kept.query) == ("matters", "kind=ask&sort=newest")
    assert "要问的" not in text(other, "/decisions/matters/")
    assert other.post(f"/decisions/matters/views/{kept.pk}/drop/").status_code == 404
    assert client.post(f"/tasks/views/{kept.pk}/drop/").status_code == 404
    assert "视图删掉了" in client.post(f"/decisions/matters/views/{kept.pk}/drop/", follow=True).content.decode()
    assert not KeptView.objects.exists()


@pytest.mark.covers("ENT-03")
def test_where_people_miss_out_is_seen_on_the_map_and_down_to_the_streets(client_as: ClientFor, household: str) -> None:
    client, district = client_as("city_officer", "420700"), f"{COMMUNITY[:6]}000000"
    page = text(client, "/decisions/")
    assert 'data-sh-map="gap"' in page and f"area={district}" in page and 'href="#gap"' not in page
    streets = text(client, f"/decisions/?area={district}&of={ALLOWANCE}")
    assert f"area={COMMUNITY[:9]}000" in streets and f"outcome=gap&amp;area={COMMUNITY[:9]}000" in streets
    communities = text(client, f"/decisions/?area={COMMUNITY[:9]}000")
    assert "没享的比例" in communities and f"?area={COMMUNITY}#gap" not in communities
    assert text(client, "/decisions/?area=150600000000", 404) and text(client, "/decisions/?of=nothing")
    there = client_as("district_officer", COMMUNITY[:6])
    own = text(there, "/decisions/")
    assert 'data-sh-map="gap"' not in own and f"area={COMMUNITY[:9]}000" in own


def test_everybody_is_decided_anew_by_a_job(client_as: ClientFor, household: str) -> None:
    client = client_as("city_officer", "420700000000")
    assert "重新判定" in text(client, "/decisions/?run=1")
    assert client.post("/decisions/").status_code == 302
    before = Run.objects.count()
    assert len(run_queued()) == 1
    assert Run.objects.count() == before + 1
    run = Run.objects.latest("started_at")
    assert "每位老人" in text(client, "/decisions/runs/")
    text(client, f"/decisions/runs/?run={run.pk}")
    assert client_as("community_worker", COMMUNITY).post("/decisions/").status_code == 302
    assert not run_queued()


def test_a_run_says_what_changed_here_item_by_item(client_as: ClientFor, household: str) -> None:
    Sheet.objects.filter(person__name="柯国强").update(birth_date="1940-01-01")
    run = run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW + timedelta(hours=1))
    shown = text(client_as("community_worker", COMMUNITY), f"/decisions/runs/?run={run.pk}")
    assert "您这里变了1人" in shown and "高龄津贴" in shown
    sibling = text(client_as("community_worker", SIBLING), f"/decisions/runs/?run={run.pk}")
    assert "您这里没有变化" in sibling
