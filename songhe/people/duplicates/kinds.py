"""The task that a found pair is."""

from __future__ import annotations

from songhe.foundation.tasks.kinds import declare_kind
from songhe.people.permissions import MERGE

TASK = declare_kind(
    "people.duplicate",
    "核对重复档案",
    {"merged": "合并了", "different": "不是同一人"},
    page="duplicate",
    action=MERGE,
    about="songhe.people.duplicates.queries.who_pairs_are",
)
