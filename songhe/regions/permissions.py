"""What can be done with divisions."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, CHANGE = "regions.read", "regions.change"

ACTIONS = declare({READ: "看行政区划", CHANGE: "改行政区划"})
