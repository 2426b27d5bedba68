"""What the device without signal talks to: what is taken along, and that handing over does no harm when done twice."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from songhe.assessment.models import AnswerChange, Assessment, Assessor, Form, Photo
from songhe.assessment.operations.asking import accept, ask
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.reviewing import send_back
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.people.api import phone_of
from songhe.people.identity import phone_columns
from tests.assessment.teams import DRAWING, able, assessor, basics, older_person, organisation
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")
DESK = Actor(None, "何俊", "420704", frozenset({"assessment.ask", "assessment.accept", "assessment.review"}))
PHOTO = "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8\xff\xe0JFIF").decode()


class Sent:
    """An assessor with a visit in a few minutes, and a device."""

    def __init__(self, client: Client, row: Assessment, team: list[Assessor]) -> None:
        self.client, self.row, self.team, self.form = client, row, team, str(uuid4())

    def post(self, deed: str, **body: Any) -> Any:
        return self.client.post(
            f"/assessments/field/{self.row.pk}/{deed}/", json.dumps({"form": self.form} | body), "application/json"
        )

    def save(self, fields: dict[str, Any], base: dict[str, Any] | None = None, **more: Any) -> Any:
        at = timezone.now().isoformat()
        changes = [
            {"field": field, "value": value, "base": (base or {}).get(field), "at": at}
            for field, value in fields.items()
        ]
        return self.post("save", changes=changes, **more)

    def take(self) -> Any:
        return self.client.post("/assessments/field/take/").json()


@pytest.fixture
def sent(client_as: ClientFor, db: None) -> Sent:
    client = client_as("assessor", "420704000000")
    account = Account.objects.get(pk=client.session["_auth_user_id"])
    now = timezone.now()
    with scoped(EVERYWHERE, "test"):
        body, person = organisation(), older_person()
        for column, value in phone_columns(person.pk, "13800005521").items():
            setattr(person, column, value)
        person.save()
        team = [assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)]
        Assessor.objects.filter(pk=team[0].pk).update(account=account)
        row = ask(actor=DESK, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=now)
        accept(actor=DESK, assessment=row.pk, now=now)
        assign(actor=DESK, assessment=row.pk, assessors=[one.pk for one in team], now=now)
        row = appoint(actor=DESK, assessment=row.pk, visit_at=now + timedelta(seconds=1), place="家里", now=now)
    return Sent(client, row, team)


def whole() -> dict[str, Any]:
    return {f"A.{key}": value for key, value in basics().items()} | able(B_2_3="3")


def rows(model: Any) -> int:
    with scoped(EVERYWHERE, "test"):
        return int(model.objects.count())


@pytest.mark.covers("ASM-03")
def test_what_is_sent_twice_is_there_once(sent: Sent) -> None:
    first = sent.save(whole()).json()
    again = sent.save(whole()).json()
    assert first["standing"] == again["standing"]
    assert (again["conflicts"], rows(Form), rows(AnswerChange)) == ([], 1, len(whole()))


@pytest.mark.covers("ASM-03")
def test_it_is_signed_and_handed_in_once_and_told_so_when_sent_again(sent: Sent) -> None:
    digest = sent.save(whole()).json()["standing"]["digest"]
    for one in sent.team:
        assert sent.post("sign", assessor=str(one.pk), drawing=DRAWING, digest=digest).status_code == 200
    today = timezone.localdate().isoformat()
    for _ in range(2):
        assert sent.post("submit", date=today).json()["standing"]["state"] == "submitted"
    late = sent.save({"B.1.1": "0"}, {"B.1.1": "4"})
    assert (late.status_code, late.json()["standing"]["digest"]) == (409, digest)
    assert "已经交了" in late.json()["error"]


@pytest.mark.covers("ASM-03")
def test_what_another_device_wrote_is_shown_and_not_overwritten(sent: Sent) -> None:
    sent.save({"B.1.1": "4"})
    answer = sent.save({"B.1.1": "2", "B.1.2": "3"}).json()
    assert [(one["field"], one["stands"]) for one in answer["conflicts"]] == [("B.1.1", "4")]
    assert answer["standing"]["fields"] == {"B.1.1": "4", "B.1.2": "3"}
    chosen = sent.save({"B.1.1": "2"}, {"B.1.1": "4"}).json()
    assert chosen["standing"]["fields"]["B.1.1"] == "2"


def test_a_second_device_is_told_which_form_was_begun(sent: Sent) -> None:
    sent.save({"B.1.1": "4"})
    other = sent.save({"B.1.2": "3"}, form=str(uuid4()))
    assert (other.status_code, other.json()["standing"]["form"]) == (409, sent.form)


@pytest.mark.covers("ASM-03")
def test_a_draft_is_taken_along_with_its_answers_also_after_it_was_sent_back(sent: Sent) -> None:
    digest = sent.save(whole()).json()["standing"]["digest"]
    (visit,) = sent.take()["visits"]
    assert (visit["standing"]["form"], visit["standing"]["fields"]["B.2.3"]) == (sent.form, "3")
    for one in sent.team:
        sent.post("sign", assessor=str(one.pk), drawing=DRAWING, digest=digest)
    sent.post("submit", date=timezone.localdate().isoformat())
    assert sent.take()["visits"] == []
    with scoped(EVERYWHERE, "test"):
        send_back(actor=DESK, assessment=sent.row.pk, words="平地行走再看一次", now=timezone.now())
    (visit,) = sent.take()["visits"]
    assert visit["standing"]["form"] != sent.form
    assert (visit["sent_back"], visit["standing"]["fields"]["B.2.3"]) == ("平地行走再看一次", "3")


def test_what_a_device_cannot_mean_is_refused_in_words(sent: Sent) -> None:
    assert sent.client.post(f"/assessments/field/{sent.row.pk}/save/", "[", "application/json").status_code == 400
    nul = sent.save({"note.B.1.1": "\0"})
    wrong = sent.save({"B.1.1": "7"})
    assert (nul.status_code, wrong.status_code) == (400, 400)
    assert "0至4的整数" in wrong.json()["error"]
    assert rows(Form) == 0


@pytest.mark.covers("ASM-03", "NET-02")
def test_only_who_is_sent_takes_it_along_or_writes(sent: Sent, client_as: ClientFor) -> None:
    other = Sent(client_as("assessor", "420700000000"), sent.row, sent.team)
    assert other.take()["visits"] == []
    assert [other.save(whole()).status_code, other.post("submit", date="2026-11-18").status_code] == [404, 404]
    assert "王德福" not in other.client.get("/assessments/day/").text
    assert client_as("district_officer", "420704000000").get("/assessments/day/").status_code == 403


@pytest.mark.covers("ASM-03")
def test_photos_need_somebody_s_word_and_are_kept_sealed_once(sent: Sent) -> None:
    sent.save({"B.1.1": "4"})
    photo = {"photo": str(uuid4()), "image": PHOTO, "at": timezone.now().isoformat()}
    assert sent.post("photo", **photo, consent="").status_code == 400
    assert sent.post("photo", **(photo | {"image": PHOTO.replace("jpeg", "png")}), consent="self").status_code == 400
    for _ in range(2):
        assert sent.post("photo", **photo, consent="self").status_code == 200
    with scoped(EVERYWHERE, "test"):
        (kept,) = Photo.objects.all()
    assert b"JFIF" not in bytes(kept.image_sealed)
    shown = sent.client.get(f"/assessments/{sent.row.pk}/photos/{kept.pk}/")
    assert (shown.headers["Content-Type"], shown.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    for _ in range(2):
        sent.post("photo", **(photo | {"photo": str(uuid4())}), consent="guardian")
    fourth = sent.post("photo", **(photo | {"photo": str(uuid4())}), consent="self")
    assert "最多3张" in fourth.json()["error"]


@pytest.mark.covers("ASM-03")
def test_a_reviewer_sees_the_photos_with_whose_word_and_who_took_them(sent: Sent, client_as: ClientFor) -> None:
    sent.save({"B.1.1": "4"})
    district = client_as("district_officer", "420704000000")
    page = f"/assessments/{sent.row.pk}/forms/{sent.form}/"
    assert "上门没有拍照" in district.get(page).text
    photo = str(uuid4())
    sent.post("photo", photo=photo, image=PHOTO, at=timezone.now().isoformat(), consent="guardian")
    shown = district.get(page).text
    assert (f"/assessments/{sent.row.pk}/photos/{photo}/" in shown, "监护人同意" in shown) == (True, True)
    assert district.get(f"/assessments/{sent.row.pk}/photos/{photo}/").content[:3] == b"\xff\xd8\xff"
    other = client_as("district_officer", "420703000000")
    assert other.get(f"/assessments/{sent.row.pk}/photos/{photo}/").status_code == 404


def test_the_day_shows_a_telephone_only_when_asked(sent: Sent) -> None:
    page = sent.client.get("/assessments/day/").text
    assert ("王德福" in page, "尾号5521" in page, "13800005521" in page) == (True, True, False)
    assert "13800005521" in sent.client.post(f"/assessments/day/{sent.row.pk}/phone/").text
    with scoped(EVERYWHERE, "test"):
        assert phone_of(Assessment.objects.get(pk=sent.row.pk).person) == "13800005521"


def test_the_page_without_signal_holds_nobody_and_its_worker_names_its_files(sent: Sent) -> None:
    page = sent.client.get("/assessments/field/").text
    assert "王德福" not in page
    worker = Client().get("/assessments/field/worker.js")
    assert (worker.status_code, worker.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "/assessments/field/" in worker.text
    assert "assessment/field/visit.js" in worker.text
