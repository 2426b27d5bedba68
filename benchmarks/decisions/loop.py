"""The same rules the way they are written first: a person is read, decided in Python, compared and saved; the next one.

The answers are checked against what the run has kept before the clock starts. The sample's seconds are multiplied: a
loop has the same to do for each person, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from benchmarks.decisions.ground import BIG, Bench, everybody, timed
from benchmarks.decisions.runs import runs
from benchmarks.ground import Line, seconds
from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.places import known_places
from songhe.eligibility.determining import pays_something
from songhe.foundation.access.scope import scoped
from songhe.people.models import Sheet
from songhe.policy.api import in_force, programme_of
from songhe.policy.models import Release
from songhe.rules.facts import KEY, PERSON_TABLE
from songhe.rules.readings.reference import Reference

RATIO = 30
_AT_ONCE = 1_000
Words = tuple[int, int, list[int | None]]
Read = Callable[[dict[str, Any]], Any]


class Loop:
    """The list read for Python, and the loop over people."""

    def __init__(self, release: Release, bench: Bench) -> None:
        programme, places = programme_of(release, bench.day), known_places()
        reading = Reference(programme.on)
        self._release, self._on = release, programme.on
        self._items: list[tuple[int, Read, Read | None]] = [
            (
                places[one.item.slug], reading.read(one.outcome),
                reading.read(one.payable) if one.payable is not None and pays_something(one) else None,
            )
            for one in programme.items
        ]  # fmt: skip
        self._width = max((place for place, _, payable in self._items if payable), default=-1) + 1

    def words(self, sheet: Sheet) -> Words:
        """What one person may have: a word of yes, a word of unknown, what is payable."""
        facts: dict[str, Any] = {name: getattr(sheet, name) for name in PERSON_TABLE}
        facts[KEY] = str(sheet.pk)
        yes, unknown = 0, 0
        fen: list[int | None] = [None] * self._width
        for place, outcome, payable in self._items:
            answer = outcome(facts)
            if answer is None:
                unknown |= 1 << place
            elif answer:
                yes |= 1 << place
                yuan = payable(facts) if payable else None
                if yuan is not None:
                    fen[place] = round(yuan * 100)
        return yes, unknown, fen

    def over(self, persons: list[UUID]) -> int:
        """Decides and keeps each; gives how many came out otherwise."""
        moved = 0
        for person in persons:
            sheet = Sheet.objects.get(pk=person)
            yes, unknown, fen = self.words(sheet)
            kept = Standing.objects.filter(pk=person).first()
            if kept is None:
                self._standing(sheet, (yes, unknown, fen)).save(force_insert=True)
            elif (kept.yes, kept.unknown, kept.fen) != (yes, unknown, fen):
                kept.yes, kept.unknown, kept.fen = yes, unknown, fen
                kept.save(update_fields=["yes", "unknown", "fen"])
                moved += 1
        return moved

    def at_once(self, persons: list[UUID]) -> None:
        """The same for people of whom nothing is kept, read and written many at once."""
        for start in range(0, len(persons), _AT_ONCE):
            sheets = Sheet.objects.filter(pk__in=persons[start : start + _AT_ONCE])
            Standing.objects.bulk_create(self._standing(sheet, self.words(sheet)) for sheet in sheets)

    def _standing(self, sheet: Sheet, words: Words) -> Standing:
        yes, unknown, fen = words
        return Standing(
            person_id=sheet.pk, region_code=sheet.region_code, release=self._release, on_date=self._on, yes=yes,
            unknown=unknown, fen=fen,
        )  # fmt: skip


def loop(bench: Bench) -> list[Line]:
    """The loop beside the run, first with nothing kept, then with nothing changed."""
    if not bench.again:
        runs(bench)
    with scoped(everybody(), "bench"):
        keys = list(Standing.objects.order_by("person_id").values_list("pk", flat=True))
        sample = keys[:: max(1, len(keys) // bench.sizes.sample)][: bench.sizes.sample]
        plain = Loop(in_force(bench.day)[-1], bench)
        _check_equal(plain, sample)
        bench.say(f"一个一个地算：{len(sample):,}人")
        plain.over(sample)  # what it reads lies in memory then, as it does for the run
        _, same = timed(bench, lambda: plain.over(sample))
        Standing.objects.filter(pk__in=sample).delete()
        _, new = timed(bench, lambda: plain.over(sample))
        Standing.objects.filter(pk__in=sample).delete()
        _, many = timed(bench, lambda: plain.at_once(sample))
        transaction.set_rollback(True)
    each = [one.seconds / len(sample) for one in (new, same, many)]
    return [
        *_beside(f"a loop over {len(sample):,} people, nothing kept before", each[0], len(keys), bench.whole),
        *_beside("the same, nothing changed", each[1], len(keys), bench.again),
        *_beside(
            f"one that reads and writes {_AT_ONCE:,} at once, nothing kept before", each[2], len(keys), bench.whole, 0
        ),
    ]


def _beside(what: str, each: float, people: int, run: float, wanted: int = RATIO) -> list[Line]:
    whole = each * people
    ratio = whole / run
    met = ratio >= wanted if wanted and people >= BIG else None
    return [
        Line(f"{what}: each", seconds(each)),
        Line(f"… for {people:,} people, by multiplying", f"{whole:,.0f} s"),
        Line("… as many times the run", f"{ratio:.0f}×", f"≥ {wanted}×" if wanted else "", met),
    ]


def _check_equal(plain: Loop, sample: list[UUID]) -> None:
    kept = Standing.objects.in_bulk(sample)
    for sheet in Sheet.objects.filter(pk__in=sample):
        row = kept[sheet.pk]
        assert plain.words(sheet) == (row.yes, row.unknown, row.fen)  # noqa: S101
