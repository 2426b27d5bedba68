"""The portal's kinds of task."""

from __future__ import annotations

from songhe.foundation.tasks.kinds import declare_kind

CONTACT = declare_kind(
    "portal.contact",
    "给老人回电话",
    {"reached": "联系上了", "not_reached": "打了几次没人接", "moot": "不用联系了"},
    page="portal-request",
)

SAYING = declare_kind(
    "portal.saying",
    "答复老人在门户说的话",
    {"changed": "查了，改了", "kept": "查了，没有错", "answered": "答复了", "unreached": "没找到人"},
    page="portal-saying",
    action="people.read",
)
