"""What row-level security costs: the statements of the list, run bound by it and by nobody bound, in turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.ground import Sizes

_REGIONS = {
    "city": "420700", "district": "420704", "street": "420704001", "community": "420704001002",
}  # fmt: skip
_LISTS: tuple[dict[str, Any], ...] = (
    {},
    {"sort": "name"},
    {"sort": "place"},
    {"living": ("alone",), "age_from": 80},
    {"care": ("disabled",), "sex": "1"},
    {"data": ("conflict",)},
)
_MOST_COST, _MOST_MS = 0.15, 5.0
_SET = "SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true)"
Statement = tuple[str, Any]


def walls(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """The cost in percent over all statements of the list pages, by size of the region, and their p95."""
    from songhe.foundation.access.actors import region_range
    from songhe.kernel.regions import significant

    place = ground.city(folder, sizes.people, say)
    lines, each, ratios = [], [], []
    with ground.administered(place) as admin, ground.platform(place) as (database, _):
        say("行级安全的代价")
        with (
            psycopg.connect(database.web) as bound,
            psycopg.connect(make_conninfo(admin, dbname=ground.DATABASE)) as free,
        ):
            for name, region in _REGIONS.items():
                statements = _statements(region)
                span = region_range(significant(region))
                pairs = [_in_turns(bound, free, one, span, sizes.rounds) for one in statements]
                sums = [sum(median(pair[side]) for pair in pairs) for side in (0, 1)]
                ratios += [median(pair[0]) / median(pair[1]) for pair in pairs]
                each += [taken for pair in pairs for taken in pair[0]]
                lines.append(Line(f"{name}: {len(statements)} statements of list pages, bound and free", _both(sums)))
    cost, high = median(ratios) - 1, ground.percentile(each, 0.95) * 1e3
    return [
        *lines,
        Line(
            f"{len(ratios)} statements: what row-level security costs, the median",
            f"{cost:+.1%}",
            "≤ 15 %",
            cost <= _MOST_COST,
        ),
        Line("one statement of a list page, bound: p95", f"{high:.2f} ms", "≤ 5 ms", high <= _MOST_MS),
    ]


def _both(sums: Sequence[float]) -> str:
    return f"{sums[0] * 1e3:.2f} ms, {sums[1] * 1e3:.2f} ms ({sums[0] / sums[1] - 1:+.1%})"


def _statements(region: str) -> list[str]:
    """What the list page sends for one page and its count, written out."""
    from django.db import connection
    from django.utils import timezone

    from songhe.foundation.access.actors import Actor
    from songhe.foundation.access.scope import scoped
    from songhe.people.queries.filters import Filters
    from songhe.people.queries.listing import count_of, people_of

    sent: list[Statement] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    today, actor = timezone.localdate(), Actor.system("bench", region, ["people.read"])
    with scoped(actor, "bench"), connection.execute_wrapper(keep):
        for wanted in _LISTS:
            people_of(actor, Filters(**wanted), today=today)
            count_of(actor, Filters(**wanted), today=today)
        cursor = psycopg.ClientCursor(connection.connection)
        return [cursor.mogrify(sql, params) for sql, params in sent]


def _in_turns(
    bound: psycopg.Connection, free: psycopg.Connection, statement: str, span: tuple[str, str], rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds of each round as the application's role and as the superuser; both must find as many rows."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        rows = []
        for side, connection in enumerate((bound, free)):
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute(_SET, span)
                start = perf_counter()
                cursor.execute(statement)
                rows.append(len(cursor.fetchall()))
                if turn:
                    taken[side].append(perf_counter() - start)
        if rows[0] != rows[1]:
            raise RuntimeError(f"{rows[0]} rows and {rows[1]}")
    return taken
