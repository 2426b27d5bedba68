"""What organisations did in a month, and what of it is paid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from songhe.assessment import figures
from songhe.assessment.models import Assessment, Form, Result
from songhe.assessment.queries.settlement import kind_of, months, price_of, settled, settled_rows
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.kernel.errors import BadInput
from tests.assessment.teams import CODES, NATIONAL, NOW, REGION, organisation
from tests.assessment.test_sampling import IN_OCTOBER, OCTOBER, confirmed
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")


def october(body: Any) -> None:
    """Six confirmed: two as they should be, one withdrawn, one again too early, one again in doubt, one drawn."""
    good, checked, withdrawn, early, doubted, second = confirmed(body, [], 6)
    Result.objects.filter(assessment=withdrawn).update(state="withdrawn")
    for again in (early, doubted):
        Result.objects.create(
            region_code=REGION, person=again.person, scale=NATIONAL, purpose="care_subsidy", source="own", total=70,
            state="replaced", assessed_date=date(2026, 2, 1), valid_until=date(2028, 2, 1), code=str(again.pk)[:12],
            confirmed_at=IN_OCTOBER - timedelta(days=250), confirmer="何俊",
            assessment=Assessment.objects.create(
                region_code=REGION, person=again.person, scale=NATIONAL, purpose="care_subsidy", reason="first",
                asked_by="self", state="confirmed", asked_at=IN_OCTOBER, asker="何俊", due_date=OCTOBER,
                organisation=body,
            ),
        )  # fmt: skip
    Assessment.objects.filter(pk=doubted.pk).update(reason="doubted")
    Assessment.objects.filter(pk=second.pk).update(second_of=checked)
    Form.objects.create(
        region_code=REGION, assessment=good, state="superseded", begun_at=IN_OCTOBER, submitted_at=IN_OCTOBER
    )


@pytest.mark.covers("ASM-04")
def test_every_confirmed_one_is_counted_in_one_column(everywhere: Actor) -> None:
    body = organisation()
    october(body)
    (one,) = settled(everywhere, OCTOBER)
    assert (one.valid, one.repeated, one.second, one.withdrawn, one.sent_back) == (3, 1, 1, 1, 1)
    assert (one.done, one.paid, one.price, one.amount) == (6, 4, None, None)
    rows = list(settled_rows(everywhere, OCTOBER, body.pk))
    assert sorted(kind_of(row) for row in rows) == ["repeated", "second", "valid", "valid", "valid", "withdrawn"]
    for kind, number in (("valid", 3), ("repeated", 1), ("second", 1), ("withdrawn", 1)):
        assert [kind_of(row) for row in settled_rows(everywhere, OCTOBER, body.pk, kind)] == [kind] * number
    with pytest.raises(BadInput, match="没有这一栏"):
        settled_rows(everywhere, OCTOBER, body.pk, "other")


def test_other_months_and_other_regions_do_not_count(everywhere: Actor) -> None:
    october(organisation())
    assert settled(everywhere, date(2026, 11, 1)) == []
    assert settled(Actor(None, "何俊", "420703", frozenset()), OCTOBER) == []


@pytest.mark.covers("ASM-04")
def test_money_is_shown_only_where_a_contract_says_a_price(everywhere: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    october(organisation())
    confirmed(organisation(CODES[1], district="420703000000"), [], 1)
    written = dict(figures._written())
    written["price"] = {"unit": "fen", "values": {"420704": [{"from": date(2026, 7, 1), "value": 12_000}]}}
    monkeypatch.setattr(figures, "_written", lambda: written)
    other, here = settled(everywhere, OCTOBER)
    assert (here.price, here.amount, other.price, other.amount) == (12_000, 48_000, None, None)
    assert price_of("420704000000", date(2026, 6, 1)) is None


def test_the_last_thirteen_months_are_offered() -> None:
    found = months(NOW.date())
    assert (found[0], found[-1], len(found)) == (date(2026, 11, 1), date(2025, 11, 1), 13)


def test_the_page_shows_exports_and_opens_every_number(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        body = organisation()
        october(body)
    district = client_as("district_officer", "420704000000")
    page = district.get("/assessments/settlement/?month=2026-10").text
    assert "松泽老年评估中心" in page
    assert "没有写单价，不显示金额" in page
    for kind in ("done", "valid", "repeated", "second", "withdrawn", "sent-back"):
        address = f"/assessments/settlement/{body.pk}/{kind}/?month=2026-10"
        assert address in page
        assert "王德福" in district.get(address).text
    assert district.get(f"/assessments/settlement/{body.pk}/valid/?month=2026-10&after=none").status_code == 200
    assert district.get(f"/assessments/settlement/{body.pk}/none/?month=2026-10").status_code == 404
    assert "这个月没有出结果的评估" in district.get("/assessments/settlement/?month=2020-01").text
    file = district.post("/assessments/settlement/export/", {"month": "2026-10", "kind": "csv"})
    text = file.content.decode("utf-8-sig")
    assert "松泽老年评估中心,91350100M000100Y43,6,3,1,1,1,1,4,," in text
    assert "王德福" not in text
    with scoped(EVERYWHERE, "test"):
        assert Entry.objects.filter(action="assessment.export_settlement").count() == 1
