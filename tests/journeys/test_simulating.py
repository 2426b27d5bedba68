"""A change is tried on the city, kept, laid beside the proposal, and read by who approves it."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from songhe.eligibility.simulating.queries import trial_of
from songhe.eligibility.simulating.residence import Residence
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.people.models import Sheet
from songhe.policy.api import Release, ServiceList, begin_draft, save_file
from songhe.rules.facts import KEY
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import sync_api

AGE, MONEY = "advanced-age-allowance.from_age", "advanced-age-allowance.monthly_amount"
FILE = "03-advanced-age-allowance.yaml"


def somebody(town: Town, login: str) -> Actor:
    actor = actor_of(town.account(login), timezone.localdate(), "")
    assert isinstance(actor, Actor)
    return actor


def drafted(town: Town) -> UUID:
    """A draft of the city's list, in which the allowance begins at 75."""
    officer, now, today = somebody(town, "city-officer"), timezone.now(), timezone.localdate()
    with scoped(officer, "test"):
        of_list = ServiceList.objects.get(key="420700-ezhou/basic-list-2023")
        draft = begin_draft(actor=officer, of_list=of_list, from_date=today + timedelta(days=30), now=now)
        text = draft.files[FILE].replace("value: 80", "value: 75")
        saved = save_file(actor=officer, release=draft.pk, name=FILE, text=text, version=draft.version, now=now)
    return saved.pk


@pytest.mark.covers("POL-06")
def test_a_change_is_tried_kept_attached_and_read_by_the_approver(enter: VisitorFor, town: Town) -> None:
    officer = enter("city-officer")
    officer.opens("/simulate/")
    officer.follows("鄂州市基本养老服务清单", "改一个数，马上看到结果")
    page = officer.page
    page.get_by_text("3 高龄津贴").first.click()
    page.locator(f'[name="f.{AGE}"]').fill("75")
    officer.sees("多得的人", "按年龄")
    sync_api.expect(page.locator("#result [data-sh-chart] svg").first).to_be_visible()
    page.locator(f'[name="f.{MONEY}"]').fill("100")
    officer.sees("高龄津贴 起享年龄 80→75年；高龄津贴 每月津贴 没有写→100元/月")
    officer.looks()
    page.reload()
    officer.sees("按牵头部门")
    page.get_by_role("row", name="多得的人").get_by_role("link").first.click()
    officer.sees("试算：多得的人")
    officer.looks()

    draft = drafted(town)
    officer.opens(f"/simulate/{draft}/")
    officer.sees("草稿", "多得的人")
    officer.fill("存下来，叫什么", "从75岁起")
    officer.clicks("存成一次试算", "存好了：从75岁起")
    officer.follows("从75岁起", "草稿照原样，和施行中的一版比")
    officer.clicks("附在送审里", "取下来")

    leader = enter("city-leader")
    leader.opens(f"/policy/releases/{draft}/", looking=False)
    leader.follows("从75岁起", "附在送审里")
    leader.sees("高龄津贴", "比现行多，一年")
    leader.sees_no("取下来")


@pytest.mark.covers("POL-06", "NET-02")
def test_a_thread_reads_the_people_of_the_region_and_nobody_else(town: Town) -> None:
    officer, now = somebody(town, "officer-420704"), timezone.now()
    residence = Residence(at_once=-1)
    with scoped(officer, "test"):
        own = set(map(str, Sheet.objects.values_list("person_id", flat=True)))
        trial = trial_of(
            Release.objects.get(of_list__key="420700-ezhou/basic-list-2023", number=1), timezone.localdate()
        )
        assert residence.roll(officer, trial.before, now) is None
    for thread in threading.enumerate():
        if thread.name == "simulator":
            thread.join(60)
    with scoped(officer, "test"):
        found = residence.roll(officer, trial.before, now)
        assert found is not None
        assert residence.roll(officer, trial.before, now) is found
    on_roll = {key for tile in found.roll.tiles for key in tile.people[KEY].to_list()}
    assert on_roll <= own
    assert 0 < len(on_roll) < town.one("SELECT count(*) FROM people_sheet")
