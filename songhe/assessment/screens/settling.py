"""What organisations did in a month, and what of it is paid."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from songhe.assessment import permissions
from songhe.assessment.presenters_organisations import KINDS, month_word
from songhe.assessment.queries import settlement as reads
from songhe.assessment.queries.organisations import organisation_of
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.foundation.places import place_names
from songhe.ui.lists import KeyedPage, file_answer, page_at


@require_GET
@needs(permissions.EXPORT)
def settlement(request: ActingRequest) -> HttpResponse:
    """A row an organisation; every number opens its rows."""
    month, today = _month(request.GET.get("month", "")), timezone.localdate()
    rows = reads.settled(request.actor, month)
    names = place_names(one.organisation.district for one in rows)
    context = {
        "month": f"{month:%Y-%m}",
        "word": month_word(month),
        "rows": [(one, names[one.organisation.district]) for one in rows],
        "priced": any(one.price is not None for one in rows),
        "months": [(f"{one:%Y-%m}", month_word(one)) for one in reads.months(today)],
        "lasts": today < reads.next_month(month),
    }
    return render(request, "assessment/settlement.html", context)


@require_GET
@needs(permissions.EXPORT)
def settlement_rows(request: ActingRequest, pk: UUID, kind: str) -> HttpResponse:
    """The results, or forms that went back, behind one number."""
    if kind not in KINDS:
        raise Http404
    month, body = _month(request.GET.get("month", "")), organisation_of(request.actor, pk)
    back = kind == reads.SENT_BACK
    page: KeyedPage[Any] = page_at(
        reads.sent_back_rows(request.actor, month, pk) if back else reads.settled_rows(request.actor, month, pk, kind),
        reads.SUBMITTED_ORDER if back else reads.CONFIRMED_ORDER,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""), rows=reads.PAGE_ROWS,
    )  # fmt: skip
    context = {
        "body": body,
        "word": month_word(month),
        "month": f"{month:%Y-%m}",
        "kind": str(KINDS[kind]),
        "forms": page.rows if back else [],
        "rows": [] if back else [(row, str(KINDS[reads.kind_of(row)])) for row in page.rows],
        "before_url": f"?month={month:%Y-%m}&before={page.before}" if page.before else "",
        "after_url": f"?month={month:%Y-%m}&after={page.after}" if page.after else "",
    }
    return render(request, "assessment/settlement_rows.html", context)


@require_POST
@needs(permissions.EXPORT)
def settlement_export(request: ActingRequest) -> HttpResponse:
    """The table as a file; numbers only, nobody's name."""
    month = _month(request.POST.get("month", ""))
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    found = reads.settled(request.actor, month)
    names = place_names(one.organisation.district for one in found)
    head = [
        "区县", "机构", "统一社会信用代码", "审核通过", "有效", "抽查", "重复", "撤回", "退回", "结算件数",
        "单价", "金额",
    ]  # fmt: skip
    rows = [
        (names[one.organisation.district], one.organisation.name, one.organisation.code, one.done, one.valid,
         one.second, one.repeated, one.withdrawn, one.sent_back, one.paid, _yuan(one.price), _yuan(one.amount))
        for one in found
    ]  # fmt: skip
    exported(request.actor, action="assessment.export_settlement", rows=len(rows), detail={"month": f"{month:%Y-%m}"})
    return file_answer(_("评估结算") + f"{month:%Y%m}", kind, head, rows)


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)
