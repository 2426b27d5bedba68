"""Every role's first page and every place of its side list, on a desk and on a phone."""

from __future__ import annotations

import pytest

from songhe.config.roles import standard_roles
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import DESK, PHONE

FIRST = (
    "SELECT a.login FROM access_grant g JOIN access_account a ON a.id = g.account_id WHERE g.role_id = %s ORDER BY 1"
)


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("role", sorted(standard_roles()))
def test_a_role_can_use_its_first_page_and_every_place_of_its_side_list(
    enter: VisitorFor, town: Town, role: str, width: int
) -> None:
    person = enter(town.rows(FIRST, role)[0][0], width)
    person.page.goto("/")
    places = person.page.locator(".sh-side a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert places, "the side list is empty"
    for place in dict.fromkeys(places):
        answer = person.page.goto(place)
        assert answer is not None and answer.status == 200, place
        person.looks([width])


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_sign_in_page_lists_an_account_for_each_role(enter: VisitorFor, width: int) -> None:
    person = enter(width=width)
    person.page.goto("/sign-in/")
    person.looks([width])
    person.sees(*(role["name"] for role in standard_roles().values()))
