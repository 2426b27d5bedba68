"""Brings a database up to date: schema, rights, roles. Run as `python -m songhe.config.preparation` by its owner."""

from __future__ import annotations

import os
import subprocess
import sys

from songhe.foundation.database.preparing import Database


def brought_up_to_date(database: Database, settings: str = "songhe.config.settings") -> None:
    """Migrates as the owner, in a process of its own: this one stays the application.

    subprocess.CalledProcessError when a migration fails; nothing of that migration is left then.
    """
    environment = {**os.environ, "SONGHE_DATABASE": database.owner, "DJANGO_SETTINGS_MODULE": settings}
    subprocess.run([sys.executable, "-m", "songhe.config.preparation"], check=True, env=environment)


def main() -> None:
    """Migrates, then writes the standard roles."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "--no-input", "--verbosity", "0")
    from songhe.config.roles import write_roles

    write_roles()


if __name__ == "__main__":
    main()
