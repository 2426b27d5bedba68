"""Which tables are audited, and why the others are not: a table on neither list fails."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from songhe.foundation.audit.models import Entry
from songhe.foundation.audit.trees import COLUMNS

NOT_AUDITED = {
    "audit_entry": "append-only itself",
    "audit_block": "append-only itself",
    "audit_check": "append-only itself",
    "audit_mark": "a note of the sealing for its next run",
    "audit_usage": "counts readings that have entries",
    "outbox_event": "append-only; its deed has an entry",
    "outbox_delivery": "written by the delivery; what a person decides has an entry",
    "idempotency_answer": "kept for days only",
    "jobs_job": "what a job does has entries; stopping one too",
    "tasks_task": "each step is an entry of its operation",
    "notices_notice": "tells what has an entry",
    "uploads_upload": "handing in and discarding have entries",
    "people_gram": "made from the person's row, can be made anew",
    "people_sheet": "made from the circumstances, can be made anew and compared",
    "people_count": "made from the sheets",
    "kept_view": "what an account likes to see",
    "imports_columnmapping": "which column is which, no person's data",
    "imports_stagedrow": "kept with its batch as it came",
    "imports_rowerror": "kept with its batch as it came",
    "imports_candidate": "kept with its batch; the decision has an entry",
    "imports_change": "kept with its batch, proposed by its hash",
    "assessment_driftrun": "sums about assessors, made anew each night; making them is a deed",
    "assessment_resulterror": "kept with its batch as it came",
    "assessment_answerchange": "is itself the history of answers; saving a form has an entry",
    "portal_entrance": "codes that were asked for, gone tomorrow; asking and coming in are deeds",
    "portal_visit": "sealed, gone tomorrow; coming in and each page are deeds",
    "portal_knock": "how often an unknown address came today, gone tomorrow",
    "api_webhookmessage": "ids and times of what a system is told",
    "api_webhooktry": "how sending went",
    "api_apianswer": "answers by key; what was done has its entries",
    "policy_instrument": "a public document, read in with its list; nobody writes it by hand",
    "policy_servicelist": "the name of a list; each step of its releases has an entry",
    "policy_step": "append-only; its deed has an entry",
    "policy_simulation": "a calculation about crowds; holds nobody",
    "decisions_listeditem": "places of items, given once",
    "decisions_run": "a run has an entry",
    "decisions_standing": "worked out from facts that have entries; what changed is kept in decisions_change",
    "decisions_change": "append-only itself",
    "decisions_count": "counted from the standings",
}
EVENTS = {"audit_insert", "audit_update", "audit_delete", "audit_truncate"}


def triggers() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgname LIKE 'audit\\_%' AND t.tgenabled = 'O'"
        )
        found: dict[str, set[str]] = {}
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
        return found


def test_every_table_of_ours_is_audited_or_says_why_not(db: None) -> None:
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("songhe.")
    }
    audited = {table for table, names in triggers().items() if names >= EVENTS}
    assert ours - audited - set(NOT_AUDITED) == set()
    assert audited & set(NOT_AUDITED) == set()
    assert set(NOT_AUDITED) - ours == set()
    assert "otp_totp_totpdevice" in audited


def test_entries_blocks_and_checks_are_kept_by_a_trigger(db: None) -> None:
    kept = {table for table, names in triggers().items() if "audit_keep" in names}
    assert kept == {"audit_entry", "audit_block", "audit_check"}


def test_every_column_of_an_entry_is_sealed() -> None:
    sealed = COLUMNS.replace("(extract(epoch FROM at) * 1000000)::bigint", "at").replace("::text", "")
    assert sealed.split(", ") == [field.column for field in Entry._meta.concrete_fields]
