"""Reads one item file: parameters, who, gives, examples; parsed and type-checked on the way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from songhe.kernel.errors import BadInput
from songhe.rules import located
from songhe.rules import nodes as n
from songhe.rules.doubts import check_citations
from songhe.rules.fact_values import check_value
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.fields import Fields
from songhe.rules.packs import TYPE_WORDS, DatedValue, Example, Gift, GiftKind, Item, Outcome, Pack, Parameter
from songhe.rules.parse import Parser
from songhe.rules.typing_rules import TRUTH, Type, TypeCheck
from songhe.rules.units import ACCEPTED as UNITS
from songhe.rules.units import PERCENT, RATIO, Unit, parse_unit

_KEYS = (
    "item number name category type lead clause audience standard parameters who gives also group notes examples "
    "unconfirmed applied_for"
).split()
_PERIODS = {"month": "CNY/month", "year": "CNY/year", "once": "CNY"}
_OUTCOMES = {"yes": "可享", "no": "不可享", "unknown": "待核"}
_GIFTS = ("cash", "discount", "times", "service")
_NOTHING = Gift("service", None, None, "", "")
_AUDIENCES = {"person": "老人", "carer": "照护者"}


def read_item(path: Path, pack: Pack, problems: Any) -> Item:
    """The item in the file; every fault goes to `problems`. A file that is not readable at all raises BadInput."""
    fields = Fields(located.read_yaml(path), path, problems)
    fields.only(*_KEYS)
    shared, noted = pack.parameters, len(problems.found)
    parameters = read_parameters(fields, shared)
    known = {**shared, **parameters}
    who_text = fields.text("who")
    gift = _gift(fields, known)
    item = Item(
        slug=fields.text("item"),
        number=fields.whole("number"),
        name=fields.text("name"),
        category=fields.word("category", pack.categories, default=""),
        type=fields.word("type", TYPE_WORDS),
        lead=fields.texts("lead"),
        clause=fields.clause("clause"),
        audience=fields.word("audience", _AUDIENCES, default="person"),
        standard=fields.text("standard"),
        parameters=parameters,
        who=_expression(fields, "who", who_text, known, TRUTH) or n.NO,
        who_text=" ".join(who_text.split()),
        gives=gift,
        group=fields.word("group", pack.groups, default=""),
        notes=fields.texts("notes"),
        examples=tuple(_example(row) for row in fields.rows("examples")),
        unconfirmed=fields.flag("unconfirmed"),
        path=path,
        lines={key: fields.line(key) for key in _KEYS},
        also=tuple(_also(row, known) for row in fields.rows("also")),
        applied_for=fields.flag("applied_for"),
    )
    if len(problems.found) == noted:  # a rule that cannot be read uses nothing yet
        _check_use(item, fields)
    _check_item(item, fields)
    check_citations(fields, pack.doubts)
    return item


def _check_item(item: Item, fields: Fields) -> None:
    if item.path.name != f"{item.number:02d}-{item.slug}.yaml":
        fields.refuse("item", f"文件名应当是{item.number:02d}-{item.slug}.yaml", "号两位，接item")
    if not item.examples:
        fields.refuse("examples", "没有例子", "每个界线的前后各一例，至少一例unknown")
    if item.group and item.gives.kind != "cash":
        fields.refuse("group", "只有发钱的事项才有发放分组", "gives: {cash: …, per: …}")


def _check_use(item: Item, fields: Fields) -> None:
    gifts = [gift.amount for gift in (item.gives, *item.also) if gift.amount is not None]
    used = {name for node in (item.who, *gifts) for name in n.parameter_names(node)}
    for parameter in item.parameters.values():
        used.update(
            name
            for value in parameter.values
            if isinstance(value.value, n.Node)
            for name in n.parameter_names(value.value)
        )
    for name, parameter in item.parameters.items():
        if name not in used:
            fields.problems.add(f"{item.path}:{parameter.line}", f"参数{name}没有用到", accepted="用到它，或删去")


def read_parameters(fields: Fields, shared: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters under `parameters`, with their values in order of date."""
    each = fields.each("parameters")
    units = {name: parameter.unit for name, parameter in shared.items()}
    units |= {name: _unit(parameter) for name, parameter in each.items()}
    result = {}
    for name, parameter in each.items():
        parameter.only("unit", "label", "values", "unset_before", "notes")
        if name in PERSON_TABLE or name == "age":
            fields.problems.add(f"{parameter.where('unit')}", f"参数{name}与事实同名", accepted="另起一个名字")
        values = [_dated_value(row, units, units[name]) for row in parameter.rows("values")]
        if not parameter.has("values"):
            parameter.refuse("values", "缺“values”", "values: []，或带日期的值")
        result[name] = Parameter(
            name=name,
            label=parameter.text("label", default=name),
            unit=units[name],
            values=_in_order(parameter, [value for value in values if value is not None]),
            line=parameter.first_line,
            unset_before=parameter.day("unset_before", required=False),
        )
    return result


def _unit(parameter: Fields) -> Unit:
    """The unit of a parameter; a ratio, with a problem noted, when it has none that is known."""
    text = parameter.text("unit", accepted=UNITS)
    unit = parameter.problems.attempt(lambda: parse_unit(text)) if text else None
    if unit is None and text:
        refused = parameter.problems.found[-1]
        parameter.problems.found[-1] = BadInput(
            parameter.where("unit"), refused.problem, given=text, accepted=refused.accepted
        )
    return unit or RATIO


