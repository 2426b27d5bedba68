"""Trying figures or a draft, opening a count, keeping what came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.eligibility.scenarios import Scenario
from songhe.eligibility.simulating import operations, permissions
from songhe.eligibility.simulating.forms import FIELD, groups_of, text_of
from songhe.eligibility.simulating.presenters import (
    NOBODY_KNOWS,
    age_lines,
    brief_figures,
    changes_in_words,
    charts_of,
    compared,
    district_lines,
    item_lines,
    lead_lines,
    letter,
    names_of,
    page_url,
    query,
    unpriced,
)
from songhe.eligibility.simulating.presenters_kept import kept_lines, kept_page, people_lines
from songhe.eligibility.simulating.queries import (
    MOST_VARIANTS,
    PAGE_ROWS,
    Answer,
    Trial,
    answer_of,
    asked_for,
    kept_of,
    people_of,
    release_to_try,
    releases_to_try,
    scenarios_of,
    simulation_of,
    trial_of,
)
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.kernel.numbers import whole_read
from songhe.ui.words import said_error

_LONGEST_TEXT = 1_500


@require_GET
@needs(permissions.SIMULATE)
def simulations(request: ActingRequest) -> HttpResponse:
    """Which releases can be tried here."""
    rows = releases_to_try(request.actor, timezone.localdate())
    return render(request, "simulating/releases.html", {"rows": rows})


@require_GET
@needs(permissions.SIMULATE)
def simulate(request: ActingRequest, pk: UUID) -> HttpResponse:
    """A release with figures to try; fields that were filled in lead to the address that says what is tried."""
    trial, problem = _trial(request, pk)
    if trial is None:
        return render(request, "simulating/faulty.html", {"release_id": pk, "problem": problem}, status=422)
    texts, chosen = _asked(request, trial)
    if any(name.startswith(FIELD) for name in request.GET):
        texts, chosen = _filled_in(request, trial, texts, chosen)
        if not request.headers.get("HX-Request"):
            return redirect(page_url(pk, texts, chosen))
    context, status = _context(request, trial, texts, chosen), 200
    part = "simulating/page.html#result" if request.headers.get("HX-Request") else "simulating/page.html"
    answer = render(request, part, context, status=status)
    if request.headers.get("HX-Request"):
        answer.headers["HX-Push-Url"] = page_url(pk, texts, chosen)
    return answer


@require_GET
@needs(permissions.SIMULATE)
def simulate_brief(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Whom a draft touches as it stands, beside what holds: a part of the page on which it is sent on its way."""
    trial, problem = _trial(request, pk)
    if trial is None:
        return render(request, "simulating/brief.html", {"release_id": pk, "problem": problem})
    context: dict[str, Any] = {"release_id": pk, "trial": trial, "own": trial.edits}
    answer = answer_of(request.actor, trial, scenarios_of(trial, []), timezone.now()) if trial.edits else None
    if answer is not None:
        people = brief_figures(answer, may_open=_may_open(request))
        context |= _shown(request, answer, [], 0) | {"people": people, "unpriced": unpriced(answer)}
    return render(request, "simulating/brief.html", context | {"reading": trial.edits and answer is None})


