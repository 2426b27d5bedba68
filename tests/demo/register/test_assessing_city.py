"""The demo city as assessment finds it: old results, signatures, every state of the way, each as it was planted."""

from __future__ import annotations

import pytest

from songhe.assessment.api import Result, content_digest
from songhe.demo.register.truths import read_truth
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.sealing.seals import unseal
from tests.demo.register.conftest import City


@pytest.mark.covers("ASM-02")
def test_old_results_are_history_and_tell_the_register_nothing(city: City) -> None:
    planted = read_truth(city.folder / "truth", "old_results")
    kept = city.rows("""SELECT person_id::text, assessed_date FROM assessment_result
                        WHERE scale = 'mzt039-2013' AND source = 'old' AND state IN ('final', 'replaced')""")
    assert sorted(kept) == sorted(planted.select("id", "assessed_date").rows()) != []
    assert city.rows("SELECT count(DISTINCT r.id) FROM assessment_result r JOIN people_circumstance c"
                         " ON c.batch IN (r.id, r.batch) WHERE r.scale = 'mzt039-2013'") == [(0,)]  # fmt: skip


def test_the_latest_results_bear_both_signatures_under_what_was_signed(city: City) -> None:
    with scoped(Actor.system("测试", ""), "test"):
        results = Result.objects.filter(scale="gbt42195-2022", form__isnull=False).order_by("-assessed_date")[:60]
        for result in results.select_related("form"):
            signed = list(result.form.signatures.all())
            assert {one.assessor_id for one in signed} == set(result.assessors)
            assert {one.digest for one in signed} == {content_digest(result.form)}
            text = unseal(bytes(signed[0].drawing_sealed), f"assessment_signature.drawing.{signed[0].pk}")
            assert text.startswith("data:image/png;base64,") and len(text) > 1_000
