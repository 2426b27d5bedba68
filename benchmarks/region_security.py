"""What row-level security costs: the queries of each page, bound by the policies and by a role that they do not bind.

    python -m benchmarks.region_security --data build/platform --rounds 60

measures on a platform that `songhe demo build` filled. Both sides ask for the region in the query, as the application
does; both must bring the same rows before a clock starts; they take turns, the first round is not counted. Time is
between sending a query and having its rows, all queries of the page together. A further role is made for the
measurement and taken away at its end.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROLE = "songhe_measuring"
LEVELS = {"city": 4, "district": 6, "street": 9, "community": 12}
MOST_MILLISECONDS, MOST_RATIO = 5.0, 1.15
Query = tuple[str, Any]
Page = Callable[[Any, date], object]


@dataclass(frozen=True)
class Measured:
    """One page in one scope: milliseconds bound by the policies, and free of them."""

    page: str
    scope: str
    people: int
    queries: int
    bound: Sequence[float]
    free: Sequence[float]

    @property
    def ratio(self) -> float:
        """How many times as long the median takes with the policies."""
        return statistics.median(self.bound) / statistics.median(self.free)


def main() -> None:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description="The cost of row-level security on the pages of the register.")
    parser.add_argument("--data", type=Path, default=Path("build/platform"), help="a platform's folder")
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    from songhe.config.platform import DATABASE_NAME, join_platform
    from songhe.foundation.embedded_postgres import running_server

    with running_server(given.data) as admin, join_platform(given.data) as database:
        superuser = make_conninfo(admin, dbname=DATABASE_NAME)
        with unbound_role(superuser, database.web) as unbound:
            show(measure(database.web, unbound, given.rounds))


@contextmanager
def unbound_role(superuser: str, web: str) -> Iterator[str]:
    """A connection string of a role that reads everything and that no policy binds."""
    password = secrets.token_hex(16)
    name = sql.Identifier(ROLE)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
        making = sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS PASSWORD {} IN ROLE pg_read_all_data")
        connection.execute(making.format(name, sql.Literal(password)))
        try:
            yield make_conninfo(web, user=ROLE, password=password)
        finally:
            connection.execute(sql.SQL("DROP ROLE {}").format(name))


def pages() -> dict[str, Page]:
    """The pages, as what their screens ask of the register."""
    from songhe.people.queries import file
    from songhe.people.queries.facets import facets_of
    from songhe.people.queries.filters import Filters
    from songhe.people.queries.listing import count_of, people_of
    from songhe.people.queries.searching import find_people
    from songhe.people.queries.summaries import summaries_by, summary_of

    def listed(**chosen: Any) -> Page:
        filters = Filters(**chosen)
        return lambda actor, today: (people_of(actor, filters, today=today), count_of(actor, filters, today=today))

    def one_file(actor: Any, today: date) -> None:
        first = people_of(actor, Filters(), today=today).people[0]
        person = file.person_of(actor, first.pk)
        file.facts_of(person, today), file.timeline_of(person), file.contacts_of(person, today)
        file.members_of(person.household_id)

    return {
        "list by age": listed(),
        "list by name": listed(sort="name"),
        "list of those who live alone": listed(living=("alone",)),
        "boxes beside the list": lambda actor, today: facets_of(
            actor, Filters(living=("alone",)), summary_of(actor.region).people, today=today
        ),
        "search by name": lambda actor, today: find_people(actor, "王秀英"),
        "search by four digits": lambda actor, today: find_people(actor, "2026"),
        "one file": one_file,
        "figures of the first page": lambda actor, today: (summary_of(actor.region), summaries_by(actor.region, 9)),
    }


def scopes() -> list[tuple[str, str, int]]:
    """The largest division of each level: its level, its digits, how many people it has."""
    from songhe.foundation.access.actors import Actor
    from songhe.foundation.access.scope import scoped
    from songhe.people.models import CommunityCount

    with scoped(Actor.system("measuring", ""), "measuring"):
        counted = dict(CommunityCount.objects.values_list("region_code", "total"))
    found = []
    for level, digits in LEVELS.items():
        parts: dict[str, int] = {}
        for code, people in counted.items():
            parts[code[:digits]] = parts.get(code[:digits], 0) + people
        largest = max(parts, key=lambda part: parts[part])
        found.append((level, largest, parts[largest]))
    return found


def queries_of(page: Page, digits: str, today: date) -> list[Query]:
    """Every query of a page, with its values, without what opens the scope."""
    from django.db import connection

    from songhe.foundation.access.actors import Actor
    from songhe.foundation.access.scope import scoped

    kept: list[Query] = []

    def keep(execute: Any, text: str, values: Any, many: bool, context: Any) -> Any:
        kept.append((text, values))
        return execute(text, values, many, context)

    actor = Actor.system("measuring", digits.ljust(12, "0"))
    with scoped(actor, "measuring"), connection.execute_wrapper(keep):
        page(actor, today)
    return kept


def measure(web: str, unbound: str, rounds: int) -> list[Measured]:
    """All pages in all scopes. Unequal rows end it."""
    found, today = [], date.today()
    cursor = psycopg.ClientCursor
    with (
        psycopg.connect(web, cursor_factory=cursor) as bound,
        psycopg.connect(unbound, cursor_factory=cursor) as free,
    ):
        for level, digits, people in scopes():
            for name, page in pages().items():
                queries = queries_of(page, digits, today)
                if answers(bound, digits, queries) != answers(free, digits, queries):
                    raise SystemExit(f"{name}, {level}: the two sides bring different rows")
                times: tuple[list[float], list[float]] = ([], [])
                for _ in range(rounds + 1):
                    for connection, kept in zip((bound, free), times, strict=True):
                        kept.append(timed(connection, digits, queries))
                found.append(Measured(name, level, people, len(queries), times[0][1:], times[1][1:]))
    return found


def answers(connection: psycopg.Connection, digits: str, queries: Sequence[Query]) -> list[list[tuple[Any, ...]]]:
    """The rows of each query."""
    with transaction(connection, digits):
        return [sorted(connection.execute(text, values).fetchall(), key=repr) for text, values in queries]


def timed(connection: psycopg.Connection, digits: str, queries: Sequence[Query]) -> float:
    """Milliseconds of all queries together."""
    with transaction(connection, digits):
        began = time.perf_counter()
        for text, values in queries:
            connection.execute(text, values).fetchall()
        return (time.perf_counter() - began) * 1_000


@contextmanager
def transaction(connection: psycopg.Connection, digits: str) -> Iterator[None]:
    """A transaction with the scope set, which binds one side only."""
    from songhe.foundation.access.actors import region_range

    with connection.transaction():
        connection.execute(
            "SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true)", list(region_range(digits))
        )
        yield


def show(found: Sequence[Measured]) -> None:
    """A table, and what misses the targets."""
    heads = ("people", "queries", "p50 ms", "p95 ms", "free p50", "ratio")
    click.echo(f"{'page':30} {'scope':10}" + "".join(f"{head:>10}" for head in heads))
    for one in found:
        middle, high, free = statistics.median(one.bound), percentile(one.bound, 0.95), statistics.median(one.free)
        figures = f"{one.people:10,}{one.queries:10}{middle:10.2f}{high:10.2f}{free:10.2f}{one.ratio:10.2f}"
        click.echo(f"{one.page:30} {one.scope:10}{figures}")
    slow = [one for one in found if percentile(one.bound, 0.95) > MOST_MILLISECONDS]
    dear = [one for one in found if one.ratio > MOST_RATIO]
    click.echo(f"p95 above {MOST_MILLISECONDS} ms: {len(slow)} of {len(found)}; more than 15 % dearer: {len(dear)}")


def percentile(times: Sequence[float], share: float) -> float:
    """The time that so many stay below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    main()
