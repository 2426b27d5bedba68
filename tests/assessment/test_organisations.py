"""Organisations, assessors and ties, on their pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from songhe.assessment.models import Assessor, Organisation, Tie
from songhe.assessment.queries.organisations import bodies, districts, organisations
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.regions.seeding import load_divisions
from tests.assessment.teams import CODES, assessor, older_person, organisation
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")
TODAY = date(2026, 11, 18)


def staffed(body: Organisation, full: int, part: int) -> None:
    for _one in range(full):
        assessor(body)
    for _one in range(part):
        assessor(body, full_time=False)


@pytest.mark.covers("ASM-04")
def test_an_organisation_needs_three_full_time_and_five_in_all(everywhere: Actor) -> None:
    enough, few = organisation(), organisation(CODES[1])
    staffed(enough, 3, 2)
    staffed(few, 2, 4)
    found = bodies([enough, few], TODAY)
    assert [(one.full_time, one.staff, one.short) for one in found] == [(3, 5, False), (2, 6, True)]


def test_who_left_or_whose_certificate_ended_does_not_count(everywhere: Actor) -> None:
    body = organisation()
    assessor(body, left_date=TODAY)
    assessor(body, certified_until=TODAY)
    assessor(body, certified_until=TODAY + timedelta(days=60))
    assessor(body, certified_until=TODAY + timedelta(days=61))
    (found,) = bodies([body], TODAY)
    assert (found.staff, found.ending) == (2, 1)


@pytest.mark.covers("ASM-04")
def test_a_district_needs_three_registered_organisations_and_two_before_2025_ended(everywhere: Actor) -> None:
    organisation()
    organisation(CODES[1])
    organisation(CODES[2], state="suspended")
    for day, least, met in ((TODAY, 3, False), (date(2025, 6, 1), 2, True)):
        (one,) = districts(organisations(everywhere, day), ["420704000000"], day)
        assert (one.organisations, one.least, one.met) == (2, least, met)


@pytest.mark.covers("ASM-04")
def test_a_district_registers_suspends_and_ends_an_organisation(client_as: ClientFor, db: None) -> None:
    load_divisions("420700", date(2023, 7, 1))
    district = client_as("district_officer", "420704000000")
    assert "还没有登记评估机构" in district.get("/assessments/organisations/").text
    given = {"name": "松泽老年评估中心", "code": CODES[0], "district": "420704000000", "from_date": "2026-11-01"}
    wrong = district.post("/assessments/organisations/new/", given | {"code": "123"})
    assert (wrong.status_code, "松泽老年评估中心" in wrong.text) == (422, True)
    made = district.post("/assessments/organisations/new/", given)
    assert made.status_code == 302
    row = Organisation.objects.get()
    assert made.url == f"/assessments/organisations/{row.pk}/"
    assert "专职0人，至少要3人" in district.get(made.url).text
    for deed, state in (("suspend", "suspended"), ("resume", "registered"), ("end", "ended")):
        assert district.get(f"{made.url}{deed}/").status_code == 200
        answer = district.post(f"{made.url}{deed}/", {"on_date": "2026-11-20", "note": "人手不够"})
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.state == state
    assert district.get(f"{made.url}resume/").status_code == 404


@pytest.mark.covers("ASM-04")
def test_an_assessor_is_registered_with_an_account_and_renewed(client_as: ClientFor, db: None) -> None:
    body = organisation()
    mine = client_as("assessor", "420704000000", login="hujing", name="胡静").account
    client_as("street_officer", "420704001000", login="street")
    district = client_as("district_officer", "420704000000")
    page = district.get(f"/assessments/organisations/{body.pk}/assessor/")
    assert "hujing" in page.text
    assert "street" not in page.text.split("用哪个账号")[1].split("</select>")[0]
    given = {
        "name": "胡静", "certificate": "PG20260001", "certified_from": "2024-01-01", "certified_until": "2027-01-01",
        "joined_date": "2024-01-01", "medical": "on", "full_time": "on", "account": str(mine.pk),
    }  # fmt: skip
    made = district.post(f"/assessments/organisations/{body.pk}/assessor/", given)
    row = Assessor.objects.get()
    assert (made.url, row.account, row.medical) == (f"/assessments/assessors/{row.pk}/", mine, True)
    again = district.post(f"/assessments/organisations/{body.pk}/assessor/", given | {"account": ""})
    assert (again.status_code, "已经登记给别的评估员" in again.text) == (422, True)
    change = {"certified_until": "2030-01-01", "full_time": "on", "account": ""}
    assert district.post(f"{made.url}change/", change).status_code == 302
    row.refresh_from_db()
    assert (row.certified_until, row.medical, row.account) == (date(2030, 1, 1), False, None)


def test_a_certificate_that_ends_within_sixty_days_is_shown(client_as: ClientFor, db: None) -> None:
    body, today = organisation(), timezone.localdate()
    assessor(body, "胡静", certified_until=today + timedelta(days=20))
    assessor(body, "周敏", certified_until=today - timedelta(days=1))
    text = client_as("district_officer", "420704000000").get(f"/assessments/organisations/{body.pk}/").text
    assert "还有20天到期" in text
    assert "证书过期了" in text


@pytest.mark.covers("ASM-04")
def test_a_tie_is_recorded_for_a_person_that_was_looked_for_and_ended(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        person, body = older_person(), organisation()
        one = assessor(body)
    person_key = str(person.pk)
    district = client_as("district_officer", "420704000000")
    address = f"/assessments/assessors/{one.pk}/tie/"
    assert district.get(address).status_code == 200
    assert "没有找到" in district.post(address, {"find": "无此人"}).text
    assert "什么关系" in district.post(address, {"person": person_key}).text
    given = {"person": person_key, "kind": "relative", "from_date": "2026-01-01", "words": "外甥女"}
    assert district.post(address, given).status_code == 302
    assert "王德福" in district.get(f"/assessments/assessors/{one.pk}/").text
    with scoped(EVERYWHERE, "test"):
        tie = Tie.objects.get()
    end = f"/assessments/assessors/{one.pk}/ties/{tie.pk}/"
    early = district.post(end, {"until_date": "2025-01-01"})
    assert (early.status_code, "比开始的那天早" in early.text) == (422, True)
    assert district.post(end, {"until_date": "2026-11-01"}).status_code == 302
    assert district.post(end, {"until_date": "2026-11-20"}).status_code == 422
    whole = given | {"kind": "provider", "whole": "on"}
    assert district.post(address, whole).status_code == 302
    assert "整个机构" in district.get(f"/assessments/assessors/{one.pk}/").text


@pytest.mark.covers("NET-02")
def test_another_district_sees_neither_organisation_nor_assessor(client_as: ClientFor, db: None) -> None:
    body = organisation()
    one = assessor(body)
    other = client_as("district_officer", "420703000000")
    assert "松泽老年评估中心" not in other.get("/assessments/organisations/").text
    for address in (f"organisations/{body.pk}/", f"organisations/{body.pk}/suspend/", f"assessors/{one.pk}/"):
        assert other.get(f"/assessments/{address}").status_code == 404
