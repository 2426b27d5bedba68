"""The simulator over everybody of the city, in memory, after checking that it says what deciding twice says."""

from __future__ import annotations

from time import perf_counter

from benchmarks.decisions.ground import Bench, everybody
from benchmarks.ground import Line, seconds
from benchmarks.simulator import check_equal, measure
from songhe.eligibility.what_if import roll_of
from songhe.foundation.access.scope import scoped
from songhe.people.api import person_table
from songhe.policy.api import in_force, programme_of
from songhe.rules.facts import KEY
from songhe.rules.readings.polars import SCHEMA


def simulated(bench: Bench) -> list[Line]:
    """What a page of the simulator asks; the roll is read once and stays."""
    bench.say("试算：把人读进内存")
    with scoped(everybody(), "bench"):
        programme = programme_of(in_force(bench.day)[-1], bench.day)
        start = perf_counter()
        people = person_table(today=bench.day)
        roll = roll_of(programme, people, [KEY, *SCHEMA])
        read = perf_counter() - start
    compared = check_equal(programme, people)
    del people
    bench.say(f"核对了{compared}个数，计时")
    return [*measure(programme, roll, 2 * bench.sizes.rounds + 1), Line("… everybody read into memory", seconds(read))]
