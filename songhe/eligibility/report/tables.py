"""The tables of the report: items, districts, ages, what is missing, how well the facts are known."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from songhe.eligibility.report.charts import age_columns, bar, stacked_bar, status
from songhe.eligibility.report.figures import NOTHING, count, count_or_dash, percent, share, yuan
from songhe.eligibility.report.gather import NOT_KNOWN
from songhe.eligibility.report.model import DistrictSummary, FactQuality, ItemSummary, Report

_PLACES_SHOWN = 20
_FACTS_SHOWN = 12


def item_table(report: Report) -> str:
    """Every item with its three answers, their bar, and its money a month."""
    head = (
        '<th scope="col" class="n">号</th><th scope="col">事项</th><th scope="col" class="wide">类别</th>'
        f'<th scope="col" class="n">{status("yes")}可享</th><th scope="col" class="n">{status("unknown")}待核</th>'
        f'<th scope="col" class="n mid">{status("no")}不可享</th><th scope="col" class="mid bars">占全部人数</th>'
        '<th scope="col" class="n">元/月</th>'
    )
    rows = "".join(_item_row(item) for item in report.items)
    legend = (
        '<p class="key"><svg class="swatch" aria-hidden="true"><rect class="p-yes" width="100%" height="100%"/></svg>'
        '可享<svg class="swatch" aria-hidden="true"><rect class="p-unknown" width="100%" height="100%"/></svg>待核'
        '<svg class="swatch" aria-hidden="true"><rect class="p-no" width="100%" height="100%"/></svg>不可享'
        "<span>点事项名看条件和依据</span></p>"
    )
    return (
        f'<div class="panel"><table class="items"><caption class="hidden">各事项的判定结果</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody><tfoot>{_item_total(report)}</tfoot></table>{legend}</div>"
    )


def _item_row(item: ItemSummary) -> str:
    words = f"{item.name}：可享{count(item.yes)}人，待核{count(item.unknown)}人，不可享{count(item.no)}人"
    unknown = f'<span class="open">{count(item.unknown)}</span>' if item.unknown else NOTHING
    return (
        f'<tr><td class="n dim">{item.number}</td>'
        f'<th scope="row"><a href="#item-{item.number}">{escape(item.name)}</a></th>'
        f'<td class="wide dim">{escape(item.category)}</td><td class="n strong">{count_or_dash(item.yes)}</td>'
        f'<td class="n">{unknown}</td><td class="n mid dim">{count_or_dash(item.no)}</td>'
        f'<td class="mid bars">{stacked_bar(item.yes, item.unknown, item.no, words)}</td>'
        f'<td class="n">{_money(item)}</td></tr>'
    )


def _money(item: ItemSummary) -> str:
    if not item.period:
        return NOTHING
    if item.fen is None:
        return '<span class="open-word">没写金额</span>'
    return yuan(item.fen) + ("" if item.period == "月" else f'<span class="dim">（按{escape(item.period)}）</span>')


def _item_total(report: Report) -> str:
    yes, unknown, no = (sum(getattr(item, name) for item in report.items) for name in ("yes", "unknown", "no"))
    return (
        '<tr><td></td><th scope="row">合计（人次）</th><td class="wide"></td>'
        f'<td class="n strong">{count(yes)}</td><td class="n"><span class="open">{count(unknown)}</span></td>'
        f'<td class="n mid">{count(no)}</td><td class="mid bars"></td>'
        f'<td class="n strong">{yuan(report.total_fen_month)}</td></tr>'
    )


def district_table(report: Report) -> str:
    """Money a month and persons with cash by district of residence, both as bars with their figures."""
    places = _with_rest(report.districts)
    most_fen = max((place.fen for place in places), default=0)
    most_people = max((place.entitled for place in places), default=0)
    rows = "".join(
        f'<tr><th scope="row">{escape(place.name)}</th>'
        f'<td class="barcell">{bar(place.fen, most_fen, "stone" if place.name == NOT_KNOWN else "money")}</td>'
        f'<td class="n strong">{yuan(place.fen or None)}</td>'
        f'<td class="barcell mid">{bar(place.entitled, most_people, "people")}</td>'
        f'<td class="n">{count(place.entitled)}</td><td class="n dim">{count(place.people)}</td>'
        f'<td class="n dim wide">{percent(share(place.entitled, place.people))}</td></tr>'
        for place in places
    )
    return (
        '<table class="bars-table short"><caption class="hidden">各区的金额和人数</caption><thead><tr>'
        '<th scope="col">居住区</th><th scope="col" class="n" colspan="2">元/月</th>'
        '<th scope="col" class="mid"><span class="hidden">人数条</span></th>'
        '<th scope="col" class="n">有现金待遇</th><th scope="col" class="n">在世老人</th>'
        f'<th scope="col" class="n wide">占比</th></tr></thead><tbody>{rows or _nobody(7)}</tbody></table>'
    )


def _with_rest(districts: tuple[DistrictSummary, ...]) -> list[DistrictSummary]:
    """The largest districts; the others as one line, the unknown ones last."""
    known = [place for place in districts if place.name != NOT_KNOWN]
    lost = [place for place in districts if place.name == NOT_KNOWN]
    rest = known[_PLACES_SHOWN:]
    together = DistrictSummary(
        f"其他{len(rest)}个地方",
        sum(place.people for place in rest),
        sum(place.entitled for place in rest),
        sum(place.fen for place in rest),
        {},
    )
    return [*known[:_PLACES_SHOWN], *([together] if rest else []), *lost]


def age_chart(report: Report) -> str:
    """Columns of persons by age, and the same figures with the money as a table."""
    words = "按年龄的人数：" + "，".join(
        f"{age.label}岁{count(age.people)}人，其中有现金待遇{count(age.entitled)}人" for age in report.ages
    )
    most = max((age.fen for age in report.ages), default=0)
    rows = "".join(
        f'<tr><th scope="row">{escape(age.label)}</th><td class="barcell">{bar(age.fen, most)}</td>'
        f'<td class="n strong">{yuan(age.fen or None)}</td><td class="n">{count_or_dash(age.entitled)}</td>'
        f'<td class="n dim">{count_or_dash(age.people)}</td></tr>'
        for age in report.ages
    )
    legend = (
        '<p class="key top"><svg class="swatch" aria-hidden="true"><rect class="a-people" width="100%" height="100%"/>'
        '</svg>在世老人（上）<svg class="swatch" aria-hidden="true">'
        '<rect class="a-entitled" width="100%" height="100%"/>'
        "</svg>其中有现金待遇（下）<span>人</span></p>"
    )
    return (
        f'<div class="columns">{legend}{age_columns(report.ages, words)}</div>'
        '<table class="bars-table short"><caption class="hidden">各年龄的金额和人数</caption><thead><tr>'
        '<th scope="col">周岁</th><th scope="col" class="n" colspan="2">元/月</th>'
        f'<th scope="col" class="n">有现金待遇</th><th scope="col" class="n">在世老人</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def missing_table(report: Report) -> str:
    """The facts whose absence leaves most answers open, one a person and item."""
    totals: dict[str, tuple[int, int]] = {}
    for item in report.items:
        for label, times in item.missing:
            answers, items = totals.get(label, (0, 0))
            totals[label] = (answers + times, items + 1)
    ranked = sorted(totals.items(), key=lambda entry: -entry[1][0])
    most = ranked[0][1][0] if ranked else 0
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="barcell">{bar(answers, most, "unknown")}</td>'
        f'<td class="n"><span class="open">{count(answers)}</span></td><td class="n dim">{items}</td></tr>'
        for label, (answers, items) in ranked[:_FACTS_SHOWN]
    )
    return (
        '<table class="bars-table"><caption class="hidden">待核最多的事实</caption><thead><tr>'
        '<th scope="col">缺的事实</th><th scope="col" class="n" colspan="2">待核（人次）</th>'
        f'<th scope="col" class="n">涉及事项</th></tr></thead><tbody>{rows or _all_known(4)}</tbody></table>'
    )


def quality_tables(report: Report) -> str:
    """Every fact the list asks for: for how many of the living it is not known. Two tables, to be read side by side."""
    half = (len(report.quality) + 1) // 2
    most = max((fact.share for fact in report.quality), default=0.0)
    parts = [part for part in (report.quality[:half], report.quality[half:]) if part]
    return (
        f'<div class="halves">{"".join(_quality_table(part, most, index) for index, part in enumerate(parts, 1))}</div>'
    )


def _quality_table(facts: tuple[FactQuality, ...], most: float, index: int) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(fact.label)}<code class="wide">{escape(fact.column)}</code></th>'
        f'<td class="barcell">{bar(fact.share, most, "unknown")}</td><td class="n">{count_or_dash(fact.unknown)}</td>'
        f'<td class="n dim">{percent(fact.share) if fact.unknown else NOTHING}</td></tr>'
        for fact in facts
    )
    return (
        f'<table class="bars-table"><caption class="hidden">各事实不知道的人数，第{index}部分</caption><thead><tr>'
        '<th scope="col">事实</th><th scope="col" class="n" colspan="2">不知道（人）</th>'
        f'<th scope="col" class="n">占在世老人</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def joined(parts: Iterable[str]) -> str:
    """Words as one phrase, each escaped."""
    return "、".join(escape(part) for part in parts)


def _nobody(width: int) -> str:
    return f'<tr><td colspan="{width}" class="empty">名单里没有在世的老人，请先看读进来的文件</td></tr>'


def _all_known(width: int) -> str:
    return f'<tr><td colspan="{width}" class="empty">没有待核的，所有结论都定了</td></tr>'
