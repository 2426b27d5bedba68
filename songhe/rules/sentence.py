"""A rule as a Chinese sentence: 年满80周岁，且户籍在鄂州市. Parameters show their figure of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import singledispatchmethod

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Fact, Kind
from songhe.rules.packs import Gift, Pack
from songhe.rules.programme import BoundItem
from songhe.rules.typing_rules import is_truth
from songhe.rules.units import Unit, in_words

_SIGN = {"=": "等于", "<>": "不等于", "<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于"}
_AGE = {
    "=": "正好{}周岁",
    "<>": "不是{}周岁",
    "<": "不满{}周岁",
    "<=": "不超过{}周岁",
    ">": "超过{}周岁",
    ">=": "年满{}周岁",
}
_GRADE = {"=": "为{}", "<>": "不为{}", "<": "低于{}", "<=": "不高于{}", ">": "高于{}", ">=": "达到{}"}
_DATE = {"=": "是{}", "<>": "不是{}", "<": "早于{}", "<=": "不晚于{}", ">": "晚于{}", ">=": "不早于{}"}
UNSET = "（未定）"
_OFTEN = {"year": ("每年", "次/年"), "month": ("每月", "次/月"), "once": ("一次性", "倍")}
RegionNames = Callable[[str], str]


def plain_number(value: Fraction) -> str:
    """A number as people write it: 80, 1.3, at most six decimals."""
    return f"{float(value):.6f}".rstrip("0").rstrip(".") if value.denominator != 1 else f"{value.numerator}"


class Sentences:
    """Says the nodes of one item. `region_names` gives a division its name; without it the code is shown."""

    def __init__(self, bound: BoundItem, pack: Pack, region_names: RegionNames = str) -> None:
        self._figures = bound.figures
        self._parameters = pack.parameters_of(bound.item)
        self._region_names = region_names

    @singledispatchmethod
    def say(self, node: n.Node) -> str:
        """The node in words."""
        raise TypeError(node)

    @say.register
    def _(self, node: n.Constant) -> str:
        if isinstance(node.value, Fraction):
            return plain_number(node.value)
        if isinstance(node.value, date):
            return f"{node.value.year}年{node.value.month}月{node.value.day}日"
        return f"“{node.value}”"

    @say.register
    def _(self, node: n.Truth) -> str:
        return "任何情况" if node.value else "没有这种情况"

    @say.register
    def _(self, node: n.FactValue) -> str:
        fact = PERSON_TABLE[node.name]
        return fact.if_true if fact.kind is Kind.BOOL else fact.label

    @say.register(n.ParameterValue)
    @say.register(n.Unset)
    def _(self, node: n.ParameterValue | n.Unset) -> str:
        parameter = self._parameters[node.name]
        value = node if isinstance(node, n.Unset) else self._figures.value(node.name)
        if not isinstance(value, n.Constant):
            return parameter.label + UNSET
        unit = "" if str(parameter.unit) in ("year", "grade") else in_words(parameter.unit)
        return self.say(value) + unit

    @say.register
    def _(self, node: n.Age) -> str:
        return "年龄"

    @say.register
    def _(self, node: n.MonthsSince) -> str:
        return f"{PERSON_TABLE[node.name].label}起满的月数"

    @say.register
    def _(self, node: n.Within) -> str:
        return f"{PERSON_TABLE[node.name].label}在{self._region_names(node.area)}"

    @say.register
    def _(self, node: n.Compare) -> str:
        left, right, operator = node.left, node.right, node.operator
        if not n.fact_names(left) and n.fact_names(right):
            left, right, operator = right, left, n.MIRROR[operator]
        if isinstance(left, n.Age):
            return self._compare_age(operator, right)
        if isinstance(left, n.FactValue):
            return self._compare_fact(left, operator, right)
        return f"{self._bracketed(left, n.Case)}{_SIGN[operator]}{self._bracketed(right, n.Case)}"

    def _bracketed(self, node: n.Node, *kinds: type[n.Node]) -> str:
        """The node in words, in brackets when it is one of these and would run into what stands beside it."""
        return f"（{self.say(node)}）" if isinstance(node, kinds) else self.say(node)

    def _compare_age(self, operator: n.Comparison, right: n.Node) -> str:
        unset = isinstance(right, n.ParameterValue) and not isinstance(self._figures.value(right.name), n.Constant)
        if unset and operator == ">=":
            return f"达到{self.say(right)}"
        return _AGE[operator].format(self.say(right))

    def _compare_fact(self, left: n.FactValue, operator: n.Comparison, right: n.Node) -> str:
        fact = PERSON_TABLE[left.name]
        if fact.kind is Kind.BOOL:
            return self._compare_truths(fact, operator, right)
        if isinstance(right, n.Constant) and right.value == fact.nothing and operator in ("=", "<>"):
            return fact.if_none if operator == "=" else fact.if_any
        value = self._value_of(left.name, right)
        if fact.said_as and operator in ("=", "<>"):
            return ("" if operator == "=" else "不") + fact.said_as.format(value)
        if fact.kind is Kind.DATE:
            return fact.label + _DATE[operator].format(value)
        return fact.label + _GRADE[operator].format(value)

    def _compare_truths(self, fact: Fact, operator: n.Comparison, right: n.Node) -> str:
        if isinstance(right, n.Truth):
            return fact.if_true if right.value == (operator == "=") else fact.if_false
        return f"是否{fact.if_true}与是否{self.say(right)}{'相同' if operator == '=' else '不同'}"

    def _value_of(self, name: str, node: n.Node) -> str:
        """A constant or parameter said as a value of a fact: 1 of disability_level is 一级."""
        fact = PERSON_TABLE[name]
        value = self._figures.value(node.name) if isinstance(node, n.ParameterValue) else node
        if isinstance(value, n.Constant) and value.value in fact.values:
            return fact.values[value.value]  # type: ignore[index]
        return self.say(node)

    @say.register
    def _(self, node: n.OneOf) -> str:
        return self._one_of(node, "")

    def _one_of(self, node: n.OneOf, no: str) -> str:
        if isinstance(node.value, n.FactValue):
            options = [self._value_of(node.value.name, option) for option in node.options]
        else:
            options = [self.say(option) for option in node.options]
        listed = "或".join(options) if len(options) < 3 else f"{'、'.join(options)}之一"
        said_as = PERSON_TABLE[node.value.name].said_as if isinstance(node.value, n.FactValue) else ""
        return no + said_as.format(listed) if said_as else f"{self.say(node.value)}{no}为{listed}"

    @say.register
    def _(self, node: n.IsUnknown) -> str:
        return f"不知道{self._asked(node.value)}"

    def _asked(self, node: n.Node) -> str:
        """The node as what one knows or does not know."""
        return f"是否{self._bracketed(node, n.And, n.Or, n.Case)}" if is_truth(node) else self.say(node)

    @say.register
    def _(self, node: n.And) -> str:
        return "，且".join(self._bracketed(part, n.Or, n.Case) for part in node.parts)

    @say.register
    def _(self, node: n.Or) -> str:
        # 且 binds closer than 或: its comma against the semicolon says so without brackets.
        return "；或".join(self._bracketed(part, n.Case) for part in node.parts)

    @say.register
    def _(self, node: n.Not) -> str:
        part = node.part
        if isinstance(part, n.FactValue):
            return PERSON_TABLE[part.name].if_false
        if isinstance(part, n.Compare):
            return self.say(n.Compare(n.CONTRARY[part.operator], part.left, part.right))
        if isinstance(part, n.IsUnknown):
            return f"知道{self._asked(part.value)}"
        if isinstance(part, n.Within):
            return f"{PERSON_TABLE[part.name].label}不在{self._region_names(part.area)}"
        if isinstance(part, n.OneOf):
            return self._one_of(part, "不")
        return f"不是（{self.say(part)}）"

    @say.register
    def _(self, node: n.Arithmetic) -> str:
        if node.operator == "*":
            for share, whole in ((node.left, node.right), (node.right, node.left)):
                if (times := self._times(share)) is not None and not isinstance(whole, n.Constant):
                    return f"{self._operand(whole)}的{times}"
        sign = {"+": "加", "-": "减", "*": "乘", "/": "除以"}[node.operator]
        return f"{self._operand(node.left)}{sign}{self._operand(node.right)}"

    def _times(self, node: n.Node) -> str | None:
        """A pure number as a factor: 1.3倍, or 20% below one; None for anything else."""
        if isinstance(node, n.ParameterValue):
            if self._parameters[node.name].unit.powers:
                return None
            node = self._figures.value(node.name)
        if not (isinstance(node, n.Constant) and isinstance(node.value, Fraction)):
            return None
        return f"{plain_number(node.value)}倍" if node.value >= 1 else f"{plain_number(node.value * 100)}%"

    def _operand(self, node: n.Node) -> str:
        return self._bracketed(node, n.Arithmetic, n.Case)

    @say.register
    def _(self, node: n.Negative) -> str:
        return f"负{self._operand(node.part)}"

    @say.register
    def _(self, node: n.Case) -> str:
        return "；".join(self.tiers(node, lambda who: f"{who}的，", lambda value: self._bracketed(value, n.Case)))

    def tiers(self, node: n.Case, who: Callable[[str], str], value: Callable[[n.Node], str]) -> list[str]:
        """Each tier of a CASE: for whom, as `who` words the condition, and what `value` says of it."""
        said = [who(self._bracketed(part, n.Or, n.Case)) + value(chosen) for part, chosen in node.branches]
        return said if node.otherwise is None else [*said, f"其余{value(node.otherwise)}"]

    @say.register
    def _(self, node: n.Least) -> str:
        return f"{'、'.join(map(self._operand, node.parts))}中最小的"

    @say.register
    def _(self, node: n.Greatest) -> str:
        return f"{'、'.join(map(self._operand, node.parts))}中最大的"

    @say.register
    def _(self, node: n.Round) -> str:
        return f"{self._operand(node.part)}（保留{node.decimals}位小数）"


def sentence_of(bound: BoundItem, pack: Pack, region_names: RegionNames = str) -> str:
    """Who may have an item, as one sentence."""
    return Sentences(bound, pack, region_names).say(bound.item.who) + "。"


def gift_of(bound: BoundItem, pack: Pack) -> str:
    """What an item gives, in words; 清单没有写金额 when it names a figure and prints none."""
    sentences = Sentences(bound, pack)
    return "；".join(_gift(gift, sentences) for gift in (bound.item.gives, *bound.item.also))


def _gift(gift: Gift, sentences: Sentences) -> str:
    if gift.amount is None or gift.unit is None:
        return gift.what
    if gift.kind == "discount":
        tiers = _discount(gift.amount, gift.unit, sentences)
        return f"{gift.what}：{tiers}" if isinstance(gift.amount, n.Case) else f"{gift.what}{tiers}"
    words = _amount(gift.amount, gift.unit, sentences)
    if gift.kind == "times":
        often, unit = _OFTEN[gift.per]
        return f"{gift.what}，{often}{words.removesuffix(unit)}次" if words.endswith(unit) else f"{gift.what}：{words}"
    if isinstance(gift.amount, n.ParameterValue) and words.endswith(UNSET):
        words = f"{words.removesuffix(UNSET)}（清单没有写金额）"
    return f"{gift.what}，发{words}" if gift.what else f"发{words}"


def _amount(amount: n.Node, unit: Unit, sentences: Sentences) -> str:
    """An amount in words; a bare number takes the unit of the gift, a tiered one is said tier by tier."""
    if isinstance(amount, n.Case):
        return "；".join(sentences.tiers(amount, lambda who: f"{who}的，", lambda value: _tier(value, unit, sentences)))
    return sentences.say(amount) + (in_words(unit) if isinstance(amount, n.Constant) else "")


def _tier(amount: n.Node, unit: Unit, sentences: Sentences) -> str:
    words = _amount(amount, unit, sentences)
    return f"（{words}）" if isinstance(amount, n.Case) else words


def _discount(amount: n.Node, unit: Unit, sentences: Sentences) -> str:
    """A discount in words, a tiered one tier by tier; 100% is free."""
    if isinstance(amount, n.Case):
        return "，".join(
            sentences.tiers(amount, lambda who: f"{who}的", lambda value: _discount(value, unit, sentences))
        )
    words = _amount(amount, unit, sentences)
    return "免费" if words == "100%" else f"优惠{words}"
