"""The list of results as a file. Streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.assessment.models import Result
from songhe.assessment.presenters_result import result_lines
from songhe.ui.exports import write_rows
from songhe.ui.lists import PIECE, pieces_of

HEAD = (
    N_("姓名"), N_("年龄"), N_("地方"), N_("等级"), N_("总分"), N_("标准"), N_("用途"), N_("来源"), N_("状态"),
    N_("评估日期"), N_("有效到"), N_("机构"), N_("审核"), N_("核验码"),
)  # fmt: skip
MOST_ROWS = 100_000


def write(path: Path, results: QuerySet[Result], *, kind: str, today: date, told: Callable[[int], None]) -> int:
    """Writes the results to a file; gives how many rows. `told` hears how far it is."""
    head, rows = [_(words) for words in HEAD], _rows(results, today, told)
    return write_rows(path, _("评估结果"), head, rows, kind=kind)


def _rows(results: QuerySet[Result], today: date, told: Callable[[int], None]) -> Iterator[list[str]]:
    for piece in pieces_of(results.iterator(chunk_size=PIECE), told):
        for one in result_lines(piece, today):
            row = one.result
            yield [
                one.name, str(one.age or ""), one.place, one.level, one.total, one.scale, one.purpose, one.source,
                one.state, row.assessed_date.isoformat(), row.last_day.isoformat() if row.last_day else "",
                row.organisation_name, localdate(row.confirmed_at).isoformat(), row.code,
            ]  # fmt: skip
