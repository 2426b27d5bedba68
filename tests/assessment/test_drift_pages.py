"""The comparison of assessors out of the results that are kept, and its pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from django.utils import timezone

from songhe.assessment.drift import KEPT_RUNS, cases_of, measure_drift, measured_on, newest_run
from songhe.assessment.drift_runs import DriftRun
from songhe.assessment.models import Assessment, Assessor, Organisation, Result
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.people.models import Circumstance
from tests.assessment.teams import NATIONAL, REGION, assessor, older_person, organisation
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "", ("assessment.review",))
PEOPLE, CASES = 40, 1_200


def city(now: datetime, drifted: float) -> tuple[Organisation, list[Assessor]]:
    """Six assessors of one body, forty people, results of all pairs; the first adds some points."""
    body = organisation()
    team = [assessor(body, name) for name in ("胡静", "周敏", "何涛", "刘文斌", "陈洁", "吴敏")]
    people = [older_person() for _one in range(PEOPLE)]
    chance = np.random.default_rng(7)
    rows = []
    for number in range(CASES):
        pair = chance.choice(6, 2, replace=False).tolist()
        total = round(50 + chance.normal(0, 6) + (drifted if 0 in pair else 0))
        day = now.date() - timedelta(days=number % 300)
        rows.append(
            Result(
                region_code=REGION, person=people[number % PEOPLE], scale=NATIONAL, purpose="own_wish", source="own",
                state="replaced", total=total, level=2, level_by_points=2, organisation=body, assessed_date=day,
                assessors=[team[one].pk for one in pair], confirmed_at=now, confirmer="何俊", code=f"C{number:011}",
            )
        )  # fmt: skip
    Result.objects.bulk_create(rows)
    return body, team


@pytest.mark.covers("ASM-04")
def test_the_run_finds_who_drifted_and_keeps_no_more_than_sums(everywhere: Actor) -> None:
    now = timezone.now()
    _body, team = city(now, 12.0)
    run = measure_drift(actor=everywhere, now=now)
    assert (run.cases, run.judged, run.least) == (CASES, 6, 1)
    by_assessor = {UUID(one["assessor"]): one for one in run.effects}
    assert by_assessor[team[0].pk]["verdict"] == "differs"
    assert by_assessor[team[0].pk]["low"] > 8
    assert [by_assessor[one.pk]["verdict"] for one in team[1:]].count("differs") == 0
    assert measured_on(timezone.localdate(now))
    assert not measured_on(timezone.localdate(now) + timedelta(days=1))


def test_what_is_not_ours_or_withdrawn_is_not_compared(everywhere: Actor) -> None:
    now = timezone.now()
    city(now, 0.0)
    first, second, third, fourth = Result.objects.order_by("id")[:4]
    Result.objects.filter(pk=first.pk).update(source="file")
    Result.objects.filter(pk=second.pk).update(state="withdrawn")
    Result.objects.filter(pk=third.pk).update(scale="mzt039-2013")
    Result.objects.filter(pk=fourth.pk).update(assessed_date=date(2023, 1, 1))
    cases, assessors = cases_of(everywhere, since=now.date() - timedelta(days=700), today=now.date())
    assert (len(cases.totals), len(assessors)) == (CASES - 4, 6)


def test_dementia_counts_only_as_far_as_it_was_known_before_and_from_elsewhere(everywhere: Actor) -> None:
    now = timezone.now()
    city(now, 0.0)
    person = Result.objects.order_by("id")[0].person_id
    told = {"region_code": REGION, "person_id": person, "fact": "dementia", "value": "true", "known_from": now}
    Circumstance.objects.create(**told, source="assessment", as_of=date(2020, 1, 1))
    ever = cases_of(everywhere, since=date(2020, 1, 1), today=now.date())[0].traits["dementia"]
    assert set(ever.tolist()) == {0}
    Circumstance.objects.create(**told, source="health", as_of=now.date() - timedelta(days=150))
    known = cases_of(everywhere, since=date(2020, 1, 1), today=now.date())[0].traits["dementia"]
    assert 0 < int(known.sum()) < Result.objects.filter(person=person).count()


def test_the_newest_run_that_covers_the_region_is_shown_and_old_ones_go(everywhere: Actor) -> None:
    now = timezone.now()
    for hour in range(KEPT_RUNS + 3):
        measure_drift(actor=everywhere, now=now + timedelta(hours=hour))
    assert DriftRun.objects.count() == KEPT_RUNS
    district = Actor(None, "何俊", "420704", everywhere.actions)
    own = measure_drift(actor=district, now=now + timedelta(days=2))
    assert newest_run(district) == own
    assert newest_run(Actor(None, "何俊", "420703", everywhere.actions)) != own


@pytest.mark.covers("ASM-04")
def test_a_district_compares_looks_and_draws_second_assessments(client_as: ClientFor, db: None) -> None:
    now = timezone.now()
    district = client_as("district_officer", "420704000000")
    assert "还没有比过" in district.get("/assessments/drift/").text
    with scoped(EVERYWHERE, "test"):
        body, team = city(now, 12.0)
        for row in Result.objects.filter(assessors__contains=[team[0].pk])[:4]:
            row.assessment = Assessment.objects.create(
                region_code=REGION, person_id=row.person_id, scale=NATIONAL, purpose="own_wish", reason="first",
                asked_by="self", state="confirmed", asked_at=now, asker="何俊", due_date=now.date(), organisation=body,
            )  # fmt: skip
            row.confirmed_at = now - timedelta(days=2)
            row.save()
    assert district.post("/assessments/drift/measure/").status_code == 302
    run_queued()
    page = district.get("/assessments/drift/").text
    assert "1位评估员在条件相近的老人身上打分和同区县的人不一样" in page
    assert f"/assessments/assessors/{team[0].pk}/draw/" in page
    assert f"/assessments/assessors/{team[1].pk}/draw/" not in page
    assert "请别人再评一次" in district.get(f"/assessments/assessors/{team[0].pk}/draw/").text
    drawn = district.post(f"/assessments/assessors/{team[0].pk}/draw/")
    assert drawn.url == "/assessments/seconds/"
    assert "4件在办" in district.get("/assessments/seconds/").text
    assert "共4件" in district.get(f"/assessments/seconds/?state=work&body={body.pk}&sort=asked&after=none").text
    assert "没有这样的抽查" in district.get("/assessments/seconds/?state=done").text
    other = client_as("district_officer", "420703000000")
    assert "胡静" not in other.get("/assessments/drift/").text
    assert other.get(f"/assessments/assessors/{team[0].pk}/draw/").status_code == 404


def test_a_second_result_that_differs_is_looked_at_on_its_page(client_as: ClientFor, db: None) -> None:
    from tests.assessment.teams import able
    from tests.assessment.test_sampling import twice

    actions = client_as("city_officer", "420700000000").account and _all_actions()
    desk = Actor(None, "测试", "", actions)
    with scoped(desk, "test"):
        second = twice(desk, able(B_1_1="0", B_1_2="0"))
    district = client_as("district_officer", "420704000000")
    page = district.get(f"/assessments/seconds/{second.pk}/")
    assert "差−8分" in page.text
    assert "超过6分" in page.text
    assert all(words in page.text for words in ("看第一次的结果", "看再评的结果", "能力完好", "轻度失能"))
    empty = district.post(f"/assessments/seconds/{second.pk}/", {"words": ""})
    assert empty.status_code == 422
    assert district.post(f"/assessments/seconds/{second.pk}/", {"words": "当天不舒服"}).status_code == 302
    assert "看下来怎样" not in district.get(f"/assessments/seconds/{second.pk}/").text


def _all_actions() -> frozenset[str]:
    from songhe.foundation.access.models import RoleAction

    return frozenset(RoleAction.objects.values_list("action", flat=True))
