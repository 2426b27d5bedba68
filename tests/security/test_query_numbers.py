"""A page asks the database as often for many rows as for few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from songhe.foundation.access.scope import scoped
from songhe.foundation.notices.models import Notice
from songhe.people.imports.models import Batch, Candidate, Change, RowError, StagedRow
from songhe.people.models import Circumstance, Contact, Household, LifeEvent, Person, Residence, Sheet
from songhe.people.terms import LifeEventKind
from tests.security.placing import CITY, DAY, EVERYWHERE, NOW, World

MORE = [f"4207040010{number}" for number in range(10, 20)]
LISTS = (
    "home people people?sort=name people?living=alone imports duplicates tasks?whose=all jobs?whose=all transfers"
    " accounts events audit notices regions region-alterations roles"
).split()


def asked(client: Client, address: str) -> Counter[str]:
    """The statements that a page asks on its second visit, without their values, and how often."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200, address
    plain = (re.sub(r"'[^']*'|\b\d+\b|\(%s.*\)|IN \([^)]*\)", "?", query["sql"]) for query in seen.captured_queries)
    return Counter(text[:90] + " … " + text[-90:] for text in plain if "SAVEPOINT" not in text)


def grown(client: Client, addresses: list[str], grow: Callable[[list[Any]], None], rows: list[Any]) -> str:
    """The pages that ask more often for all the rows than for the first one, and what they ask."""
    grow(rows[:1])
    before = {address: asked(client, address) for address in addresses}
    grow(rows[1:])
    more = {address: asked(client, address) - before[address] for address in addresses}
    return "\n".join(
        f"{address}: {number} times {text}"
        for address, statements in more.items()
        for text, number in statements.items()
        if sum(statements.values()) > 2
    )


def test_no_list_asks_for_each_of_its_rows(world: World, everybody: Client) -> None:
    account = everybody.account  # type: ignore[attr-defined]

    def grow(codes: list[str]) -> None:
        for code in codes:
            world.add(code)
        Notice.objects.bulk_create(Notice(account=account, title="办完了", link="/", created_at=NOW) for _ in codes)

    addresses = [reverse(name) + mark + query for name, mark, query in (one.partition("?") for one in LISTS)]
    assert grown(everybody, addresses, grow, MORE) == ""


def test_no_file_asks_for_each_of_its_lines(world: World, everybody: Client) -> None:
    key = world.objects["person", CITY]["pk"]

    def grow(codes: list[str]) -> None:
        with scoped(EVERYWHERE, "test"):
            person = Person.objects.get(pk=key)
            own = {"region_code": CITY, "person": person}
            Contact.objects.bulk_create(
                Contact(**own, part="contact", relation="son", name="方志强", from_date=DAY) for _ in codes
            )
            LifeEvent.objects.bulk_create(
                LifeEvent(
                    **own, kind=LifeEventKind.CORRECTED, on_date=DAY, recorded_at=NOW, detail={"fields": ["name"]}
                )
                for _ in codes
            )
            Residence.objects.bulk_create(
                Residence(
                    **own,
                    place="living",
                    area=code,
                    from_date=date(1999 + len(codes) + at, 1, 1),
                    until_date=date(2040, 1, 1),
                )
                for at, code in enumerate(codes)
            )
            told = {
                "dementia": ("true", "health"),
                "ability_grade": ("2", "health"),
                "assistance": ("edge", "civil_affairs"),
            }
            Circumstance.objects.bulk_create(
                Circumstance(**own, fact=fact, value=value, source=source, as_of=DAY, known_from=NOW)
                for fact, (value, source) in list(told.items())[: len(codes) - 1]
            )
            house = person.household or Household.objects.create(region_code=CITY)
            for _ in codes:
                mate = Person.objects.create(
                    region_code=CITY, name="王五", household=house, household_relation="other", created_at=NOW,
                    changed_at=NOW,
                )  # fmt: skip
                Sheet.objects.create(person=mate, region_code=CITY, standing="present")
                Contact.objects.create(
                    region_code=CITY, person=mate, part="contact", relation="son", name="方志强", from_date=DAY
                )
            Person.objects.filter(pk=key).update(household=house)

    pages = [reverse(name, args=[key]) for name in ("person", "person-events", "person-seen", "person-facts")]
    house = world.objects["household", CITY]["pk"]
    assert grown(everybody, [*pages, reverse("household", args=[house])], grow, MORE) == ""


@pytest.mark.parametrize("state", ["compared", "proposed", "applied"])
def test_no_page_of_an_import_asks_for_each_row(world: World, everybody: Client, state: str) -> None:
    key = world.objects["batch", CITY]["pk"]
    with scoped(EVERYWHERE, "test"):
        Batch.objects.filter(pk=key).update(state=state)
        people = [row["pk"] for (kind, _), row in world.objects.items() if kind == "person"]

    def grow(some: list[Any]) -> None:
        with scoped(EVERYWHERE, "test"):
            own = {"region_code": CITY, "batch_id": key}
            for number, person in enumerate(some, 10 + len(some)):
                StagedRow.objects.create(**own, number=number, kind="changed", person=person)
                Change.objects.create(
                    **own, number=number, person=person, fact="disability_level", value="3", verdict="changed"
                )
                RowError.objects.create(
                    **own, number=number, letter="C", column="残疾等级", problem="不认识", kind="spelling"
                )
                Candidate.objects.create(**own, number=2, person=person, probability=0.7, rank=number)

    addresses = [reverse("import", args=[key])]
    if state == "compared":
        addresses.append(reverse("import-review-row", args=[key, 2]))
    assert grown(everybody, addresses, grow, people) == ""
