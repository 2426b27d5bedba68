"""What can be done with tasks."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, DO, ASSIGN = "tasks.read", "tasks.do", "tasks.assign"

ACTIONS = declare({READ: "看待办", DO: "接办和办结待办", ASSIGN: "把待办交给别人"})
