"""A division got another code: everything that lies in it goes along. What had ended keeps the code of its time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from uuid import NAMESPACE_OID, uuid5

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record, summarised
from songhe.foundation.database.fields import RegionCodeField
from songhe.foundation.tasks import open_task
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant
from songhe.people.kinds import PLACE_FILES
from songhe.people.models import Person
from songhe.people.terms import Standing

_DAYS_TO_PLACE = 30
_APPS = ("people", "duplicates", "imports", "tasks", "uploads", "jobs")
_COUNTED = "people_count"  # made anew from the sheets
_SHEET = ("people_sheet", ("registered_region", "residence_region"))
_WAYS = "imports_columnmapping"
_ONLY = {
    ("people_residence", "area"): sql.SQL(" AND until_date IS NULL"),  # history
    ("jobs_job", "region_code"): sql.SQL(" AND state <> 'running'"),  # its worker would not find it again
}
_MOVED = sql.SQL(
    "UPDATE {table} SET {column} = {after} || substr({column}, {start}) WHERE {column} >= {lo} AND {column} < {hi}"
)

# a way to read files stays behind where the successor has its own for the same header
_UNLESS_KNOWN = sql.SQL(
    " AND NOT EXISTS (SELECT FROM {table} known WHERE known.source = {table}.source"
    " AND known.signature = {table}.signature"
    " AND known.region_code = {after} || substr({table}.{column}, {start}))"
)


@transaction.atomic
def recode_division(*, before: str, after: str, below: bool = True) -> int:
    """Puts what lies in a division into the one that replaced it; gives how many files moved. Twice is once.

    With `below` divisions in it go along when both codes say equally much: 420704001 to 420704009 takes 420704001002
    with it. Otherwise only what lies in the division itself moves. Songhe's own deed, in a scope of its own.
    """
    old, new = significant(before), significant(after)
    if not old or not new:
        raise BadInput("行政区划代码", "不能是全国", given=before, accepted="省级以下的代码")
    mover = Actor.system("区划变更", "")
    moved = 0
    with scoped(mover, "people.recode"), summarised("people.recode"), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_COUNTED} WHERE region_code >= %s AND region_code < %s",  # noqa: S608
            _range(old, alike=below and len(old) == len(new)),
        )
        for table, column in places():
            cursor.execute(_statement(table, column, (old, new), below=below))
            moved += cursor.rowcount if (table, column) == ("people_person", "region_code") else 0
        detail = {"before": before, "after": after, "files": moved}
        record(mover, action="people.recode_division", region=after.ljust(12, "0"), detail=detail)
    return moved


@transaction.atomic
def ask_where_files_lie(*, before: str, on_date: date, now: datetime) -> int:
    """A division was split or ended: somebody has to say where each of its own files lies now; gives how many.

    One task for the division, due in a month; none when no file lies there.
    """
    code = significant(before).ljust(12, "0")
    mover = Actor.system("区划变更", "")
    with scoped(mover, "people.recode"):
        files = Person.objects.filter(region_code=code).exclude(standing=Standing.MERGED).count()
        if files:
            due = on_date + timedelta(_DAYS_TO_PLACE)
            subject = uuid5(NAMESPACE_OID, code)
            open_task(
                actor=mover, kind=PLACE_FILES.code, title=f"区划变了，{files}份档案要分到新的地方", region=code,
                subject=subject, due_date=due, now=now,
            )  # fmt: skip
    return files


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Every column that holds a division's code: of the register, of lists that came in, of what is to do."""
    found = [
        (model._meta.db_table, str(field.column))
        for label in _APPS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.local_fields
        if isinstance(field, RegionCodeField) and model._meta.db_table != _COUNTED
    ]
    return (*found, *((_SHEET[0], column) for column in _SHEET[1]))


def _statement(table: str, column: str, codes: tuple[str, str], *, below: bool) -> sql.Composed:
    old, new = codes
    alike = below and len(old) == len(new)
    lo, hi = _range(old, alike=alike)
    parts = {
        "table": sql.Identifier(table),
        "column": sql.Identifier(column),
        "after": sql.Literal(new if alike else new.ljust(12, "0")),
        "start": sql.Literal(len(old) + 1 if alike else 13),
    }
    statement = _MOVED.format(lo=sql.Literal(lo), hi=sql.Literal(hi), **parts)
    if table == _WAYS:
        return statement + _UNLESS_KNOWN.format(**parts)
    return statement + _ONLY.get((table, column), sql.SQL(""))


def _range(old: str, *, alike: bool) -> tuple[str, str]:
    own = old.ljust(12, "0")
    return region_range(old) if alike else (own, own + "!")  # "!" comes before every digit: the division itself
