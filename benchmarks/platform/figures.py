"""The figures of pages: how long they took, how many came in a second, what each cost."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.ground import Line
from benchmarks.page import busy
from benchmarks.platform import ground


def told(what: str, taken: Sequence[float], whole: float, target: float | None) -> list[Line]:
    """The figures of pages that took so long, beside what was aimed at."""
    middle, high = ground.percentile(taken, 0.5), ground.percentile(taken, 0.95)
    aimed, met = ("", None) if target is None else (f"≤ {target * 1e3:.0f} ms", high <= target)
    rest = f"… p50, and how many in a second (load {busy()})"
    return [Line(f"{what}: p95", _ms(high), aimed, met), Line(rest, f"{_ms(middle)}, {len(taken) / whole:.0f}")]


def each(roots: Sequence[int], before: Sequence[float], count: int) -> str:
    """What each page took of the processors in every one of the programs since `before`."""
    used = [(ground.processor_seconds(root) - start) / count for root, start in zip(roots, before, strict=True)]
    return ", ".join(map(_ms, used))


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"
