"""Drafts: begun from the release in force, edited file by file, dropped."""

from __future__ import annotations

import re
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.policy.kept_packs import digest_of
from songhe.policy.kinds import CORRECT
from songhe.policy.models import Release, ServiceList
from songhe.policy.operations.revising import end_revision
from songhe.policy.operations.steps import took_step
from songhe.policy.operations.turns import hand_on
from songhe.policy.queries import in_force, release_of
from songhe.policy.rights import check_begin, check_deed
from songhe.policy.terms import ReleaseState, day_words
from songhe.rules.reading_packs import LIST_FILE

_FROM = re.compile(r"^from:.*$", re.MULTILINE)
_UNTIL = re.compile(r"^until:.*\n?", re.MULTILINE)
_NAME = re.compile(r"(?:list|\d{2}-[a-z0-9-]+)\.yaml", re.ASCII)
_CHANGES = ("edited", "removed", "put_back", "renumbered")
LONGEST = 60_000


@transaction.atomic
def begin_draft(*, actor: Actor, of_list: ServiceList, from_date: date, now: datetime, note: str = "") -> Release:
    """A draft with the files of the list's last release, to hold from a day.

    Conflict when one is on its way already; BadInput for a day on or before that of the release it would replace.
    """
    check_begin(actor, of_list)
    last = of_list.releases.exclude(state=ReleaseState.DROPPED).order_by("-number").first()
    if last is None:
        raise NotFound("可以照着起草的一版", accepted="先从policies导入")
    _check_later(last, from_date)
    newest = of_list.releases.order_by("-number").values_list("number", flat=True)[0]
    files = {**last.files, LIST_FILE: _dated(last.files[LIST_FILE], from_date)}
    until_date = _time_of(files[LIST_FILE], from_date)[1]
    release = Release.objects.create(
        of_list=of_list, number=newest + 1, from_date=from_date, until_date=until_date, files=files,
        doubts=last.doubts, digest=digest_of(files), parent=_parent_now(last, from_date), based_on=last, note=note,
        created_at=now, changed_at=now, drafted_by=actor.account_id, drafter=actor.name,
    )  # fmt: skip
    end_revision(of_list, "begun", now)
    took_step(actor, release, "begun", f"照第{last.number}版起草", now)
    record(actor, action="policy.draft", subject=release.pk, region=of_list.region)
    return release


@transaction.atomic
def save_file(*, actor: Actor, release: UUID, name: str, text: str, version: int, now: datetime) -> Release:
    """Keeps the text of one file of a draft; faults in it are kept too, and shown where they are.

    Conflict when somebody else saved in between (`version`) or it is no draft any more; BadInput for a name that is
    none of a list's, or a text that is too long.
    """
    row = locked_draft(actor, release, version)
    if not _NAME.fullmatch(name):
        raise BadInput(
            "文件名", "不是清单里的文件名", given=name, accepted="list.yaml，或03-advanced-age-allowance.yaml"
        )
    if len(text) > LONGEST or "\0" in text:
        raise BadInput(name, f"最多{LONGEST}个字，不能有控制字符", given=f"{len(text)}个字")
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    if name == LIST_FILE:
        row.from_date, row.until_date = _time_of(text, row.from_date)
    row.files = {**row.files, name: text}
    keep(row, now)
    if last_editor(row) != actor.name[:40]:
        took_step(actor, row, "edited", "", now)
    record(actor, action="policy.edit", subject=row.pk, region=row.of_list.region, detail={"file": name})
    return row


@transaction.atomic
def remove_file(*, actor: Actor, release: UUID, name: str, version: int, now: datetime) -> Release:
    """Takes an item out of a draft; the list itself cannot be taken out."""
    row = locked_draft(actor, release, version)
    if name == LIST_FILE or name not in row.files:
        raise NotFound(f"{name}")
    row.files = {other: text for other, text in row.files.items() if other != name}
    keep(row, now)
    took_step(actor, row, "removed", name, now)
    record(actor, action="policy.remove_item", subject=row.pk, region=row.of_list.region, detail={"file": name})
    return row


@transaction.atomic
def drop_draft(*, actor: Actor, release: UUID, reason: str, now: datetime) -> Release:
    """Ends a draft that is not wanted any more; it stays to be read."""
    row = locked_draft(actor, release, None)
    row.move(ReleaseState.DROPPED, changed_at=now)
    hand_on(row, ended={CORRECT.code: "dropped"}, begun="", now=now)
    took_step(actor, row, "dropped", reason, now)
    record(actor, action="policy.drop", subject=row.pk, region=row.of_list.region)
    return row


def last_editor(row: Release) -> str:
    """Who changed the draft last, as far as a step says so."""
    step = row.steps.filter(deed__in=("begun", "imported", *_CHANGES)).order_by("-done_at", "-pk").first()
    return step.doer if step is not None and step.deed in _CHANGES else ""


def keep(row: Release, now: datetime) -> None:
    """Saves the changed files of a draft with their digest, as the next saving."""
    row.digest, row.changed_at, row.version = digest_of(row.files), now, row.version + 1
    row.save(update_fields=["files", "digest", "changed_at", "version", "from_date", "until_date"])


def locked_draft(actor: Actor, release: UUID, version: int | None) -> Release:
    """A draft that the actor may change, locked; Conflict when it was saved since `version`."""
    row = Release.objects.select_for_update(of=("self",)).select_related("of_list").filter(pk=release).first()
    if row is None:
        raise NotFound("这一版清单")
    check_deed(actor, row, "edit")
    if version is not None and version != row.version:
        raise Conflict(f"{last_editor(row) or '别人'}刚改过这份草稿，您的改动没有存。请看看新的内容再改")
    return release_of(row.pk) if version is None else row


def _check_later(last: Release, from_date: date) -> None:
    if last.state in (ReleaseState.ISSUED, ReleaseState.SUPERSEDED) and from_date <= last.from_date:
        raise BadInput(
            "施行日期",
            f"第{last.number}版从{day_words(last.from_date)}施行",
            given=str(from_date),
            accepted="更晚的一天",
        )


def _dated(text: str, from_date: date) -> str:
    """list.yaml from another day on; an end that lies before it goes."""
    last = _day(_UNTIL, text)
    kept = text if last is None or last > from_date else _UNTIL.sub("", text, count=1)
    return _FROM.sub(f"from: {from_date.isoformat()}", kept, count=1)


def _time_of(text: str, otherwise: date) -> tuple[date, date | None]:
    """From and until as they stand in list.yaml; a faulty day is left to the gate."""
    first, last = _day(_FROM, text) or otherwise, _day(_UNTIL, text)
    return first, last if last is not None and last > first else None


def _day(pattern: re.Pattern[str], text: str) -> date | None:
    found = pattern.search(text)
    try:
        return date.fromisoformat(found.group().partition(":")[2].strip()) if found else None
    except ValueError:
        return None


def _parent_now(last: Release, on: date) -> Release | None:
    if last.parent is None:
        return None
    for release in in_force(on):
        if release.of_list_id == last.parent.of_list_id:
            return release
    return last.parent
