"""The desk that explains decisions by a release on a day: prepared once, kept in memory by the texts of the release."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from uuid import UUID

from songhe.eligibility.reason_sheet.overview import QuickDesk
from songhe.eligibility.reason_sheet.words import Instrument as Document
from songhe.policy.api import Instrument, Release, programme_of
from songhe.regions.api import names_of

_DIGITS, _MOST = 12, 24


_kept: dict[tuple[UUID, str, date], QuickDesk] = {}


def desk_of(release: Release, on: date) -> QuickDesk:
    """The desk of a release that left the draft, on a day."""
    key = (release.pk, release.digest, on)
    desk = _kept.get(key)
    if desk is None:
        desk = QuickDesk(programme_of(release, on), instruments=_documents(), names=lambda code: name_of(code, on))
        while len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = desk
    return desk


@lru_cache(maxsize=8192)
def name_of(code: str, on: date) -> str:
    """The name of a division by its leading digits; the code itself where it is not recorded."""
    full = code.ljust(_DIGITS, "0")
    return names_of([full]).get(full, code)


def _documents() -> dict[str, Document]:
    return {
        key: Document(title, number) for key, title, number in Instrument.objects.values_list("key", "title", "number")
    }