def _dated_value(row: Fields, units: Mapping[str, Unit], unit: Unit) -> DatedValue | None:
    row.only("from", "until", "value", "clause")
    start = row.day("from", required=True)
    value = row.raw().get("value")
    figure: Fraction | n.Node | None
    if isinstance(value, str):
        figure = row.problems.attempt(lambda: _formula(row, value, units, unit))
    else:
        figure = row.number("value")
        if value is None:
            row.refuse("value", "缺“value”", "数，或由参数组成的算式")
    clause = row.clause("clause")
    if start is None or figure is None:
        return None
    return DatedValue(start, row.day("until", required=False), figure, clause, row.first_line)


def _formula(row: Fields, text: str, units: Mapping[str, Unit], unit: Unit) -> n.Node:
    where = row.where("value")
    node = Parser(units.keys(), where).parse(text)
    facts = n.fact_names(node)
    if facts:
        raise BadInput(where, f"参数的算式里不能有事实：{'、'.join(facts)}", accepted="数和参数")
    TypeCheck(units, where).want(node, Type("number", unit))
    return node


def _in_order(parameter: Fields, values: list[DatedValue]) -> tuple[DatedValue, ...]:
    """The values by date; overlaps and gaps between them are noted."""
    ordered = sorted(values, key=lambda value: value.from_date)
    for earlier, later in itertools.pairwise(ordered):
        where = f"{parameter.where('values').rsplit(':', 1)[0]}:{later.line}"
        if earlier.from_date == later.from_date or (earlier.until_date and earlier.until_date > later.from_date):
            parameter.problems.add(
                where, f"与前一个值的日期重叠（{later.from_date}）", accepted="前一个值的until不晚于它"
            )
        elif earlier.until_date and earlier.until_date < later.from_date:
            gap = f"{earlier.until_date}到{later.from_date}没有值"
            parameter.problems.add(where, gap, accepted="首尾相接的日期")
    for value in ordered:
        if value.until_date is not None and value.until_date <= value.from_date:
            where = f"{parameter.where('values').rsplit(':', 1)[0]}:{value.line}"
            parameter.problems.add(where, "until不晚于from", accepted="until在from之后（当天不含）")
    return tuple(ordered)


def _expression(
    fields: Fields, key: str, text: str, parameters: Mapping[str, Parameter], wanted: Type
) -> n.Node | None:
    if not text:
        return None
    where = fields.where(key)

    def work() -> n.Node:
        node = Parser(frozenset(parameters), where).parse(text)
        units = {name: parameter.unit for name, parameter in parameters.items()}
        TypeCheck(units, where).want(node, wanted)
        return node

    return fields.problems.attempt(work)


def _gift(fields: Fields, parameters: Mapping[str, Parameter]) -> Gift:
    gives = fields.below("gives")
    if gives is None:
        fields.refuse("gives", "缺“gives”", "cash、discount、times或service之一")
        return _NOTHING
    return _one_gift(gives, parameters, _GIFTS)


def _also(row: Fields, parameters: Mapping[str, Parameter]) -> Gift:
    return _one_gift(row, parameters, _GIFTS[1:])  # money is given once, under gives


def _one_gift(gives: Fields, parameters: Mapping[str, Parameter], known: Sequence[str]) -> Gift:
    gives.only(*known, "per", "of")
    kinds = [kind for kind in known if gives.has(kind)]
    if len(kinds) != 1:
        gives.refuse("service", "给的要有且只有一种", f"{'、'.join(known)}之一")
        return _NOTHING
    kind = cast(GiftKind, kinds[0])
    if kind == "service":
        return Gift(kind, None, None, "", gives.text("service"))
    unit, per = _gift_unit(gives, kind)
    text = str(gives.raw()[kind])
    amount = _expression(gives, kind, text, parameters, Type("number", unit))
    return Gift(kind, amount, unit, per, gives.text("of", default=""))


def _gift_unit(gives: Fields, kind: GiftKind) -> tuple[Unit, str]:
    if kind == "discount":
        return PERCENT, ""
    per = gives.word("per", _PERIODS, default=None)
    if kind == "times":
        return parse_unit(f"times/{per}") if per in ("month", "year") else RATIO, per
    return parse_unit(_PERIODS.get(per, "CNY")), per


def _example(row: Fields) -> Example:
    row.only("case", "on", "given", "outcome", "missing", "amount", "payable")
    outcome = row.word("outcome", _OUTCOMES)
    if outcome == "unknown" and "missing" not in row.raw():
        row.refuse("missing", "unknown要写明缺哪些事实", "[事实, 事实]")
    given = row.below("given")
    return Example(
        case=row.text("case"),
        on=row.day("on", required=True) or date.max,
        given=_given(given) if given else {},
        outcome=cast(Outcome, outcome),
        missing=frozenset(row.texts("missing")) if "missing" in row.raw() else None,
        amount=row.number("amount"),
        payable=row.number("payable"),
        line=row.first_line,
    )


def _given(given: Fields) -> dict[str, Any]:
    values = {}
    for name, value in given.raw().items():
        if name not in PERSON_TABLE:
            given.refuse(name, f"没有这个事实：{name}", "、".join(PERSON_TABLE))
        elif not check_value(PERSON_TABLE[name], value):
            given.refuse(name, f"“{name}”的值不对", PERSON_TABLE[name].accepted)
        else:
            values[name] = value
    return values