@require_GET
@needs(permissions.SIMULATE)
def simulate_people(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Who is behind a count. For who may see decisions of persons."""
    if not request.actor.may(permissions.PEOPLE):
        raise Http404
    trial, texts, chosen, answer = _answered(request, pk)
    if answer is None:
        return redirect(page_url(pk, texts, chosen))
    slug, figure = request.GET.get("item", "")[:60], request.GET.get("figure", "better")[:20]
    area, band, start = request.GET.get("area", "")[:12], request.GET.get("band", "")[:2], _start(request)
    try:
        district = None if not area else "" if area == NOBODY_KNOWS else area
        asked = asked_for(answer, slug, figure, district, band)
    except NotFound as error:
        raise Http404 from error
    rows, count = people_of(answer, asked, start)
    own = {"item": slug, "figure": figure, "area": area, "band": band}
    same = {name: value for name, value in own.items() if value}
    context = {
        "trial": trial,
        "count": count,
        "rows": people_lines(rows, timezone.localdate()),
        "what": changes_in_words(trial.own, answer.variants[0].effect.scenario.changes) or _("草稿"),
        "figure": figure,
        "item": trial_item(answer, slug),
        "back_url": page_url(pk, texts, chosen),
        "first": start + 1,
        "last": start + len(rows),
        "before_url": query(texts, chosen, **same, start=max(0, start - PAGE_ROWS)) if start else "",
        "after_url": query(texts, chosen, **same, start=start + PAGE_ROWS) if start + PAGE_ROWS < count else "",
    }
    return render(request, "simulating/people.html", context)


@require_POST
@needs(permissions.SIMULATE)
@answered_once
def simulate_keep(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Keeps the chosen variant under a name."""
    _trial_seen, texts, chosen, answer = _answered(request, pk)
    back = page_url(pk, texts, chosen)
    if answer is None:
        messages.error(request, _("没有存：还没有算出结果"))
        return redirect(back)
    names, changes = names_of(answer.what_if.roll.districts), answer.variants[0].effect.scenario.changes
    try:
        kept = operations.keep(
            actor=request.actor,
            words=changes_in_words(answer.trial.own, changes),
            answer=answer,
            name=request.POST.get("name", ""),
            region_names=names,
            now=timezone.now(),
        )
    except SongheError as error:
        messages.error(request, said_error(error))
        return redirect(back)
    messages.success(request, _("存好了：{name}").format(name=kept.name))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.READ)
@answered_once
def simulation(request: ActingRequest, pk: UUID) -> HttpResponse:
    """What was kept; by POST (`do`: attach, detach, drop) its maker changes that."""
    try:
        row = simulation_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error
    if request.method == "POST":
        return _do(request, row.pk, row.release_id)
    own = row.made_by == request.actor.account_id
    context = {"kept": row, "own": own, "may_attach": own and request.actor.may(permissions.PROPOSE), **kept_page(row)}
    return render(request, "simulating/kept.html", context)


def _do(request: ActingRequest, pk: UUID, release: UUID) -> HttpResponse:
    actor, deed = request.actor, request.POST.get("do", "")
    try:
        if deed == "drop":
            operations.drop(actor=actor, simulation=pk)
            messages.success(request, _("删掉了"))
            return redirect("simulate", release)
        if deed in ("attach", "detach"):
            operations.attach(actor=actor, simulation=pk, wanted=deed == "attach")
            messages.success(request, _("附在送审里了") if deed == "attach" else _("取下来了"))
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect("simulation", pk)


def _trial(request: ActingRequest, pk: UUID) -> tuple[Trial | None, str]:
    try:
        release = release_to_try(request.actor, pk)
    except NotFound as error:
        raise Http404 from error
    try:
        return trial_of(release, timezone.localdate()), ""
    except SongheError as error:
        return None, said_error(error)


def _asked(request: ActingRequest, trial: Trial) -> tuple[list[str], int]:
    """The texts of changed figures, and which column is chosen."""
    given = request.GET if request.method == "GET" else request.POST
    texts = [text[:_LONGEST_TEXT] for text in given.getlist("v") if text.strip()][:MOST_VARIANTS]
    columns = len(texts) + trial.edits
    chosen = given.get("n", "0")
    place = whole_read(chosen, 2) or 0
    return texts, min(place, max(0, columns - 1))


def _filled_in(request: ActingRequest, trial: Trial, texts: list[str], chosen: int) -> tuple[list[str], int]:
    """The variants with the chosen one as the fields say; from the draft as it stands a new one begins."""
    text, place = text_of(trial.own, {name: str(value) for name, value in request.GET.items()}), chosen - trial.edits
    if 0 <= place < len(texts):
        texts = [*texts[:place], *([text] if text else []), *texts[place + 1 :]]
        return texts, chosen if text else 0
    if not text or len(texts) >= MOST_VARIANTS:
        return texts, chosen
    return [*texts, text], len(texts) + trial.edits


