"""Organisations, assessors, differences between them and settlements, ready for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from songhe.assessment.drift_runs import DriftRun
from songhe.assessment.drifting.agreement import Interval
from songhe.assessment.drifting.fitting import ALIKE, DIFFERS, FEW, UNCLEAR
from songhe.assessment.models import Assessor
from songhe.assessment.queries import listing, results
from songhe.assessment.queries.organisations import soon
from songhe.assessment.queries.settlement import DONE, REPEATED, SECOND, SENT_BACK, VALID, WITHDRAWN
from songhe.assessment.queries.workload import BACK, HAND, WEEK, Workload
from songhe.assessment.terms import OrganisationState
from songhe.kernel.told import phrase
from songhe.ui.pictures import Chart, Series

SUSPEND, RESUME, END = "suspend", "resume", "end"
# deed -> the state it leads to, and from which ones
DEEDS: Mapping[str, tuple[OrganisationState, frozenset[str]]] = {
    SUSPEND: (OrganisationState.SUSPENDED, frozenset({OrganisationState.REGISTERED})),
    RESUME: (OrganisationState.REGISTERED, frozenset({OrganisationState.SUSPENDED})),
    END: (OrganisationState.ENDED, frozenset({OrganisationState.REGISTERED, OrganisationState.SUSPENDED})),
}
WORDS = {
    SUSPEND: gettext_lazy("暂停派单"), RESUME: gettext_lazy("恢复派单"), END: gettext_lazy("注销机构"),
}  # fmt: skip
FOLLOWS = {
    SUSPEND: gettext_lazy("暂停以后不再派这家的评估员；手里的照常办完。随时可以恢复。"),
    RESUME: gettext_lazy("恢复以后又可以派这家的评估员。"),
    END: gettext_lazy("注销以后不能再派，也不能恢复，要重新登记。已出的结果照样有效。"),
}
_VERDICTS = {
    DIFFERS: ("due", gettext_lazy("和别人不一样")),
    UNCLEAR: ("unknown", gettext_lazy("还看不出")),
    ALIKE: ("yes", gettext_lazy("和别人一样")),
    FEW: ("todo", gettext_lazy("太少，不比")),
}
_ORDER = (DIFFERS, UNCLEAR, ALIKE, FEW)

KINDS = {
    DONE: gettext_lazy("审核通过"), VALID: pgettext_lazy("settlement", "有效"), SECOND: gettext_lazy("抽查"),
    REPEATED: gettext_lazy("有效期里又评"), WITHDRAWN: pgettext_lazy("settlement", "撤回"),
    SENT_BACK: pgettext_lazy("settlement", "退回"),
}  # fmt: skip
_MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Worker:
    """An assessor in a table; `certificate` is the kind of mark: yes, stale (ends soon) or no (has ended)."""

    row: Assessor
    load: Workload
    rows: Mapping[str, str]
    certificate: str
    says: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One assessor of a comparison, with the place of the interval between -`reach` and `reach`."""

    assessor: Assessor
    points: float
    low: float
    high: float
    cases: int
    kind: str
    words: str
    judged: bool
    differs: bool


def workers(rows: Sequence[Assessor], loads: Mapping[UUID, Workload], today: date) -> list[Worker]:
    """Assessors with their load and how their certificate stands."""
    return [Worker(row, loads[row.pk], rows_behind(row), *certificate(row, today)) for row in rows]


def rows_behind(row: Assessor) -> dict[str, str]:
    """Where the rows behind each figure of a load are, by the figure's name."""
    key, cases, found = str(row.pk), reverse("assessments"), reverse("results")
    asked = {"in_hand": HAND, "this_week": WEEK, "sent_back": BACK}
    month = results.ResultFilters(assessor=key, confirmed=results.MONTH)
    return {
        **{name: cases + listing.Filters(assessor=key, work=work).address() for name, work in asked.items()},
        "this_month": found + month.address(state=results.EVERY),
        "valid": found + month.address(state=results.KEPT),
    }


def certificate(row: Assessor, today: date) -> tuple[str, str]:
    """How a certificate stands on the day: the kind of mark, and its words."""
    if row.certified_until <= today:
        return "no", _("证书过期了")
    days = (row.certified_until - today).days
    if row.certified_until <= soon(today):
        return "stale", _("还有{days}天到期").format(days=days)
    return ("yes", _("有效")) if row.certified_from <= today else ("todo", _("还没生效"))


def differences(run: DriftRun, assessors: Mapping[str, Assessor]) -> list[Difference]:
    """The assessors of a comparison that the page may show: who differs first, the greatest difference first."""
    shown = [one for one in run.effects if one["assessor"] in assessors]
    shown.sort(key=lambda one: (_ORDER.index(one["verdict"]), -abs(one["points"])))
    return [_difference(one, assessors[one["assessor"]]) for one in shown]


def _difference(one: dict[str, Any], assessor: Assessor) -> Difference:
    kind, words = _VERDICTS[one["verdict"]]
    return Difference(assessor, one["points"], one["low"], one["high"], one["cases"], kind, str(words),
                      one["verdict"] != FEW, one["verdict"] == DIFFERS)  # fmt: skip


def effects_chart(rows: Sequence[Difference]) -> Chart:
    """The greatest differences as bars; the intervals stand in the table below."""
    shown = sorted(rows, key=lambda one: -abs(one.points))[:_MOST_BARS]
    return Chart(
        key="drift", title=_("比别人多打或少打几分"), kind="diverging", unit=_("分"), places=1, axis=phrase("评估员"),
        categories=tuple(one.assessor.name for one in shown),
        series=(Series(_("差几分"), tuple(one.points for one in shown)),),
    )  # fmt: skip


def signed(points: float) -> str:
    """Points with their sign, one digit."""
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points):.1f}"


def interval(found: Interval | None, *, percent: bool = False) -> str:
    """An estimate with its interval in words; a dash for none."""
    if found is None:
        return "–"
    if percent:
        return f"{found.value * 100:.0f}%（{found.low * 100:.0f}%–{found.high * 100:.0f}%）"
    return f"{found.value:.2f}（{found.low:.2f}–{found.high:.2f}）"


def month_word(month: date) -> str:
    """A month in words."""
    return pgettext("month", "{year}年{month}月").format(year=month.year, month=month.month)
