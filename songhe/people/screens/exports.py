"""Taking a list along: how many and which columns, then the work in the background."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from songhe.foundation import jobs
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import SongheError
from songhe.kernel.keys import key_read
from songhe.people import permissions, presenters
from songhe.people.jobs import EXPORT
from songhe.people.queries.filters import Filters
from songhe.people.queries.listing import count_of
from songhe.people.screens.saying import said, say
from songhe.people.screens.searched import found_by
from songhe.ui.exports import FILE_KINDS, file_kind
from songhe.ui.formats import number
from songhe.ui.words import said_error

_MOST_CHOSEN = 500


@needs(permissions.EXPORT)
@require_http_methods(["GET", "POST"])
@answered_once
def people_export(request: ActingRequest) -> HttpResponse:
    """Asks for columns and kind of file; with `start` the work begins."""
    given = request.POST if request.method == "POST" else request.GET
    filters = Filters.read(QueryDict(given.get("within", "")) if request.method == "POST" else given)
    chosen = [str(one) for one in map(key_read, given.getlist("person")[:_MOST_CHOSEN]) if one]
    searched = found_by(request, filters)
    wanted = [UUID(one) for one in chosen] or searched
    columns = [code for code in given.getlist("column") if code in presenters.COLUMNS]
    if request.POST.get("start"):
        kind = file_kind(given.get("kind", ""))
        people = chosen or ([str(one) for one in searched] if searched is not None else None)
        arguments = {"query": filters.without("find").address().lstrip("?"), "kind": kind, "columns": columns}
        try:
            job = jobs.start(
                request.actor, EXPORT, arguments | {"people": people}, "导出老人名单", request.actor.region
            )
        except SongheError as error:
            say(request, said_error(error), kind="alarm")
            return redirect("people")
        return redirect("job", job.pk)
    count, exact = count_of(request.actor, filters, today=timezone.localdate(), found=wanted)
    context = {
        "query": filters.address().lstrip("?"),
        "chosen": chosen,
        "count": number(count) + ("" if exact else _("人以上")),
        "columns": [(column, column.usual) for column in presenters.COLUMNS.values()],
        "kinds": FILE_KINDS,
        "said": said(request),
    }
    return render(request, "people/export.html", context)
