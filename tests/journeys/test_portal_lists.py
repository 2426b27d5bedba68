"""An older person of a district with a list of its own finds it: by keys alone, on a narrow screen, in care letters."""

from __future__ import annotations

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from tests.journeys.conftest import VisitorFor
from tests.journeys.test_portal import CARE, NORMAL, WIDTHS, care, measured, reach
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor
from tests.portal.lists import DISTRICT_TITLE, district_list


@pytest.fixture(scope="module")
def town_of_two(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The city, in which one district has a list of its own."""
    by = town.account("city-officer").pk, town.account("city-leader").pk
    with scoped(Actor.system("测试", ""), "test"):
        district_list(tmp_path_factory.mktemp("list"), by=by)
    return town


@pytest.fixture
def elder(town_of_two: Town, enter: VisitorFor) -> Visitor:
    """Somebody who has not said who she is."""
    return enter()


@pytest.mark.covers("NET-05", "POL-08")
@pytest.mark.parametrize("edition", ["normal", "care"])
def test_every_page_about_whose_list_keeps_to_the_figures_for_older_users(elder: Visitor, edition: str) -> None:
    if edition == "care":
        care(elder)
    for page in ("place/?next=ask", "services/", "services/?place=420704&group=poor", "policy/", ""):
        assert elder.opens(f"/portal/{page}", looking=False).status == 200, page
        elder.looks(WIDTHS)
        for width in WIDTHS:
            elder.page.set_viewport_size({"width": width, "height": 844})
            found = measured(elder, CARE if edition == "care" else NORMAL)
            assert (page, width, found) == (page, width, [])


@pytest.mark.covers("NET-05", "POL-08")
def test_her_list_is_found_by_keys_alone_and_stands_on_the_sheet(elder: Visitor) -> None:
    elder.opens("/portal/", looking=False)
    elder.page.get_by_text("看看我能享受什么").focus()
    elder.page.get_by_text("看看我能享受什么").click()
    assert elder.path() == "/portal/place/"
    reach(elder, "[name=answer]")
    for _ in range(10):
        if elder.page.evaluate("document.activeElement.value") == "420704":
            break
        elder.page.keyboard.press("ArrowDown")
    elder.page.keyboard.press("Enter")
    elder.page.wait_for_url("**/portal/ask/")
    for part, word in (("year", "1940"), ("month", "5"), ("day", "1")):
        elder.page.locator(f"[name={part}]").fill(word)
    elder.page.get_by_role("button", name="下一题").click()
    elder.opens("/portal/ask/result/", looking=False)
    elder.sees(f"用的是《{DISTRICT_TITLE}》")
    elder.looks(WIDTHS)
