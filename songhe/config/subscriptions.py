"""Who listens to which event: the whole table, on one page. Handlers may run twice and must not mind."""

from __future__ import annotations

# event class -> handlers, as dotted names of functions taking the event
SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {}
