"""Rows are seen by region."""

from django.db import migrations

from songhe.foundation.database.migrating import RegionSecurity


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("tasks", "0001_tasks"),)
    operations = (RegionSecurity("tasks_task", privileges="SELECT, INSERT, UPDATE"),)
