"""One's own part of the portal: the file, decisions with reasons, questions, who saw it, what was said and answered."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from songhe.doors.portal.mine.urls import urlpatterns
from songhe.doors.portal.models import Saying
from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.operations.pausing import pause
from songhe.foundation.access.models import Account
from songhe.foundation.audit.models import Entry
from songhe.foundation.audit.recording import unmasked
from songhe.foundation.tasks.models import Task
from songhe.people.api import facts_of
from songhe.people.models import Person
from tests.decisions.crowd import TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, SIBLING, worker
from tests.platform_fixtures import ClientFor
from tests.policy.releases import somebody
from tests.portal.invented import DAUGHTERS_PHONE, HER_PHONE, HERS, LATER, OTHERS, OTHERS_PHONE, acting, inside, text_of

Elders = tuple[Person, Person]
PAGES = {
    "portal-mine": (), "portal-file": (), "portal-decisions": (), "portal-decision": (ALLOWANCE,),
    "portal-questions": (), "portal-question": ("lives_alone",), "portal-seen": (), "portal-say": (),
    "portal-sayings": (), "portal-other": (), "portal-stay": (),
}  # fmt: skip


@pytest.mark.covers("PER-03")
def test_the_file_says_what_is_known_and_who_told_it(elders: Elders) -> None:
    page = text_of(inside().get(reverse("portal-file")))
    assert "身份证号末四位" in page and HERS not in page and HER_PHONE not in page
    assert "姓名余秀珍" in page and "残疾类别" in page and "残联，" in page
    assert "还不知道的" in page and "独居：没有人说过" in page


@pytest.mark.covers("ENT-03", "NET-05")
def test_decisions_are_told_with_reasons_and_where_to_go(elders: Elders) -> None:
    client = inside()
    page = text_of(client.get(reverse("portal-decisions")))
    for words in (
        "您在享的1项",
        "高龄津贴",
        "带身份证就能用的",
        "还差一样，弄清就能定的",
        "现在不可享的",
        "不是审批决定",
    ):
        assert words in page, words
    one = text_of(client.get(reverse("portal-decision", args=[ALLOWANCE])))
    for words in ("高龄津贴", "起在享", "为什么", "一条一条看", "符合", "去哪里社区居委会", "依据"):
        assert words in one, words
    assert client.get(reverse("portal-decision", args=["nothing"])).status_code == 404


def test_what_is_paused_says_so_and_why(elders: Elders) -> None:
    officer = somebody("street_officer", "罗慧", "420704001")
    pause(actor=officer, person=elders[0].pk, item=ALLOWANCE, reason="住院期间停发", today=TODAY, now=LATER)
    client = inside()
    assert "暂停的1项" in text_of(client.get(reverse("portal-decisions")))
    page = text_of(client.get(reverse("portal-decision", args=[ALLOWANCE])))
    assert "起暂停：住院期间停发" in page and "罗慧" not in page


@pytest.mark.covers("PER-03", "ENT-01")
def test_she_answers_a_missing_fact_and_the_decision_changes(elders: Elders) -> None:
    client, person = inside(), elders[0]
    url = reverse("portal-question", args=["lives_alone"])
    assert url in client.get(reverse("portal-questions")).content.decode()
    before = Standing.objects.get(pk=person.pk).unknown
    assert client.post(url, {}).status_code == 422
    done = text_of(client.post(url, {"answer": "1"}))
    assert "记下了" in done and "原来还没定，现在" in done
    told = facts_of(person.pk, TODAY)["lives_alone"]
    assert (told.value, told.said.source if told.said else "") == (True, "本人说")
    assert Standing.objects.get(pk=person.pk).unknown != before
    entry = Entry.objects.get(action="portal.answer")
    assert (entry.subject, entry.detail) == (str(person.pk), {"fact": "lives_alone", "by": "self"})
    assert "独居" in text_of(client.get(reverse("portal-file")))


def test_who_does_not_know_leaves_it_to_the_community(elders: Elders) -> None:
    client = inside()
    done = text_of(client.post(reverse("portal-question", args=["lives_alone"]), {"answer": "0"}))
    assert "交给社区去查了" in done
    task = Task.objects.get(kind="portal.saying")
    assert (task.region_code, task.title) == (COMMUNITY, "有老人说档案里有一项要查")
    assert (
        reverse("portal-question", args=["lives_alone"]) not in client.get(reverse("portal-questions")).content.decode()
    )
    assert facts_of(elders[0].pk, TODAY)["lives_alone"].value is None


@pytest.mark.covers("PER-03")
def test_what_is_wrong_goes_to_the_community_and_comes_back_answered(elders: Elders, client_as: ClientFor) -> None:
    client, say = inside(), reverse("portal-say")
    assert "说的是：残疾等级" in text_of(client.get(say, {"about": "fact", "code": "disability_level"}))
    kept = client.post(say, {"about": "fact", "code": "disability_level", "words": "我有二级残疾证"})
    assert kept["Location"] == reverse("portal-sayings")
    assert "我有二级残疾证" in text_of(client.get(kept["Location"]))
    row = Saying.objects.get()
    page = reverse("portal-saying", args=[row.pk])
    officer = client_as("community_worker", COMMUNITY)
    assert "我有二级残疾证" in officer.get(page).content.decode()
    assert officer.post(page, {"outcome": "changed", "answer": ""}).status_code == 422
    assert officer.post(page, {"outcome": "changed", "answer": "看了证，改了"}).status_code == 302
    assert "看了证，改了" in text_of(client.get(reverse("portal-sayings")))
    assert Task.objects.get(subject=row.pk).outcome == "changed"
    assert client_as("community_worker", SIBLING).get(page).status_code == 404
    assert client_as("auditor", "420700").get(page).status_code == 403
    assert facts_of(elders[0].pk, TODAY)["disability_level"].value == 0
    words = str(list(Entry.objects.values_list("detail", flat=True)))
    assert "二级残疾证" not in words and "看了证" not in words


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"about": "other", "words": ""}, 422), ({"about": "other", "words": "长" * 501}, 422),
        ({"about": "x", "words": "好"}, 404), ({"about": "item", "code": "nothing", "words": "好"}, 404),
        ({"about": "fact", "code": "identity", "words": "好"}, 404),
    ],
)  # fmt: skip
def test_what_says_nothing_or_is_about_nothing_is_not_taken(elders: Elders, given: dict[str, str], status: int) -> None:
    assert inside().post(reverse("portal-say"), given).status_code == status
    assert Saying.objects.count() == 0


def test_one_says_twenty_things_a_day(elders: Elders) -> None:
    client = inside()
    codes = [client.post(reverse("portal-say"), {"about": "other", "words": "好"}).status_code for _ in range(21)]
    assert codes == [302] * 20 + [422]


@pytest.mark.covers("PER-06")
def test_she_sees_which_office_saw_what_and_why_but_no_name_of_the_staff(elders: Elders) -> None:
    person, reader = elders[0], worker(name="叶小琴")
    Account.objects.filter(pk=reader.account_id).update(unit="吴都社区")
    unmasked(reader, subject=person.pk, region=COMMUNITY, fields=["phone"], reason="打电话约上门", now=LATER)
    client = inside()
    page = text_of(client.get(reverse("portal-seen")))
    assert "吴都社区看了完整的电话打电话约上门" in page and "叶小琴" not in page
    assert "您自己登录门户" in page and "陈桂英" not in page


@pytest.mark.covers("PER-06", "NET-02")
def test_no_address_of_ones_own_names_anybody() -> None:
    taken = {str(one.pattern) for one in urlpatterns if "<" in str(one.pattern)}
    assert taken == {"decisions/<slug:slug>/", "questions/<slug:fact>/"}


@pytest.mark.covers("PER-06", "NET-02")
def test_each_sees_her_own_and_nothing_of_another(elders: Elders) -> None:
    """What A is shown says nothing of B, whatever of B's she puts into an address or a form."""
    first, second = inside(), inside(OTHERS, OTHERS_PHONE)
    second.post(reverse("portal-say"), {"about": "other", "words": "陈桂英的话"})
    theirs = {"person": elders[1].pk, "pk": elders[1].pk, "code": elders[1].pk, "holder": elders[1].pk}
    for name, args in PAGES.items():
        url = reverse(name, args=args)
        for answer in (first.get(url, theirs), first.post(url, {**theirs, "about": "other"})):
            text = answer.content.decode()
            assert answer.status_code in (200, 204, 302, 404, 405, 422), name
            for told in ("陈桂英", str(elders[1].pk), OTHERS, OTHERS_PHONE):
                assert told not in text.replace(f'value="{elders[1].pk}"', ""), (name, told)
    for name in ("portal-saying", "portal-request", "person", "person-decisions"):
        answer = first.get(reverse(name, args=[elders[1].pk]))
        assert (answer.status_code, "/sign-in/" in answer["Location"]) == (302, True), name


