"""What several rooms' tests share: one PostgreSQL server for the whole session."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from songhe.foundation.embedded_postgres import running_server
from songhe.kernel.errors import BadInput


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """A connection string to a running PostgreSQL; who asks for it is skipped where none can be started."""
    with tempfile.TemporaryDirectory(prefix="songhe-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)  # the server's own user must get in
        try:
            dsn = stack.enter_context(running_server(Path(folder)))
        except BadInput as error:
            pytest.skip(str(error))
        yield dsn
