"""Jobs are seen by region; the queue beneath holds ids only."""

from django.db import migrations

from songhe.foundation.database.migrating import WEB, Granted, RegionSecurity

_NUMBERS = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("jobs", "0001_jobs"), ("procrastinate", "0041_post_retry_failed_job"))
    operations = (
        RegionSecurity("jobs_job"),
        Granted("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"),
        migrations.RunSQL(
            [f"GRANT USAGE ON SEQUENCE {name} TO {WEB}" for name in _NUMBERS],
            [f"REVOKE USAGE ON SEQUENCE {name} FROM {WEB}" for name in _NUMBERS],
        ),
    )
