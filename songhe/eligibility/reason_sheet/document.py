"""One self-contained page: its letters and styles inside, nothing fetched, nothing run."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files

from songhe import __version__
from songhe.eligibility.reason_sheet.model import KINDS, VERDICTS
from songhe.eligibility.report.charts import SYMBOLS, status
from songhe.ui.paper.fonts import font_faces

LOGO = """<svg class="logo" viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" focusable="false">\
<g fill="none" stroke-linecap="round"><path class="needles" stroke-width="1.8" \
d="M11.6 17.2 22.8 16.6M11.6 17.2 22 12.1M11.6 17.2 19.4 8.4M11.6 17.2 15.5 6.3"/>\
<path class="legs" d="M11.2 18 10.9 23.2M13.1 17.8 13.2 23.2"/></g><path class="body" \
d="M.4 6.3 5.3 4C7.6 3 9.3 4.3 9.3 6.5 9.3 9 7.5 10.6 7.6 13.1 7.7 15.1 9.3 16.3 11.6 16.4 13 16.5 14.2 16.9 15.2 \
17.5 13.9 18.4 12.9 18.9 11.4 18.9 7.9 19 5.5 16.8 5.5 13.5 5.5 10.4 7.2 8.8 7.2 7 7.2 6 6.3 5.7 5.3 5.9Z"/>\
<path class="crown" d="M4.7 3.8C5.2 2.1 7 1.1 8.7 1.9 9.4 2.5 9.6 3.4 9.3 4.4 8 3.1 6.4 3 4.7 3.8Z"/></svg>"""


def document(title: str, body: str, *, more_style: str = "", kind: str = "") -> str:
    """The page around a body that is escaped already; `kind` is the class of the page, `more_style` its own styles."""
    css = files(__package__).joinpath("sheet.css").read_text("utf-8")
    style = font_faces(title + body) + css + more_style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f'<meta name="generator" content="songhe {escape(__version__)}">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="{escape(kind)}">\n{SYMBOLS}\n{body}\n</body>\n</html>\n'
    )


def mark(answer: bool | None) -> str:
    """The shape of an answer; its word stands beside it."""
    return status(KINDS[answer])


def verdict(answer: bool | None) -> str:
    """Shape, word and colour of an answer."""
    return f'<span class="verdict {KINDS[answer]}">{mark(answer)}{VERDICTS[answer]}</span>'
