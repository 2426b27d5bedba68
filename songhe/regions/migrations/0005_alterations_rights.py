"""Decided changes of divisions are public too, kept for good, and leave audit entries."""

from django.db import migrations

from songhe.foundation.audit.migrating import Audited
from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("regions", "0004_alterations"),)
    operations = (
        Granted("regions_alteration", privileges="SELECT, INSERT, UPDATE"),
        Audited(
            "regions_alteration",
            region="code",
            subject="code",
            values=("deed", "code", "on_date", "document", "state", "problem"),
        ),
    )
