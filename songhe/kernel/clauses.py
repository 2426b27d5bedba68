"""References into the documents that say so: `ezhou-2023/annex-1/3`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from songhe.kernel.errors import BadInput

_FORM = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9.-]*)+")
ACCEPTED = "文件编号/章节，如ezhou-2023/annex-1/3"


@dataclass(frozen=True, slots=True)
class Clause:
    """One place in one instrument; `instrument` is a key of `policies/instruments.yaml`."""

    instrument: str
    place: str

    @classmethod
    def parse(cls, text: str) -> Clause:
        """A clause written as `instrument/place`; refused with BadInput otherwise."""
        if not _FORM.fullmatch(text):
            raise BadInput("依据", "写法不对", given=text, accepted=ACCEPTED)
        instrument, _, place = text.partition("/")
        return cls(instrument, place)

    def __str__(self) -> str:
        return f"{self.instrument}/{self.place}"
