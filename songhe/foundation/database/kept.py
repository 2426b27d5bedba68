"""Querysets whose statement is worked out once: building and compiling one takes as long as asking the database.

    _CONTACTS = Kept(lambda person: Contact.objects.filter(person=person))
    contacts = _CONTACTS(person=key)

What is filled in later stands in the queryset as a `Hole` of the parameter's name; it can only be compared with.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators

from songhe.foundation.database.statements import rows_of

M = TypeVar("M", bound=Model)


class Hole(Expression):
    """A place for a value, which the database gets as it is: no field prepares or checks it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """See Django."""
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Compiled(Generic[M]):
    """The statement with what makes objects of its rows."""

    sql: str
    parameters: Sequence[Any]
    model: type[M]
    first: int
    names: Sequence[str]
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]
    related: Sequence[Any]
    annotations: Sequence[tuple[str, int]]


class Kept(Generic[M]):
    """A queryset of models with holes; called with what fills them it gives the objects, in the open transaction.

    It is built at the first call. Relations that `select_related` names come along; `prefetch_related` is not done.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *, using: str = "default") -> None:
        self._build, self._using = build, using
        self._compiled: _Compiled[M] | None = None

    def __call__(self, **values: Any) -> list[M]:
        """All objects."""
        kept = self._compiled = self._compiled or self._compile()
        filled = [values[one.name] if isinstance(one, Hole) else one for one in kept.parameters]
        return [self._object(kept, list(row)) for row in rows_of(kept.sql, filled, using=self._using)]

    def first(self, **values: Any) -> M | None:
        """The first object, None when there is none; the statement should not find more than a few."""
        return next(iter(self(**values)), None)

    def _object(self, kept: _Compiled[M], row: list[Any]) -> M:
        connection = connections[self._using]
        for place, converters, expression in kept.converters:
            for converter in converters:
                row[place] = converter(row[place], expression, connection)
        found = kept.model.from_db(self._using, kept.names, row[kept.first : kept.first + len(kept.names)])
        for populator in kept.related:
            populator.populate(row, found)
        for name, place in kept.annotations:
            setattr(found, name, row[place])
        return found

    def _compile(self) -> _Compiled[M]:
        holes = {name: Hole(name) for name in inspect.signature(self._build).parameters}
        compiler: Any = self._build(**holes).query.get_compiler(self._using)
        sql, parameters = compiler.as_sql()
        select, told = compiler.select, compiler.klass_info
        populators: Any = get_related_populators
        places = told["select_fields"]
        converters = compiler.get_converters([expression for expression, *_ in select])
        return _Compiled(
            sql, parameters, told["model"], places[0],
            [expression.target.attname for expression, *_ in select[places[0] : places[-1] + 1]],
            [(place, those, expression) for place, (those, expression) in converters.items()],
            populators(told, select, self._using), list(compiler.annotation_col_map.items()),
        )  # fmt: skip
