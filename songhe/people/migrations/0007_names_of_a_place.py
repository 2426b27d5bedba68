import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_facts_a_person"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                models.F("region_code"),
                models.F("standing"),
                django.db.models.functions.comparison.Collate("name", "C"),
                models.F("id"),
                name="people_person_place_name",
            ),
        ),
    ]
