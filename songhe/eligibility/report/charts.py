"""Static SVG pictures.

Lengths across are percentages, so that a picture follows its column and its letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from songhe.eligibility.report.figures import count
from songhe.eligibility.report.model import AgeSummary

_PLOT, _HEAD, _FOOT = 176, 24, 44
_LEAST = 0.4  # percent: a sliver that is there must be seen

SYMBOLS = """<svg class="defs" aria-hidden="true" focusable="false"><defs>
<symbol id="s-yes" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4.5" fill="#14543F"/></symbol>
<symbol id="s-unknown" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4.1" fill="#FFFFFF" stroke="#B7791F" \
stroke-width="1.4"/><path d="M5 .9a4.1 4.1 0 0 0 0 8.2Z" fill="#B7791F"/></symbol>
<symbol id="s-no" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4.2" fill="#FFFFFF" stroke="#626C66" \
stroke-width="1.2"/><path d="M2.7 5h4.6" stroke="#626C66" stroke-width="1.4"/></symbol>
<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<rect width="5" height="5" fill="#FBF2DD"/><rect width="2.6" height="5" fill="#B7791F"/></pattern>
</defs></svg>"""


def status(kind: str) -> str:
    """The shape of an answer: `yes`, `unknown` or `no`; its word always stands beside it."""
    return f'<svg class="mark" width="10" height="10" aria-hidden="true"><use href="#s-{escape(kind)}"/></svg>'


def stacked_bar(yes: int, unknown: int, no: int, words: str) -> str:
    """Three answers as parts of one bar, the unknown ones hatched. `words` says the picture."""
    whole = yes + unknown + no
    if not whole:
        return f'<svg class="stack" role="img" aria-label="{escape(words)}"></svg>'
    parts, start = [], 0.0
    for number, kind in ((yes, "yes"), (unknown, "unknown"), (no, "no")):
        width = max(100 * number / whole, _LEAST if number else 0)
        if number:
            parts.append(f'<rect class="p-{kind}" x="{start:.3f}%" width="{width:.3f}%" height="100%"/>')
        start += width
    return f'<svg class="stack" role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'


def bar(number: float, most: float, kind: str = "money") -> str:
    """A bar as long as its share of the longest one; its figure is written beside it in the table."""
    width = max(100 * number / most, _LEAST) if most and number else 0
    return (
        f'<svg class="bar" aria-hidden="true" focusable="false">'
        f'<rect class="b-{escape(kind)}" width="{width:.3f}%" height="100%"/></svg>'
    )


def age_columns(ages: Sequence[AgeSummary], words: str) -> str:
    """Persons by age as columns, those with a cash item as their filled foot; figures above and below."""
    most, step = max((age.people for age in ages), default=0), 100 / max(len(ages), 1)
    columns = [_age_column(age, most, index * step, step) for index, age in enumerate(ages)]
    floor = _HEAD + _PLOT
    return (
        f'<svg class="ages" role="img" aria-label="{escape(words)}" height="{floor + _FOOT}">{"".join(columns)}'
        f'<line class="axis" x1="0" x2="100%" y1="{floor + 0.5}" y2="{floor + 0.5}"/></svg>'
    )


def _age_column(age: AgeSummary, most: int, start: float, step: float) -> str:
    people = _PLOT * age.people / most if most else 0
    entitled = _PLOT * age.entitled / most if most else 0
    floor, left, width, middle = _HEAD + _PLOT, start + step * 0.19, step * 0.62, start + step / 2
    return (
        f'<rect class="a-people" x="{left:.2f}%" width="{width:.2f}%" y="{floor - people:.1f}" height="{people:.1f}"/>'
        f'<rect class="a-entitled" x="{left:.2f}%" width="{width:.2f}%" '
        f'y="{floor - entitled:.1f}" height="{entitled:.1f}"/>'
        f'<text class="value" x="{middle:.2f}%" y="{floor - people - 6:.1f}">{count(age.people)}</text>'
        f'<text x="{middle:.2f}%" y="{floor + 17}">{escape(age.label)}</text>'
        f'<text class="value-2" x="{middle:.2f}%" y="{floor + 35}">{count(age.entitled)}</text>'
    )
