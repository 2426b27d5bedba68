"""Divisions are public: no row-level security. History is not deleted."""

from django.db import migrations

from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("regions", "0001_divisions"),)
    operations = (Granted("regions_division", "regions_succession", privileges="SELECT, INSERT, UPDATE"),)
