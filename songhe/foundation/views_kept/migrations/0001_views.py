import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("page", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=20)),
                ("query", models.CharField(max_length=1000)),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "kept_view",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "page", "name"), name="kept_view_name"),
                ],
            },
        ),
        Granted("kept_view"),
    ]
