"""What was delivered long ago is cleared away."""

from django.db import migrations

from songhe.foundation.database.migrating import WEB


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("outbox", "0002_rights"),)
    operations = (
        migrations.RunSQL(
            [f"GRANT DELETE ON {table} TO {WEB}" for table in ("outbox_event", "outbox_delivery")],
            [f"REVOKE DELETE ON {table} FROM {WEB}" for table in ("outbox_event", "outbox_delivery")],
        ),
    )
