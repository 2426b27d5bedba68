"""Every address of Songhe. Rooms have their own `urls`; here they are mounted."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("songhe.doors.console.urls")),
    path("", include("songhe.foundation.access.urls")),
    path("audit/", include("songhe.foundation.audit.urls")),
    path("events/", include("songhe.foundation.outbox.urls")),
    path("jobs/", include("songhe.foundation.jobs.urls")),
    path("tasks/", include("songhe.foundation.tasks.urls")),
    path("notices/", include("songhe.foundation.notices.urls")),
    path("uploads/", include("songhe.foundation.uploads.urls")),
    path("people/", include("songhe.people.urls")),
    path("imports/", include("songhe.people.imports.urls")),
    path("duplicates/", include("songhe.people.duplicates.urls")),
    path("regions/", include("songhe.regions.urls")),
    path("portal/", include("songhe.doors.portal.urls")),
    path("policy/opinions/", include("songhe.policy.urls_opinions")),
    path("policy/", include("songhe.policy.urls")),
    path("adviser/", include("songhe.doors.console.adviser.urls")),
    path("decisions/", include("songhe.eligibility.decisions.urls")),
    path("assessments/", include("songhe.assessment.urls")),
    path("simulate/", include("songhe.eligibility.simulating.urls")),
    path("api/v1/", include("songhe.doors.api.urls")),
    path("systems/", include("songhe.doors.api.urls_systems")),
]

handler400 = "songhe.doors.console.errors.bad_request"
handler403 = "songhe.doors.console.errors.forbidden"
handler404 = "songhe.doors.console.errors.not_found"
handler500 = "songhe.doors.console.errors.failed"
