"""With the facts in memory: the same answers as the peer, what a change costs, and a whole country."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import ground, peer
from benchmarks.ground import Line, Say, Sizes, in_turns, seconds
from songhe.eligibility.determining import (
    column,
    monthly,
    outcome_nodes,
    payable_column,
    pays_something,
    wide_table,
)
from songhe.eligibility.engines import PolarsEngine
from songhe.eligibility.scenarios import Scenario
from songhe.eligibility.what_if import WhatIf
from songhe.rules.lowering import lower
from songhe.rules.programme import Programme
from songhe.rules.readings.bitmaps import Plan

_FEN = 100


def check_equal(programme: Programme, people: pl.DataFrame, theirs: Mapping[str, Any]) -> int:
    """Compares every answer and every amount; gives how many cells were compared. AssertionError names the item."""
    ours = wide_table(programme, PolarsEngine(programme.on), people)
    cells = 0
    for bound in programme.items:
        name = bound.item.slug.replace("-", "_")
        outcome = ours[column(bound)]
        assert outcome.null_count() == 0, f"{name} has unknowns"  # noqa: S101
        assert (outcome.to_numpy() == theirs[name]).all(), name  # noqa: S101
        cells += people.height
        if pays_something(bound) and monthly(bound):
            fen = (ours[payable_column(bound)].fill_null(0).cast(pl.Float64) * _FEN).round().to_numpy()
            assert (fen == np.round(theirs[f"{name}_payable"] * _FEN)).all(), f"{name} payable"  # noqa: S101
            cells += people.height
    return cells


class Peer:
    """OpenFisca with the facts set under two laws, asked again in turn."""

    def __init__(self, people: pl.DataFrame) -> None:
        facts = ground.facts()
        arrays = peer.fact_arrays(people, facts)
        laws = (ground.programme(), ground.programme(ground.CHANGE))
        systems = [peer.system(facts, peer.parameters(law)) for law in laws]
        self._simulations = [peer.simulation(system, arrays, people.height) for system in systems]
        self._turn = 0

    def calculate(self, law: int, keep_ages: bool = False) -> dict[str, Any]:
        """All items anew under one of two laws; on demand what no figure changes (age, alive, regions) is kept."""
        for name in (*peer.OUTCOMES, *peer.AMOUNTS, *(() if keep_ages else peer.BETWEEN)):
            self._simulations[law].delete_arrays(name)
        return peer.calculate(self._simulations[law], ground.MONTH)

    def touched(self) -> None:
        """Only what the change touches, under the other law, everything else kept: as one would who knows it."""
        self._turn = 1 - self._turn
        for name in peer.TOUCHED:
            self._simulations[self._turn].delete_arrays(name)
        for name in peer.TOUCHED:
            self._simulations[self._turn].calculate(name, ground.MONTH)

    def next(self, keep_ages: bool = False) -> None:
        """The other law."""
        self._turn = 1 - self._turn
        self.calculate(self._turn, keep_ages)


class Ours:
    """The same people on a roll, the list under both laws made ready, as the peer's systems are."""

    def __init__(self, people: pl.DataFrame) -> None:
        self.what_if = WhatIf(ground.programme(), people)
        self._plans = [_plan(ground.programme()), _plan(ground.programme(ground.CHANGE))]
        self._turn = 0

    def all_anew(self) -> None:
        """The bits of all answers and amounts worked out anew for everyone under the other law, on one core."""
        self._turn = 1 - self._turn
        plan = self._plans[self._turn]
        self.what_if.roll.each(lambda tile: len(plan.run(tile.leaves(plan.leaves), tile.everyone)), workers=1)

    def effect(self) -> None:
        """What the change does, nothing made ready: who gains and loses, money, by district and age, on one core."""
        self.what_if.effect(Scenario(ground.CHANGE, ground.changes(ground.CHANGE)), workers=1)


def _plan(programme: Programme) -> Plan:
    return Plan({name: lower(tree, programme.on) for name, tree in outcome_nodes(programme).items()})


def against_peer(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """What a change costs with the facts in memory, beside the peer on equal cores: one."""
    known = pl.read_parquet(ground.people_file(folder, sizes.people, True, say))
    theirs, ours = Peer(known), Ours(known)
    say("先核对：结果要一样")
    cells = check_equal(ground.programme(), known, theirs.calculate(0))
    cells += check_equal(ground.programme(ground.CHANGE), known, theirs.calculate(1))
    del known
    say("事实在内存里，改一个数：与OpenFisca轮流")
    offices = Ours(pl.read_parquet(ground.people_file(folder, sizes.people, False, say)))
    took = in_turns(
        sizes.rounds,
        theirs=theirs.next,
        kept=lambda: theirs.next(keep_ages=True),
        touched=theirs.touched,
        anew=ours.all_anew,
        effect=ours.effect,
        offices=offices.all_anew,
    )
    ratio, effect = took["theirs"] / took["anew"], took["theirs"] / took["effect"]
    return [
        Line("answers and amounts compared with OpenFisca, all equal", f"{cells:,} cells"),
        Line("OpenFisca `calculate` from the facts, 27 items and 7 amounts", seconds(took["theirs"])),
        Line("OpenFisca `calculate`, ages, regions and who is alive kept from before", seconds(took["kept"])),
        Line("OpenFisca, only the item that the change touches, the rest kept", seconds(took["touched"])),
        Line("Songhe, all 27 items and amounts anew from resident facts", seconds(took["anew"])),
        Line("… how many times faster, one core each", f"{ratio:.0f}×", "≥ 100×", ratio >= 100),
        Line("Songhe, the effect of the change, by district and age", seconds(took["effect"])),
        Line("… how many times faster than all of the peer's answers", f"{effect:.0f}×"),
        Line("… than the peer's answers to the touched item", f"{took['touched'] / took['effect']:.2g}×"),
        Line("Songhe, all anew, facts as the offices know them (with unknowns)", seconds(took["offices"])),
    ]


def country(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """What a change would mean for as many people as the country has: the same ones several times over."""
    people = pl.read_parquet(ground.people_file(folder, sizes.bulk, False, say))
    say("全国规模：把人放进内存")
    what_if = WhatIf(ground.programme(), people)
    del people
    times = max(1, sizes.country // sizes.bulk)
    what_if.roll = what_if.roll.repeated(times)
    scenario = Scenario(ground.CHANGE, ground.changes(ground.CHANGE))
    money = ground.changes("elderly-service-subsidy.from_age=75,disability-living-subsidy.monthly_amount=100")
    took = in_turns(
        sizes.rounds,
        one=lambda: what_if.effect(scenario),
        two=lambda: what_if.effect(Scenario("two", money)),
    )
    return [
        Line(
            f"one change for {what_if.roll.height:,} people ({sizes.bulk:,} × {times}), 2 cores",
            seconds(took["one"]),
            "≤ 0.5 s",
            took["one"] <= 0.5 if what_if.roll.height >= 310_000_000 else None,
        ),
        Line("… two changes to two coordinated subsidies", seconds(took["two"])),
    ]
