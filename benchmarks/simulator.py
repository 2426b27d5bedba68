"""The simulator: what one change costs with everybody resident, after checking that it is what deciding twice shows."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from benchmarks.ground import Line, in_turns, seconds
from songhe.eligibility.engines import ReferenceEngine
from songhe.eligibility.open_money import open_fen
from songhe.eligibility.roll import Roll
from songhe.eligibility.scenarios import Scenario, read_scenario
from songhe.eligibility.what_if import Effect, WhatIf, roll_of
from songhe.rules.programme import Programme

CHANGE = "advanced-age-allowance.from_age=75,advanced-age-allowance.monthly_amount=100"
SUBSIDIES = "elderly-service-subsidy.from_age=75,disability-living-subsidy.monthly_amount=100"
LIMIT_SECONDS = 0.1
_SAMPLE, _BIG = 2_000, 1_000_000


def measure(programme: Programme, roll: Roll, rounds: int = 7) -> list[Line]:
    """What the page asks of a roll: one change, two changes, and the most that unknowns could cost."""
    what_if = WhatIf.over(programme, roll)
    one, two = (read_scenario(programme.pack, text) for text in (CHANGE, SUBSIDIES))
    took = in_turns(
        rounds,
        ready=lambda: WhatIf.over(programme, roll),
        one=lambda: _answered(what_if, one),
        two=lambda: _answered(what_if, two),
    )
    within = took["one"] <= LIMIT_SECONDS if roll.height >= _BIG else None
    return [
        Line(f"simulator: one change for {roll.height:,} people", seconds(took["one"]), "≤ 0.1 s", within),
        Line("… changes to two coordinated subsidies", seconds(took["two"])),
        Line("… what holds now, once a roll", seconds(took["ready"])),
    ]  # fmt: skip


def _answered(what_if: WhatIf, scenario: Scenario) -> Effect:
    effect = what_if.effect(scenario)
    for side in ([item.before for item in effect.items], [item.after for item in effect.items]):
        open_fen(what_if.roll, side, what_if.programme.on)
    return effect


def check_equal(programme: Programme, people: pl.DataFrame, texts: Sequence[str] = (CHANGE, SUBSIDIES)) -> int:
    """Decides a sample twice by the reference reading and compares every count; gives how many were compared."""
    sample = people.sample(min(_SAMPLE, people.height), seed=1)
    what_if, engine = WhatIf.over(programme, roll_of(programme, sample)), ReferenceEngine(programme.on)
    compared = 0
    for text in texts:
        for item in what_if.effect(read_scenario(programme.pack, text)).items:
            sides = [engine.evaluate(sample, {"it": bound.outcome})["it"] for bound in (item.before, item.after)]
            old, new = (side.fill_null(False) for side in sides)
            expected = {
                "yes_before": old.sum(), "yes_after": new.sum(),
                "gained": (new & ~old).sum(), "lost": (old & ~new).sum(),
                "unknown_before": sides[0].null_count(), "unknown_after": sides[1].null_count(),
            }  # fmt: skip
            for name, number in expected.items():
                assert item.tally.total(name) == number, (text, item.after.item.slug, name)  # noqa: S101
                compared += 1
    return compared
