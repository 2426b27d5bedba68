"""The tags that pages use by the hundred, as quick as they can be: `{% translate %}`, `{% url %}`, `<c-…>`.

They write what Django's and Cotton's own write, and hand on to those whatever is not of the usual kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.core.signals import setting_changed
from django.template.base import Node, Parser, Template, TextNode, Token, VariableNode
from django.template.context import Context
from django.template.defaulttags import IfNode, url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import reverse
from django.utils.translation import get_language
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, cotton_component
from django_cotton.templatetags._vars import CottonVarsNode
from django_cotton.utils import get_cotton_data

_NOBODY: Final = UUID(int=0)


class Said(Node):
    """Words of a template in the language of the page; those of a language are looked up once."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self._node, self._said = node, dict[str | None, str]()

    def render(self, context: Context) -> str:
        """See Django."""
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = self._node.render(context)
        return said


def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "…" %}`; kept where the words are written out."""
    told = len(token.split_contents())
    node: Any = do_translate(parser, token)
    words = node.filter_expression
    plain = not words.filters and words.token[:1] in "\"'" and not (node.asvar or node.noop)
    return Said(node) if plain and (told == 2 or node.message_context is not None) else node


class Address(Node):
    """The address of a page by its name, with nothing else or with keys of things; worked out once for all keys."""

    child_nodelists = ()

    def __init__(self, node: Any, name: str) -> None:
        self._node, self._name, self._arguments = node, name, node.args

    def render(self, context: Context) -> str:
        """See Django."""
        keys = [argument.resolve(context) for argument in self._arguments]
        if not all(type(key) is UUID for key in keys):
            return str(self._node.render(context))
        pieces = _PIECES.get(self._name, len(keys)) or _PIECES.of(self._name, len(keys))
        return pieces[0] + "".join(f"{key}{piece}" for key, piece in zip(keys, pieces[1:], strict=True))


class _Pieces:
    """What stands before, between and behind the keys of an address."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], list[str]] = {}
        self.get: Callable[[str, int], list[str] | None] = lambda name, number: self._known.get((name, number))
        setting_changed.connect(lambda **_: self._known.clear(), weak=False)

    def of(self, name: str, number: int) -> list[str]:
        """Worked out from the address of keys that nothing has; NoReverseMatch when there is none."""
        pieces = reverse(name, args=[_NOBODY] * number).split(str(_NOBODY))
        return self._known.setdefault((name, number), pieces)


_PIECES = _Pieces()


def address(parser: Parser, token: Token) -> Node:
    """`{% url "name" … %}`; quick without arguments and with keys."""
    node: Any = url(parser, token)
    name = node.view_name
    plain = not (node.asvar or node.kwargs or name.filters) and name.token[:1] in "\"'"
    return Address(node, str(name.var)) if plain else node


class Component(CottonComponentNode):  # type: ignore[misc]
    """A component of the kit. What its `c-vars` say is read once, not with every use."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        special = {"attrs", "is"} & {attribute.key for attribute in self._prepared_attrs}
        self._usual = self.component_name != "component" and not self.only and not special
        self._given = [(one.key.replace("-", "_"), one.key, _given(one)) for one in self._prepared_attrs]
        self._kit: tuple[Template, dict[str, Any] | None, frozenset[str], Any] | None = None

    def render(self, context: Context) -> str:
        """See Cotton."""
        if not self._usual:
            return str(super().render(context))
        template, defaults, hidden, told = self._kit or self._read(context)
        cotton = get_cotton_data(context)
        values: dict[str, Any] = {}
        slots: dict[str, str] = {}
        state: dict[str, Any] = {}
        attrs = Attrs(values)
        cotton["stack"].append({"key": self.component_name, "attrs": attrs, "slots": slots})
        for name, key, value in self._given:
            try:
                state[name] = values[key] = value(context)
            except UnprocessableDynamicAttr:
                attrs.unprocessable(key)
        inside = self.nodelist.render(context)
        if defaults is None:
            defaults = told.extract_vars(context, attrs, slots)
        else:
            attrs._exclude_from_str = hidden
        with context.push({**defaults, **slots, **state, "attrs": attrs, "slot": inside, "cotton_data": cotton}):
            written: str = template.render(context)
        cotton["stack"].pop()
        return written

    def _read(self, context: Context) -> tuple[Template, dict[str, Any] | None, frozenset[str], Any]:
        """The component's template with what it says of what it takes: defaults, or who works them out when asked."""
        template = self._get_cached_template(context, {})
        told = [node for node in template.nodelist if isinstance(node, CottonVarsNode)]
        hidden, defaults = {"is"}, dict[str, Any]()
        for node in told:
            hidden.update(node.empty_vars, (one.exclude_key for one in node._prepared_vars))
            defaults |= {one.accessible_key: one.value for one in node._prepared_vars}
        moving = any(one.kind is not AttrKind.STATIC for node in told for one in node._prepared_vars)
        if len(told) > 1 and moving:
            raise TypeError(f"{self.component_name}: two c-vars")
        self._kit = template, None if moving else defaults, frozenset(hidden), told[0] if moving else None
        return self._kit


def _given(one: Any) -> Callable[[Context], Any]:
    """What works out an attribute."""
    if one.kind is AttrKind.BOOLEAN:
        return lambda _: True
    if one.kind is AttrKind.STATIC or (one.kind is AttrKind.ESCAPED and one.compiled is None):
        return lambda _: one.value
    if one.kind is AttrKind.ESCAPED:
        simple = all(type(node) in _SIMPLE for node in one.compiled.nodelist.get_nodes_by_type(Node))
        return one.compiled.nodelist.render if simple else one.compiled.render  # type: ignore[no-any-return]
    if one.kind is AttrKind.DYNAMIC:
        return one.compiled.resolve  # type: ignore[no-any-return]
    return lambda context: _or_itself(one, context)


def _or_itself(one: Any, context: Context) -> Any:
    try:
        return one.compiled.resolve(context)
    except UnprocessableDynamicAttr:
        return one.value


_SIMPLE = (TextNode, VariableNode, Said, Address, IfNode)  # nothing that keeps something while a template is rendered


def component(parser: Parser, token: Token) -> Node:
    """`<c-…>`."""
    node: Any = cotton_component(parser, token)
    return Component(node.component_name, node.nodelist, node.attrs, node.only, node.active_library)
