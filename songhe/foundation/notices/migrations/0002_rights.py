"""Messages hold nobody's personal data."""

from django.db import migrations

from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("notices", "0001_notices"),)
    operations = (Granted("notices_notice", privileges="SELECT, INSERT, UPDATE"),)
