"""Every second factor that is added, confirmed or removed leaves an audit entry; its key is only named."""

from django.db import migrations

from songhe.foundation.audit.migrating import Audited


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("access", "0003_audited"), ("otp_totp", "0003_add_timestamps"))
    operations = (
        Audited(
            "otp_totp_totpdevice",
            region="",
            subject="user_id",
            values=("confirmed", "name"),
            silent=("drift", "last_t", "last_used_at", "throttling_failure_count", "throttling_failure_timestamp"),
        ),
    )
