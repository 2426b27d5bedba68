from django.db import migrations

_MOVED = """
INSERT INTO kept_view (id, account_id, page, name, query, created_at)
SELECT id, account_id, 'people', name, query, created_at FROM people_savedview
"""
_BACK = """
INSERT INTO people_savedview (id, account_id, name, query, created_at)
SELECT id, account_id, name, query, created_at FROM kept_view WHERE page = 'people'
"""


class Migration(migrations.Migration):
    """The views that accounts keep stand with those of other lists."""

    dependencies = [
        ("people", "0007_names_of_a_place"),
        ("views_kept", "0001_views"),
    ]

    operations = [
        migrations.RunSQL(_MOVED, _BACK),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.DeleteModel(name="SavedView"),
    ]
