"""A mark names the transactions that were writing entries, not a transaction's number: other databases' do not count."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("audit", "0002_append_only"),)
    operations = (
        migrations.RemoveField(model_name="mark", name="transaction"),
        migrations.AddField(model_name="mark", name="writers", field=models.JSONField(default=list)),
    )