@pytest.mark.covers("PER-06")
def test_rows_of_others_are_out_of_reach_of_the_pages_statements(elders: Elders) -> None:
    """Row-level security keeps each page to her community; each statement about people names her."""
    client = inside()
    for name, args in PAGES.items():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name, args=args))
        for one in captured.captured_queries:
            about = re.search(r'FROM "?(people_\w+|decisions_(?!listeditem)\w+|portal_saying)"?', one["sql"])
            if about and about[1] != "decisions_run":
                assert elders[0].pk.hex in one["sql"].replace("-", ""), (name, one["sql"])


@pytest.mark.covers("PER-06")
def test_pages_of_ones_own_are_kept_by_no_cache_and_say_nothing_in_titles(elders: Elders) -> None:
    acting(elders[0], DAUGHTERS_PHONE)
    client = inside(HERS, DAUGHTERS_PHONE)
    for name, args in PAGES.items():
        answer = client.get(reverse(name, args=args))
        page = answer.content.decode()
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert answer.headers["Cache-Control"] == "private, no-store", name
        assert title and "余秀珍" not in title[1] and "方小梅" not in title[1], name
        assert reverse("portal-leave") in page, name
    for name in ("portal-enter", "portal-code"):
        assert client.get(reverse(name)).headers["Cache-Control"] == "private, no-store"


