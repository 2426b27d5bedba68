"""The audit pages have a word for everything that the triggers write."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from songhe.foundation.audit.migrating import Audited


def audited() -> dict[str, Audited]:
    """Every audited table with the migration operation that says so; the last one counts."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = [one for each in loader.disk_migrations.values() for one in each.operations if isinstance(one, Audited)]
    return {one.table: one for one in found}


def test_every_audited_table_and_column_has_a_word() -> None:
    models = {model._meta.db_table: model for model in apps.get_models()}
    tables = audited()
    assert "people_person" in tables
    assert [table for table in tables if table not in settings.AUDIT_WORDS["tables"]] == []
    columns = {field.column for table in tables for field in models[table]._meta.concrete_fields}
    silent = {
        "last_login",
        "working_grant_id",
        "step",
        "t0",
        "digits",
        "tolerance",
    }  # never changed, or not written down
    assert sorted(columns - silent - settings.AUDIT_WORDS["columns"].keys()) == []
