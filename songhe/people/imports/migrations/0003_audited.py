"""Every step of a batch leaves an audit entry; its rows are kept with it and need none."""

from django.db import migrations

from songhe.foundation.audit.migrating import Audited


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("imports", "0002_rights"), ("audit", "0002_append_only"))
    operations = (
        Audited(
            "imports_batch",
            values=(
                "source", "upload", "file_hash", "data_until", "state", "list_hash", "proposed_by", "approved_by",
                "undone_by",
            ),
            silent=("counts", "notices", "mapping"),
        ),
    )  # fmt: skip
