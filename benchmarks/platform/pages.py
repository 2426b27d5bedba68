"""Pages of the console under sixteen clients at once, each signed in by its own role and region.

List, search, person file, first page, what a person may have, and the reasons on screen, on paper and as a file.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.figures import each, told
from benchmarks.platform.ground import Sizes
from benchmarks.platform.portal import portal
from benchmarks.platform.visitors import Look, Visitor, all_at_once

_ACCOUNTS = (
    "city-officer", "city-leader", "officer-420704", "officer-420703", "officer-420702", "leader-420704",
    "leader-420703", "leader-420702", "street-420704001", "street-420704002", "street-420704003", "street-420703100",
    "street-420702103", "worker-420704001002", "worker-420704002008", "worker-420703100209",
)  # fmt: skip
_LISTS = (
    "", "?sort=name", "?sort=-name", "?sort=place", "?sort=-place", "?sort=-age", "?living=alone&age_from=80",
    "?care=disabled", "?care=disabled&sex=1&sort=name", "?ability=2", "?economy=minimum_living&sex=2", "?data=conflict",
    "?unknown=ability_grade", "?standing=dead", "?age_from=70&age_to=75&sex=2", "?age_from=90&sort=place",
    "?economy=edge&living=alone", "?living=empty_nest&sort=-name", "?care=dementia&ability=3",
)  # fmt: skip
_PEOPLE = 60
_BESIDE = "sh-cols--filter"  # the column of filters: also beside a list with nobody in it
_READING_SECONDS = 1.0
_SEED = 20_261_127
_TARGETS = {"first page with charts and map": 0.200}
_TARGET = 0.150
_NO_TARGET = ("reasons as PDF",)  # a file is waited for; how long, is shown
_MATRIX, _TREE, _SHEET = "sh-table--matrix", "sh-tree", "sh-sheet__item"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the register, as one looks for them."""

    id: str
    name: str
    identity: str
    phone: str
    address: str


def pages(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """p95 of each kind of page, without a pause between clicks and with a second to read."""
    place = ground.city(folder, sizes.people, say)
    with ground.platform(place) as (database, environment):
        known = {login: _known(login) for login in _ACCOUNTS[: sizes.clients]}
        with ground.served(place, environment) as running:
            visitors = [Visitor(running.host, running.port, login) for login in known]
            say(f"{len(visitors)}位登录")
            for visitor in visitors:
                visitor.sign_in(_password())
            roots = (running.processes["web"].pid, ground.server_process(database.web))
            lines = [line for kind in _KINDS for line in _measured(kind, visitors, known, sizes, say, roots)]
            for visitor in visitors:
                visitor.close()
            lines += portal(running, sizes, say, roots)
    return lines


def _measured(
    kind: str,
    visitors: Sequence[Visitor],
    known: dict[str, list[Known]],
    sizes: Sizes,
    say: Say,
    roots: tuple[int, int],
) -> list[Line]:
    lines = []
    for pause, words in ((0.0, "no pause between clicks"), (_READING_SECONDS, "a second to read each page")):
        say(f"{kind}：{len(visitors)}位同时，{words}")
        chance = random.Random(_SEED)  # noqa: S311
        plans = {visitor: _KINDS[kind](chance, known[visitor.login], visitor) for visitor in visitors}
        all_at_once({visitor: plan[:2] for visitor, plan in plans.items()})
        asked = sizes.asked if not pause else max(sizes.asked // 3, 2)
        before = [ground.processor_seconds(root) for root in roots]
        taken, whole = all_at_once({visitor: _times(plan, asked) for visitor, plan in plans.items()}, pause)
        target = None if kind in _NO_TARGET else _TARGETS.get(kind, _TARGET)
        lines += told(f"{kind}, {len(visitors)} clients, {words}", taken, whole, target)
        lines.append(Line("… processor time of each: web server, database", each(roots, before, len(taken))))
    return lines


def _times(plan: Sequence[Look], asked: int) -> list[Look]:
    return [plan[number % len(plan)] for number in range(asked)]


def _lists(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    """The usual lists, some from the middle on: after somebody of the register."""
    looks = [Look(f"/people/{query}", _BESIDE) for query in _LISTS]
    looks += [Look(f"/people/?after={one.id}{more}", _BESIDE) for one in known[:4] for more in ("", "&sort=name")]
    chance.shuffle(looks)
    return looks


def _searches(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    search = partial(Look, "/people/search/")
    looks = []
    for one in known:
        words = (one.name, one.name[:2], one.identity, one.identity[-4:], one.phone, _street(one.address))
        told = sorted({word for word in words if len(word) > 1})
        looks += [search(one.name if word == one.identity else "", word) for word in told]
    chance.shuffle(looks)
    return looks


def _street(address: str) -> str:
    return "".join(letter for letter in address if not letter.isdigit())[-10:][:6]


def _files(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    return [Look(f"/people/{one.id}/", one.name) for one in known]


def _home(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    return [Look("/", "60岁及以上")]


def _matrices(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    """What somebody may have; every second one with the reason of an item, as one opens it."""
    page = visitor.get(f"/decisions/people/{known[0].id}/", _MATRIX).decode() if known else ""
    items = re.findall(r'id="row-([\w-]+)"', page)
    looks = []
    for place, one in enumerate(known):
        address = f"/decisions/people/{one.id}/"
        reason = Look(f"{address}?item={chance.choice(items)}", _TREE)
        looks.append(reason if place % 2 else Look(address, _MATRIX))
    return looks


def _sheets(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    return [Look(f"/decisions/people/{one.id}/sheet/", _SHEET) for one in known]


def _files_of_reasons(chance: random.Random, known: list[Known], visitor: Visitor) -> list[Look]:
    return [Look(f"/decisions/people/{one.id}/sheet.pdf", "%PDF") for one in known]


_KINDS: dict[str, Callable[[random.Random, list[Known], Visitor], list[Look]]] = {
    "list": _lists,
    "search": _searches,
    "person file": _files,
    "first page with charts and map": _home,
    "what a person may have": _matrices,
    "reasons for print": _sheets,
    "reasons as PDF": _files_of_reasons,
}


def _known(login: str) -> list[Known]:
    """People of the account's region, picked by chance."""
    from django.utils import timezone

    from songhe.foundation.access.models import Account
    from songhe.foundation.access.queries import actor_of
    from songhe.foundation.access.scope import scoped
    from songhe.people.identity import identity_of, phone_of
    from songhe.people.models import Person

    account = Account.objects.get(login=login)
    actor = actor_of(account, timezone.localdate())
    if actor is None:
        raise RuntimeError(f"{login} has no rights")
    lo, hi = actor.range
    with scoped(actor, "bench"):
        rows = Person.objects.filter(region_code__gte=lo, region_code__lt=hi, standing="present").order_by("id")
        return [Known(str(one.pk), one.name, identity_of(one), phone_of(one), one.address) for one in rows[:_PEOPLE]]


def _password() -> str:
    from songhe.demo.register.ground import demo_password

    return demo_password()
