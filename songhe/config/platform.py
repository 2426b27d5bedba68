"""One platform: a data folder with its secrets, a database server, a prepared database.

What a platform is told by its environment variables; `environment_of` makes them from the data folder, so that
`songhe serve`, the worker and every command work on the same one. With DATABASE_URL the server is that one.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from songhe.foundation.database.preparing import Database, database_of, prepared_database
from songhe.foundation.embedded_postgres import running_server
from songhe.foundation.sealing.keys import NAMES
from songhe.kernel.errors import BadInput

DATABASE_NAME = "songhe"
DEFAULT_FOLDER = Path("build/platform")
_SECRETS = "secrets.json"
_ROLES = ("songhe_owner", "songhe_web")


@contextmanager
def open_platform(folder: Path) -> Iterator[tuple[Database, dict[str, str]]]:
    """A running server with roles and database made, and the environment of the application; migrates nothing.

    The server stops when the last one who opened it leaves. BadInput when it cannot start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = _kept_secrets(folder)
    with running_server(folder) as admin:
        passwords = {role: kept[role] for role in _ROLES}
        database = prepared_database(admin, DATABASE_NAME, passwords)
        yield database, environment_of(folder, database, kept)


@contextmanager
def join_platform(folder: Path) -> Iterator[Database]:
    """For commands: the platform of the folder, with Django set up in this process as the application's role."""
    if not (folder / _SECRETS).exists():
        raise BadInput(str(folder), "这里还没有平台", accepted="先运行songhe serve，或者用--data指出它的文件夹")
    kept = _kept_secrets(folder)
    with running_server(folder) as admin:
        database = database_of(admin, DATABASE_NAME, {role: kept[role] for role in _ROLES})
        set_up(environment_of(folder, database, kept))
        yield database


def set_up(environment: Mapping[str, str]) -> None:
    """Makes this process the application."""
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songhe.config.settings")
    import django

    django.setup()


def environment_of(folder: Path, database: Database, kept: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of the application; see songhe.config.settings."""
    whole = folder.resolve()
    return {
        "SONGHE_DATABASE": database.web,
        "SONGHE_FILES": str(whole / "files"),
        "SONGHE_STATIC": str(whole / "static"),
        "SONGHE_DATA": str(whole),
        "SONGHE_PREPARED": "0" if os.environ.get("DATABASE_URL") else "1",  # nothing pools before our own server
        **{name: value for name, value in kept.items() if name.startswith("SONGHE_")},
    }


def _kept_secrets(folder: Path) -> dict[str, str]:
    """Keys and passwords of the folder, made at the first time; readable by its owner alone.

    Whoever loses them loses the sealed data: production gives them by environment variables from a key service.
    """
    path = folder / _SECRETS
    if not path.exists():
        made = {name: secrets.token_hex(size) for name, size in NAMES.items()}
        made |= {"SONGHE_SECRET_KEY": secrets.token_urlsafe(48)} | {role: secrets.token_hex(24) for role in _ROLES}
        beside = path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {name: os.environ.get(name, value) for name, value in kept.items()}
