"""Rows of some hundreds of keys, asked for as one array: a list of parameters takes longer to write than to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Lookup


class Among(Lookup):
    """Whether a key is one of these."""

    prepare_rhs = False

    def __init__(self, column: str, keys: Sequence[UUID]) -> None:
        super().__init__(F(column), tuple(keys))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """See Django."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::uuid[])", (*parameters, list(self.rhs))
