"""T2: every address, every role, everything placed inside and outside: each answer is the one the rights give.

An address that is not in the table fails, so no page comes in without saying whose things it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from songhe.config.roles import standard_roles
from songhe.foundation.access.views import PUBLIC, SIGNED_IN
from tests.platform_fixtures import ClientFor
from tests.security.placing import DRAFT, NONE, OWN, OWN_LIST, RELEASE, TRIAL, Kwargs, World, own_things, places_of

SHOWN, DONE = {200, 204, 302}, {200, 204, 302, 400, 409, 422}
NOT_ALLOWED = 405


@dataclass(frozen=True)
class Address:
    """What an address takes: a kind of thing, further parts. `lacking`: what who may not get at it all the same."""

    takes: str = ""
    more: Kwargs = field(default_factory=dict)
    lacking: tuple[str, int] | None = None
    posts: frozenset[int] = frozenset()


NOTHING = Address()
DRAFT_ITEM = {"pk": DRAFT, "stem": "01-item-1"}
UNKNOWN = "5f0e9f4e-0d5a-4b58-9a53-1f8d6c3c7e21"
PERSON, BATCH, ACCOUNT = Address("person"), Address("batch"), Address("account")
JOB = Address("job", lacking=("jobs.read", 403))
ADDRESSES: dict[str, Address] = {
    **dict.fromkeys(
        "home healthy sign-in sign-in-code sign-out own-password own-second-factor accounts account-new roles"
        " audit audit-verify audit-export events jobs tasks notices people people-search people-columns"
        " people-view-save people-export person-new person-check transfers transfer-new imports import-new"
        " tasks-export task-view-save imports-export accounts-export duplicates-export jobs-export events-export"
        " duplicates duplicates-find regions decisions decision-runs matters matters-export matter-view-save".split(),
        NOTHING,
    ),
    "duplicates-export": Address("", lacking=("people.merge", 403)),
    "adviser": NOTHING,
    "advice-talks": NOTHING,
    "advice-talks-export": NOTHING,
    "advice-talk": Address("talk"),
    # a conversation is the session's: of any other, whoever asks is led back to the beginning
    **dict.fromkeys(("adviser-talk", "adviser-sheet"), Address("", {"key": "6b0d5d5e-8a5c-4d0e-9f5a-0c9e1a2b3c4d"})),
    "decided-people": Address("", {}),
    "simulations": NOTHING,
    **dict.fromkeys(("simulate", "simulate-brief", "simulate-people", "simulate-keep"), Address("", {"pk": RELEASE})),
    "simulation": Address("", {"pk": TRIAL}),
    "door": Address("household"),
    "door-undo": Address("household", {"matter": "6b0d5d5e-8a5c-4d0e-9f5a-0c9e1a2b3c4d"}, posts=frozenset({404})),
    "language": Address("", {"code": "en"}),
    # A call is opened by a token, not by a session: tests/api asks for what is ours and what is not.
    **dict.fromkeys(
        "api-document api-docs api-regions api-people api-people-search api-facts-all api-decisions-all"
        " api-decisions-changes api-facts-read api-decisions-read api-lists api-matters api-tasks"
        " api-assessment-results".split(),
        NOTHING,
    ),
    **dict.fromkeys(("systems", "system-new"), NOTHING),
    **dict.fromkeys(("system-decide", "system-webhooks", "webhook-new"), Address("system")),
    **dict.fromkeys(("webhook", "webhook-do"), Address("webhook")),
    **dict.fromkeys(("api-region", "api-assessment-verify"), Address("", {"code": "420704000000"})),
    **dict.fromkeys(
        ("api-person", "api-facts", "api-decisions", "api-assessments", "api-happening"),
        Address("", {"person_id": UNKNOWN}),
    ),
    **dict.fromkeys(("api-list", "api-list-files"), Address("", {"list_id": UNKNOWN})),
    **dict.fromkeys(("api-task", "api-task-close"), Address("", {"task_id": UNKNOWN})),
    "api-matter": Address("", {"matter_id": UNKNOWN}),
    "components": Address(posts=frozenset({404})),
    "working-region": Address(posts=frozenset({404})),
    **dict.fromkeys(("account", "account-change", "grant-new", "reset-new"), ACCOUNT),
    "reset-decide": Address("reset"),
    "grant-decide": Address("grant"),
    "audit-entry": Address("entry"),
    **dict.fromkeys(("event", "event-send-again", "event-give-up"), Address("event")),
    **dict.fromkeys(("job", "job-progress"), JOB),
    "job-stop": Address("job", lacking=("jobs.stop", 403)),
    "task": Address("task", lacking=("people.read", 404)),  # it is about people: administrators see none
    "notice": Address("notice"),
    "people-view-drop": Address("view"),
    "task-view-drop": Address("task_view"),
    "matter-view-drop": Address("matter_view"),
    "upload": Address("upload", lacking=("people.export", 404)),
    **dict.fromkeys(("transfer", "transfer-withdraw"), Address("transfer")),
    **dict.fromkeys(("household", "household-move"), Address("household")),
    **dict.fromkeys(("duplicate", "duplicate-undo"), Address("pair")),
    **dict.fromkeys(
        "person person-events person-seen person-unmask person-correct person-facts person-death person-undo-death"
        " person-move person-move-out person-return person-transfer contact-new person-join person-leave"
        " person-unmerge".split(),
        PERSON,
    ),
    "person-unmask": Address("person", posts=frozenset({404})),  # which number is to be shown was not said
    "person-fact": Address("person", {"fact": "disability_level"}),
    "person-fact-end": Address("person", {"fact": "disability_level", "source": "community"}),
    **dict.fromkeys(("contact-end", "contact-unmask"), Address("contact")),
    **dict.fromkeys(
        "import import-progress import-columns import-abandon import-rows import-error-rows import-review"
        " import-propose import-approve import-send-back import-undo".split(),
        BATCH,
    ),
    "import-review-row": Address("batch", {"number": 2}, posts=frozenset({404})),  # whom the row means was not said
    **dict.fromkeys(
        "portal portal-services portal-ask portal-result portal-contact portal-contact-kept portal-opinion"
        " portal-opinion-answer portal-policy portal-accessibility portal-place opinions".split(),
        NOTHING,
    ),
    "portal-appearance": Address("", {"what": "care"}),
    "portal-service": Address("", {"slug": "education"}),
    "portal-opinion-said": Address("opinion"),
    "portal-request": Address("request"),
    # Whose file it is stands in a visit that a code opened: tests/portal asks who sees what.
    **dict.fromkeys(
        "portal-mine portal-enter portal-code portal-other portal-stay portal-leave portal-file portal-decisions"
        " portal-questions portal-seen portal-say portal-sayings portal-assessment portal-assessment-ask"
        " portal-assessment-object".split(),
        NOTHING,
    ),
    "portal-decision": Address("", {"slug": "advanced-age-allowance"}),
    "portal-question": Address("", {"fact": "lives_alone"}),
    "portal-saying": Address("saying", lacking=("people.read", 403)),
    "opinion": Address("opinion"),
    **dict.fromkeys(("person-decisions", "person-decisions-sheet", "person-decisions-pdf"), PERSON),
    **dict.fromkeys(("item-pause", "item-resume"), Address("person", {"item": "advanced-age-allowance"})),
    "assessments": NOTHING,
    **dict.fromkeys(("board", "campaigns", "campaign-new"), NOTHING),
    **dict.fromkeys(("campaign", "campaign-people", "campaign-ask", "campaign-close"), Address("campaign")),
    "campaign-opening": Address("opening"),
    "assessment-ask": PERSON,
    **dict.fromkeys(
        "organisations organisation-new drift drift-measure assessment-seconds settlement settlement-export".split(),
        NOTHING,
    ),
    **dict.fromkeys(("organisation", "assessor-new"), Address("organisation")),
    "organisation-deed": Address("organisation", {"deed": "suspend"}),
    "settlement-rows": Address("organisation", {"kind": "valid"}),
    **dict.fromkeys(("assessor", "assessor-change", "tie-new", "assessor-draw"), Address("assessor")),
    "tie-end": Address("tie"),
    "assessment-second": Address("second"),
    "assessment-form": Address("form"),
    "assessment": Address("assessment", lacking=("assessment.read", 404)),  # assessors see what they are sent to
    "assessment-deed": Address("assessment", {"deed": "withdraw"}, lacking=("assessment.read", 404)),
    **dict.fromkeys("results results-export objections".split(), NOTHING),
    **dict.fromkeys("result result-report result-withdraw result-object".split(), Address("result")),
    "objection": Address("objection"),
    "objection-deed": Address("objection", {"deed": "again"}),
    "person-assessments": PERSON,
    **dict.fromkeys("result-batches result-batch-new result-batch-template".split(), NOTHING),
    **dict.fromkeys("result-batch result-batch-errors".split(), Address("result_batch")),
    "result-batch-deed": Address("result_batch", {"deed": "refuse"}),
    **dict.fromkeys(("verify", "portal-public-notice"), NOTHING),
    **dict.fromkeys(
        "assessment-day assessment-leave assessment-field assessment-field-worker assessment-field-token"
        " assessment-field-take".split(),
        NOTHING,
    ),
    # An assessor sees what they are sent to, and this one is sent to nothing; tests/assessment asks who sees what.
    **dict.fromkeys(
        "assessment-day-phone assessment-field-save assessment-field-photo assessment-field-sign"
        " assessment-field-submit".split(),
        Address("assessment", lacking=("assessment.read", 404), posts=frozenset({400, 404})),
    ),
    "assessment-photo": Address("photo", lacking=("assessment.read", 404)),
    "region-alterations": NOTHING,
    **dict.fromkeys(("policies", "list-import"), NOTHING),
    **dict.fromkeys(("service-list", "list-draft", "list-unchanged"), Address("", {"pk": OWN_LIST})),
    **dict.fromkeys(("release", "release-files", "release-print", "release-item-new"), Address("", {"pk": DRAFT})),
    **dict.fromkeys(("release-list", "release-list-try", "release-order"), Address("", {"pk": DRAFT})),
    **dict.fromkeys(("release-item", "release-file"), Address("", DRAFT_ITEM, posts=frozenset({403}))),
    **dict.fromkeys(("release-item-try", "release-item-remove", "release-item-back"), Address("", DRAFT_ITEM)),
    "release-deed": Address("", {"pk": DRAFT, "deed": "propose"}),
    **dict.fromkeys(
        ("region-alteration", "region-alteration-withdraw", "region-alteration-retry"), Address("alteration")
    ),
    "region-change": Address("division", {"deed": "rename"}),
    "region": Address("", {"code": "150602001001"}),  # divisions are public
}
VIEWERS = [
    *((role, "420704001") for role in standard_roles()),
    *((role, "420704") for role in ("district_officer", "district_leader")),
    *((role, "420700") for role in ("city_officer", "security_admin")),
]


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


PAGES = {str(pattern.name): pattern for pattern in patterns()}


def asks(name: str) -> Any:
    return getattr(PAGES[name].callback, "asks", None)


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.FILES = tmp_path / "files"
    return World()


@pytest.fixture
def undone() -> Callable[[Client, str, str], HttpResponse]:
    """Asks for an address and takes back whatever that did, the session included."""

    def ask(client: Client, method: str, url: str) -> HttpResponse:
        cookies = client.cookies.copy()
        with transaction.atomic():
            client.raise_request_exception = False
            answer = getattr(client, method)(url)
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        client.cookies = cookies
        return answer  # type: ignore[no-any-return]

    return ask


@pytest.mark.covers("NET-02")
def test_every_address_has_a_name_asks_for_something_and_stands_in_the_table() -> None:
    named = [pattern for pattern in patterns() if pattern.name]
    assert [str(pattern.pattern) for pattern in patterns() if not pattern.name] == []
    assert len(PAGES) == len(named), "two addresses of one name"
    assert sorted(set(PAGES) - set(ADDRESSES)) == []
    assert sorted(set(ADDRESSES) - set(PAGES)) == []
    assert [name for name in PAGES if not asks(name)] == []
    known = {action for role in standard_roles().values() for action in role["actions"]}
    told = {name: asks(name) for name in PAGES if asks(name) not in (PUBLIC, SIGNED_IN)}
    assert {name: set(actions) - known for name, actions in told.items() if set(actions) - known} == {}


@pytest.mark.covers("NET-02")
def test_nobody_gets_further_than_signing_in(world: World, undone: Any) -> None:
    found, client, own = [], Client(), own_things(world.second)
    for name, address in ADDRESSES.items():
        url = reverse(name, kwargs=_kwargs(world, address, OWN, "420704001", own))
        for method in ("get", "post", "put", "delete", "options", "head"):
            answer = undone(client, method, url)
            shut = answer.status_code == NOT_ALLOWED or "/sign-in/" in answer.headers.get("Location", "")
            if asks(name) == PUBLIC:
                shut = answer.status_code < 500
            if not shut:
                found.append(f"{method} {name}: {answer.status_code}")
    assert found == []


@pytest.mark.covers("NET-02", "PER-06")
@pytest.mark.parametrize(("role", "region"), VIEWERS, ids=lambda value: value)
def test_a_role_sees_what_it_may_where_it_works(
    world: World, client_as: ClientFor, undone: Any, role: str, region: str
) -> None:
    client, actions, found = client_as(role, region), set(standard_roles()[role]["actions"]), []
    own = own_things(client.account)  # type: ignore[attr-defined]
    for name, address in ADDRESSES.items():
        if asks(name) == PUBLIC:
            continue
        allowed = asks(name) == SIGNED_IN or bool(actions & set(asks(name)))
        for place, methods in _asked(address, region, allowed):
            url = reverse(name, kwargs=_kwargs(world, address, place, region, own))
            for method in methods:
                answer = undone(client, method, url)
                wrong = _wrong(answer, address, actions, allowed, method, place)
                if wrong:
                    found.append(f"{method} {name}, {place}: {answer.status_code}, not {wrong}")
    assert "\n".join(found) == ""


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("role", ["street_officer", "security_admin", "auditor", "system_admin"])
def test_what_is_elsewhere_is_answered_word_for_word_like_what_is_not_there(
    world: World, client_as: ClientFor, undone: Any, role: str
) -> None:
    client, actions = client_as(role, "420704001"), set(standard_roles()[role]["actions"])
    own, compared = own_things(world.second), 0
    for name, address in ADDRESSES.items():
        if asks(name) == PUBLIC or not address.takes or not (asks(name) == SIGNED_IN or actions & set(asks(name))):
            continue
        for method in ("get", "post"):
            told = {
                place: _plain(undone(client, method, reverse(name, kwargs=kwargs)))
                for place, kwargs in _outside(world, address, own)
            }
            assert len(set(told.values())) == 1, (method, name)
            compared += 1
    assert compared >= 6


def _outside(world: World, address: Address, own: dict[str, Kwargs]) -> Iterator[tuple[str, Kwargs]]:
    if address.takes in own:  # somebody else's
        yield "other", {**own[address.takes], **address.more}
    else:
        for place in ("sibling", "parent", "unrelated"):
            yield place, _kwargs(world, address, place, "420704001", {})
    yield NONE, _kwargs(world, address, NONE, "420704001", own)


def _kwargs(world: World, address: Address, place: str, region: str, own: dict[str, Kwargs]) -> Kwargs:
    if not address.takes:
        return address.more
    if address.takes in own and place == OWN:
        return {**own[address.takes], **address.more}
    if place == NONE:
        one = "account" if address.takes in own else address.takes
        blank = world.none(one)
        return {**({next(iter(own[address.takes])): blank["pk"]} if one != address.takes else blank), **address.more}
    return {**world.objects[address.takes, places_of(region)[place]], **address.more}


def _asked(address: Address, region: str, allowed: bool) -> list[tuple[str, tuple[str, ...]]]:
    """Which places are asked for with which methods; who may not at all is refused before anything is looked up."""
    both = ("get", "post")
    if not address.takes:
        return [(OWN, both)]
    if not allowed:
        return [(OWN, both)]
    if address.takes in ("notice", "view", "task_view", "matter_view"):
        return [(OWN, both), (NONE, both)]
    outside = [(place, ("get",)) for place in ("parent", "unrelated", NONE) if place in {*places_of(region), NONE}]
    return [(OWN, both), ("child", ("get",)), ("sibling", both), *outside]


def _wrong(
    answer: HttpResponse, address: Address, actions: set[str], allowed: bool, method: str, place: str
) -> set[int]:
    """The statuses that would have been right, when this one is not."""
    inside = place in (OWN, "child")
    if not allowed:
        right = {403}
    elif not inside:
        right = {404}
    elif address.lacking and address.lacking[0] not in actions:
        right = {address.lacking[1]}
    else:
        right = SHOWN if method == "get" else DONE | address.posts
    return set() if answer.status_code in right | {NOT_ALLOWED} else right


_RANDOM = re.compile(rb"[A-Za-z0-9]{64}|nonce=\S+|[0-9a-f-]{36}|987654321098|420799999999|/(audit|events)/\d+")


def _plain(answer: HttpResponse) -> tuple[int, bytes]:
    return answer.status_code, _RANDOM.sub(b"", answer.content)
