"""A run of the rules where the people are stored: what changed is written, and becomes work.

One transaction: temporary tables hold who came out otherwise than it is kept; the standings, the changes, the matters
and the counts are written from them. A second run over the same facts on the same day changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection

from songhe.eligibility.decisions import matter_statements as matters
from songhe.eligibility.decisions.comparing import compare_all, compare_few
from songhe.eligibility.decisions.counting import count_moved, recount
from songhe.eligibility.decisions.events import DecisionsChanged
from songhe.eligibility.decisions.models import Run
from songhe.eligibility.decisions.operations.telling import tell_of_run
from songhe.eligibility.decisions.places import places_of
from songhe.eligibility.decisions.routing import routing_on
from songhe.eligibility.decisions.statements import THESE, Listed, asked, coming
from songhe.eligibility.decisions.terms import MatterKind, RunKind
from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record, summarised
from songhe.foundation.outbox import publish
from songhe.foundation.tasks.bulk import DoneBy, settle_doors
from songhe.kernel.errors import Conflict
from songhe.kernel.regions import significant
from songhe.policy.api import Holding, holdings, in_force, pack_of

_LOCK = 7_305_015
_SETTINGS = ("jit = off", "work_mem = '256MB'", "max_parallel_workers_per_gather = 2", "extra_float_digits = 1")
# Comparing everybody only hashes are quick, for few people only looking each of them up is; which of both the planner
# takes must not hang on how old its figures about tables are.
_JOINS = {
    RunKind.FULL: ("enable_nestloop = off", "enable_mergejoin = off"),
    RunKind.CHANGED: (
        "enable_hashjoin = off", "enable_mergejoin = off", "enable_material = off", "enable_bitmapscan = off",
    ),
}  # fmt: skip
_UPDATED = """
UPDATE decisions_standing s
SET yes = m.yes, unknown = m.unknown, held = m.held, fen = m.fen, region_code = m.region_code,
    release_id = m.release_id, on_date = %(on)s
FROM moved m WHERE m.person_id = s.person_id AND m.was_yes IS NOT NULL"""
_INSERTED = """
INSERT INTO decisions_standing (person_id, region_code, release_id, on_date, yes, unknown, held, fen)
SELECT person_id, region_code, release_id, %(on)s, yes, unknown, held, fen FROM moved WHERE was_yes IS NULL
ORDER BY region_code, person_id"""
_CHANGED = """
INSERT INTO decisions_change (region_code, person_id, run_id, position, on_date, before, after, fen_before, fen_after)
SELECT m.region_code, m.person_id, %(run)s, i.position, %(on)s,
       CASE WHEN m.was_yes & b.bit <> 0 THEN 'y' WHEN m.was_unknown & b.bit <> 0 THEN 'u' ELSE 'n' END,
       CASE WHEN m.yes & b.bit <> 0 THEN 'y' WHEN m.unknown & b.bit <> 0 THEN 'u' ELSE 'n' END,
       m.was_fen[i.position + 1], m.fen[i.position + 1]
