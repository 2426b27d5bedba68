"""The tasks that the register opens by itself."""

from __future__ import annotations

from songhe.foundation.tasks.kinds import declare_kind
from songhe.people.permissions import LIFE_EVENT

PLACE_FILES = declare_kind(
    "people.place_files",
    "区划变更后分档案",
    {"placed": "都分好了", "none": "没有要分的"},
    action=LIFE_EVENT,
)
