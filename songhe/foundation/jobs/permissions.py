"""What can be done with work in the background. Everybody sees and stops the work they started themselves."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, STOP = "jobs.read", "jobs.stop"

ACTIONS = declare({READ: "看别人的后台工作", STOP: "停掉别人的后台工作"})
