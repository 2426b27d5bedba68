"""Files of results on their pages: handed in by one officer, let in by another one."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from songhe.assessment.batches import BatchState, ResultBatch
from songhe.assessment.models import Result
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from tests.assessment.test_import import numbered, row
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")
DISTRICT = "420704000000"


def uploaded(rows: list[dict[str, str]]) -> SimpleUploadedFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("评估结果.csv", text.getvalue().encode("utf-8-sig"), "text/csv")


@pytest.mark.covers("ASM-03")
def test_one_officer_hands_in_and_another_lets_in(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        ((number, person),) = numbered(1)
    officer, other = client_as("district_officer", DISTRICT), client_as("city_officer", "420700000000")
    assert "还没有导入过评估结果" in officer.get("/assessments/results/imports/").text
    page = officer.post(
        "/assessments/results/imports/new/", {"file": uploaded([row(number, B_1_1="1"), row(number, B_1_1="8")])}
    )
    assert page.status_code == 302
    run_queued()
    shown = officer.get(page.url).text
    assert "没有这个选项" in shown
    assert number not in shown
    assert "批准，写入" not in shown
    assert "没有这个选项" in officer.post(f"{page.url}errors/").content.decode("utf-8-sig")
    assert officer.get(f"{page.url}approve/").status_code == 200
    assert officer.post(f"{page.url}approve/").status_code == 302  # refused in words on the page
    with scoped(EVERYWHERE, "test"):
        assert ResultBatch.objects.get().state == BatchState.STAGED
    assert "批准，写入" in other.get(page.url).text
    assert other.post(f"{page.url}approve/").url == page.url
    run_queued()
    with scoped(EVERYWHERE, "test"):
        assert Result.objects.get(person=person).level == 1
    assert other.post(f"{page.url}undo/", {"words": ""}).status_code == 422
    assert other.post(f"{page.url}undo/", {"words": "交错了"}).status_code == 302
    run_queued()
    with scoped(EVERYWHERE, "test"):
        assert Result.objects.get(person=person).state == "withdrawn"
        assert ResultBatch.objects.get().state == BatchState.UNDONE


def test_a_file_that_is_no_table_is_refused_in_words(client_as: ClientFor, db: None) -> None:
    officer = client_as("district_officer", DISTRICT)
    page = officer.post("/assessments/results/imports/new/", {"file": SimpleUploadedFile("a.xlsx", b"MZ\x00\x01")})
    assert page.status_code == 422


def test_the_template_holds_every_column(client_as: ClientFor, db: None) -> None:
    text = (
        client_as("district_officer", DISTRICT)
        .get("/assessments/results/imports/template/")
        .content.decode("utf-8-sig")
    )
    assert "身份证号,量表,用途,评估日期" in text
    assert "B.4.5 社会交往能力" in text


def test_another_district_does_not_see_the_file(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        ((number, _),) = numbered(1)
    page = client_as("district_officer", DISTRICT).post(
        "/assessments/results/imports/new/", {"file": uploaded([row(number)])}
    )
    assert client_as("district_officer", "420703000000").get(page.url).status_code == 404
