"""What several rooms' tests share: PostgreSQL servers for the whole session."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from songhe.foundation.embedded_postgres import running_server
from songhe.kernel.errors import BadInput

pytest_plugins = ["tests.platform_fixtures", "tests.chromium"]

# The files that take longest, two kinds in turn: with several workers, a long file that begins last is waited for.
FIRST = (
    "tests/journeys/test_every_page.py", "tests/rules/agreement", "tests/journeys", "tests/regions/test_browser.py",
    "tests/ui/test_kit_page.py", "tests/serving", "tests/security", "tests/exchange/test_hostile_files.py",
    "tests/demo/register", "tests/browser",
)  # fmt: skip
EMBEDDED = "embedded"
FURTHER = os.environ.get("SONGHE_TEST_POSTGRES_DSNS", "").split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Among several workers: long files first, then those with most tests."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    files = [item.nodeid.partition("::")[0] for item in items]
    most = Counter(files)

    def place(file: str) -> tuple[int, int, str]:
        long = [at for at, begin in enumerate(FIRST) if file.startswith(begin)]
        return min(long, default=len(FIRST)), -most[file], file

    places = {file: place(file) for file in most}
    order = sorted(range(len(items)), key=lambda at: (places[files[at]], at))
    items[:] = [items[at] for at in order]


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
