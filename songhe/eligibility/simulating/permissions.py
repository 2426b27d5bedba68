"""What can be done with the simulator. What was kept is read by everybody who reads lists."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

SIMULATE = "policy.simulate"
READ, PROPOSE = "policy.read", "policy.propose"  # declared by the room of lists
PEOPLE = "decisions.read"  # who is behind a count; declared by the decisions

ACTIONS = declare({SIMULATE: "试算清单的改动"})
