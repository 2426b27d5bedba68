"""A template given as text, with components, as a page's own file would be read."""

from __future__ import annotations

from typing import Any

from django.template import engines
from django_cotton.compiler_regex import CottonCompiler


def shown(text: str, **context: Any) -> str:
    """What the template writes."""
    return engines["django"].from_string(CottonCompiler().process(text)).render(context).strip()
