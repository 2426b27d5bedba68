"""What several rooms' tests share: PostgreSQL servers for the whole session."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from songhe.foundation.embedded_postgres import running_server
from songhe.kernel.errors import BadInput

pytest_plugins = ["tests.platform_fixtures", "tests.chromium"]

EMBEDDED = "embedded"
FURTHER = os.environ.get("SONGHE_TEST_POSTGRES_DSNS", "").split()


@pytest.fixture(scope="session")
def embedded_dsn() -> Iterator[str]:
    """A connection string to our own PostgreSQL; who asks for it is skipped where none can be started."""
    with tempfile.TemporaryDirectory(prefix="songhe-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)  # the server's own user must get in
        try:
            dsn = stack.enter_context(running_server(Path(folder)))
        except BadInput as error:
            pytest.skip(str(error))
        yield dsn


@pytest.fixture(scope="session", params=[EMBEDDED, *(f"further server {index + 1}" for index in range(len(FURTHER)))])
def postgres_dsn(request: pytest.FixtureRequest) -> str:
    """A connection string to PostgreSQL, our own and each of SONGHE_TEST_POSTGRES_DSNS, which are parted by blanks."""
    if request.param == EMBEDDED:
        return str(request.getfixturevalue("embedded_dsn"))
    return FURTHER[int(request.param.rpartition(" ")[2]) - 1]
