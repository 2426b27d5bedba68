"""Builds the demo city in a prepared database: all or nothing, in one transaction of the schema's owner.

Whether a city is there is told by the comment on the schema, which is written in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic

import polars as pl
from django.db import connection, transaction

from songhe.demo.register.advising import note_talks
from songhe.demo.register.assessing import Assessments
from songhe.demo.register.assessing_cases import lay_bodies, open_cases
from songhe.demo.register.assessing_old import take_over
from songhe.demo.register.city import Piece
from songhe.demo.register.departments import DepartmentFiles
from songhe.demo.register.earlier import EarlierLists
from songhe.demo.register.ground import lay_ground, open_accounts
from songhe.demo.register.history import live_through
from songhe.demo.register.openings import open_tasks
from songhe.demo.register.receiving import decide_everybody, delivered, issue_list, put_everybody_down
from songhe.demo.register.truths import Truths
from songhe.demo.register.whole import CITY, pieces
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.people.api import recount
from songhe.people.whole.api import (
    BulkLoader,
    bulk_loading,
    gram_frame,
    sealed_contacts,
    sealed_people,
    sheet_frame,
)

_OPENS = time(8, 30)
_WITH_IT = (
    "assessment_assessment", "assessment_form", "assessment_assignment", "assessment_result", "assessment_signature"
)  # fmt: skip
_MARK = "songhe demo city "
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """The demo city that a database holds."""

    people: int
    day: str
    seed: int


def built_city() -> Built | None:
    """The city in the database that Django is connected to, None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace)")
        row = cursor.fetchone()
    text = row[0] if row and row[0] else ""
    return Built(**json.loads(text.removeprefix(_MARK))) if text.startswith(_MARK) else None


def build_city(*, people: int, day: date, seed: int, data: Path, policies: Path, say: Say) -> Built:
    """Makes the city unless it is there: the database, `truth` below the folder, department files in `files-demo`.

    `policies` is the folder of the lists; the city's is issued, and everybody is decided by it. Django has to be
    connected as the owner of the schema. A run that ends early leaves nothing in the database.
    """
    found = built_city()
    if found is not None:
        return found
    started = monotonic()
    actor = Actor.system("演示城市", "")
    now = datetime.combine(day, _OPENS).astimezone()
    with transaction.atomic(), scoped(actor, "demo build"):
        clock = Clock(started, say)
        lay_ground(CITY)
        open_accounts(day, now)
        clock("区划和账号有了")
        truths, files, lists = Truths(data / "truth"), DepartmentFiles(seed, day), EarlierLists(day)
        assessed = Assessments(seed, day)
        lay_bodies(assessed.bodies)
        keepers = Keepers(truths, files, lists, assessed)
        counts = _filled(keepers, pieces(people, seed, day), day, now, data, clock)
        clock("部门名册和真相写好了")
        counts |= _work_on_its_way(truths, assessed, day, now)
        clock(f"待办有了，{assessed.count:,}次能力评估")
        counts |= _decide(policies, truths, seed, day, now)
        clock("清单印发了，人人都判定了")
        record(actor, action="demo.build", region=CITY, detail={"people": people, "seed": seed, "day": day, **counts})
        built = Built(people, day.isoformat(), seed)
        _mark(built)
    clock("写完了")
    return built


@dataclass(frozen=True, slots=True)
class Keepers:
    """What takes something from each piece of the city: the truth, department files, earlier lists, assessments."""

    truths: Truths
    files: DepartmentFiles
    lists: EarlierLists
    assessed: Assessments


def _filled(kept: Keepers, made: Iterable[Piece], day: date, now: datetime, data: Path, clock: Clock) -> dict[str, int]:
    """Everybody is in the register, with what was told and assessed before; gives counts for the audit."""
    with ThreadPoolExecutor(1) as beside:
        with bulk_loading(connection.connection, _WITH_IT) as loader:
            done = 0
            for bare in made:
                piece = kept.assessed.add(bare)
                _load(loader, piece, day)
                for keeper in (kept.truths, kept.files, kept.lists):
                    keeper.add(piece)
                done += piece.table.height
                clock(f"{done:,}位老人")
                del bare, piece
            written = beside.submit(kept.files.write, data / "files-demo")
            kept.assessed.write(loader)
        _own_time_zone()
        clock("索引建好了")
        told = live_through(kept.lists, day, now)
        clock("以前的名册导入了")
        return kept.truths.write(written.result(), told)


def _work_on_its_way(truths: Truths, assessed: Assessments, day: date, now: datetime) -> dict[str, int]:
    """Tasks and cases of assessment that are not done yet; gives how many assessments there are."""
    recount(today=day, now=now)
    open_tasks(day, now)
    planted = truths.keep(
        {
            "drifted_assessors": assessed.drifted(),
            "old_results": take_over(assessed.old, day, now),
            **open_cases(assessed, day, now),
        }
    )
    return {"assessments": assessed.count, "drifted": planted["drifted_assessors"], "old": planted["old_results"]}


def _own_time_zone() -> None:
    """Django reads times in its own zone, loading wrote them in another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [connection.timezone_name])


def _decide(policies: Path, truths: Truths, seed: int, day: date, now: datetime) -> dict[str, int]:
    """The list is issued, who receives what is written, everybody is decided; gives the counts."""
    release = issue_list(policies, day, now)
    gone = truths.noted("unheard_deaths", "unheard_moves")
    planted = truths.keep(put_everybody_down(release, gone, seed, day, now))
    decided = decide_everybody(day, now)
    talks = note_talks(day, now)
    delivered(now)
    return {**planted, **decided, "talks": talks}


class Clock:
    """Says how far it is, with the seconds since the start."""

    def __init__(self, started: float, say: Say) -> None:
        self._started, self._say = started, say

    def __call__(self, words: str) -> None:
        """Says it."""
        self._say(f"{monotonic() - self._started:6.1f}秒  {words}")


def _load(loader: BulkLoader, piece: Piece, day: date) -> None:
    """Seals and cuts grams while the server takes the tellings, which are most of the rows."""
    regions = piece.people.select("id", "region_code")
    told = piece.tellings.join(regions, left_on="person_id", right_on="id", how="left")
    people = piece.people.with_columns(created_at=pl.col("registered_on").cast(pl.Datetime("us")))
    with ThreadPoolExecutor(1) as beside:
        taken = beside.submit(loader.tellings, told)
        sheets = sheet_frame(piece.people, piece.tellings, day)
        rows, grams = sealed_people(people, datetime.combine(day, _OPENS)), gram_frame(people)
        contacts = sealed_contacts(piece.contacts)
        taken.result()
    loader.households(piece.households)
    loader.people(rows, grams)
    loader.residences(piece.residences)
    loader.contacts(contacts)
    loader.sheets(sheets)
    loader.events(piece.events.with_columns(recorder=pl.lit("演示城市"), reason=pl.lit("")))


def _mark(built: Built) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_literal(%s)", [_MARK + json.dumps(asdict(built))])
        cursor.execute(f"COMMENT ON SCHEMA public IS {cursor.fetchone()[0]}")
