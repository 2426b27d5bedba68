"""What every console page shows around its content: where one works, what one may open, what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, pgettext_lazy

from songhe.doors.console.languages import other_languages
from songhe.eligibility.decisions.api import visits_overdue
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.notices.queries import unread_count
from songhe.foundation.tasks.queries import due_counts
from songhe.kernel.told import phrase
from songhe.regions.api import upwards
from songhe.ui.shell import Bell, Duty, MenuItem, NavGroup, NavItem, Scope, Shell, User
from songhe.ui.words import said

_TABS = 5
_WITHIN_OTHERS = ("transfers", "matters", "opinions")
_ELSEWHERE = {
    "roles": "accounts",
    "systems": "accounts",
    "simulations": "policies",
}  # pages, and the place they belong to
_DIGITS, _PROVINCE_DIGITS, _KEPT_SECONDS = 12, 2, 60
_BELOW = {0: phrase("全国"), 2: phrase("全省"), 4: phrase("全市"), 6: phrase("全区")}


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the side list: who sees it, and where its count comes from."""

    label: object  # said in the language of the page
    name: str
    icon: str
    actions: tuple[str, ...] = ()
    count: Callable[[Actor, date], tuple[int | None, bool]] | None = None


def _tasks(actor: Actor, today: date) -> tuple[int | None, bool]:
    counts = due_counts(actor, today)
    return counts.overdue + counts.today or None, counts.overdue > 0


def _visits(actor: Actor, today: date) -> tuple[int | None, bool]:
    late = visits_overdue(actor, today)
    return late or None, late > 0


PLACES = (
    (
        Place(pgettext_lazy("栏目", "今天"), "home", "sun"),
        Place(pgettext_lazy("栏目", "待办"), "tasks", "clipboard-check", ("tasks.read",), _tasks),
        Place(pgettext_lazy("栏目", "上门"), "matters", "door", ("decisions.work",), _visits),
        Place(pgettext_lazy("栏目", "老人"), "people", "users", ("people.read",)),
        Place(pgettext_lazy("栏目", "顾问"), "adviser", "phone", ("decisions.advise",)),
        Place(pgettext_lazy("栏目", "待遇判定"), "decisions", "list-check", ("decisions.read",)),
        Place(pgettext_lazy("栏目", "能力评估"), "assessments", "checklist", ("assessment.read",)),
        Place(pgettext_lazy("栏目", "上门评估"), "assessment-day", "checklist", ("assessment.assess",)),
        Place(pgettext_lazy("栏目", "重复档案"), "duplicates", "git-merge", ("people.merge",)),
        Place(
            pgettext_lazy("栏目", "名册导入"), "imports", "database-import", ("people.import", "people.import.approve")
        ),
        Place(pgettext_lazy("栏目", "转区"), "transfers", "arrows-join", ("people.transfer",)),
    ),
    (
        Place(pgettext_lazy("栏目", "清单"), "policies", "book-2", ("policy.read",)),
        Place(pgettext_lazy("栏目", "意见"), "opinions", "message", ("policy.answer",)),
        Place(pgettext_lazy("栏目", "行政区划"), "regions", "map-2", ("regions.read",)),
        Place(pgettext_lazy("栏目", "账号和角色"), "accounts", "key", ("access.read",)),
        Place(pgettext_lazy("栏目", "审计"), "audit", "shield-check", ("audit.read",)),
        Place(pgettext_lazy("栏目", "运行"), "jobs", "activity", ("jobs.read",)),
        Place(pgettext_lazy("栏目", "没送到的消息"), "events", "send", ("events.read",)),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` and `today` for the base template; without the database on an error page: its transaction is over."""
    now = timezone.now()
    context: dict[str, Any] = {"today": timezone.localdate(now), "now": now, "duty_phone": settings.DUTY_PHONE}
    actor = getattr(request, "actor", None)
    if actor is None or getattr(request, "failed", False):
        return context | {"shell": Shell("/", duty=Duty(settings.DUTY_PHONE), place=_whose())}
    drawn = SimpleLazyObject(lambda: _shell(request, actor, context["today"]))  # type: ignore[arg-type]
    return context | {"shell": drawn}  # parts of pages have no frame: nothing is asked for them


def _shell(request: ActingRequest, actor: Actor, today: date) -> Shell:
    nav = tuple(filter(lambda group: group.items, (_group(request, actor, places, today) for places in PLACES)))
    path = _path(actor.region, today, int(timezone.now().timestamp()) // _KEPT_SECONDS)
    unread = unread_count(actor.account_id)
    return Shell(
        home_url=reverse("home"),
        nav=nav,
        tabs=tuple(item for group in nav for item in group.items)[:_TABS],
        scope=Scope(path[-1] if path else gettext("全国"), path[1:-1], said(_BELOW.get(len(actor.region), ""))),
        duty=Duty(settings.DUTY_PHONE),
        user=User(actor.name, request.account.unit, _menu(actor)),
        bell=Bell(unread, reverse("notices")),
        search_url=reverse("people-search") if actor.may("people.read") else "",
        rail=request.COOKIES.get("sh-rail") == "1",
        place=_whose(),
    )


def _whose() -> str:
    """Whose platform this is, for the sign-in page and printed sheets; "" when nobody said."""
    return f"{settings.PLACE} {gettext('养老服务平台 工作台')}" if settings.PLACE else ""


@lru_cache(maxsize=1024)
def _path(region: str, today: date, _minute: int) -> tuple[str, ...]:
    """The names from the city down; asked anew every minute, so that a new name is soon there."""
    return tuple(one.name for one in upwards(region.ljust(_DIGITS, "0"), today) if len(one.digits) > _PROVINCE_DIGITS)


def _group(request: HttpRequest, actor: Actor, places: tuple[Place, ...], today: date) -> NavGroup:
    items = []
    for place in places:
        if place.actions and not any(actor.may(action) for action in place.actions):
            continue
        url = _address(place.name)
        current = request.path == url if url == "/" else _is_under(request.path, url)
        count, due = place.count(actor, today) if place.count else (None, False)
        items.append(NavItem(str(place.label), url, place.icon, count, due, current))
    return NavGroup(tuple(items))


def _is_under(path: str, url: str) -> bool:
    """Whether a page belongs to a place: some lie below the address of another, some have an address of their own."""
    within = (_address(name) for name in _WITHIN_OTHERS)
    elsewhere = {name: _address(name) for name in _ELSEWHERE}
    if path.startswith(f"{_address('decisions')}doors/"):
        path = _address("matters")
    path = next((_address(_ELSEWHERE[name]) for name, above in elsewhere.items() if path.startswith(above)), path)
    return path.startswith(url) and not any(url != below and path.startswith(below) for below in within)


@lru_cache(maxsize=200)
def _address(name: str) -> str:
    """The address of a place; every page asks for dozens."""
    return reverse(name)


def _menu(actor: Actor) -> tuple[MenuItem, ...]:
    by_device = actor.may("assessment.assess")  # what lies on the device is wiped first
    return (
        MenuItem(gettext("换个地方办事"), reverse("working-region"), "map-pin"),
        MenuItem(gettext("改密码"), reverse("own-password"), "key"),
        MenuItem(gettext("动态码"), reverse("own-second-factor"), "shield-lock"),
        *other_languages(),
        MenuItem(
            gettext("退出"), reverse("assessment-leave" if by_device else "sign-out"), "logout", post=not by_device
        ),
    )
