"""The pages of an import: every step whole, each refusal in words, a sibling district sees nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.jobs import run_queued
from songhe.people.imports.models import Batch, StagedRow
from songhe.people.models import Sheet
from tests.people.imports.register import LIST_DAY, WUDU, csv_bytes, fact, number, person, sheets

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级", "备注")
ROWS = [
    ("李桂芳", number(1), "肢体", "三级", ""),
    ("刘金凤", number(2), "精神", "二级", ""),
    ("熊国安", number(3)[:-1], "听力", "贰", ""),
    ("李贵方", number(4), "听力", "叁个", "=1+1"),
    ("张小三", number(5), "视力", "四级", ""),
]


@pytest.fixture
def city(db: None, at_work: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.FILES = tmp_path / "files"
    with scoped(Actor.system("测试", ""), "test"):
        people = {
            name: person(serial, name, WUDU) for serial, name in enumerate(("李桂芳", "刘金凤", "朱兰英", "熊国安"), 1)
        }
        people["王秀英"] = person(5, "王秀英")
        fact(people["李桂芳"], "disability_level", "4", "disabled_federation")
        fact(people["朱兰英"], "disability_level", "2", "disabled_federation")
        sheets()
    return people


def send(client: Client, name: str = "残联名册.csv", data: bytes = b"", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, data or csv_bytes(HEADER, ROWS))
    form = {"source": "disabled_federation", "data_until": LIST_DAY.isoformat(), "file": file, **fields}
    return client.post(reverse("import-new"), form)


def read(client: Client) -> str:
    """A file handed in, its columns told, read: the address of its page."""
    url = send(client).url
    page = client.get(url).content.decode()
    assert "对列" in page and "李桂芳" not in page and "李**" in page
    columns = {"name": "姓名", "identity": "证件号", "disability_category": "残疾类别", "disability_level": "残疾等级"}
    assert client.post(f"{url}columns/", columns).status_code == 302
    working = client.get(url).content.decode()
    assert "可以先离开" in working
    run_queued()
    assert client.get(f"{url}progress/").headers["HX-Redirect"] == url
    return str(url)


@pytest.mark.covers("PER-03")
def test_a_list_goes_from_the_file_to_the_register_through_the_pages(
    client_as: Callable[..., Client], city: dict[str, Any]
) -> None:
    officer, leader = client_as("district_officer", "420704"), client_as("district_leader", "420704", name="周敏")
    url = read(officer)
    page = officer.get(url).content.decode()
    assert "跳过2行，送审批" in page and "17位，要18位" in page and "叁个" in page
    assert "要人工认1行" in page and "朱兰英" in page and number(1) not in page
    review = officer.get(f"{url}review/", follow=True).content.decode()
    assert "王秀英" in review and "张小三" in review and "证件号一样，姓名不一样" in review
    with scoped(Actor.system("测试", ""), "test"):
        row = StagedRow.objects.get(kind="review")
    decided = officer.post(f"{url}review/{row.number}/", {"person": str(city["王秀英"].pk)}, follow=True)
    assert "要人工认的都认完了" in decided.content.decode()
    assert "1行不写入了" in officer.post(f"{url}rows/", {"do": "exclude", "chosen": "-1"}, follow=True).content.decode()
    proposed = officer.post(f"{url}propose/", follow=True).content.decode()
    assert "等另一位同事审批" in proposed and "批准，写入" not in proposed
    approval = leader.get(url).content.decode()
    assert "批准，写入" in approval
    with scoped(Actor.system("测试", ""), "test"):
        digest = Batch.objects.get().list_hash
    assert leader.post(f"{url}approve/", {"list_hash": digest}).status_code == 302
    run_queued()
    assert "已写入" in leader.get(url).content.decode()
    with scoped(Actor.system("测试", ""), "test"):
        assert Sheet.objects.get(person=city["李桂芳"]).disability_level == 3
        assert Sheet.objects.get(person=city["朱兰英"]).disability_level == 2
    again = send(officer)
    assert again.status_code == 422 and "11月18日已写入，结果不变" in again.content.decode()
    assert "撤回这批" in leader.get(f"{url}?ask=undo").content.decode()
    leader.post(f"{url}undo/", {"reason": "名册发错了"})
    run_queued()
    assert "已撤回" in leader.get(url).content.decode()
    with scoped(Actor.system("测试", ""), "test"):
        assert Sheet.objects.get(person=city["李桂芳"]).disability_level == 4


def test_the_rows_with_errors_can_be_downloaded_and_no_cell_runs(
    client_as: Callable[..., Client], city: dict[str, Any]
) -> None:
    officer = client_as("district_officer", "420704")
    url = read(officer)
    answer = officer.get(f"{url}error-rows/")
    text = answer.content.decode("utf-8-sig")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "'=1+1" in text and number(3)[:-1] in text and "李桂芳" not in text
    assert "17位，要18位" in text


def test_a_sibling_district_finds_no_batch(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    url = read(client_as("district_officer", "420704"))
    other, leader = client_as("district_officer", "420703"), client_as("district_leader", "420703")
    for path in ("", "progress/", "error-rows/", "review/", "review/6/"):
        assert other.get(url + path).status_code == 404, path
    for path in ("columns/", "abandon/", "rows/", "propose/", "review/6/"):
        assert other.post(url + path, {"chosen": "2", "do": "exclude"}).status_code == 404, path
    assert leader.post(f"{url}approve/").status_code == 404
    assert "残联名册.csv" not in other.get(reverse("imports")).content.decode()


@pytest.mark.parametrize("role", ["community_worker", "auditor", "system_admin"])
def test_other_roles_are_told_they_may_not(client_as: Callable[..., Client], role: str, city: dict[str, Any]) -> None:
    client = client_as(role, "420704")
    for name in ("imports", "import-new"):
        assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(("name", "data", "words"), [
    ("名册.pdf", b"%PDF-1.7", "不是能读的表"),
    ("名册.xlsx", csv_bytes(HEADER, ROWS), "内容不是"),
    ("名册.csv", b"a,b\x00\n1,2\n", "NUL"),
    ("名册.csv", b'"a\n', "引号"),
    ("名册.csv", b"PK\x03\x04" + b"\0" * 40, "压缩包"),
    ("名册.csv", ",".join(f"c{place}" for place in range(1200)).encode() + b"\n", "太多"),
])  # fmt: skip
def test_what_is_no_table_is_refused_at_once_in_words(
    client_as: Callable[..., Client], city: dict[str, Any], name: str, data: bytes, words: str
) -> None:
    answer = send(client_as("district_officer", "420704"), name, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scoped(Actor.system("测试", ""), "test"):
        assert not Batch.objects.exists()


def test_a_form_without_a_file_or_a_day_is_shown_again(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    answer = send(client_as("district_officer", "420704"), data_until="2027-01-01")
    assert answer.status_code == 422 and "还没到这一天" in answer.content.decode()
    empty = client_as("district_officer", "420704", login="other").post(reverse("import-new"), {})
    assert "选一种名册" in empty.content.decode() and "选一个文件" in empty.content.decode()


def test_columns_that_are_not_told_are_asked_for_again(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    officer = client_as("district_officer", "420704")
    url = send(officer).url
    answer = officer.post(f"{url}columns/", {"name": "姓名"})
    assert answer.status_code == 422 and "还没有对上：残疾类别、残疾等级" in answer.content.decode()
    twice = {"name": "姓名", "disability_category": "残疾类别", "disability_level": "残疾类别"}
    assert "一列对了两次" in officer.post(f"{url}columns/", twice).content.decode()


def test_a_batch_can_be_given_up(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    officer = client_as("district_officer", "420704")
    url = read(officer)
    assert "放弃残联持证名册" in officer.get(f"{url}?ask=abandon").content.decode()
    assert "放弃了" in officer.post(f"{url}abandon/", follow=True).content.decode()
    assert "已放弃" in officer.get(url).content.decode()
    with scoped(Actor.system("测试", ""), "test"):
        assert not StagedRow.objects.exists()


def test_a_leader_sends_a_batch_back_with_a_reason(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    officer, leader = client_as("district_officer", "420704"), client_as("district_leader", "420704", name="周敏")
    url = read(officer)
    officer.post(f"{url}propose/")
    assert "退回残联持证名册" in leader.get(f"{url}?ask=send-back").content.decode()
    leader.post(f"{url}send-back/", {"reason": "朱兰英先问本人"})
    assert "周敏：朱兰英先问本人" in officer.get(url).content.decode()


def test_the_list_of_batches_can_be_filtered(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    officer = client_as("district_officer", "420704")
    assert "还没有导入过名册" in officer.get(reverse("imports")).content.decode()
    read(officer)
    assert "残联名册.csv" in officer.get(reverse("imports") + "?state=open").content.decode()
    assert "没有这样的名册" in officer.get(reverse("imports") + "?source=funeral").content.decode()


def test_the_list_of_batches_is_sorted_and_taken_along(client_as: Callable[..., Client], city: dict[str, Any]) -> None:
    officer = client_as("district_officer")
    read(officer)
    send(officer, "第二份.csv", csv_bytes(HEADER, ROWS[:1]))
    base = reverse("imports")
    newest = officer.get(base).content.decode()
    oldest = officer.get(base + "?sort=at").content.decode()
    assert newest.index("第二份.csv") < newest.index("残联名册.csv")
    assert oldest.index("残联名册.csv") < oldest.index("第二份.csv") and 'aria-sort="ascending"' in oldest
    assert "没有这样的名册" in officer.get(base + "?region=150602001001").content.decode()
    answer = officer.post(reverse("imports-export"), {"within": "state=compared", "kind": "csv"})
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2 and "残联名册.csv" in lines[1] and "李桂芳" not in lines[1]
    with scoped(Actor.system("测试", ""), "test"):
        assert Entry.objects.get(action="people.import.list").row_count == 1