@pytest.mark.covers("PER-06")
def test_logs_say_nothing_of_who_came(elders: Elders, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="songhe")
    client = inside()
    for name, args in PAGES.items():
        client.get(reverse(name, args=args))
    assert [told for told in (HERS, HER_PHONE, "余秀珍", str(elders[0].pk)) if told in caplog.text] == []


def test_a_form_from_elsewhere_is_refused(elders: Elders) -> None:
    client = inside()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for name in ("portal-say", "portal-other", "portal-stay", "portal-leave", "portal-enter", "portal-code"):
        assert strict.post(reverse(name), {"words": "好"}).status_code == 403, name


def test_somebody_of_the_staff_at_the_same_browser_lends_her_nothing(elders: Elders, client_as: ClientFor) -> None:
    client = client_as("city_officer")
    assert client.get(reverse("portal-mine"))["Location"] == reverse("portal-enter")
    client.cookies.update(inside().cookies)
    page = text_of(client.get(reverse("portal-seen")))
    assert "余秀珍，您好" in page and "陈桂英" not in page


@pytest.mark.parametrize("odd", ["²", "--5", "9" * 5_000, "9999-12-31", "'\"<b>%\\", "a\0b"])
def test_what_no_form_sends_breaks_no_page(elders: Elders, odd: str) -> None:
    client = inside()
    client.raise_request_exception = False
    fields = ("answer", "year", "month", "day", "words", "about", "code", "number", "phone")
    for name, args in {**PAGES, "portal-enter": (), "portal-code": ()}.items():
        url = reverse(name, args=args)
        assert client.get(url, dict.fromkeys(fields, odd)).status_code < 500, name
        assert client.post(url, dict.fromkeys(fields, odd)).status_code < 500, name
