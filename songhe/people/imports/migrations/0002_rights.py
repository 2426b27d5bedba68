"""A batch and all that is staged with it are seen in the region of the batch."""

from django.db import migrations

from songhe.foundation.database.migrating import RegionSecurity


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("imports", "0001_batches"), ("access", "0002_rights"))
    operations = (
        RegionSecurity(
            "imports_batch", "imports_columnmapping", "imports_stagedrow", "imports_change", "imports_rowerror",
            "imports_candidate",
        ),
    )
