"""Whose turn a list is: the yearly look in time, and the tasks of a draft on its way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.notices.models import Notice
from songhe.foundation.tasks.models import Task
from songhe.policy.api import Release, approve, begin_draft, propose, remind_of_revision
from songhe.policy.figures import revision_days, turn_ends
from songhe.policy.operations.drafting import drop_draft
from songhe.policy.operations.revising import keep_unchanged
from songhe.policy.queries import revision_asked
from tests.platform_fixtures import ClientFor
from tests.policy.releases import NOW, issued_release, leader, officer

pytestmark = pytest.mark.usefixtures("db")
SPRING, AT = date(2027, 3, 1), datetime(2027, 3, 1, 2, 0, tzinfo=UTC)


def tasks_about(key: object) -> list[tuple[str, str, str]]:
    with scoped(Actor.system("测试", ""), "test"):
        rows = Task.objects.filter(subject=key).order_by("opened_at", "kind")
        return list(rows.values_list("kind", "region_code", "outcome"))


@pytest.mark.covers("POL-03")
def test_a_list_is_called_to_mind_once_a_year_before_the_end_of_may() -> None:
    release = issued_release()
    assert remind_of_revision(today=date(2027, 2, 28), now=AT) == 0
    assert remind_of_revision(today=SPRING, now=AT) == 1
    assert remind_of_revision(today=date(2027, 3, 2), now=AT) == 0
    assert tasks_about(release.of_list_id) == [("policy.revise", "420700000000", "")]
    with scoped(Actor.system("测试", ""), "test"):
        asked = revision_asked(release.of_list)
        assert asked is not None and asked.due_date == date(2027, 5, 31) == revision_days(SPRING)[1]
    assert remind_of_revision(today=date(2027, 6, 1), now=AT) == 0


@pytest.mark.covers("POL-03")
def test_beginning_a_release_does_the_yearly_look_and_so_does_saying_none_is_needed(client_as: ClientFor) -> None:
    release = issued_release()
    remind_of_revision(today=SPRING, now=AT)
    client = client_as("city_officer", "420700")
    page = client.get(reverse("service-list", args=[release.of_list_id])).content.decode()
    assert "今年的修订" in page
    address = reverse("list-unchanged", args=[release.of_list_id])
    assert client.post(address, {"words": "看"}).status_code == 422
    assert client.post(address, {"words": "标准与省里一致"}).status_code == 302
    assert tasks_about(release.of_list_id)[0][2] == "unchanged"
    later = datetime(2028, 3, 1, 2, 0, tzinfo=UTC)
    assert remind_of_revision(today=later.date(), now=later) == 1
    begin_draft(actor=officer(), of_list=release.of_list, from_date=date(2028, 7, 1), now=later)
    assert tasks_about(release.of_list_id)[1][2] == "begun"


def test_who_was_not_asked_has_nothing_to_say() -> None:
    release = issued_release()
    with pytest.raises(Exception, match="已经办过"):
        keep_unchanged(actor=officer(), of_list=release.of_list_id, reason="标准与省里一致", now=AT)


def test_a_dropped_draft_is_nobody_s_turn_any_more(client_as: ClientFor) -> None:
    draft: Release = begin_draft(actor=officer(), of_list=issued_release().of_list, from_date=date(2027, 1, 1), now=NOW)
    client = client_as("city_officer", "420700")
    client.post(reverse("release-deed", args=[draft.pk, "propose"]), {"words": ""})
    boss = client_as("city_leader", "420700")
    boss.post(reverse("release-deed", args=[draft.pk, "refuse"]), {"words": "依据没有写清"})
    account = client.account  # type: ignore[attr-defined]
    assert [one.title for one in Notice.objects.filter(account=account)] == ["鄂州市基本养老服务清单第2版退回了，要改"]
    drop_draft(actor=officer(), release=draft.pk, reason="不改了", now=NOW)
    assert {outcome for _, _, outcome in tasks_about(draft.pk)} == {"refused", "dropped"}


def test_a_turn_ends_after_its_days() -> None:
    assert turn_ends("approve", date(2026, 11, 18)) == date(2026, 11, 28)


def test_approving_and_issuing_are_turns_of_their_own() -> None:
    draft = begin_draft(actor=officer(), of_list=issued_release().of_list, from_date=date(2027, 1, 1), now=NOW)
    proposed = propose(actor=officer(), release=draft.pk, note="", now=NOW)
    approve(actor=leader(), release=draft.pk, digest=proposed.digest, now=NOW)
    assert [(kind, outcome) for kind, _, outcome in tasks_about(draft.pk)] == [
        ("policy.approve", "approved"), ("policy.issue", ""),
    ]  # fmt: skip
