from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What every page asks about tasks that are due is answered from an index."""

    dependencies = [("tasks", "0004_views_elsewhere")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["due_date", "region_code"],
                include=["kind", "owner"],
                condition=~Q(state="closed"),
                name="tasks_task_now",
            ),
        ),
    ]
