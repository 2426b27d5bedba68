"""Lists that leave as files in the background: a page begins the work, the work writes and keeps the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from songhe.foundation import jobs
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.audit.recording import exported
from songhe.foundation.jobs.progress import Progress
from songhe.foundation.uploads.operations import adopt
from songhe.foundation.uploads.plain import plain_file
from songhe.kernel.errors import SongheError
from songhe.ui.exports import file_kind
from songhe.ui.words import said_error

Told = Callable[[int], None]


def begin_list(
    request: ActingRequest, work: str, title: str, arguments: Mapping[str, Any], *, back: str
) -> HttpResponse:
    """Starts the work that writes a list, with the kind of file that was chosen, and goes to it.

    What refuses it is said on the page that `back` names (an address, or the name of one).
    """
    given = {**arguments, "kind": file_kind(request.POST.get("kind", ""))}
    try:
        job = jobs.start(request.actor, work, given, title, request.actor.region)
    except SongheError as error:
        messages.error(request, said_error(error))
        return redirect(back)
    return redirect("job", job.pk)


def write_list(
    job: Progress,
    write: Callable[[Path, Told], int],
    *,
    action: str,
    name: str,
    total: int,
    unit: str,
    detail: Mapping[str, Any],
    permission: str = "",
) -> None:
    """Writes a list to a file and keeps it for who may take it along; what was taken is written down.

    `write` gets a path with the ending of `name` and whom to tell how far it is, and gives how many rows there are, in
    `unit`. `permission` is what reading the file takes; empty: for who asked alone. The job can be stopped meanwhile.
    """

    def told(done: int) -> None:
        job.check_cancelled()
        job.at(done, total, f"写了{done}{unit}")

    with plain_file(f"list{Path(name).suffix}") as path:
        count = write(path, told)
        file = adopt(job.actor, path, name, region=job.region, permission=permission)
    exported(job.actor, action=action, rows=count, detail={**detail, "file": str(file.pk)}, region=job.region)
    job.finish({"link": reverse("upload", args=[file.pk]), "counts": {unit: count}})
