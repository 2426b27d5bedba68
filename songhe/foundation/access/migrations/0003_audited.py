"""Every change of an account, a role or a grant leaves an audit entry. Passwords are only named."""

from django.db import migrations

from songhe.foundation.audit.migrating import Audited


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("access", "0002_rights"), ("audit", "0002_append_only"))
    operations = (
        Audited(
            "access_account",
            region="",
            values=("login", "is_active", "must_change_password", "needs_second_factor"),
            silent=("last_login", "working_grant_id"),
        ),
        Audited("access_role", region="", key="code", values=("code", "name", "office")),
        Audited("access_roleaction", region="", subject="role_id", values=("role_id", "action")),
        Audited(
            "access_grant",
            region="region",
            subject="account_id",
            values=("role_id", "from_date", "until_date", "proposed_by_id", "approved_by_id", "ended_at", "ended_by_id"),
        ),
    )
