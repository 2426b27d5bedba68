"""What all tests of pages share: a web server in a thread of this process, and two questions about a page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

VENDOR = Path(__file__).parent / "browser" / "vendor"
ADDRESS = "127.0.0.1"
_AXE = (VENDOR / "axe.min.js").read_text(encoding="utf-8")
_ASKED = """async () => { const found = await axe.run({resultTypes: ["violations"]});
    return [found.passes.length, found.violations.map(
        one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 300))])] }"""


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        return


@contextmanager
def serving() -> Iterator[str]:
    """The address, without a last slash, at which the application answers; it is as the settings are on entering."""
    server = ThreadedWSGIServer((ADDRESS, 0), _Silent)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{ADDRESS}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def violations(page: Any) -> list[Any]:
    """The rules of accessibility that axe finds broken, with the first places of each; fails when it saw no page."""
    page.evaluate(_AXE)
    seen, broken = page.evaluate(_ASKED)
    assert seen, "axe looked at nothing"
    return list(broken)


def sideways(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return max(0, page.evaluate("document.documentElement.scrollWidth - innerWidth"))
