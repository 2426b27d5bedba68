"""The pages of divisions: the tree of a day, one division with its history, changes looked at before they are done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.regions.models import Alteration
from songhe.regions.operations import altering
from songhe.regions.operations.altering import apply_due_changes, decide
from songhe.regions.queries import as_of, names_of
from songhe.regions.seeding import load_divisions
from tests.platform_fixtures import ActorFor, ClientFor

pytestmark = [pytest.mark.django_db, pytest.mark.covers("NET-02")]

SINCE, DAY = date(2023, 7, 1), date(2026, 3, 1)
CITY, ECHENG, FENGHUANG, GULOU = "420700000000", "420704000000", "420704001000", "420704002000"
WUDU, ANOTHER = "420704001002", "420704001003"
REGIONS = reverse("regions")


@pytest.fixture(autouse=True)
def ezhou(db: None) -> None:
    load_divisions("420700", SINCE)


@pytest.fixture
def admin(client_as: ClientFor) -> Client:
    return client_as("system_admin")


@pytest.fixture
def merged(actor: ActorFor) -> None:
    decide(
        actor=actor("system_admin"), today=timezone.localdate(), now=timezone.now(), on_date=DAY,
        planned=altering.merging([WUDU], ANOTHER), document="鄂州政函〔2026〕5号",
    )  # fmt: skip


def text(client: Client, address: str, status: int = 200, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == status
    return answer.content.decode()


def page(code: str) -> str:
    return reverse("region", args=[code])


def change(code: str, deed: str) -> str:
    return reverse("region-change", args=[code, deed])


def filled(**given: Any) -> dict[str, Any]:
    return {"on_date": timezone.localdate().isoformat(), "document": "鄂州政函〔2026〕9号"} | given


def test_a_city_shows_its_districts_and_townships_with_counts_and_a_map(admin: Client) -> None:
    shown = text(admin, REGIONS)
    for words in ("鄂州市", "区县3个", "街道、乡镇28个", "社区、村358个", "凤凰街道", "梁子湖区", "演示底图，无审图号"):
        assert words in shown
    assert 'data-sh-map="districts"' in shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("420000000000", "鄂州市"), (ECHENG, "古楼街道"), (FENGHUANG, "吴都社区"), (WUDU, "社区和村是最下一级"),
        ("420703400000", "没有人住"), ("420704", "凤凰街道"), ("000000000000", "湖北省"),
    ],
)  # fmt: skip
def test_every_level_has_its_page(admin: Client, code: str, words: str) -> None:
    assert words in text(admin, page(code))


@pytest.mark.parametrize(
    "role",
    ["community_worker", "street_officer", "district_officer", "district_leader", "city_officer", "city_leader",
     "security_admin", "auditor"],
)  # fmt: skip
def test_everybody_sees_divisions_and_only_administrators_change_them(client_as: ClientFor, role: str) -> None:
    client = client_as(role, FENGHUANG)
    assert "办变更" not in text(client, page(WUDU))
    assert text(client, REGIONS)
    assert text(client, reverse("region-alterations"))
    assert client.get(change(WUDU, "end")).status_code == 403
    assert client.post(change(WUDU, "end"), filled(confirm="1")).status_code == 403


def test_an_administrator_changes_divisions_of_the_own_region_only(client_as: ClientFor) -> None:
    client = client_as("system_admin", "420703000000")
    assert "办变更" not in text(client, page(WUDU))
    for deed in ("add", "rename", "move", "merge", "split", "end"):
        assert client.get(change(FENGHUANG, deed)).status_code == 404
    assert "办变更" in text(client, page("420703100000"))


def test_who_is_not_signed_in_is_sent_to_sign_in() -> None:
    for address in (REGIONS, page(WUDU), change(WUDU, "end"), reverse("region-alterations")):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("code", ["999999", "42", "abc", "420704001999", "4207040010021"])
def test_a_code_that_is_none_is_not_there(admin: Client, code: str) -> None:
    assert text(admin, page(code), 404)
    assert text(admin, change(code, "rename"), 404)


def test_there_is_no_change_of_another_name(admin: Client) -> None:
    assert text(admin, change(WUDU, "burn"), 404)


def test_a_place_is_found_by_name_and_by_code(admin: Client) -> None:
    shown = text(admin, REGIONS, find="东沟村")
    assert shown.count("东沟村</a>") == 2
    assert "吴都社区" in text(admin, REGIONS, find="420704001002")
    assert "没有这样的区划" in text(admin, REGIONS, find="松鹤")


def test_an_old_day_shows_what_stood_then(admin: Client, merged: None) -> None:
    assert "吴都社区</a>" not in text(admin, page(FENGHUANG))
    old = text(admin, page(FENGHUANG), day="2026-02-28")
    assert "吴都社区</a>" in old
    assert "要改请回到今天" in old
    assert "办变更" not in old
    assert "吴都社区</a>" not in text(admin, page(FENGHUANG), day="2026-02-30")
    assert text(admin, page(FENGHUANG), 404, day="2001-01-01")


def test_what_is_gone_says_since_when_and_what_it_became(admin: Client, merged: None) -> None:
    shown = text(admin, page(WUDU))
    assert "起没有了" in shown
    assert page(ANOTHER) in shown
    assert "鄂州政函〔2026〕5号" in shown
    assert "办变更" not in shown
    assert "吴都社区（420704001002）并入" in text(admin, page(ANOTHER))
    assert "起没有了" not in text(admin, page(WUDU), day="2026-02-28")


CHANGES: list[tuple[str, str, dict[str, Any], str]] = [
    (FENGHUANG, "add", {"new_code": "420704001099", "name": "松鹤社区", "is_urban": "yes"}, "新设松鹤社区"),
    (WUDU, "rename", {"name": "吴都新社区"}, "吴都社区改名吴都新社区"),
    (FENGHUANG, "move", {"new_code": "420703001"}, "15个社区和村换代码"),
    (WUDU, "merge", {"with_code": ANOTHER, "how": "there"}, "吴都社区并入"),
    (WUDU, "merge", {"with_code": ANOTHER, "how": "here"}, "并入吴都社区"),
    (
        WUDU, "merge", {"with_code": ANOTHER, "how": "new", "new_code": "420704001090", "name": "松鹤社区"},
        "并成松鹤社区",
    ),
    (FENGHUANG, "merge", {"with_code": GULOU, "how": "there"}, "授权不跟着换"),
    (
        FENGHUANG, "split", {"new_code": "420704009", "name": "新凤街道", "children": [WUDU, ANOTHER]},
        "从凤凰街道拆出新凤街道",
    ),
    (WUDU, "split", {"new_code": "420704001090", "name": "吴都东社区"}, "由当地分到各处"),
    (WUDU, "end", {}, "撤销吴都社区"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "deed", "given", "words"), CHANGES)
def test_a_change_is_looked_at_first_and_done_when_confirmed(
    admin: Client, code: str, deed: str, given: dict[str, Any], words: str
) -> None:
    assert "看后果" in text(admin, change(code, deed))
    looked = admin.post(change(code, deed), filled(**given))
    assert looked.status_code == 200
    assert words in looked.content.decode()
    assert 'name="confirm"' in looked.content.decode()
    assert Alteration.objects.count() == 0
    done = admin.post(change(code, deed), filled(confirm="1", **given), follow=True)
    assert "已生效" in done.content.decode()
    assert Alteration.objects.get().state == "done"


def test_what_is_hidden_in_the_confirmation_is_what_was_filled_in(admin: Client) -> None:
    given = filled(new_code="420704009", name="新凤街道", children=[WUDU, ANOTHER])
    shown = admin.post(change(FENGHUANG, "split"), given).content.decode()
    for name, value in (("children", WUDU), ("children", ANOTHER), ("new_code", "420704009"), ("name", "新凤街道")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in shown


@pytest.mark.parametrize(
    ("code", "deed", "given", "words"),
    [
        (FENGHUANG, "end", {}, "下面还有15个区划"),
        (FENGHUANG, "add", {"new_code": "420704002099", "name": "松鹤社区"}, "不在这个区划里"),
        (FENGHUANG, "add", {"new_code": "42070400109", "name": "松鹤社区"}, "写法不对"),
        (WUDU, "rename", {"name": ""}, "没有填"),
        (WUDU, "rename", {"name": "吴都新社区", "on_date": "2026-02-30"}, "没有这一天"),
        (
            WUDU,
            "merge",
            {"with_code": ANOTHER, "how": "new"},
            "没有填",
        ),
        (WUDU, "move", {"new_code": "420703009"}, "乡镇级的代码"),
        (WUDU, "move", {"new_code": "530000000000"}, "找不到"),
        (FENGHUANG, "split", {"new_code": "420704009", "name": "新凤街道"}, "没有填"),
    ],
)
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_what_is_refused_says_why_beside_what_was_filled_in(
    admin: Client, code: str, deed: str, given: dict[str, Any], words: str, confirm: dict[str, str]
) -> None:
    answer = admin.post(change(code, deed), filled(**given, **confirm))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Alteration.objects.count() == 0


def test_the_same_confirmation_twice_is_done_once(admin: Client) -> None:
    given = filled(confirm="1", once="0123456789abcdef", new_code="420704001099", name="松鹤社区")
    first = admin.post(change(FENGHUANG, "add"), given)
    second = admin.post(change(FENGHUANG, "add"), given)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Alteration.objects.count() == 1


def test_a_change_of_a_day_to_come_waits_and_can_be_taken_back(admin: Client) -> None:
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    looked = admin.post(change(WUDU, "end"), filled(on_date=later)).content.decode()
    assert "自动生效，在那以前可以撤回" in looked
    done = admin.post(change(WUDU, "end"), filled(on_date=later, confirm="1"), follow=True).content.decode()
    assert "到生效那天自动改" in done
    assert "等生效" in text(admin, page(WUDU))
    altered = Alteration.objects.get()
    assert "撤销吴都社区" in text(admin, reverse("region-alterations"))
    back = admin.post(reverse("region-alteration-withdraw", args=[altered.pk]), follow=True).content.decode()
    assert "撤回了" in back
    assert "已撤回" in back
    again = admin.post(reverse("region-alteration-withdraw", args=[altered.pk]), follow=True).content.decode()
    assert "不能再改成" in again


def test_a_change_that_failed_says_why_and_is_done_again(admin: Client) -> None:
    later = timezone.localdate() + timedelta(days=30)
    given = {"on_date": later.isoformat(), "confirm": "1"}
    admin.post(change(FENGHUANG, "add"), filled(new_code="420704001090", name="松鹤社区", **given))
    admin.post(change(WUDU, "move"), filled(new_code="420704001090", **given))
    apply_due_changes(today=later, now=timezone.now())
    altered = Alteration.objects.get(state="failed")
    shown = text(admin, reverse("region-alteration", args=[altered.pk]))
    assert "代码420704001090已有：松鹤社区" in shown
    again = admin.post(reverse("region-alteration-retry", args=[altered.pk]), follow=True).content.decode()
    assert "已有" in again
    assert as_of(WUDU, later) is not None


def test_a_change_of_another_region_is_not_there(client_as: ClientFor, merged: None) -> None:
    client = client_as("system_admin", "420703000000")
    altered = Alteration.objects.get()
    assert text(client, reverse("region-alteration", args=[altered.pk]), 404)
    for name in ("region-alteration-withdraw", "region-alteration-retry"):
        assert client.post(reverse(name, args=[altered.pk])).status_code == 404
    assert "还没有区划变更" in text(client, reverse("region-alterations"))


def test_the_history_says_by_which_document(admin: Client) -> None:
    admin.post(change(FENGHUANG, "add"), filled(confirm="1", new_code="420704001090", name="松鹤社区"))
    admin.post(change(WUDU, "end"), filled(confirm="1"))
    assert "新设松鹤社区" in text(admin, page("420704001090"))
    assert text(admin, page("420704001090")).count("鄂州政函〔2026〕9号") == 1
    assert text(admin, page(WUDU)).count("鄂州政函〔2026〕9号") == 1


def test_names_outlive_their_divisions(merged: None) -> None:
    assert names_of([WUDU]) == {WUDU: "吴都社区"}
