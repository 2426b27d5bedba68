"""A standing keeps what the person receives, and room on its page to be written in place."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [("decisions", "0002_advice")]

    operations = [
        migrations.AddField("standing", "held", models.BigIntegerField(default=0)),
        migrations.AlterField(
            "standing",
            "release",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=PROTECT, related_name="+", to="policy.release"
            ),
        ),
        migrations.AddIndex("receipt", models.Index(fields=["person"], name="decisions_receipt_person")),
        migrations.RunSQL(
            "ALTER TABLE decisions_standing SET (fillfactor = 75)",
            "ALTER TABLE decisions_standing RESET (fillfactor)",
        ),
    ]
