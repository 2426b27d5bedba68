"""Every role's first page and every place of its side list, on a desk and on a phone."""

from __future__ import annotations

import pytest

from songhe.config.roles import standard_roles
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import DESK, PHONE

PERSON = """
SELECT p.id::text FROM people_person p JOIN people_contact c ON c.person_id = p.id
 WHERE p.household_id IS NOT NULL AND p.standing = 'present' AND c.until_date IS NULL ORDER BY p.id LIMIT 1
"""
HOUSEHOLD = "SELECT household_id::text FROM people_person WHERE id = %s"
CONTACT = "SELECT id::text FROM people_contact WHERE person_id = %s AND until_date IS NULL ORDER BY id LIMIT 1"
DEAD = "SELECT id::text FROM people_person WHERE standing = 'dead' ORDER BY id LIMIT 1"
OF_A_FILE = (
    "", "events/", "seen/", "correct/", "facts/", "facts/disability_level/", "facts/lives_alone/", "death/", "move/",
    "move-out/", "transfer/", "contacts/", "household/", "household/leave/", "?show=identity", "?show=phone",
)  # fmt: skip
OF_EVERYBODY = ("/own/region/", "/own/password/", "/own/second-factor/", "/notices/", "/nothing-is-here/")
FIRST = (
    "SELECT a.login FROM access_grant g JOIN access_account a ON a.id = g.account_id WHERE g.role_id = %s ORDER BY 1"
)


@pytest.mark.parametrize("role", sorted(standard_roles()))
def test_a_role_can_use_its_first_page_and_every_place_of_its_side_list(
    enter: VisitorFor, town: Town, role: str
) -> None:
    person = enter(town.rows(FIRST, role)[0][0])
    person.page.goto("/")
    places = person.page.locator(".sh-side a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert places, "the side list is empty"
    for place in dict.fromkeys(places):
        answer = person.page.goto(place)
        assert answer is not None and answer.status == 200, place
        person.looks()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_sign_in_page_lists_an_account_for_each_role(enter: VisitorFor, width: int) -> None:
    person = enter(width=width)
    person.page.goto("/sign-in/")
    person.looks([width])
    person.sees(*(role["name"] for role in standard_roles().values()))


def test_every_page_of_a_file_can_be_used_by_everybody(enter: VisitorFor, town: Town) -> None:
    officer, key = enter("city-officer"), town.one(PERSON)
    for page in OF_A_FILE:
        assert officer.opens(f"/people/{key}/{page}").status == 200, page
    contact, household = town.one(CONTACT, key), town.one(HOUSEHOLD, key)
    for address in (
        f"/people/{key}/contacts/{contact}/end/", f"/people/{key}/contacts/{contact}/unmask/",
        f"/people/households/{household}/", f"/people/households/{household}/move/",
        f"/people/{town.one(DEAD)}/", f"/people/{town.one(DEAD)}/death/undo/",
    ):  # fmt: skip
        assert officer.opens(address).status == 200, address


def test_every_other_page_of_an_officer_can_be_used_by_everybody(enter: VisitorFor, town: Town) -> None:
    officer = enter("city-officer")
    for address in (
        "/people/new/", "/people/export/", "/people/transfers/new/", "/people/?lives_alone=1",
        "/people/?age_from=100&age_to=101",
        "/imports/new/", "/imports/?state=applied", "/tasks/?whose=all", "/tasks/?whose=closed", "/jobs/?whose=all",
        "/duplicates/?state=merged", "/regions/420704000000/", "/regions/420704001002/", *OF_EVERYBODY,
    ):  # fmt: skip
        officer.opens(address)


@pytest.mark.parametrize(
    ("login", "addresses"),
    [
        ("security-admin", ("/accounts/new/", "/accounts/?state=closed", "/roles/", "/people/")),
        ("auditor", ("/audit/?kind=reading", "/audit/?kind=export", "/events/?state=given_up")),
        ("system-admin", ("/regions/changes/", "/jobs/?whose=all", "/events/")),
    ],
)
def test_the_pages_of_an_administrator_can_be_used_by_everybody(
    enter: VisitorFor, town: Town, login: str, addresses: tuple[str, ...]
) -> None:
    person = enter(login)
    for address in addresses:
        assert person.opens(address).status in (200, 403), address


def test_an_entry_of_the_audit_can_be_used_by_everybody(enter: VisitorFor, town: Town) -> None:
    number = town.one("SELECT max(id) FROM audit_entry WHERE region_code = '420700000000'")
    assert enter("auditor").opens(f"/audit/{number}/").status == 200


def test_the_components_can_be_used_by_everybody(enter: VisitorFor, town: Town) -> None:
    assert enter().opens("/components/").status == 200
