"""Who listens to which event: the whole table, on one page. Handlers may run twice and must not mind."""

from __future__ import annotations

_COUNTED = "songhe.people.listeners.on_people_changed"
_DECIDED = "songhe.eligibility.decisions.listeners.on_person_changed"
_SYSTEMS = "songhe.doors.api.webhooks.listeners.on_event"

# event class -> handlers, as dotted names of functions taking the event
SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "songhe.regions.events.DivisionReplaced": (
        "songhe.regions.listeners.on_division_replaced",
        "songhe.people.listeners.on_division_changed",
        "songhe.eligibility.decisions.listeners.on_division_changed",
        _SYSTEMS,
    ),
    "songhe.regions.events.DivisionAbsorbed": (
        "songhe.regions.listeners.on_division_absorbed",
        "songhe.people.listeners.on_division_absorbed",
        "songhe.eligibility.decisions.listeners.on_division_changed",
        _SYSTEMS,
    ),
    "songhe.regions.events.DivisionSplit": (
        "songhe.regions.listeners.on_division_parted",
        "songhe.people.listeners.on_division_unclear",
        _SYSTEMS,
    ),
    "songhe.regions.events.DivisionEnded": (
        "songhe.regions.listeners.on_division_parted",
        "songhe.people.listeners.on_division_unclear",
        _SYSTEMS,
    ),
    "songhe.people.events.PersonRegistered": (_COUNTED, _DECIDED, _SYSTEMS),
    "songhe.people.events.PersonCorrected": (_COUNTED, _DECIDED, _SYSTEMS),
    "songhe.people.events.PersonDied": (
        _COUNTED,
        _DECIDED,
        "songhe.assessment.listeners.on_person_died",
        _SYSTEMS,
    ),
    "songhe.people.events.DeathUndone": (_COUNTED, _DECIDED, _SYSTEMS),
    "songhe.people.events.PersonMoved": (
        _COUNTED,
        _DECIDED,
        "songhe.eligibility.decisions.listeners.on_person_moved",
        "songhe.assessment.listeners.on_person_moved",
        _SYSTEMS,
        "songhe.people.duplicates.listeners.on_person_moved",
    ),
    "songhe.people.events.PersonTransferred": (
        _COUNTED,
        _DECIDED,
        "songhe.eligibility.decisions.listeners.on_person_moved",
        "songhe.assessment.listeners.on_person_moved",
        _SYSTEMS,
        "songhe.people.duplicates.listeners.on_person_moved",
    ),
    "songhe.people.events.PersonMerged": (
        _COUNTED,
        _DECIDED,
        "songhe.assessment.listeners.on_person_merged",
        _SYSTEMS,
    ),
    "songhe.people.events.PersonUnmerged": (
        _COUNTED,
        _DECIDED,
        "songhe.assessment.listeners.on_person_unmerged",
        _SYSTEMS,
        "songhe.people.duplicates.listeners.on_person_unmerged",
    ),
    "songhe.people.events.FactsChanged": (_COUNTED, _DECIDED, _SYSTEMS),
    "songhe.policy.events.ReleaseIssued": ("songhe.eligibility.decisions.listeners.on_release_issued", _SYSTEMS),
    "songhe.eligibility.decisions.events.DecisionsChanged": (_SYSTEMS,),
    "songhe.eligibility.decisions.events.MatterOpened": (_SYSTEMS,),
    "songhe.eligibility.decisions.events.MatterPutOff": (_SYSTEMS,),
    "songhe.eligibility.decisions.events.MatterClosed": (_SYSTEMS,),
    "songhe.eligibility.decisions.events.MatterReopened": (_SYSTEMS,),
    "songhe.eligibility.decisions.events.MattersChanged": (_SYSTEMS,),
    "songhe.assessment.events.AssessmentAsked": (_SYSTEMS,),
    "songhe.assessment.events.AssessmentConfirmed": (_SYSTEMS,),
    "songhe.assessment.events.AssessmentObjected": (_SYSTEMS,),
    "songhe.assessment.events.AssessmentReplaced": (_SYSTEMS,),
    "songhe.assessment.events.AssessmentWithdrawn": (_SYSTEMS,),
    "songhe.assessment.events.AssessmentsTaken": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskOpened": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskTaken": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskPutBack": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskMoved": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskChanged": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskClosed": (_SYSTEMS,),
    "songhe.foundation.tasks.events.TaskReopened": (_SYSTEMS,),
    "songhe.doors.portal.events.CodeAsked": ("songhe.doors.portal.listeners.on_code_asked",),
}
