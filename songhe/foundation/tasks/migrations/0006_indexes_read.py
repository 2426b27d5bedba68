from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT


def _account():
    return models.ForeignKey(
        db_index=False, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    """Indexes that every new task paid for and nothing ever read are gone."""

    dependencies = [("tasks", "0005_due_now"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterField(model_name="task", name="owner", field=_account()),
        migrations.AlterField(model_name="task", name="opened_by", field=_account()),
        migrations.AlterField(model_name="task", name="closed_by", field=_account()),
    ]
