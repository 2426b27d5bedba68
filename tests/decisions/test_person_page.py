"""The matrix of one person, its reasons, what was decided earlier, and the sheet on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.eligibility.decisions.queries.person import Course, course_of, file_now, file_then, lags
from songhe.foundation.access.scope import scoped
from songhe.people.api import Told, record_facts
from songhe.people.models import Person
from songhe.policy.api import begin_draft, save_file
from songhe.policy.models import Release
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, SIBLING, decided, receives, resident
from tests.platform_fixtures import ClientFor
from tests.policy.releases import issued_release, officer, sent_on

LATER = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
THEN, KNOWN = date(2025, 3, 1), datetime(2025, 3, 2, 16, 0, tzinfo=UTC)
ANSWERS = {True: "y", False: "n", None: "u"}


@pytest.fixture(autouse=True)
def at_work(db: None) -> Iterator[None]:
    with time_machine.travel(LATER, tick=False), scoped(EVERYBODY, "test"):
        yield


@pytest.fixture
def person() -> Person:
    """A woman of 84 of whom it is not known whether she can look after herself; she receives the allowance."""
    person = resident("李桂芳", 84, assistance="minimum_living", lives_alone=True, cannot_self_care=None)
    receives(person, ALLOWANCE)
    decided()
    return person


def shown(client: Client, person: Person, **query: str) -> str:
    answer = client.get(reverse("person-decisions", args=[person.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def group_of(page: str, name: str) -> str:
    """The title of the group that an item's row stands in."""
    before = page[: page.index(f">{name}</a>")]
    return before[before.rindex("sh-group") :].split(">")[2].split("项")[0].rstrip("0123456789")


@pytest.mark.covers("ENT-01")
def test_the_lines_say_what_the_sheets_and_the_standing_say(person: Person) -> None:
    file, course = file_now(Person.objects.get(pk=person.pk), TODAY), course_of(person)
    assert file.desk is not None and file.facts is not None
    lines, sheets = file.desk.lines(file.facts), file.desk.dossier("", file.facts).sheets
    assert [(line.slug, line.answer, line.amount, line.gap) for line in lines] == [
        (sheet.slug, sheet.answer, sheet.amount, sheet.gap) for sheet in sheets
    ]
    assert {line.slug: ANSWERS[line.answer] for line in lines} == {
        slug: course.decided[slug] for slug in (line.slug for line in lines)
    }
    assert not lags(lines, course)


@pytest.mark.covers("ENT-01")
def test_every_item_stands_once_in_the_group_that_says_what_to_do(person: Person, client_as: ClientFor) -> None:
    page = shown(client_as("community_worker", COMMUNITY), person)
    assert group_of(page, "高龄津贴") == "在享"
    assert group_of(page, "养老服务补贴") == "要办的"
    assert group_of(page, "提供社区活动场所") == "可享，不用申请"
    assert group_of(page, "优抚集中供养") == "不可享"
    assert page.count('id="row-') == 27
    assert "在享，5月2日起" in page
    assert "没有申请" in page


@pytest.mark.covers("ENT-03")
def test_the_reason_says_conditions_with_sources_what_would_settle_it_and_where_it_is_written(
    person: Person, client_as: ClientFor
) -> None:
    page = shown(client_as("community_worker", COMMUNITY), person, item="elderly-nursing-subsidy")
    assert "18 养老护理补贴" in page
    assert "待核，只缺1项" in page
    assert "社会救助 今天" in page  # who says that she lives on the minimum allowance, and of which day
    assert "最省事的办法" in page and "会受影响的" in page
    assert "鄂州政办发〔2023〕28号 附件1第18项" in page
    assert reverse("person-fact", args=[person.pk, "cannot_self_care"]) in page
    assert "鄂州市基本养老服务清单第1版，2023年10月17日起" in page


def test_a_part_of_the_page_is_the_matrix_with_the_reason(person: Person, client_as: ClientFor) -> None:
    client = client_as("community_worker", COMMUNITY)
    url = reverse("person-decisions", args=[person.pk])
    part = client.get(url, {"item": ALLOWANCE}, headers={"HX-Request": "true", "HX-Target": "decisions"})
    text = part.content.decode()
    assert "<html" not in text
    assert 'id="row-advanced-age-allowance"' in text and "3 高龄津贴" in text


def test_an_item_the_list_does_not_have_opens_nothing(person: Person, client_as: ClientFor) -> None:
    page = shown(client_as("community_worker", COMMUNITY), person, item="no-such-item")
    assert 'id="reason"' not in page


@pytest.mark.covers("ENT-04")
def test_changes_stand_above_the_matrix(person: Person, client_as: ClientFor) -> None:
    tell(person, "cannot_self_care", "true", NOW + timedelta(minutes=5))
    redetermine(actor=EVERYBODY, persons=[person.pk], on=TODAY, now=NOW + timedelta(minutes=6))
    page = shown(client_as("community_worker", COMMUNITY), person)
    assert "养老护理补贴：待核改可享" in page


def test_facts_that_were_not_decided_by_yet_are_said(person: Person, client_as: ClientFor) -> None:
    tell(person, "cannot_self_care", "true", NOW + timedelta(minutes=5))
    assert "正在重新判定" in shown(client_as("community_worker", COMMUNITY), person)