def _context(request: ActingRequest, trial: Trial, texts: Sequence[str], chosen: int) -> dict[str, Any]:
    here = request.actor.region
    apart = [one for one in trial.without if one.startswith(here)]
    own: dict[str, Any] = {"trial": trial, "texts": texts, "chosen": chosen, "release_id": trial.release.pk}
    own["apart"] = _("、").join(map(names_of(apart), apart))
    if not trial.decides_in(here):
        return own | {"elsewhere": True, "groups": groups_of(trial.own, None)}
    try:
        scenarios = scenarios_of(trial, texts)
    except SongheError as error:
        return own | {"problem": said_error(error), "groups": groups_of(trial.own, None)}
    picked = scenarios[chosen] if scenarios else None
    own |= {"groups": groups_of(trial.own, picked), "kept": kept_lines(kept_of(trial.release, request.actor))}
    answer = answer_of(request.actor, trial, scenarios, timezone.now())
    if answer is None:
        return own | {"reading": True, "again_url": page_url(trial.release.pk, texts, chosen)}
    return (
        own
        | {"answer": answer, "columns": _columns(trial, scenarios, texts, chosen)}
        | _shown(request, answer, texts, chosen)
    )


def _columns(trial: Trial, scenarios: Sequence[Scenario], texts: Sequence[str], chosen: int) -> list[dict[str, Any]]:
    found = []
    for place, one in enumerate(scenarios):
        number = place - trial.edits
        rest = [text for other, text in enumerate(texts) if other != number]
        found.append(
            {
                "name": _("草稿") if number < 0 else letter(number),
                "words": changes_in_words(trial.own, one.changes),
                "url": page_url(trial.release.pk, texts, place),
                "current": place == chosen,
                "drop_url": page_url(trial.release.pk, rest) if number >= 0 else "",
            }
        )
    return found


def _shown(request: ActingRequest, answer: Answer, texts: Sequence[str], chosen: int) -> dict[str, Any]:
    if not answer.variants:
        return {}
    may, release, names = (
        _may_open(request),
        answer.trial.release.pk,
        names_of(answer.what_if.roll.districts),
    )

    def url(figure: str, place: int = chosen, **more: object) -> str:
        ends = query(texts, place, figure=figure, **more)
        return page_url(release, ()) + f"people/{ends}" if may else ""

    effect = answer.variants[chosen].effect
    return {
        "lines": compared(answer, lambda place, figure: url(figure, place)),
        "items": item_lines(answer, effect, url, names),
        "leads": lead_lines(effect),
        "districts": district_lines(answer, effect, url, names),
        "ages": age_lines(answer, effect, url),
        "charts": charts_of(answer, effect, names),
        "add_url": _add_url(answer.trial, texts, chosen),
        "living": answer.what_if.living.total("people"),
    }


def _may_open(request: ActingRequest) -> bool:
    return request.actor.may(permissions.PEOPLE)


def _add_url(trial: Trial, texts: Sequence[str], chosen: int) -> str:
    """The page with the chosen variant once more, to be changed further; empty without one, or with three."""
    place = chosen - trial.edits
    if not 0 <= place < len(texts) < MOST_VARIANTS:
        return ""
    return page_url(trial.release.pk, [*texts, texts[place]], len(texts) + trial.edits)


def _answered(request: ActingRequest, pk: UUID) -> tuple[Trial, list[str], int, Answer | None]:
    """The chosen variant alone, worked out; None when nothing is tried, or while people are being read."""
    trial, _problem = _trial(request, pk)
    if trial is None:
        raise Http404
    texts, chosen = _asked(request, trial)
    try:
        scenarios = scenarios_of(trial, texts)
    except SongheError as error:
        raise Http404 from error
    picked = scenarios[chosen : chosen + 1]
    answer = answer_of(request.actor, trial, picked, timezone.now()) if picked else None
    return trial, texts, chosen, answer


def _start(request: ActingRequest) -> int:
    start = request.GET.get("start", "0")
    return whole_read(start, 8) or 0


def trial_item(answer: Answer, slug: str) -> str:
    """The name of an item that the variant touches, empty for none."""
    return next((item.after.item.name for item in answer.variants[0].effect.items if item.after.item.slug == slug), "")
