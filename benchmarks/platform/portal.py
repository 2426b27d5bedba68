"""Pages of the portal under a hundred clients at once, none of them signed in."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.figures import each, told
from benchmarks.platform.ground import Sizes
from benchmarks.platform.visitors import Look, Visitor, all_at_once
from songhe.config.serving import Running

_CLIENTS, _QUICK_CLIENTS = 100, 10
_TARGET, _MOST_BYTES = 0.100, 150_000
_READING_SECONDS = 1.0
_FACT = re.compile(rb'name="fact" value="([^"]+)"')
_ADDRESS = re.compile(r'href="(/portal/services/[\w-]+/)"')
_MAIN = 'id="sh-main"'


class Answering(Look):
    """Says that one does not know, and sees the next question or, after the last, the sheet; then from the start."""

    def __call__(self, visitor: Visitor) -> None:
        """Does it."""
        page = visitor.get("/portal/ask/", _MAIN)
        found = _FACT.search(page)
        told = {"do": "unclear", "fact": found[1].decode()} if found else {"do": "again"}
        visitor.post("/portal/ask/", told, _MAIN)


def portal(running: Running, sizes: Sizes, say: Say, roots: Sequence[int]) -> list[Line]:
    """p95 of each kind of page with and without a second to read, and how large they are at most."""
    clients = _CLIENTS if sizes.clients > _QUICK_CLIENTS and sizes.asked > _QUICK_CLIENTS else _QUICK_CLIENTS
    visitors = [Visitor(running.host, running.port, f"portal-{place}") for place in range(clients)]
    kinds = _kinds(visitors[0])
    lines = []
    for kind, looks in kinds.items():
        for pause, words in ((0.0, "no pause between clicks"), (_READING_SECONDS, "a second to read each page")):
            say(f"{kind}：{clients}位同时，{words}")
            plans = {one: [looks[(place + step) % len(looks)] for step in range(max(sizes.asked // 4, 2))]
                     for place, one in enumerate(visitors)}  # fmt: skip
            all_at_once({visitor: plan[:1] for visitor, plan in plans.items()})
            before = [ground.processor_seconds(root) for root in roots]
            taken, whole = all_at_once(plans, pause)
            lines += told(f"portal: {kind}, {clients} clients, {words}", taken, whole, _TARGET)
            lines.append(Line("… processor time of each: web server, database", each(roots, before, len(taken))))
    lines.append(_weight(visitors[0]))
    for visitor in visitors:
        visitor.close()
    return lines


def _kinds(visitor: Visitor) -> dict[str, Sequence[Look]]:
    addresses = sorted(set(_ADDRESS.findall(visitor.get("/portal/services/", _MAIN).decode())))
    return {
        "first page": [Look("/portal/", _MAIN)],
        "list of services": [Look(f"/portal/services/{part}", _MAIN) for part in ("", "?group=age:80", "?group=poor")],
        "one service": [Look(address, _MAIN) for address in addresses],
        "a question and the next": [Answering("/portal/ask/", _MAIN)],
    }


def _weight(visitor: Visitor) -> Line:
    """The heaviest page of these as it travels; styles, scripts and letters are weighed in the tests, in a browser."""
    pages = [visitor.get(path, _MAIN) for path in ("/portal/", "/portal/services/", "/portal/ask/")]
    most = max(len(gzip.compress(page)) for page in pages)
    return Line(
        "portal: the heaviest page, compressed",
        f"{most / 1e3:.0f} kB",
        f"≤ {_MOST_BYTES / 1e3:.0f} kB",
        most <= _MOST_BYTES,
    )
