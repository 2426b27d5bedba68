"""What a device, or who pretends to be one, may send: never an error of the house, never another's case."""

from __future__ import annotations

import base64
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from songhe.assessment.models import AnswerChange, Assessor, Form, Photo, Result, Signature
from songhe.assessment.operations.asking import end
from songhe.assessment.operations.assigning import assign, call_back
from songhe.assessment.operations.reviewing import confirm
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry, Kind
from tests.assessment.teams import DRAWING, assessor
from tests.assessment.test_field import DESK, EVERYWHERE, PHOTO, Sent, rows, sent, whole
from tests.platform_fixtures import ClientFor

__all__ = ["sent"]
HOSTILE: list[Any] = [
    4, -1, 4.0, True, None, "", "4 ", " 4", "４", "5", "0x4", [], ["4"], {}, {"4": "4"}, "4" * 10_000, "\ud800", 1e308,
    10**400, "B.1.1", "a\udfffb", "\x01", "字" * 201, ["x"], [{"a": 1}], [[1]],
]  # fmt: skip
FIELDS = (
    "B.1.1", "A.living_with", "A.risk_events", "A.diagnoses", "A.height", "A.coma", "note.B.1.1", "note.B.9.9",
    "A.informant_name", "A.none", "B.9.9", "", "A.", "note.",
)  # fmt: skip


def put(sent: Sent, deed: str, body: str) -> Any:
    return sent.client.post(f"/assessments/field/{sent.row.pk}/{deed}/", body, "application/json")


def test_no_value_and_no_name_of_a_field_breaks_the_house(sent: Sent) -> None:
    stands: dict[str, Any] = {}
    for field, value in product(FIELDS, HOSTILE):
        answer = sent.save({field: value}, stands)
        assert answer.status_code in {200, 400}, (field, value)
        if answer.status_code == 200:
            stands = answer.json()["standing"]["fields"]
            assert stands.get(field) == value
    assert set(stands) <= {"B.1.1", "A.living_with", "A.risk_events", "A.diagnoses", "A.informant_name", "note.B.1.1"}


NOBODY = "00000000-0000-0000-0000-000000000000"
BODIES = (
    "", "[]", "null", "1", '"x"', "{}", '{"form": 1}', "{" * 5000, "[" * 100_000, '{"form": "x", "changes": []}',
    f'{{"form": "{NOBODY}", "changes": [1]}}', f'{{"form": "{NOBODY}", "changes": "all"}}',
    f'{{"form": "{NOBODY}", "changes": [{{"field": "B.1.1", "at": "yesterday"}}]}}',
    f'{{"form": "{NOBODY}", "changes": [{{"field": "B.1.1", "at": "2026-01-01T00:00"}}]}}',
    f'{{"form": "{NOBODY}", "changes": [{{"field": 1, "at": 2}}]}}',
    '{"changes": NaN}', "\ufeff{}", '{"form": "' + "a" * 100 + '"}',
)  # fmt: skip


def test_no_body_breaks_the_house(sent: Sent) -> None:
    for deed, body in product(("save", "photo", "sign", "submit"), BODIES):
        assert put(sent, deed, body).status_code in {400, 404, 413}, (deed, body[:40])
    assert rows(Form) == 0


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"])
def test_a_clock_that_is_wrong_loses_no_answer_and_dates_nothing_in_the_future(sent: Sent, at: str) -> None:
    body = {"changes": [{"field": "B.1.1", "value": "4", "base": None, "at": at}]}
    answer = sent.post("save", **body)
    assert answer.status_code == 200, answer.text
    with scoped(EVERYWHERE, "test"):
        (change,) = AnswerChange.objects.all()
    assert change.changed_at <= change.received_at <= timezone.now()


