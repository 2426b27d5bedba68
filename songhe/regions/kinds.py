"""The tasks that a change of divisions opens."""

from __future__ import annotations

from songhe.foundation.access.permissions import GRANT
from songhe.foundation.tasks.kinds import declare_kind

PLACE_GRANTS = declare_kind(
    "regions.place_grants",
    "区划变更后定授权",
    {"decided": "都定好了", "none": "不用变"},
    action=GRANT,
)
