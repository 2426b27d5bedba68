"""Of two like subsidies the higher is paid; who may have both still may. The Ezhou groups, argued by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from songhe.config.paths import policies_folder
from songhe.rules.packs import Pack
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.reference import Reference
from tests.trace import covers

DAY = date(2024, 5, 1)
SERVICE, NURSING = "elderly-service-subsidy", "elderly-nursing-subsidy"
DISABLED_NURSING, DISABLED_LIVING = "severe-disability-nursing-subsidy", "disability-living-subsidy"
AT_80, DAY_SHORT_OF_80 = date(1944, 5, 1), date(1944, 5, 2)
HEAVY = {"cannot_self_care": True, "long_term_care_need": True, "disability_level": 1, "disability_category": 4}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(policies_folder(), "420700-ezhou/basic-list-2023")


def _decided(programme: Programme, person: dict[str, Any], slug: str) -> tuple[bool | None, float | None, set[str]]:
    """Outcome, what is paid and what is missing for one item."""
    bound, reference = programme.item(slug), Reference(DAY)
    assert bound.payable is not None
    missing = {name for name, node in bound.missing().items() if reference.read(node)(person)}
    return reference.read(bound.outcome)(person), reference.read(bound.payable)(person), missing


@covers("ENT-03", "PAY-01")
@pytest.mark.parametrize(
    ("person", "service", "living"),
    [
        ({"birth_date": AT_80, "assistance": "minimum_living", "disability_level": 2}, (True, 100), (True, 0)),
        (
            {"birth_date": DAY_SHORT_OF_80, "assistance": "minimum_living", "disability_level": 2},
            (False, None),
            (True, 70),
        ),
        ({"birth_date": AT_80, "assistance": "minimum_living", "disability_level": 0}, (True, 100), (False, None)),
        (
            {"birth_date": AT_80, "assistance": "edge", "hukou_kind": "urban", "disability_level": 2},
            (True, 100),
            (False, None),
        ),
        ({"birth_date": AT_80, "assistance": "none", "disability_level": 2}, (False, None), (False, None)),
    ],
    ids=["both: the higher", "only the living subsidy", "only the service subsidy", "low income in town", "neither"],
)
def test_the_living_type(pack: Pack, person: dict[str, Any], service: Any, living: Any) -> None:
    programme = bind(pack, DAY)
    assert _decided(programme, person, SERVICE)[:2] == service
    assert _decided(programme, person, DISABLED_LIVING)[:2] == living


@covers("ENT-03", "PAY-01")
@pytest.mark.parametrize(
    ("person", "nursing", "disabled"),
    [
        ({**HEAVY, "assistance": "minimum_living"}, (True, 100), (True, 0)),
        ({**HEAVY, "assistance": "none"}, (False, None), (True, 100)),
        ({**HEAVY, "assistance": "minimum_living", "long_term_care_need": False}, (True, 100), (False, None)),
        ({**HEAVY, "assistance": "minimum_living", "cannot_self_care": False}, (False, None), (True, 100)),
    ],
    ids=["both: alike, the earlier", "not poor", "no long-term need", "able to care for self"],
)
def test_the_nursing_type(pack: Pack, person: dict[str, Any], nursing: Any, disabled: Any) -> None:
    programme = bind(pack, DAY)
    assert _decided(programme, person, NURSING)[:2] == nursing
    assert _decided(programme, person, DISABLED_NURSING)[:2] == disabled


@covers("ENT-03")
def test_the_other_way_round_when_the_other_one_is_raised(pack: Pack) -> None:
    changes = {f"{DISABLED_NURSING}.monthly_amount": Fraction(150), f"{DISABLED_LIVING}.monthly_amount": Fraction(120)}
    programme = bind(pack, DAY, changes)
    person = {**HEAVY, "assistance": "minimum_living", "birth_date": AT_80}
    paid = {
        slug: _decided(programme, person, slug)[1] for slug in (SERVICE, DISABLED_LIVING, NURSING, DISABLED_NURSING)
    }
    assert paid == {SERVICE: 0, DISABLED_LIVING: 120, NURSING: 0, DISABLED_NURSING: 150}


@covers("ENT-03")
def test_a_living_and_a_nursing_subsidy_are_paid_side_by_side(pack: Pack) -> None:
    programme = bind(pack, DAY)
    person = {**HEAVY, "assistance": "minimum_living", "birth_date": AT_80}
    paid = [_decided(programme, person, slug)[1] for slug in (SERVICE, DISABLED_LIVING, NURSING, DISABLED_NURSING)]
    assert paid == [100, 0, 100, 0]


@covers("ENT-01", "ENT-03")
def test_who_may_have_it_but_not_known_which_is_paid_is_asked_for_what_decides(pack: Pack) -> None:
    programme = bind(pack, DAY)
    person = {"assistance": "minimum_living", "disability_level": 2}
    assert _decided(programme, person, DISABLED_LIVING) == (True, None, {"birth_date"})
    person = {"long_term_care_need": True, "disability_level": 1, "assistance": "minimum_living"}
    assert _decided(programme, person, DISABLED_NURSING) == (True, None, {"cannot_self_care"})
