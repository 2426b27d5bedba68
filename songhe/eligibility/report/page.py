"""The report as one HTML page: opens from a disk, a stick or a mail, fetches nothing, runs nothing, prints on A4."""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from html import escape
from importlib.resources import files
from pathlib import Path

from songhe.eligibility.report.cards import cards
from songhe.eligibility.report.charts import SYMBOLS
from songhe.eligibility.report.figures import count, day, percent, share, yuan
from songhe.eligibility.report.model import Report
from songhe.eligibility.report.tables import age_chart, district_table, item_table, missing_table, quality_tables
from songhe.ui.paper.fonts import font_faces

_DIGEST_SHOWN = 12
_LOGO = """<svg class="logo" viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" focusable="false">\
<g fill="none" stroke-linecap="round"><path stroke="#9CC4B2" stroke-width="1.8" \
d="M11.6 17.2 22.8 16.6M11.6 17.2 22 12.1M11.6 17.2 19.4 8.4M11.6 17.2 15.5 6.3"/>\
<path stroke="#FFFFFF" d="M11.2 18 10.9 23.2M13.1 17.8 13.2 23.2"/></g><path fill="#FFFFFF" \
d="M.4 6.3 5.3 4C7.6 3 9.3 4.3 9.3 6.5 9.3 9 7.5 10.6 7.6 13.1 7.7 15.1 9.3 16.3 11.6 16.4 13 16.5 14.2 16.9 15.2 \
17.5 13.9 18.4 12.9 18.9 11.4 18.9 7.9 19 5.5 16.8 5.5 13.5 5.5 10.4 7.2 8.8 7.2 7 7.2 6 6.3 5.7 5.3 5.9Z"/>\
<path fill="#F0654B" d="M4.7 3.8C5.2 2.1 7 1.1 8.7 1.9 9.4 2.5 9.6 3.4 9.3 4.4 8 3.1 6.4 3 4.7 3.8Z"/></svg>"""


def render(report: Report) -> str:
    """The page. Everything from the report is escaped; the styles are the only thing its policy lets through."""
    body = _body(report)
    style = font_faces(report.title + body) + files(__package__).joinpath("report.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="songhe {escape(report.version)}">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(report.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def write_report(report: Report, path: Path) -> None:
    """Writes the page whole or not at all: a reader of `path` sees the old page or the new one."""
    text = render(report)
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    style_source = f"style-src 'sha256-{digest}'"
    return f"default-src 'none'; {style_source}; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"


def _body(report: Report) -> str:
    items, hint = f"{len(report.items)}个事项", "可享、待核、不可享都是人数"
    gaps = "清单要问的事实，在世老人里有多少人不知道"
    ages = _section("ages", "按年龄", f"到{report.on.isoformat()}的周岁", age_chart(report))
    return "\n".join(
        (
            SYMBOLS,
            '<a class="skip" href="#items">到事项表</a>',
            _top_bar(report),
            f"<main>{_head(report)}{_notices(report)}{_key_figures(report)}",
            _section("items", items, hint, item_table(report), bare=True),
            f'<div class="two"><div class="stack-of">{_left(report)}</div>{ages}</div>',
            _section("quality", "数据全不全", gaps, quality_tables(report)),
            _section("rules", "每个事项的条件和依据", "金额和年龄是判定那天的", cards(report), bare=True),
            f"</main>{_footer(report)}",
        )
    )


def _left(report: Report) -> str:
    districts = _section("districts", "按区", "按居住地，在世老人", district_table(report))
    missing = _section("missing", "待核最多的事实", "补上哪一项，能定的最多", missing_table(report))
    return districts + missing


def _section(name: str, title: str, hint: str, content: str, *, bare: bool = False) -> str:
    kind = "bare" if bare else "panel"
    return (
        f'<section id="{name}" class="{kind}" aria-labelledby="{name}-title"><div class="title">'
        f'<h2 id="{name}-title">{escape(title)}</h2><p>{escape(hint)}</p></div>{content}</section>'
    )


def _top_bar(report: Report) -> str:
    return (
        f'<header class="bar-top"><span class="brand">{_LOGO}松鹤</span>'
        f'<span class="scope"><b>{escape(report.region_name)}</b> {escape(day(report.on))}</span></header>'
    )


def _head(report: Report) -> str:
    digest = report.digest[:_DIGEST_SHOWN]
    links = (
        ("items", "事项"),
        ("districts", "按区"),
        ("ages", "按年龄"),
        ("missing", "待核"),
        ("quality", "数据"),
        ("rules", "条件和依据"),
    )
    nav = "".join(f'<a href="#{name}">{word}</a>' for name, word in links)
    return (
        f'<div class="head"><div><h1>{escape(report.title)}</h1>'
        f'<p class="facts">{escape(report.list_title)} · 判定到{escape(day(report.on))} · '
        f"清单<code>{escape(report.list_id)}</code> · "
        f'摘要<code title="{escape(report.digest)}">{escape(digest)}</code></p>'
        f'</div><nav aria-label="本页">{nav}</nav></div>'
    )


def _notices(report: Report) -> str:
    notices = []
    if report.demo:
        notices.append("<b>演示</b>本页人员为虚构，数字不作任何依据")
    unset = report.unset_money
    if unset:
        names = "、".join(item.name for item in unset)
        notices.append(f"<b>没写金额</b>清单没有写{len(unset)}项现金待遇的金额，没有算进合计：{escape(names)}")
    notices += [f"<b>注意</b>{escape(warning)}" for warning in report.warnings]
    return f'<ul class="notices">{"".join(f"<li>{notice}</li>" for notice in notices)}</ul>' if notices else ""


def _key_figures(report: Report) -> str:
    answers = report.people * len(report.items)
    figures = (
        ("名单上的人", count(report.people), "人", f"在世{count(report.alive)}，已故{count(report.dead)}", ""),
        (
            "至少可享一项现金待遇",
            count(report.entitled),
            "人",
            f"占在世老人{percent(share(report.entitled, report.alive))}",
            "",
        ),
        ("每月应发", yuan(report.total_fen_month), "元/月", "清单写了金额、按月发的事项", ""),
        (
            "待核",
            count(report.unknown_answers),
            "人次",
            f"占全部结论{percent(share(report.unknown_answers, answers))}",
            "open",
        ),
    )
    cells = "".join(
        f'<div class="{kind}"><dt>{label}</dt><dd><b>{value}</b> <span>{unit}</span><small>{hint}</small></dd></div>'
        for label, value, unit, hint, kind in figures
    )
    return f'<dl class="figures">{cells}</dl>'


def _footer(report: Report) -> str:
    demo = " · 人员为虚构" if report.demo else ""
    return (
        f"<footer><p>松鹤 {escape(report.version)} · 引擎{escape(report.engine)} · "
        f"{escape(report.made_at)}生成{demo}</p>"
        "<p>待核的意思：有一项事实不知道，知道了才能定；不当作可享，也不当作不可享。本页只有合计，没有个人信息。</p></footer>"
    )
