"""Assessments at a desk: every page looked at, and a result that is doubted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from songhe.assessment.models import Assessment, Assessor, Form, Result
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.visiting import content_digest, save_form, sign, submit
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from tests.assessment.teams import DRAWING, able, acting, basics, changes_of
from tests.decisions.doors import EVERYBODY
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor

OF_STATE = """
SELECT id::text FROM assessment_assessment WHERE state = %s AND region_code LIKE '420704%%' ORDER BY id LIMIT 1
"""
FORM = "SELECT id::text FROM assessment_form WHERE assessment_id = %s ORDER BY begun_at DESC LIMIT 1"
OBJECTABLE = """
SELECT r.id::text FROM assessment_result r JOIN people_person p ON p.id = r.person_id
WHERE r.state = 'provisional' AND r.region_code LIKE '420704%%' AND r.objection_until >= current_date
  AND p.standing = 'present' AND NOT EXISTS (SELECT FROM assessment_objection o WHERE o.result_id = r.id)
ORDER BY r.id LIMIT 1
"""
DESK = Actor(None, "何俊", "420704", frozenset({"assessment.accept", "assessment.ask"}))
LISTS = (
    "", "?state=closed", "board/", "results/", "results/imports/", "results/imports/new/", "objections/", "campaigns/",
    "campaigns/new/", "organisations/", "organisations/new/", "drift/", "seconds/", "settlement/",
)  # fmt: skip
STEPS = {
    "asked": ("accept", "refuse"), "accepted": ("assign",), "assigned": ("appoint", "call-back"), "appointed": ("end",),
    "submitted": ("confirm", "send-back"),
}  # fmt: skip


@pytest.mark.covers("ASM-01", "ASM-03", "ASM-04", "NET-05")
def test_every_page_of_assessment_can_be_used_by_everybody(enter: VisitorFor, town: Town) -> None:
    officer = enter("officer-420704")
    for page in LISTS:
        assert officer.opens(f"/assessments/{page}").status == 200, page
    for state, deeds in STEPS.items():
        key = town.one(OF_STATE, state)
        assert officer.opens(f"/assessments/{key}/").status == 200, state
        for deed in deeds:
            assert officer.opens(f"/assessments/{key}/{deed}/").status == 200, deed
        if state == "submitted":
            assert officer.opens(f"/assessments/{key}/forms/{town.one(FORM, key)}/").status == 200
    result = town.one("SELECT id::text FROM assessment_result WHERE region_code LIKE '420704%%' ORDER BY id LIMIT 1")
    person = town.one("SELECT person_id::text FROM assessment_result WHERE id = %s", result)
    body = town.one("SELECT id::text FROM assessment_organisation WHERE district = '420704000000' ORDER BY id LIMIT 1")
    for page in (f"results/{result}/", f"people/{person}/", f"ask/{person}/", f"organisations/{body}/"):
        assert officer.opens(f"/assessments/{page}").status == 200, page


@pytest.mark.covers("ASM-01", "ASM-03")
def test_a_result_that_is_doubted_is_assessed_by_others_and_final(enter: VisitorFor, town: Town) -> None:
    result, officer = town.one(OBJECTABLE), enter("officer-420704")
    officer.opens(f"/assessments/results/{result}/")
    officer.follows("提异议", "另外的评估员再评一次")
    officer.fill("为什么有异议", "走路要人扶，表上写的是能自己走")
    officer.clicks("提异议")
    with scoped(EVERYBODY, "test"):
        first = Result.objects.get(pk=result)
        objection = first.objections.get()
    officer.opens(f"/assessments/objections/{objection.pk}/")
    officer.follows("受理，派人再评", "再评")
    officer.clicks("受理，派人再评")
    with scoped(EVERYBODY, "test"):
        again = Assessment.objects.get(objects_to=first)
    same_team_is_refused(officer, again.pk, first)
    assessed_by_others(again.pk, first)
    officer.opens(f"/assessments/{again.pk}/confirm/")
    officer.clicks("审核通过，出结果", "出结果了")
    officer.opens(f"/assessments/objections/{objection.pk}/")
    with scoped(EVERYBODY, "test"):
        final = Result.objects.get(assessment_id=again.pk)
        first.refresh_from_db()
        objection.refresh_from_db()
    assert (final.state, final.objection_until, first.state) == ("final", None, "replaced")
    assert objection.state == ("upheld" if final.level == first.level else "changed")
    assert not set(final.assessors) & set(first.assessors)


def same_team_is_refused(officer: Visitor, again: UUID, first: Result) -> None:
    """Who assessed the first time stands in the list with the reason, and cannot be ticked."""
    officer.opens(f"/assessments/{again}/assign/")
    for assessor in first.assessors:
        box = officer.page.locator(f"input[value='{assessor}']")
        assert not box.count() or box.is_disabled()


def assessed_by_others(again: UUID, first: Result) -> None:
    """Two others are sent, find somebody who needs support, sign and hand in."""
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        fit = Assessor.objects.filter(
            organisation=first.organisation_id, certified_from__lte=now, certified_until__gt=now + timedelta(days=9),
            left_date=None,
        ).exclude(pk__in=first.assessors)  # fmt: skip
        team = [next(one for one in fit if one.medical)]
        team += [next(one for one in fit if one.pk != team[0].pk)]
        assign(actor=DESK, assessment=again, assessors=[one.pk for one in team], now=now)
        if team[0].account_id is None:
            team[0].account = Account.objects.create(login=f"again-{again}"[:40], name=team[0].name, created_at=now)
            team[0].save(update_fields=["account"])
        appoint(actor=DESK, assessment=again, visit_at=now + timedelta(days=3), place="家里", now=now)
        me, form_id = acting(team[0]), uuid4()
        sent = changes_of(able(B_2_3="2"), basics(), at=now)
        save_form(actor=me, assessment=again, form_id=form_id, changes=sent, now=now)
        digest = content_digest(Form.objects.get(pk=form_id))
        for one in team:
            sign(actor=me, form_id=form_id, assessor=one.pk, drawing=DRAWING, digest=digest, now=now)
        submit(actor=me, form_id=form_id, assessed_date=timezone.localdate(now), now=now)
