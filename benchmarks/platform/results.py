"""A file of 100,000 assessment results: read and scored with every error named; then written. All undone at the end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.ground import Sizes, at_most
from benchmarks.platform.lists import actor_named, processed, silent

if TYPE_CHECKING:
    from songhe.assessment.scales.definition import Item

_LIST, _TOLD_AS, _NUMBER = "pensions.csv", "公民身份号码", "身份证号"
_FIRST, _SECOND = "city-officer", "city-leader"
ROWS, WRONG_EVERY, WHOLE = 100_000, 50, 60.0
_MOST_BYTES = 200 << 20


def results(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """Seconds from the file to results, facts and sheets; every fiftieth row has a wrong cell."""
    place = ground.city(folder, sizes.people, say)
    with ground.platform(place) as (database, _):
        from django.db import connection, transaction
        from django.utils import timezone

        from songhe.assessment.operations import importing
        from songhe.foundation.access.scope import scoped
        from songhe.foundation.uploads.operations import adopt, remove_file

        first = actor_named(_FIRST)
        second = replace(actor_named(_SECOND), actions=first.actions)
        with scoped(first, "bench"):
            path = place / "assessment-results.xlsx"
            rows = _written(place / "files-demo" / _LIST, path)
            now = timezone.now()
            upload = adopt(first, path, path.name, region=first.region, permission="assessment.import", now=now)
            batch = importing.hand_in(actor=first, upload=upload, now=now, begin=False)
            roots = (os.getpid(), ground.server_process(database.web))
            say("评估结果：读入、算分")
            found, reading = processed(
                lambda: importing.stage(actor=first, batch_id=batch.pk, now=now, say=silent), roots
            )
            say("写入")
            importing.approve(actor=second, batch_id=batch.pk, now=now, begin=False)

            def write() -> importing.ResultBatch:
                applied = importing.apply(actor=second, batch_id=batch.pk, now=now, say=silent)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the end of the transaction would check
                return applied

            done, writing = processed(write, roots)
            remove_file(upload)
            transaction.set_rollback(True)
    errors, new, facts = found.counts["errors"], done.counts["new"], done.counts["facts"]
    return [
        Line(f"a workbook of {rows:,} results read and scored, {errors:,} errors named", f"{reading[0]:.1f} s"),
        Line(f"… written: {new:,} results, {facts:,} facts, sheets made anew", f"{writing[0]:.1f} s"),
        at_most("both together", reading[0] + writing[0], WHOLE),
    ]


def answers_of(place: int, items: Sequence[Item]) -> dict[str, str]:
    """Answers of people of many kinds, by item; every fiftieth person has a wrong one."""
    answers = {item.code: str(max(item.most - (place + at) % 3, 0)) for at, item in enumerate(items)}
    answers["B.3.9"] = "2"
    if place % WRONG_EVERY == 0:
        answers[items[place // WRONG_EVERY % len(items)].code] = "9"
    return answers


def _written(source: Path, target: Path) -> int:
    """A workbook with the numbers of a department's list and answers of people of many kinds."""
    import polars as pl
    import xlsxwriter

    from songhe.assessment.api import current_scale

    numbers = (
        pl.read_csv(source, columns=[_TOLD_AS], infer_schema=False)[_TOLD_AS].drop_nulls().unique(maintain_order=True)
    )
    numbers = numbers.head(ROWS)
    items = current_scale(date(2026, 1, 1)).items
    header = [_NUMBER, "量表", "用途", "评估日期", "评估机构", "评估员", *(item.code for item in items)]
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, header)
        for place, number in enumerate(numbers):
            answers = answers_of(place, items).values()
            cells = [number, "gbt42195-2022", "own_wish", "2026-01-05", "松泽老年评估中心", "胡静、刘文斌", *answers]
            for column, cell in enumerate(cells):
                page.write_string(place + 1, column, cell)
    return len(numbers)