@pytest.mark.parametrize(
    "image",
    [
        "", "data:image/jpeg;base64,", "data:image/jpeg;base64,%%%", "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/jpeg;base64," + base64.b64encode(b"<svg onload=alert(1)>").decode(),
        "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8\xff" + b"\0" * 800_000).decode(), "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_small_photo_is_not_kept(sent: Sent, image: str) -> None:
    sent.save({"B.1.1": "4"})
    answer = sent.post("photo", photo=str(uuid4()), image=image, at=timezone.now().isoformat(), consent="self")
    assert answer.status_code in {400, 413}
    assert rows(Photo) == 0


def signed(sent: Sent) -> str:
    digest = str(sent.save(whole()).json()["standing"]["digest"])
    for one in sent.team:
        assert sent.post("sign", assessor=str(one.pk), drawing=DRAWING, digest=digest).status_code == 200
    return digest


@pytest.mark.parametrize("drawing", ["", "data:image/png;base64,", "data:image/png;base64,%%", "\ud800"])
def test_what_is_no_drawing_is_no_signature(sent: Sent, drawing: str) -> None:
    digest = sent.save(whole()).json()["standing"]["digest"]
    answer = sent.post("sign", assessor=str(sent.team[0].pk), drawing=drawing, digest=digest)
    assert answer.status_code == 400
    assert rows(Signature) == 0


def test_who_is_not_of_the_team_does_not_sign(sent: Sent) -> None:
    digest = sent.save(whole()).json()["standing"]["digest"]
    with scoped(EVERYWHERE, "test"):
        other = assessor(sent.team[0].organisation, "田野")
    answer = sent.post("sign", assessor=str(other.pk), drawing=DRAWING, digest=digest)
    assert (answer.status_code, "没有派到" in answer.json()["error"]) == (403, True)


@pytest.mark.covers("ASM-03")
def test_after_being_called_back_a_device_hands_nothing_in(sent: Sent) -> None:
    signed(sent)
    with scoped(EVERYWHERE, "test"):
        call_back(actor=DESK, assessment=sent.row.pk, now=timezone.now())
    today = timezone.localdate().isoformat()
    assert [sent.save({"B.1.2": "0"}).status_code, sent.post("submit", date=today).status_code] == [404, 404]
    assert sent.client.get(f"/assessments/{sent.row.pk}/").status_code == 404
    assert rows(Result) == 0


@pytest.mark.covers("ASM-03")
def test_after_the_right_has_ended_a_device_hands_nothing_in(sent: Sent) -> None:
    signed(sent)
    account = Account.objects.get(pk=sent.client.session["_auth_user_id"])
    Grant.objects.filter(account=account).update(ended_at=timezone.now())
    today = timezone.localdate().isoformat()
    assert sent.post("submit", date=today).status_code == 403
    with scoped(EVERYWHERE, "test"):
        assert Form.objects.get().state == "draft"


def test_a_blocked_account_hands_nothing_in(sent: Sent) -> None:
    signed(sent)
    Account.objects.filter(pk=sent.client.session["_auth_user_id"]).update(is_active=False)
    assert sent.post("submit", date=timezone.localdate().isoformat()).status_code in {302, 403}


@pytest.mark.parametrize("days", [-1, 1, 400])
def test_a_day_before_the_request_or_to_come_is_refused(sent: Sent, days: int) -> None:
    signed(sent)
    day = timezone.localdate() + timedelta(days=days)
    answer = sent.post("submit", date=day.isoformat())
    assert (answer.status_code, "评估日期" in answer.json()["error"]) == (400, True)


@pytest.mark.covers("ASM-04", "NET-02")
def test_another_assessor_of_the_same_district_finds_nothing_of_it(sent: Sent, client_as: ClientFor) -> None:
    sent.save(whole())
    photo = str(uuid4())
    sent.post("photo", photo=photo, image=PHOTO, at=timezone.now().isoformat(), consent="self")
    other = client_as("assessor", "420704001000")
    with scoped(EVERYWHERE, "test"):
        mine = assessor(sent.team[0].organisation, "田野")
        Assessor.objects.filter(pk=mine.pk).update(account=Account.objects.get(pk=other.session["_auth_user_id"]))
    base = f"/assessments/{sent.row.pk}/"
    pages = ["", "end/", "appoint/", f"photos/{photo}/"]
    assert {page: other.get(base + page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert other.post(base + "end/", {"words": "不想评"}).status_code == 404
    assert other.get(base + f"forms/{sent.form}/").status_code == 403
    theirs = Sent(other, sent.row, sent.team)
    theirs.form = sent.form
    for deed, body in (
        ("save", {"changes": []}), ("submit", {"date": timezone.localdate().isoformat()}),
        ("sign", {"assessor": str(sent.team[0].pk), "drawing": DRAWING, "digest": "0" * 64}),
        ("photo", {"photo": str(uuid4()), "image": PHOTO, "consent": "self", "at": timezone.now().isoformat()}),
    ):  # fmt: skip
        answer = theirs.post(deed, **body)
        assert (deed, answer.status_code, "standing" in answer.json()) == (deed, 404, False)


@pytest.mark.covers("ASM-04", "NET-02")
def test_an_assessor_opens_no_result_no_report_and_no_list(sent: Sent) -> None:
    signed(sent)
    sent.post("submit", date=timezone.localdate().isoformat())
    with scoped(EVERYWHERE, "test"):
        result = confirm(actor=DESK, assessment=sent.row.pk, now=timezone.now())
        organisation, one = sent.team[0].organisation_id, sent.team[1].pk
    pages = [
        f"results/{result.pk}/", f"results/{result.pk}/report/", f"results/{result.pk}/withdraw/", "results/", "",
        "board/", "objections/", "drift/", "settlement/", "organisations/", f"organisations/{organisation}/",
        f"assessors/{one}/", f"people/{sent.row.person_id}/", "campaigns/", "seconds/", "results/imports/",
        f"{sent.row.pk}/forms/{sent.form}/",
    ]  # fmt: skip
    assert {page: sent.client.get("/assessments/" + page).status_code for page in pages if page} == {
        page: 403 for page in pages if page
    }
    assert sent.client.get("/assessments/").status_code in {302, 403}


@pytest.mark.covers("NET-02")
def test_an_officer_of_another_district_finds_nothing_of_a_result(sent: Sent, client_as: ClientFor) -> None:
    signed(sent)
    sent.post("submit", date=timezone.localdate().isoformat())
    with scoped(EVERYWHERE, "test"):
        result = confirm(actor=DESK, assessment=sent.row.pk, now=timezone.now())
    far, near = client_as("district_officer", "420703000000"), client_as("district_officer", "420704000000")
    pages = [
        f"results/{result.pk}/", f"results/{result.pk}/report/", f"results/{result.pk}/withdraw/",
        f"results/{result.pk}/object/", f"{sent.row.pk}/", f"{sent.row.pk}/forms/{sent.form}/",
        f"people/{sent.row.person_id}/", f"organisations/{sent.team[0].organisation_id}/",
        f"assessors/{sent.team[0].pk}/",
    ]  # fmt: skip
    assert {page: far.get("/assessments/" + page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert {page: near.get("/assessments/" + page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_result_that_is_sent_meanwhile_ends_with_words_on_the_device(sent: Sent) -> None:
    signed(sent)
    with scoped(EVERYWHERE, "test"):
        end(actor=DESK, assessment=sent.row.pk, words="老人不愿意", now=timezone.now())
    answer = sent.post("submit", date=timezone.localdate().isoformat())
    assert (answer.status_code, "没评成" in answer.json()["error"]) == (409, True)
    with scoped(EVERYWHERE, "test"), pytest.raises(Exception, match="这一步不能办"):
        assign(actor=DESK, assessment=sent.row.pk, assessors=[one.pk for one in sent.team], now=timezone.now())


def test_more_changes_than_a_form_has_are_refused(sent: Sent) -> None:
    at = timezone.now().isoformat()
    many = [{"field": "B.1.1", "value": "4", "base": None, "at": at}] * 201
    assert sent.post("save", changes=many).status_code == 400


@pytest.mark.covers("PER-06")
def test_who_looks_at_a_form_or_a_photo_stands_among_the_readers_of_the_person(
    sent: Sent, client_as: ClientFor
) -> None:
    sent.save({"B.1.1": "4"})
    photo = str(uuid4())
    sent.post("photo", photo=photo, image=PHOTO, at=timezone.now().isoformat(), consent="self")
    near = client_as("district_officer", "420704000000")
    near.get(f"/assessments/{sent.row.pk}/forms/{sent.form}/")
    near.get(f"/assessments/{sent.row.pk}/photos/{photo}/")
    with scoped(EVERYWHERE, "test"):
        read = Entry.objects.filter(kind=Kind.READING, subject=str(sent.row.person_id)).values_list("action", flat=True)
        assert {"assessment.read_form", "assessment.read_photo"} <= set(read)
