"""What a district does beside single cases: a campaign over some communities, and the second looks of a month."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl

from songhe.assessment.api import (
    Assessment,
    Campaign,
    Result,
    ToldResult,
    all_told,
    ask_for_all,
    campaign_people,
    campaign_tallies,
    current_scale,
    draw_month,
    end,
    leave_out,
    make_campaign,
    scale_of,
    take_results,
)
from songhe.demo.register.assessing import Assessments
from songhe.demo.register.assessing_bodies import written
from songhe.demo.register.assessing_way import Way, at_work
from songhe.kernel.errors import Conflict

_DRAWN_BEFORE = timedelta(days=6)
_TAKES = timedelta(days=4)  # a second look, from the draw to its result
_STREET, _DONE = 9, 2
_LEFT_OUT = (("declined", "说自己身体好，不用评"), ("hospital", "住院，估计下月出院"))


def look_twice(way: Way) -> pl.DataFrame:
    """Last month's share is drawn; up to two of the first district's are done, the first unlike: id, differs."""
    first = way.now.replace(day=1)
    at = max(first, way.now - _DRAWN_BEFORE)
    planted: list[tuple[str, bool]] = []
    for district in written()["cases"]:
        desk = way.desk(district)
        with way.acting(desk):
            draw_month(actor=desk, month=(first - timedelta(days=1)).date(), now=at)
            drawn = list(Assessment.objects.filter(
                second_of__isnull=False, state="accepted", region_code__startswith=district
            ).select_related("second_of").order_by("pk"))  # fmt: skip
        if district == next(iter(written()["cases"])) and at + _TAKES < way.now:
            for row in drawn[: min(_DONE, len(drawn) - 1)]:
                planted += _again(way, row, len(planted), at)
    return pl.DataFrame(planted, schema={"id": pl.String, "differs": pl.Boolean}, orient="row")


def _again(way: Way, row: Assessment, number: int, at: datetime) -> list[tuple[str, bool]]:
    """Others assess, the first time they find much otherwise; nothing where nobody can go."""
    assert row.second_of is not None  # noqa: S101
    sent = set(row.second_of.assignments.values_list("assessor_id", flat=True))
    team = next((one for one in way.teams(row.region_code) if one.visitor and not sent & set(one.ids)), None)
    if team is None:
        return []
    first = Result.objects.select_related("form").get(assessment=row.second_of)
    assert first.form is not None  # noqa: S101
    differs = number == 0
    answers = _otherwise(row.scale, first.form.answers, written()["second_differs"] if differs else 1)
    done = way.visited(row, team, json.dumps(answers), number, at + timedelta(minutes=30))
    way.confirmed(row, at_work(done, number))
    way.told.pop()  # a second one tells the register nothing
    return [(str(row.pk), differs)]


def _otherwise(scale: str, answers: Mapping[str, str], items: int) -> dict[str, str]:
    """So many items one step worse than they were found."""
    found = dict(answers)
    for item in scale_of(scale).items:
        points = item.points_of[found[item.code]]
        worse = next((one.code for one in item.options if one.points == points - 1), None)
        if worse is not None and items:
            found[item.code], items = worse, items - 1
    return found


def hold_campaign(way: Way, assessed: Assessments) -> pl.DataFrame:
    """A campaign begun weeks ago: some communities asked for, told, on their way; gives community and state."""
    plan = written()["campaign"]
    desk, begun = way.desk(plan["district"]), way.now - timedelta(days=plan["begun"])
    planted: list[tuple[str, str]] = []
    with way.acting(desk):
        row = make_campaign(
            actor=desk, name=plan["name"], groups=plan["groups"], region=plan["district"], purpose="hardship",
            by_date=(way.now + timedelta(days=plan["by"])).date(), now=begun,
        )  # fmt: skip
        _weekly(way, row, plan, assessed)
        for number, place in enumerate(_places(row, plan, way)):
            days = plan["asked"][number % len(plan["asked"])]
            at = way.now - timedelta(days=days, minutes=-47 * (number + 1))
            try:
                openings = ask_for_all(actor=desk, campaign=row.pk, place=place, now=at)
            except Conflict:
                continue
            state = plan["stands"][number % len(plan["stands"])]
            for opening in openings:
                planted.append((opening.region_code, state))
                if state != "asked":
                    all_told(actor=desk, opening=opening.pk, now=at + timedelta(days=2))
                if state == "going":
                    _going(way, row, opening.pk, at + timedelta(days=3))
    return pl.DataFrame(planted, schema={"region_code": pl.String, "state": pl.String}, orient="row")


def _weekly(way: Way, campaign: Campaign, plan: Mapping[str, Any], assessed: Assessments) -> None:
    """Week by week an organisation of the district tells, from a system of its own, what it found."""
    desk, weeks, scale = way.desk(campaign.region), plan["begun"] // 7, current_scale(way.now.date()).key
    found = campaign_people(campaign, plan["district"], way.now.date()).filter(stand="todo")
    persons = sorted(str(one) for one in found.values_list("person_id", flat=True))
    persons = [one for one in persons if int(one[:2], 16) < plan["done"] * 256][: plan["most_done"]]
    for week in range(weeks):
        at = way.now - timedelta(days=plan["begun"] - 7 * week - 6, minutes=-23 * week)
        team = way.teams(campaign.region)[week % 2 + 1]
        answers = assessed.honest(persons[week::weeks], week)
        told = [
            ToldResult(
                UUID(person), scale, campaign.purpose, (at - timedelta(days=1 + place % 4)).date(), way.body(team),
                [one.name for one in team.staff], json.loads(given),
            )
            for place, (person, given) in enumerate(answers.items())
        ]  # fmt: skip
        if told:
            problems, _ = take_results(actor=desk, today=at.date(), now=at, told=told)
            assert not any(words for _, words in problems)  # noqa: S101
            way.told += list(answers)


def _places(campaign: Campaign, plan: Mapping[str, Any], way: Way) -> list[str]:
    """The communities with the most to ask for, not more than may be led along, few of one street."""
    todo = {code: one.todo for code, one in campaign_tallies(campaign, plan["district"], way.now.date()).items()}
    fitting = sorted((-number, code) for code, number in todo.items() if 0 < number <= plan["most_in_one"])
    streets: dict[str, int] = {}
    found: list[str] = []
    for _, code in fitting:
        street = code[:_STREET]
        streets[street] = streets.get(street, 0) + 1
        if streets[street] <= plan["of_a_street"] and len(found) < plan["communities"]:
            found.append(code)
    return found


def _going(way: Way, campaign: Campaign, opening: UUID, then: datetime) -> None:
    """Of those asked for some are left out, one was not there, one will be visited."""
    rows = list(Assessment.objects.filter(opening=opening).order_by("pk"))
    desk = way.desk(campaign.region)
    for number, row in enumerate(rows[: len(_LEFT_OUT) + 2]):
        if number < len(_LEFT_OUT) and number + 1 < len(rows):
            reason, said = _LEFT_OUT[number]
            leave_out(actor=desk, campaign=campaign, person_id=row.person_id, reason=reason, words=said, now=then)
        elif number == len(_LEFT_OUT):
            end(actor=desk, assessment=row.pk, words="去了两次没有人，邻居说去女儿家了", now=then + timedelta(days=4))
        else:
            team = way.teams(campaign.region)[-1]
            way.send(row, team, then + timedelta(days=2))
