"""Accounts, roles and grants, and the tables of the libraries that the application writes."""

from django.db import migrations

from songhe.foundation.database.migrating import Granted


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (
        ("access", "0001_accounts"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("otp_totp", "0003_add_timestamps"),
        ("axes", "0010_accessattemptexpiration"),
    )
    operations = (
        Granted("access_account", "access_grant", privileges="SELECT, INSERT, UPDATE"),
        Granted("access_role", "access_roleaction", "django_session", "otp_totp_totpdevice"),
        Granted("axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "axes_accessattemptexpiration"),
        Granted("django_content_type", "django_migrations", privileges="SELECT"),
    )
