"""Every change of a division leaves an audit entry with the values: divisions are public."""

from django.db import migrations

from songhe.foundation.audit.migrating import Audited


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("regions", "0002_rights"), ("audit", "0002_append_only"))
    operations = (
        Audited(
            "regions_division",
            region="code",
            subject="code",
            values=("name", "level", "kind", "parent", "is_urban", "inhabited", "valid_from", "valid_until"),
        ),
        Audited("regions_succession", region="", values=("before_id", "after_id", "change", "on_date", "document")),
    )
