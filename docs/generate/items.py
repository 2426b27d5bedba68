"""The page of all lists in Chinese: each item as a sentence, with its figures, clauses and doubts."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generate.markdown import finish, opening, table
from songhe.config.paths import policies_folder
from songhe.demo.divisions import region_name
from songhe.rules.doubts import cited_doubts
from songhe.rules.nodes import Node
from songhe.rules.packs import PAYS_WORDS, Pack, Parameter
from songhe.rules.programme import BoundItem, bind
from songhe.rules.reading_packs import list_ids, load_pack
from songhe.rules.sentence import Sentences, gift_of, plain_number, sentence_of
from songhe.rules.units import in_words

_HEAD = ("参数", "名", "值", "单位", "从", "到", "依据")


def page() -> str:
    """The page."""
    lines = opening(
        "服务清单",
        "`policies/`",
        "每份清单的每一项：谁可享、给什么、数从哪一条来、哪里存疑。句子由规则生成，规则怎么判，这里就怎么写。"
        "“未定”是清单提到而没有写数的，定下来以前，靠它的判定都是“待核”。",
    )
    root = policies_folder()
    for list_id in list_ids(root):
        lines += _list(load_pack(root, list_id))
    return finish(lines)


def _list(pack: Pack) -> Iterator[str]:
    programme = bind(pack, pack.from_date)
    until = f"，至{pack.until_date}" if pack.until_date else ""
    yield from (f"## {pack.title}", "")
    yield f"`{pack.id}` · {pack.region_name} · 依据`{pack.instrument}` · 自{pack.from_date}起施行{until}"
    if pack.unconfirmed:
        yield from ("", "**这份清单还没有与正式文本核对。**")
    yield ""
    for group in pack.groups.values():
        members = "、".join(str(item.number) for item in pack.items if item.group == group.name)
        yield from (f"发放分组“{group.title}”：第{members}项{PAYS_WORDS[group.pays]}（`{group.clause}`）。", "")
    if pack.parameters:
        yield from ("各项共用的数：", "")
        yield from table(
            _HEAD, (row for p in pack.parameters.values() for row in _figures(p, programme.items[0], pack))
        )
    yield from table(("号", "事项", "类别", "类型", "给什么"), (_summary(bound, pack) for bound in programme.items))
    for bound in programme.items:
        yield from _item(bound, pack)
    if pack.doubts:
        yield from (f"### 存疑：{pack.region_name}的文件里没有说清的地方", "")
    for doubt in pack.doubts.values():
        touched = "、".join(f"第{number}项" for number in doubt.items) or "不涉及清单事项"
        yield from (f"#### {doubt.id}", "", f"{touched} · {'、'.join(f'`{clause}`' for clause in doubt.clauses)}", "")
        yield from (f"{doubt.unclear}", "", f"这里的读法：{doubt.reading}待确认：{'、'.join(doubt.confirm)}。", "")


def _summary(bound: BoundItem, pack: Pack) -> tuple[str, ...]:
    item = bound.item
    category = pack.categories.get(item.category, item.category)
    return str(item.number), item.name, category, pack.type_word(item), gift_of(bound, pack)


def _item(bound: BoundItem, pack: Pack) -> Iterator[str]:
    item = bound.item
    yield from (f"### {item.number} {item.name}", "")
    yield from (f"`{item.slug}` · {'、'.join(item.lead)} · `{item.clause}`", "")
    if item.unconfirmed:
        yield from ("**这一项还没有与正式文本核对。**", "")
    yield from (f"**谁可享** {sentence_of(bound, pack, region_name)}", "")
    yield from (f"**内容标准** {item.standard}", "")
    yield from (f"**给什么** {gift_of(bound, pack)}", "")
    if item.group:
        group = pack.groups[item.group]
        yield from (f"**发放分组** {group.title}：{PAYS_WORDS[group.pays]}", "")
    if item.parameters:
        yield from table(_HEAD, (row for p in item.parameters.values() for row in _figures(p, bound, pack)))
    if item.notes:
        yield from ("**说明**", "", *(f"- {note}" for note in item.notes), "")
    if cited := cited_doubts(item.notes):
        yield from ("**存疑** " + "、".join(f"[{name}](#{name})" for name in cited), "")


def _figures(parameter: Parameter, bound: BoundItem, pack: Pack) -> list[tuple[str, ...]]:
    """A row for every value a figure has had or will have; one row 未定 when it has none."""
    label, name, unit = parameter.label, f"`{parameter.name}`", in_words(parameter.unit)
    if not parameter.values:
        return [(label, name, "未定", unit, "", "", "")]
    says = Sentences(bound, pack)
    return [
        (
            label,
            name,
            says.say(value.value) if isinstance(value.value, Node) else plain_number(value.value),
            unit,
            str(value.from_date),
            str(value.until_date or ""),
            f"`{value.clause}`",
        )
        for value in parameter.values
    ]
