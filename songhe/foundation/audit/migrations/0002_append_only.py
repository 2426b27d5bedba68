"""Entries are stamped by the database, seen by region, and never changed; `audit_rows` writes them for changed rows."""

from pathlib import Path

from django.db import migrations

from songhe.foundation.database.migrating import WEB, Granted, RegionSecurity

_WRITABLE = (
    "kind, actor, actor_name, purpose, action, subject, region_code, table_name, row_id, row_count, detail"
)
_KEPT = ("audit_entry", "audit_block", "audit_check")
_SQL = (Path(__file__).parent / "append_only.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("audit", "0001_entries"),)
    operations = (
        RegionSecurity("audit_entry", privileges="SELECT"),
        Granted("audit_block", "audit_check", privileges="SELECT, INSERT"),
        Granted("audit_mark", privileges="SELECT, INSERT, DELETE"),
        Granted("audit_usage", privileges="SELECT, INSERT, UPDATE"),
        # Whoever does something leaves an entry, also for a region outside the scope, such as a grant elsewhere.
        migrations.RunSQL(
            [
                "CREATE POLICY written ON audit_entry FOR INSERT WITH CHECK (true)",
                f"GRANT INSERT ({_WRITABLE}) ON audit_entry TO {WEB}",
            ],
            ["DROP POLICY written ON audit_entry"],
        ),
        migrations.RunSQL(_SQL, "DROP FUNCTION audit_rows, audit_shown, audit_changed, audit_stamp, audit_keep CASCADE"),
        migrations.RunSQL(
            [
                "ALTER TABLE audit_entry ALTER COLUMN id DROP IDENTITY",
                "CREATE SEQUENCE audit_entry_number AS bigint OWNED BY audit_entry.id",
                f"GRANT USAGE, SELECT ON SEQUENCE audit_entry_number TO {WEB}",
                "CREATE TRIGGER audit_stamp BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stamp()",
                *(
                    f"CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION audit_keep()"
                    for table in _KEPT
                ),
            ],
            ["DROP SEQUENCE audit_entry_number CASCADE"],
        ),
    )
