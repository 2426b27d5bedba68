"""T16: days are those of the region; a clock that is hours off, or goes back, loses nothing and lets nobody in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.people.models import Circumstance, LifeEvent, Person, Sheet
from songhe.people.operations.dying import record_death, undo_death
from songhe.people.operations.telling import record_fact
from songhe.people.terms import Standing
from tests.people.register import NOW, TODAY, registered
from tests.platform_fixtures import PASSWORD

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERYBODY = Actor.system("测试", "")
Make = Callable[..., Any]


@pytest.fixture
def person(everywhere: Actor) -> Person:
    return registered(everywhere)


def died_on(client: Client, person: Person, day: date) -> int:
    form = {"on_date": day.isoformat(), "source": "funeral", "reason": ""}
    return client.post(reverse("person-death", args=[person.pk]), form).status_code


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        (datetime(2026, 11, 17, 16, 30, tzinfo=UTC), date(2026, 11, 18)),  # half past midnight in Shanghai
        (datetime(2026, 11, 18, 15, 30, tzinfo=UTC), date(2026, 11, 18)),  # half past eleven at night
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2027, 2, 28, 16, 0, tzinfo=UTC), date(2027, 3, 1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_today_is_the_day_in_the_region(client_as: Make, clock: datetime, day: date) -> None:
    with scoped(EVERYBODY, "test"):
        whom = registered(Actor(None, "测试", "", frozenset({"people.write"})))
    with time_machine.travel(clock, tick=False):
        client = client_as("district_officer", "420704")
        assert died_on(client, whom, day + timedelta(days=1)) == 422
        assert died_on(client, whom, day) == 302


def test_a_clock_that_went_back_keeps_what_was_told_last(everywhere: Actor, person: Person) -> None:
    told = {
        "actor": everywhere,
        "today": TODAY,
        "person_id": person.pk,
        "fact": "disability_level",
        "source": "community",
    }
    assert record_fact(**told, now=NOW, value="3")
    assert record_fact(**told, now=NOW - timedelta(hours=3), value="2")
    assert record_fact(**told, now=NOW - timedelta(hours=5), value="1")
    current = Circumstance.objects.get(person=person, fact="disability_level", known_until=None)
    assert current.value == "1"
    assert Sheet.objects.get(person=person).disability_level == 1
    assert Circumstance.objects.filter(person=person, fact="disability_level").count() == 3


def test_a_clock_that_went_back_undoes_the_death_that_stands(everywhere: Actor, person: Person) -> None:
    deed = {"actor": everywhere, "today": TODAY, "person_id": person.pk}
    for hours in (0, -6, 3):
        now = NOW + timedelta(hours=hours)
        record_death(**deed, now=now, on_date=TODAY, source="funeral")
        assert Person.objects.get(pk=person.pk).standing == Standing.DEAD
        undo_death(**deed, now=now - timedelta(hours=2), reason="认错了人")
        assert Person.objects.get(pk=person.pk).standing == Standing.PRESENT
    deaths = LifeEvent.objects.filter(person=person, kind="died")
    assert deaths.count() == 3 and not deaths.filter(undone_by=None).exists()


@pytest.mark.parametrize("hours", [-9, 9])
def test_a_browser_whose_clock_is_off_changes_nothing(client_as: Make, hours: int) -> None:
    """The day a form comes with is only a proposal: what counts is the server's day."""
    with scoped(EVERYBODY, "test"):
        whom = registered(Actor(None, "测试", "", frozenset({"people.write"})))
    evening = datetime(2026, 11, 18, 20, 0, tzinfo=SHANGHAI)
    with time_machine.travel(evening, tick=False):
        client = client_as("district_officer", "420704")
        theirs = (evening + timedelta(hours=hours)).date()
        assert died_on(client, whom, theirs) == (422 if theirs > evening.date() else 302)


def code_of(device: TOTPDevice, at: datetime) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = at.timestamp()
    return f"{totp.token():06d}"


@pytest.mark.covers("PER-06")
def test_a_code_counts_once_and_near_its_time(account_for: Make) -> None:
    account: Account = account_for("district_officer", "420704", login="officer")
    device = TOTPDevice.objects.create(user=account, name="动态码", confirmed=True)
    start = datetime(2026, 11, 18, 9, 0, 10, tzinfo=SHANGHAI)
    for seconds, right in ((-600, False), (600, False), (-20, True)):
        start += timedelta(hours=1)  # wrong codes make one wait
        with time_machine.travel(start, tick=False):
            assert signed_in(code_of(device, start + timedelta(seconds=seconds))) is right, seconds
    with time_machine.travel(start + timedelta(seconds=5), tick=False):
        assert not signed_in(code_of(device, start + timedelta(seconds=-20)))  # the same code again


def signed_in(code: str) -> bool:
    client = Client()
    assert client.post("/sign-in/", {"login": "officer", "password": PASSWORD})["Location"] == reverse("sign-in-code")
    assert client.get(reverse("people")).status_code == 302  # the password alone opens nothing
    return client.post(reverse("sign-in-code"), {"code": code}).status_code == 302


def test_the_password_alone_waits_five_minutes_for_the_code(account_for: Make) -> None:
    account = account_for("district_officer", "420704", login="officer")
    device = TOTPDevice.objects.create(user=account, name="动态码", confirmed=True)
    start = datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI)
    with time_machine.travel(start, tick=False) as clock:
        client = Client()
        client.post("/sign-in/", {"login": "officer", "password": PASSWORD})
        clock.shift(timedelta(minutes=5, seconds=1))
        answer = client.post(
            reverse("sign-in-code"), {"code": code_of(device, start + timedelta(minutes=5, seconds=1))}
        )
        assert answer["Location"] == reverse("sign-in")
        assert client.get(reverse("people")).status_code == 302


@pytest.mark.covers("PER-06")
def test_codes_cannot_be_tried_one_after_the_other(account_for: Make) -> None:
    account = account_for("district_officer", "420704", login="officer")
    device = TOTPDevice.objects.create(user=account, name="动态码", confirmed=True)
    start = datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI)
    with time_machine.travel(start, tick=False):
        right = code_of(device, start)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for _ in range(4):
            assert not signed_in(wrong)
        assert not signed_in(right)
