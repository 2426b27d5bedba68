"""The opinions that wait for an answer, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.policy.models import Opinion
from songhe.policy.opinions import PAGE
from tests.platform_fixtures import ClientFor

NOW = timezone.now()
OPINIONS = reverse("opinions")


@pytest.fixture
def many(db: None) -> None:
    with scoped(Actor.system("测试", ""), "test"):
        Opinion.objects.bulk_create(
            Opinion(
                code=f"CODE{number:03}", region_code="420704000000" if number else "150602001001", words=f"说{number}",
                said_at=NOW - timedelta(days=90 - number), answered_at=NOW if number == 3 else None,
            )
            for number in range(PAGE + 5)
        )  # fmt: skip


def test_all_that_wait_are_reached_the_oldest_first(client_as: ClientFor, many: None) -> None:
    officer = client_as("city_officer", "420700000000")
    first = officer.get(OPINIONS).content.decode()
    assert first.index("CODE001") < first.index("CODE002") and "CODE000" not in first and "CODE003" not in first
    assert f"共{PAGE + 3}条" in first
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = officer.get(OPINIONS + after).content.decode()
    assert f"CODE{PAGE + 4:03}" in second and "CODE002" not in second and 'rel="prev"' in second


def test_what_was_answered_has_its_own_list(client_as: ClientFor, many: None) -> None:
    answered = client_as("city_officer", "420700000000").get(OPINIONS + "?state=answered").content.decode()
    assert "CODE003" in answered and "CODE004" not in answered and "共1条" in answered