@pytest.mark.covers("ENT-03", "ENT-04")
def test_a_decision_of_last_year_is_replayed_after_facts_and_list_changed(client_as: ClientFor) -> None:
    person = Person.objects.create(
        region_code=COMMUNITY, name="李桂芳", sex="2", birth_date=date(1942, 3, 18), registered_region=COMMUNITY,
        living_region=COMMUNITY, created_at=datetime(2024, 5, 1, tzinfo=UTC), changed_at=NOW,
    )  # fmt: skip
    tell(person, "assistance", "minimum_living", datetime(2025, 2, 1, tzinfo=UTC))
    Release.objects.filter(pk=issued_release().pk).update(issued_at=datetime(2024, 1, 1, tzinfo=UTC))
    then = file_then(person, THEN, KNOWN)
    assert then.desk is not None and then.facts is not None
    before = {line.slug: (line.answer, line.amount) for line in then.desk.lines(then.facts)}
    _list_changed()
    tell(person, "assistance", "none", datetime(2026, 11, 1, tzinfo=UTC))
    now = file_now(Person.objects.get(pk=person.pk), TODAY)
    again = file_then(person, THEN, KNOWN)
    assert again.desk is not None and again.facts is not None and now.desk is not None and now.facts is not None
    assert {line.slug: (line.answer, line.amount) for line in again.desk.lines(again.facts)} == before
    assert before[ALLOWANCE] == (True, "没写金额")
    assert {line.slug: line.amount for line in now.desk.lines(now.facts)}[ALLOWANCE] == "200元/月"
    assert (again.facts["assistance"], now.facts["assistance"]) == ("minimum_living", "none")
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    client = client_as("community_worker", COMMUNITY)
    page = shown(client, person, on="2025-03-01", known="2025-03-02", item=ALLOWANCE)
    assert "这是2025年3月1日的判定，按2025年3月2日为止知道的情况" in page
    assert "第1版" in page and "第2版" not in page and "才在松鹤印发" not in page
    assert "第2版" in shown(client, person)


def test_what_a_replay_cannot_know_is_said_in_words(person: Person, client_as: ClientFor) -> None:
    client = client_as("community_worker", COMMUNITY)
    assert "那时名册里还没有这份档案" in shown(client, person, on="2025-03-01")
    Person.objects.filter(pk=person.pk).update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert "2023年1月1日这里没有施行的清单" in shown(client, person, on="2023-01-01")
    assert "2026年11月18日才在松鹤印发" in shown(client, person, on="2025-03-01")
    for query in ({"on": "去年"}, {"on": "2999-01-01"}, {"on": "2025-03-01", "known": "0001-01-01"}):
        answer = client.get(reverse("person-decisions", args=[person.pk]), query)
        assert answer.status_code == 400 and "日子" in answer.content.decode()


def test_a_replay_offers_nothing_to_do(person: Person, client_as: ClientFor) -> None:
    Person.objects.filter(pk=person.pk).update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    page = shown(client_as("street_officer", "420704001"), person, on="2025-03-01", item="elderly-nursing-subsidy")
    assert "暂停这一项" not in page and "登记这一项" not in page and "要办的" not in page


@pytest.mark.covers("NET-02")
def test_other_regions_have_no_such_page(person: Person, client_as: ClientFor) -> None:
    client = client_as("community_worker", SIBLING)
    for name in ("person-decisions", "person-decisions-sheet", "person-decisions-pdf"):
        assert client.get(reverse(name, args=[person.pk])).status_code == 404


def test_where_no_list_holds_the_page_says_so(client_as: ClientFor) -> None:
    person = resident("李桂芳", 84)
    assert "这里没有施行的清单" in shown(client_as("community_worker", COMMUNITY), person)
    assert Course().decided == {}


@pytest.mark.covers("ENT-03")
def test_the_sheet_on_paper_holds_every_reason_that_is_not_a_plain_no(person: Person, client_as: ClientFor) -> None:
    client, url = client_as("community_worker", COMMUNITY), reverse("person-decisions-sheet", args=[person.pk])
    page = client.get(url).content.decode()
    assert "李桂芳的待遇和理由" in page and "3 高龄津贴" in page and "18 养老护理补贴" in page
    assert "13 优抚集中供养" not in page
    one = client.get(url, {"item": "entitled-persons-support"}).content.decode()
    assert "13 优抚集中供养" in one and "3 高龄津贴" not in one


@pytest.mark.covers("ENT-03")
def test_the_sheet_is_a_pdf_in_chinese_with_its_letters_inside(person: Person, client_as: ClientFor) -> None:
    client, url = client_as("community_worker", COMMUNITY), reverse("person-decisions-pdf", args=[person.pk])
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7") and b"/FontFile2" in answer.content
    client.cookies["songhe-language"] = "en"
    assert client.get(url).content == answer.content
    one = client.get(url, {"item": ALLOWANCE}).content
    assert len(one) < len(answer.content)


def test_the_file_leads_to_the_matrix(person: Person, client_as: ClientFor) -> None:
    page = client_as("community_worker", COMMUNITY).get(reverse("person", args=[person.pk])).content.decode()
    assert reverse("person-decisions", args=[person.pk]) in page


def tell(person: Person, fact: str, value: str, at: datetime) -> None:
    source = {"assistance": "civil_affairs"}.get(fact, "community")
    record_facts(
        actor=EVERYBODY, today=TODAY, now=at, told=[Told(person.pk, fact, source, value, at.date())]
    )  # fmt: skip


def _list_changed() -> None:
    """From this year on the list says how much the allowance is."""
    first = Release.objects.get()
    draft = begin_draft(actor=officer(), of_list=first.of_list, from_date=date(2026, 1, 1), now=NOW)
    name = "03-advanced-age-allowance.yaml"
    amount = "values: [{from: 2026-01-01, value: 200, clause: ezhou-2023/annex-1/3}]"
    text = draft.files[name].replace("values: []", amount)
    assert text != draft.files[name]
    saved = save_file(actor=officer(), release=draft.pk, name=name, text=text, version=draft.version, now=NOW)
    sent_on(saved)
