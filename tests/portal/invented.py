"""Two older women with telephones on file, a daughter who acts for one, and their way into the portal."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from songhe.doors.portal.mine.entering import code_in_demo
from songhe.people.identity import contact_phone_columns, identity_columns, phone_columns
from songhe.people.models import Contact, Person
from tests.decisions.crowd import TODAY
from tests.decisions.doors import ALLOWANCE, SIBLING, decided, receives, resident
from tests.people.register import number

LATER = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
HERS, OTHERS = number("19420318", 2), number("19420318", 4)
HER_PHONE, OTHERS_PHONE, DAUGHTERS_PHONE = "13800005521", "13800005522", "13800005523"


def with_numbers(person: Person, identity: str, phone: str) -> Person:
    """The same with an identity number and a telephone on file."""
    Person.objects.filter(pk=person.pk).update(
        **identity_columns(person.pk, identity), **phone_columns(person.pk, phone)
    )
    person.refresh_from_db()
    return person


def acting(person: Person, phone: str, part: str = "proxy", until: date | None = None, since: int = 30) -> Contact:
    """A daughter who acts for the person, from some days ago until a day."""
    key = uuid4()
    return Contact.objects.create(
        id=key, region_code=person.region_code, person=person, part=part, relation="daughter", name="方小梅",
        from_date=TODAY - timedelta(days=since), until_date=until, **contact_phone_columns(key, phone),
    )  # fmt: skip


def two_elders() -> tuple[Person, Person]:
    """余秀珍, of whom it is not known whether she lives alone, and 陈桂英 in the next community; both decided."""
    first = with_numbers(resident("余秀珍", 83, lives_alone=None), HERS, HER_PHONE)
    second = with_numbers(resident("陈桂英", 81, region=SIBLING), OTHERS, OTHERS_PHONE)
    receives(first, ALLOWANCE)
    decided()
    return first, second


def asked(client: Client, identity: str = HERS, phone: str = HER_PHONE) -> Any:
    """Asks for a code."""
    return client.post(reverse("portal-enter"), {"number": identity, "phone": phone})


def code_of(client: Client) -> str:
    """The code that was sent to her, "" when none was."""
    return code_in_demo(UUID(client.cookies["songhe-portal-entrance"].value))


def inside(identity: str = HERS, phone: str = HER_PHONE) -> Client:
    """Somebody who came in."""
    client = Client()
    asked(client, identity, phone)
    answer = client.post(reverse("portal-code"), {"code": code_of(client)})
    assert answer.status_code == 302 and answer["Location"] == reverse("portal-mine"), answer.content.decode()
    return client


def text_of(answer: Any) -> str:
    """The words of a page."""
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>|\s+", "", body))
