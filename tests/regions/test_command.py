"""songhe regions: a city is loaded once, and changes whose day has come take effect."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import pytest
from click.testing import CliRunner
from django.utils import timezone

from songhe.config.cli.regions import regions
from songhe.foundation.audit.models import Entry
from songhe.kernel.errors import NotFound
from songhe.regions.models import Division
from songhe.regions.operations import altering
from songhe.regions.operations.altering import decide
from tests.platform_fixtures import ActorFor

pytestmark = pytest.mark.usefixtures("everywhere")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songhe.config.cli.regions.join_platform", lambda folder: nullcontext())


def said(*arguments: str) -> str:
    result = CliRunner().invoke(regions, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_city_is_loaded_once() -> None:
    assert "装进了1,110个区划" in said("load", "150600", "--from", "2023-07-01")
    assert "都已经有了" in said("load", "150600", "--from", "2024-07-01")
    assert Division.objects.get(code="150600000000").valid_from == date(2023, 7, 1)
    assert Entry.objects.filter(action="regions.load").count() == 2


def test_a_city_that_does_not_come_along_is_named() -> None:
    with pytest.raises(NotFound, match="150600"):
        said("load", "110000", "--from", "2023-07-01")


def test_changes_whose_day_has_come_take_effect(actor: ActorFor) -> None:
    said("load", "420700", "--from", "2023-07-01")
    assert "没有到日期的变更" in said("apply")
    decide(
        actor=actor("system_admin"), today=date(2025, 1, 1), now=timezone.now(), on_date=date(2025, 6, 1),
        planned=altering.ending("420704001002"), document="鄂州政函〔2025〕5号",
    )  # fmt: skip
    assert "1项变更生效了" in said("apply")
    assert Division.objects.get(code="420704001002").valid_until == date(2025, 6, 1)
