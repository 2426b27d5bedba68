"""Answers are kept by the application and cleared away by it."""

from django.db import migrations

from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("idempotency", "0001_answers"),)
    operations = (Granted("idempotency_answer"),)
