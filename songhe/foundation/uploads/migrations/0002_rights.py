"""Rows are seen by region."""

from django.db import migrations

from songhe.foundation.database.migrating import RegionSecurity


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("uploads", "0001_uploads"),)
    operations = (RegionSecurity("uploads_upload", privileges="SELECT, INSERT, UPDATE"),)
