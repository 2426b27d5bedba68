"""Names of divisions for pages of the foundation, which stands below the room that keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from songhe.kernel.regions import significant
from songhe.kernel.told import phrase

WHOLE = phrase("全国")


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """The name of each code of 12 digits; the code itself where nobody knows a name."""
    wanted = set(codes)
    known: dict[str, str] = import_string(settings.REGION_NAMES)(wanted)
    return {code: known.get(code) or (code if significant(code) else gettext(WHOLE)) for code in wanted}
