"""One card an item: who may have it, what it gives, the figures of the day, who leads it, what is doubtful."""

from __future__ import annotations

from html import escape

from songhe.eligibility.report.charts import stacked_bar, status
from songhe.eligibility.report.figures import clause_words, count, yuan
from songhe.eligibility.report.model import DistrictSummary, ItemSummary, ParameterLine, Report
from songhe.eligibility.report.tables import joined

_DISTRICTS_SHOWN = 8
_MISSING_SHOWN = 4


def cards(report: Report) -> str:
    """The cards of all items in their order."""
    return f'<div class="cards">{"".join(_card(item, report) for item in report.items)}</div>'


def _card(item: ItemSummary, report: Report) -> str:
    tags = "".join(f'<span class="tag">{escape(word)}</span>' for word in (item.category, item.type_word) if word)
    doubtful = '<span class="tag doubtful">读法未经确认</span>' if item.unconfirmed else ""
    lines = [
        ("谁可享", escape(item.sentence)),
        ("给什么", escape(item.gift)),
        ("标准", escape(item.standard)),
        ("参数", _parameters(item.parameters)),
        ("牵头", joined(item.lead)),
        ("依据", f'<span title="{escape(item.clause)}">{escape(clause_words(item.clause))}</span>'),
        ("各区", _districts(item.number, report.districts)),
        ("待核缺", _missing(item.missing)),
        ("说明", _notes(item.notes)),
    ]
    body = "".join(f"<dt>{label}</dt><dd>{words}</dd>" for label, words in lines if words)
    return (
        f'<article class="card" id="item-{item.number}" aria-labelledby="name-{item.number}">'
        f'<header><span class="no">{item.number}</span><h3 id="name-{item.number}">{escape(item.name)}</h3>'
        f'<span class="tags">{tags}{doubtful}</span></header>{_answers(item)}<dl>{body}</dl></article>'
    )


def _answers(item: ItemSummary) -> str:
    words = f"可享{count(item.yes)}人，待核{count(item.unknown)}人，不可享{count(item.no)}人"
    money = ""
    if item.fen is not None and item.period:
        unit = "元" if item.period == "次" else f"元/{item.period}"
        money = f'<span class="money"><b>{yuan(item.fen)}</b> {escape(unit)}</span>'
    open_class = "open-word" if item.unknown else "dim"
    return (
        f'<p class="answers"><span>{status("yes")}可享 <b>{count(item.yes)}</b></span>'
        f'<span class="{open_class}">{status("unknown")}待核 <b>{count(item.unknown)}</b></span>'
        f'<span class="dim">{status("no")}不可享 {count(item.no)}</span>{money}</p>'
        f"{stacked_bar(item.yes, item.unknown, item.no, words)}"
    )


def _parameters(parameters: tuple[ParameterLine, ...]) -> str:
    return "；".join(
        f"{escape(line.label)} "
        + (f'<span class="open-word">{escape(line.value)}</span>' if line.unset else f"<b>{escape(line.value)}</b>")
        for line in parameters
    )


def _districts(number: int, districts: tuple[DistrictSummary, ...]) -> str:
    found = [(place.name, place.yes_by_item.get(number, 0)) for place in districts]
    return "，".join(f"{escape(name)} {count(yes)}" for name, yes in found[:_DISTRICTS_SHOWN] if yes)


def _missing(missing: tuple[tuple[str, int], ...]) -> str:
    shown = "，".join(f"{escape(label)} {count(times)}" for label, times in missing[:_MISSING_SHOWN])
    return f'<span class="open-word">{shown}</span>' if shown else ""


def _notes(notes: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in notes)}</ul>" if notes else ""
