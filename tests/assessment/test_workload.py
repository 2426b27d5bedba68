"""How much assessors have in hand: each figure of a page opens into as many rows."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from songhe.assessment.models import Assessment
from songhe.assessment.operations.objecting import withdraw_result
from songhe.assessment.operations.reviewing import confirm, send_back
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from tests.assessment.teams import NOW, able, appointed, assessor, handed_in, older_person, organisation
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")
DESK = Actor(None, "何俊", "420704", frozenset({"assessment.ask", "assessment.accept", "assessment.review"}))
_FIGURE = re.compile(r'sh-figure__label">([^<]+)</div><div [^>]*>(?:<a href="([^"]+)">)?(\d+)')


def figures(client: Client, page: str) -> dict[str, tuple[str, int]]:
    found = _FIGURE.findall(client.get(page).text)
    return {label: (unescape(address), int(number)) for label, address, number in found}


def names_on(client: Client, address: str) -> set[str]:
    return set(re.findall(r'<td class="sh-main"><a [^>]*>([^<]+)</a>', client.get(address).text))


@pytest.mark.covers("ASM-04")
def test_each_figure_of_an_assessor_s_load_opens_into_its_rows(client_as: ClientFor, db: None) -> None:
    with time_machine.travel(NOW, tick=False), scoped(EVERYWHERE, "test"):
        body = organisation()
        team = [assessor(body, "胡静", login="hujing"), assessor(body, "刘文斌", medical=False)]
        others = [assessor(body, "周敏"), assessor(body, "陈实", medical=False)]
        soon, late, done, taken_back, back = (
            appointed(DESK, older_person(name=name), team)
            for name in ("王德福", "李桂芳", "赵长贵", "钱有根", "吴秀兰")
        )
        strange = appointed(DESK, older_person(name="孙玉珍"), others)
        for row, days in ((soon, 6), (late, 7), (strange, 1), (back, 9)):
            Assessment.objects.filter(pk=row.pk).update(visit_at=NOW + timedelta(days=days))
        for row in (done, taken_back, back):
            handed_in(row, team, able())
        for row in (done, taken_back):
            result = confirm(actor=DESK, assessment=row.pk, now=NOW)
        withdraw_result(actor=DESK, result=result.pk, words="算错了", now=NOW)
        send_back(actor=DESK, assessment=back.pk, words="平地行走再看一次", now=NOW)
    expected = {
        "手里": {"王德福", "李桂芳", "吴秀兰"}, "一周内上门": {"王德福"}, "本月出结果": {"赵长贵", "钱有根"},
        "其中有效": {"赵长贵"}, "本月退回": {"吴秀兰"},
    }  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        client = client_as("district_officer", "420704000000")
        shown = figures(client, f"/assessments/assessors/{team[0].pk}/")
        assert {label: number for label, (_, number) in shown.items()} == {
            label: len(names) for label, names in expected.items()
        }
        for label, names in expected.items():
            assert names_on(client, shown[label][0]) == names
        body_page = client.get(f"/assessments/organisations/{body.pk}/").text
        assert all(address in unescape(body_page) for address, _ in shown.values())


def test_a_list_of_one_assessor_says_whose_it_is_and_an_address_made_up_narrows_nothing(
    client_as: ClientFor, db: None
) -> None:
    with scoped(EVERYWHERE, "test"):
        one = assessor(organisation(), "胡静")
    client = client_as("district_officer", "420704000000")
    for page in ("/assessments/", "/assessments/results/"):
        assert "胡静</option>" in client.get(f"{page}?assessor={one.pk}").text
        assert client.get(f"{page}?assessor=%27%3B--&work=x&confirmed=x").status_code == 200
