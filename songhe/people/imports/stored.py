"""What jobs wrote into rows in Chinese, said again in the language of the page.

Rows keep their sentences as text. Those that have numbers or names in them are known here by their shape; what has no
shape here is said as it stands.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

_CHINESE = "zh"
# Where a batch stands while it is worked on, and what is wrong with a cell: said as they are.
_PLAIN = (
    _("在读文件"), _("在比对"), _("在记下差异"), _("在登记新的人"), _("在写事实"), _("在写去世"), _("在重做老人的表"),
    _("读取和比对"), _("写入"), _("撤回"), _("在撤回事实"), _("在撤回去世和登记"), _("没有这个区划"),
    _("社区或村的12位代码"), _("2026-02-28或2026年2月28日"),
    _("像是Excel里的序号，不是日期"),
)  # fmt: skip
# The longer shape before the one that would take its beginning.
_SHAPES = (
    _("读到{count}行，在找人"),
    _("{count}个字，太长"),
    _("{given}位，要{wanted}位"),
    _("{given}位，不像电话号码"),
    _("不超过{count}个字"),
    _("不超过{count}行"),
    _("写了{count}个"),
    _("超过{count}行"),
    _("和证件号里的{words}不一样"),
    _("两处{words}一样"),
    _("与第{row}行是同一个人，写的不一样"),
    _("与第{row}行是同一个人"),
    _("晚于数据日期{day}"),
    _("{count}行没有证件号，太多，认不过来"),
    _("上次名册里的{before}人，这次有{missing}人不在，可能不是完整的名册；这些人先没有勾上"),
    _("空行{count}行没有算"),
    _("比对以后，有{count}人的记录变了，请重新比对"),
    _("{problem}；现在是“{given}”；可以是：{accepted}"),
    _("{problem}；现在是“{given}”"),
    _("{problem}；可以是：{accepted}"),
    _("{where}：{problem}"),
)


def said_again(text: str) -> str:
    """A stored sentence in the language of the page."""
    if not text or (get_language() or _CHINESE).startswith(_CHINESE):
        return text
    whole = gettext(text)
    if whole != text:
        return whole
    for sentence, shape in _shapes():
        found = shape.fullmatch(text)
        if found:
            return gettext(sentence).format(**{name: said_again(part) for name, part in found.groupdict().items()})
    return text


@cache
def _shapes() -> list[tuple[str, re.Pattern[str]]]:
    return [(sentence, re.compile(_shape(sentence), re.DOTALL)) for sentence in _SHAPES]


def _shape(sentence: str) -> str:
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(sentence))
