"""The application writes events and follows their deliveries; an event is never changed."""

from django.db import migrations

from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("outbox", "0001_events"),)
    operations = (
        Granted("outbox_event", privileges="SELECT, INSERT"),
        Granted("outbox_delivery", privileges="SELECT, INSERT, UPDATE"),
    )
