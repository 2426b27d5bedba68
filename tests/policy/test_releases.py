"""The way of a list: imported, drafted, proposed, refused, corrected, approved by another, issued, never changed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.policy.api import (
    approve,
    begin_draft,
    found_in,
    holdings,
    import_list,
    issue,
    load_instruments,
    pack_of,
    propose,
    refuse,
    release_for,
    save_file,
    take_back,
)
from songhe.policy.models import Release
from songhe.rules.reading_packs import load_pack
from tests.policy.releases import EZHOU, NOW, POLICIES, TODAY, issued_release, leader, officer, sent_on, somebody

pytestmark = pytest.mark.usefixtures("db")
SUBSIDY = "17-elderly-service-subsidy.yaml"


def draft_from(release: Release, day: date = date(2027, 1, 1)) -> Release:
    return begin_draft(actor=officer(), of_list=release.of_list, from_date=day, now=NOW)


@pytest.mark.covers("POL-01")
def test_an_imported_list_reads_as_its_folder_does() -> None:
    release = issued_release()
    assert release.state == "issued" and release.number == 1
    folder = load_pack(POLICIES, EZHOU)
    assert release.digest == folder.digest == pack_of(release).digest
    assert [item.slug for item in pack_of(release).items] == [item.slug for item in folder.items]


def test_the_same_files_are_not_imported_twice() -> None:
    issued_release()
    with pytest.raises(Conflict, match="一字不差"):
        import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)


@pytest.mark.covers("POL-03")
def test_who_proposed_or_drafted_cannot_approve() -> None:
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)
    propose(actor=officer(), release=draft.pk, note="", now=NOW)
    both = Actor(officer().account_id, "何俊", officer().region, officer().actions | leader().actions)
    with pytest.raises(Refused, match="要另一个人"):
        approve(actor=both, release=draft.pk, digest=draft.digest, now=NOW)
    with pytest.raises(Refused):
        approve(actor=officer(), release=draft.pk, digest=draft.digest, now=NOW)


def test_the_database_refuses_one_person_for_both() -> None:
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)
    one = officer().account_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=draft.pk).update(proposed_by=one, approved_by=one)


def test_only_what_was_looked_at_is_approved() -> None:
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)
    propose(actor=officer(), release=draft.pk, note="", now=NOW)
    with pytest.raises(Conflict, match="看过再批"):
        approve(actor=leader(), release=draft.pk, digest="0" * 64, now=NOW)


@pytest.mark.covers("POL-03")
def test_refused_corrected_and_issued_the_old_one_ends_where_the_new_one_begins() -> None:
    first = issued_release()
    draft = draft_from(first)
    text = (
        draft.files[SUBSIDY]
        .replace("value: 100", "value: 120")
        .replace("from: 2023-10-17, value: 120", "from: 2023-10-17, value: 120")
    )
    wrong = save_file(actor=officer(), release=draft.pk, name=SUBSIDY, text=text, version=draft.version, now=NOW)
    with pytest.raises(BadInput, match="例子"):
        propose(actor=officer(), release=wrong.pk, note="", now=NOW)
    right = text.replace("amount: 100, payable: 100", "amount: 120, payable: 120")
    saved = save_file(actor=officer(), release=draft.pk, name=SUBSIDY, text=right, version=wrong.version, now=NOW)
    propose(actor=officer(), release=draft.pk, note="提高到120元", now=NOW)
    back = refuse(actor=leader(), release=draft.pk, reason="依据没有写清", now=NOW)
    assert back.state == "draft" and back.refusal == "依据没有写清"
    second = sent_on(saved)
    first.refresh_from_db()
    assert (first.state, first.until_date) == ("superseded", date(2027, 1, 1))
    assert release_for("420704001002", date(2026, 12, 31)) == first
    assert release_for("420704001002", date(2027, 1, 1)) == second
    assert [event.name for event in StoredEvent.objects.filter(name__contains="Release")] == [
        "songhe.policy.events.ReleaseIssued"
    ] * 2


def test_what_left_the_draft_does_not_change() -> None:
    release = issued_release()
    with pytest.raises(Conflict, match="不能再改"):
        save_file(actor=officer(), release=release.pk, name=SUBSIDY, text="item: x", version=release.version, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(files={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('policy_release', 'DELETE')")
        assert cursor.fetchone() == (False,)


def test_two_who_edit_at_once_lose_nothing() -> None:
    draft = draft_from(issued_release())
    save_file(actor=officer(), release=draft.pk, name=SUBSIDY, text=draft.files[SUBSIDY], version=1, now=NOW)
    with pytest.raises(Conflict, match="何俊刚改过"):
        save_file(actor=officer(), release=draft.pk, name=SUBSIDY, text="item: other", version=1, now=NOW)


def test_one_draft_at_a_time_and_later_than_what_holds() -> None:
    first = issued_release()
    with pytest.raises(BadInput, match="更晚的一天"):
        draft_from(first, date(2023, 10, 17))
    draft_from(first)
    with pytest.raises(Conflict, match="在路上"):
        draft_from(first)


def test_faults_of_a_draft_are_shown_by_file_and_line() -> None:
    draft = draft_from(issued_release())
    text = draft.files[SUBSIDY].replace("age >= from_age AND", "agee >= from_age AND")
    saved = save_file(actor=officer(), release=draft.pk, name=SUBSIDY, text=text, version=1, now=NOW)
    (problem, *_) = found_in(saved).problems
    assert problem.where.startswith(f"{SUBSIDY}:") and "agee" in str(problem)


def test_the_proposer_takes_it_back_nobody_else() -> None:
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)
    propose(actor=officer(), release=draft.pk, note="", now=NOW)
    with pytest.raises(Refused, match="送审批的人"):
        take_back(actor=somebody("city_officer", "张华"), release=draft.pk, now=NOW)
    assert take_back(actor=officer(), release=draft.pk, now=NOW).state == "draft"


def test_other_regions_lists_are_not_there() -> None:
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)
    with pytest.raises(NotFound):
        propose(actor=officer("150600"), release=draft.pk, note="", now=NOW)


def test_a_release_holds_where_no_smaller_list_does() -> None:
    issued_release()
    (held,) = holdings(TODAY, "420704")
    assert (held.region, held.without) == ("420704", ())
    assert holdings(TODAY, "1502") == []


def test_what_is_not_approved_is_not_issued() -> None:
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(), root=POLICIES, key=EZHOU, now=NOW)
    with pytest.raises(Conflict):
        issue(actor=leader(), release=draft.pk, today=TODAY, now=NOW)
