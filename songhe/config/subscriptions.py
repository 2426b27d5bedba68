"""Who listens to which event: the whole table, on one page. Handlers may run twice and must not mind."""

from __future__ import annotations

_COUNTED = "songhe.people.listeners.on_people_changed"
_DECIDED = "songhe.eligibility.decisions.listeners.on_person_changed"

# event class -> handlers, as dotted names of functions taking the event
SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "songhe.regions.events.DivisionReplaced": (
        "songhe.regions.listeners.on_division_replaced",
        "songhe.people.listeners.on_division_changed",
        "songhe.eligibility.decisions.listeners.on_division_changed",
    ),
    "songhe.regions.events.DivisionAbsorbed": (
        "songhe.regions.listeners.on_division_absorbed",
        "songhe.people.listeners.on_division_absorbed",
        "songhe.eligibility.decisions.listeners.on_division_changed",
    ),
    "songhe.regions.events.DivisionSplit": (
        "songhe.regions.listeners.on_division_parted",
        "songhe.people.listeners.on_division_unclear",
    ),
    "songhe.regions.events.DivisionEnded": (
        "songhe.regions.listeners.on_division_parted",
        "songhe.people.listeners.on_division_unclear",
    ),
    "songhe.people.events.PersonRegistered": (_COUNTED, _DECIDED),
    "songhe.people.events.PersonCorrected": (_COUNTED, _DECIDED),
    "songhe.people.events.PersonDied": (_COUNTED, _DECIDED),
    "songhe.people.events.DeathUndone": (_COUNTED, _DECIDED),
    "songhe.people.events.PersonMoved": (_COUNTED, _DECIDED, "songhe.people.duplicates.listeners.on_person_moved"),
    "songhe.people.events.PersonTransferred": (
        _COUNTED,
        _DECIDED,
        "songhe.people.duplicates.listeners.on_person_moved",
    ),
    "songhe.people.events.PersonMerged": (_COUNTED, _DECIDED),
    "songhe.people.events.PersonUnmerged": (
        _COUNTED,
        _DECIDED,
        "songhe.people.duplicates.listeners.on_person_unmerged",
    ),
    "songhe.people.events.FactsChanged": (_COUNTED, _DECIDED),
    "songhe.policy.events.ReleaseIssued": ("songhe.eligibility.decisions.listeners.on_release_issued",),
}