FROM moved m CROSS JOIN decisions_listeditem i CROSS JOIN LATERAL (SELECT 1::bigint << i.position AS bit) b
WHERE m.was_yes IS NOT NULL
  AND (((m.yes # m.was_yes) | (m.unknown # m.was_unknown)) & b.bit <> 0
       OR m.fen[i.position + 1] IS DISTINCT FROM m.was_fen[i.position + 1])"""
# What is about a person lies where her file lies.
_FOLLOWED = tuple(
    f"""
UPDATE decisions_{table} t SET region_code = m.region_code
FROM moved m WHERE m.person_id = t.person_id AND m.was_yes IS NOT NULL AND t.region_code <> m.region_code"""  # noqa: S608
    for table in ("receipt", "pause", "matter", "advice")
)
_ALL = """(SELECT person_id, region_code, yes, unknown, held FROM decisions_standing
      WHERE region_code >= %(lo)s AND region_code < %(hi)s)"""
_PEOPLE = f"SELECT count(*) FROM {_ALL} AS people"  # noqa: S608
_COUNTED = f"""
SELECT region_code FROM {_ALL} AS people UNION SELECT was_region FROM moved UNION SELECT region_code FROM gone"""  # noqa: S608
_REMOVED = "DELETE FROM decisions_standing s USING gone g WHERE g.person_id = s.person_id"
Say = Callable[[int, int, str], None]


def run_whole(*, actor: Actor, region: str, on: date, now: datetime, say: Say | None = None) -> Run:
    """Decides everybody of a region (leading digits) anew. Conflict while another run of the same place is on."""
    return _run(actor, RunKind.FULL, region, None, on, now, say or _silent)


def redetermine(
    *, actor: Actor, persons: Collection[UUID], on: date, now: datetime, done: DoneBy | None = None
) -> Run | None:
    """Decides these persons anew, wherever their files lie now; None without any. The caller has asked who may.

    `done` says who just settled what at which door: its task, when nothing is left, is done by them.
    """
    if not persons:
        return None
    return _run(actor, RunKind.CHANGED, "", list(dict.fromkeys(persons)), on, now, _silent, done)


def decide_day(*, today: date, now: datetime) -> bool:
    """Everybody anew, unless a run over everybody was made for the day or one is on; gives whether it ran."""
    actor = Actor.system("每天的判定", "")
    with scoped(actor, "decisions.daily"):
        done = Run.objects.filter(kind=RunKind.FULL, region_code="0" * 12, on_date=today).exists()
    if done or not in_force(today):
        return False
    try:
        run_whole(actor=actor, region="", on=today, now=now)
    except Conflict:  # another run is on: the next hour asks again
        return False
    return True


def _silent(done: int, total: int, words: str) -> None:
    """Nobody watches."""


def _run(
    actor: Actor, kind: RunKind, region: str, persons: list[UUID] | None, on: date, now: datetime, say: Say,
    done: DoneBy | None = None,
) -> Run:  # fmt: skip
    if region:
        actor.require_region(region)
    # A person may have come from elsewhere: what is kept of her lies there until the run takes it along.
    with scoped(replace(actor, region=""), f"decisions.{kind}"), connection.cursor() as cursor:
        _one_at_a_time(cursor, kind)
        for setting in (*_SETTINGS, *_JOINS[kind]):
            cursor.execute(f"SET LOCAL {setting}")
        listed = _listed(region, on)
        run = Run.objects.create(
            region_code=region.ljust(12, "0"), kind=kind, on_date=on, started_at=now, started_by=actor.account_id,
            starter=actor.name[:40],
            releases=[_held(one.holding) for one in listed],
        )  # fmt: skip
        with summarised(f"run {run.pk}"):
            run.figures = _Pass(cursor, run, listed, persons, say, done).all_steps()
        run.finished_at = now + timedelta(seconds=run.figures["seconds"])
        run.save(update_fields=["figures", "finished_at"])
        if kind == RunKind.FULL:
            record(actor, action="decisions.run", subject=run.pk, region=run.region_code, detail=run.figures)
        if run.figures["changed"] or run.figures["new"]:
            one = persons[0] if persons is not None and len(persons) == 1 else None
            publish(DecisionsChanged(region=run.region_code, run=run.pk, on_date=on, person=one))
        return run


def _held(holding: Holding) -> dict[str, str]:
    return {"release": str(holding.release.pk), "digest": holding.release.digest, "region": holding.region}


def _one_at_a_time(cursor: Any, kind: RunKind) -> None:
    """A full run waits for nobody and lets nobody in; runs over changed people go side by side."""
    if kind == RunKind.FULL:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict("正在判定，等它完了再开始")
    else:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def _listed(region: str, on: date) -> list[Listed]:
    """What holds in the region, cut down to it, with the places of all items."""
    held = holdings(on, region)
    if not held:
        raise Conflict("这里还没有施行的清单，先导入并印发")
    slugs = [item.slug for holding in held for item in pack_of(holding.release).items]
    places = places_of(slugs)
    return [Listed.on(holding, on, places) for holding in held]


class _Pass:
    """The steps of one run, in one transaction."""

    def __init__(
        self, cursor: Any, run: Run, listed: Sequence[Listed], persons: list[UUID] | None, say: Say,
        done: DoneBy | None,
    ) -> None:  # fmt: skip
        self._cursor, self._run, self._listed, self._say = cursor, run, listed, say
        self._persons, self._done = persons, done
        self._of = _ALL if persons is None else "decided"
        self._on, (self._lo, self._hi) = run.on_date, _range(run.region_code)
        self._routing = routing_on(run.on_date)
        self._seconds: dict[str, float] = {}
        self._started = monotonic()
        self._common = {"on": self._on, "run": run.pk, "ids": persons, "lo": self._lo, "hi": self._hi}

    def all_steps(self) -> dict[str, Any]:
        """Does everything; gives the counts, with the seconds of each step."""
        figures: dict[str, Any] = {}
        decided = self._step(1, "判定", self._compare)
        figures["gone"], figures["new"], figures["changed"] = self._step(2, "比较", self._keep)
        figures["people"] = self._everybody() if decided is None else decided
        figures["changes"] = self._step(3, "记下变化", lambda: self._execute(_CHANGED))
        figures |= self._step(4, "派事", self._open_matters)
        figures["counted"] = self._step(5, "计数", self._count)
        return {**figures, "seconds": round(monotonic() - self._started, 3), "steps": self._seconds}

    def _step(self, number: int, words: str, do: Callable[[], Any]) -> Any:
        self._say(number - 1, 5, words)
        begun = monotonic()
        done = do()
        self._seconds[words] = round(monotonic() - begun, 3)
        return done

    def _execute(self, text: str, **more: object) -> int:
        self._cursor.execute(text, {**self._common, **more})
        return int(self._cursor.rowcount)

    def _everybody(self) -> int:
        self._execute(_PEOPLE)
        return int(self._cursor.fetchone()[0])

    def _compare(self) -> int | None:
        if self._persons is not None:
            return compare_few(self._cursor, self._listed, self._persons)
        compare_all(self._cursor, self._listed, self._lo, self._hi)
        self._cursor.execute("SET LOCAL enable_nestloop = on")  # what follows is about few on most days
        return None

    def _keep(self) -> tuple[int, int, int]:
        self._cursor.execute("SELECT EXISTS (SELECT FROM gone)")
        gone = self._execute(_REMOVED) if self._cursor.fetchone()[0] else 0
        changed = self._execute(_UPDATED)
        self._cursor.execute("SELECT EXISTS (SELECT FROM moved WHERE was_region <> region_code)")
        if self._cursor.fetchone()[0]:
            for statement in _FOLLOWED:
                self._execute(statement)
        return gone, self._execute(_INSERTED), changed

    def _open_matters(self) -> dict[str, int]:
        routing, run, whom = self._routing, self._run, self._whom()
        with_due = {kind: run.on_date + timedelta(days=days) for kind, days in routing.due_days.items()}
        place_words = {
            "applied": _word(self._listed),
            "declined_since": run.started_at - timedelta(days=30 * routing.declined_months),
        }
        found = {
            "offer": self._found("offered", matters.HAS_NOT.format(whom=whom), **place_words),
            "stop": self._found("stopped", matters.HAS_WRONGLY.format(whom=whom)),
        }
        opened = {
            "offer": self._open(matters.OFFERED, found["offer"], due=with_due[MatterKind.OFFER], **place_words),
            "stop": self._open(matters.STOPPED, found["stop"], due=with_due[MatterKind.STOP], **place_words),
        }
        opened["ask"] = sum(self._ask(one, whom, with_due[MatterKind.ASK], place_words) for one in self._listed)
        opened["soon"] = sum(self._soon(one, place_words) for one in self._listed)
        opened["moot"] = self._execute(matters.MOOT.format(whom=self._of), now=run.started_at, starter=run.starter)
        doors = matters.doors_of(run.pk) if self._persons is None else matters.DOORS_OF_DECIDED
        settled = settle_doors(
            kind="decisions.visit", doors=doors, cursor=self._cursor, now=run.started_at, done=self._done
        )
        tell_of_run(run, self._persons, opened, settled)
        return {**opened, "doors": settled.opened}

    def _whom(self) -> str:
        """Whose matters are looked for: who moved; everybody when other lists hold than at the last full run."""
        if self._persons is not None:
            return "moved"
        earlier = Run.objects.filter(kind=RunKind.FULL, region_code=self._run.region_code).exclude(pk=self._run.pk)
        last = earlier.order_by("-started_at").values_list("releases", flat=True).first()
        return "moved" if last == self._run.releases else self._of

    def _ask(self, one: Listed, whom: str, due: date, more: dict[str, object]) -> int:
        questions = self._routing.questions
        statement = asked(one, tuple(questions), self._routing.worth_asking, whom)
        found = self._found("asked", statement.text, **statement.parameters)
        return self._open(
            matters.ASKED, found, due=due, questions=list(questions), **more, **statement.parameters
        )  # fmt: skip

    def _soon(self, one: Listed, more: dict[str, object]) -> int:
        later_day = self._on + timedelta(days=self._routing.soon_days)
        later = Listed.on(one.holding, later_day, one.places)
        statement = coming(one, later, whose="" if self._persons is None else THESE)
        found = self._found("coming", statement.text, **statement.parameters)
        return self._open(matters.COMING, found, **more, **statement.parameters)

    def _found(self, table: str, text: str, **parameters: object) -> str:
        """What to insert from: of everybody it is found first, since only a statement that inserts nothing has workers.

        How many they are is known then as well, and the rest of the statement is planned for it.
        """
        if self._persons is not None:
            return text
        self._cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        self._execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {text}", **parameters)
        self._cursor.execute(f"ANALYZE {table} (person_id, place)")
        return f"SELECT * FROM {table}"  # noqa: S608

    def _open(self, statement: str, found: str, **parameters: object) -> int:
        return self._execute(statement.format(found=found), now=self._run.started_at, **parameters)

    def _count(self) -> int:
        if self._persons is not None:
            return count_moved(self._cursor, on=self._on)
        whole = not self._run.region_code.strip("0")
        return recount(self._cursor, on=self._on, regions="" if whole else _COUNTED, lo=self._lo, hi=self._hi)


def _word(listed: Sequence[Listed]) -> int:
    word = 0
    for one in listed:
        for bound in one.applied_for:
            word |= 1 << one.place(bound)
    return word


def _range(code: str) -> tuple[str, str]:
    return region_range(significant(code))
