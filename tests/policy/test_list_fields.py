"""A draft's list in its own form: name, time, shared figures and groups; the order of its items; one put back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.policy.api import Release, in_force, pack_of
from songhe.policy.list_form import list_form_of_text, text_of_list_form
from songhe.policy.operations.drafting import begin_draft, remove_file, save_file
from songhe.policy.operations.ordering import put_back, renumber
from songhe.policy.queries import taken_out
from tests.platform_fixtures import ClientFor
from tests.policy.releases import NOW, POLICIES, issued_release, officer, sent_on
from tests.policy.test_pages import SUBSIDY, draft_of, fields_on, page_of

LISTS = sorted(POLICIES.glob("*/*/list.yaml"))
FROM = date(2099, 1, 1)


@pytest.mark.covers("POL-01")
@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.parent.name)
def test_a_form_that_changes_nothing_leaves_every_letter_of_the_list(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text_of_list_form(list_form_of_text(text), text) == text


def test_a_changed_group_keeps_its_notes_and_a_changed_figure_what_it_has_besides() -> None:
    text = LISTS[1].read_text(encoding="utf-8")
    form = list_form_of_text(text)
    form.groups[0]["title"] = "生活类"
    form.figures[-1]["value"] = "2"
    form.texts["until"] = "2099-01-01"
    written = text_of_list_form(form, text)
    assert "    title: 生活类\n" in written and "value: 2," in written
    assert "from: 2023-10-17\nuntil: 2099-01-01\nitems: 27\n" in written
    again = list_form_of_text(written)
    assert again.parts() == form.parts()
    assert written.count("ezhou-24") == text.count("ezhou-24")


@pytest.mark.usefixtures("db")
@pytest.mark.covers("POL-01")
def test_what_is_typed_of_a_list_is_checked_and_every_item_that_follows_is_told(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    client = client_as("city_officer", "420700")
    sent = fields_on(page_of(client, "release-list", draft.pk))
    assert sent["title"] == "鄂州市基本养老服务清单" and sent["from"] == "2099-01-01"
    address = reverse("release-list-try", args=[draft.pk])
    assert "没有不对的" in client.post(address, sent).content.decode()
    row = next(name for name, value in sent.items() if value == "function_loss_from").removesuffix("-name")
    more = client.post(address, {**sent, f"{row}-value": "2"}).content.decode()
    assert "跟着变的事项" in more and "<del>" in more
    wrong = client.post(address, {**sent, "until": "2098-01-01", f"{row}-unit": "grad"}).content.decode()
    assert 'href="#at-until"' in wrong and f'href="#at-{row}"' in wrong
    at = wrong[wrong.index(f'id="fault-{row}"') :]
    assert "grad" in at[: at.index("</div></div>")]
    assert Release.objects.get(pk=draft.pk).version == draft.version


@pytest.mark.usefixtures("db")
@pytest.mark.covers("POL-01")
def test_a_list_is_saved_from_its_form_and_nothing_typed_is_lost(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    client = client_as("city_officer", "420700")
    address = reverse("release-list", args=[draft.pk])
    sent = fields_on(page_of(client, "release-list", draft.pk))
    changed = {**sent, "title": "鄂州市基本养老服务清单（2099）", "until": "2100-01-01", "do": "save"}
    assert client.post(address, changed).status_code == 302
    draft.refresh_from_db()
    assert (draft.from_date, draft.until_date, draft.version) == (FROM, date(2100, 1, 1), 2)
    late = client.post(address, {**sent, "title": "另一个名字", "do": "save"})
    assert (
        late.status_code == 422 and "刚改过这份草稿" in late.content.decode() and "另一个名字" in late.content.decode()
    )
    more = client.post(address, {**sent, "do": "more-group"}).content.decode()
    assert more.count('id="at-group-') == late.content.decode().count('id="at-group-') + 3
    sent_on(draft)
    draft.refresh_from_db()
    assert draft.of_list.title == "鄂州市基本养老服务清单（2099）"
    assert draft.pk in {one.pk for one in in_force(date(2099, 6, 1))}
    assert draft.pk not in {one.pk for one in in_force(date(2100, 1, 1))}


@pytest.mark.usefixtures("db")
def test_a_list_that_ended_is_followed_by_one_without_that_end() -> None:
    draft = draft_of(issued_release())
    text = draft.files["list.yaml"].replace("items: 27", "until: 2099-12-01\nitems: 27")
    save_file(actor=officer(), release=draft.pk, name="list.yaml", text=text, version=1, now=NOW)
    ended = sent_on(draft)
    later = begin_draft(actor=officer(), of_list=ended.of_list, from_date=date(2100, 2, 1), now=NOW)
    assert "until:" not in later.files["list.yaml"] and later.until_date is None
    sent_on(later)
    ended.refresh_from_db()
    assert ended.until_date == date(2099, 12, 1)


@pytest.mark.usefixtures("db")
@pytest.mark.covers("POL-01")
def test_items_change_places_and_the_list_still_reads() -> None:
    draft = draft_of(issued_release())
    stems = {name[:2]: name.removesuffix(".yaml") for name in draft.files}
    swapped = {stems["01"]: 2, stems["02"]: 1}
    saved = renumber(actor=officer(), release=draft.pk, numbers=swapped, version=1, now=NOW)
    numbers = {item.path.stem: item.number for item in pack_of(saved).items}
    assert numbers[f"02-{stems['01'][3:]}"] == 2 and numbers[f"01-{stems['02'][3:]}"] == 1
    assert renumber(actor=officer(), release=draft.pk, numbers={}, version=2, now=NOW).version == 2
    for wrong in ({stems["03"]: 4}, {stems["03"]: 100}):
        with pytest.raises(BadInput):
            renumber(actor=officer(), release=draft.pk, numbers=wrong, version=2, now=NOW)
    with pytest.raises(Conflict):
        renumber(actor=officer(), release=draft.pk, numbers={}, version=1, now=NOW)
    assert taken_out(saved) == {}


@pytest.mark.usefixtures("db")
def test_an_item_taken_out_is_put_back_as_it_was() -> None:
    draft = draft_of(issued_release())
    out = remove_file(actor=officer(), release=draft.pk, name=f"{SUBSIDY}.yaml", version=1, now=NOW)
    assert list(taken_out(out)) == [f"{SUBSIDY}.yaml"]
    back = put_back(actor=officer(), release=draft.pk, name=f"{SUBSIDY}.yaml", version=2, now=NOW)
    assert back.files == draft.files and back.digest == draft.digest
    with pytest.raises(NotFound):
        put_back(actor=officer(), release=draft.pk, name=f"{SUBSIDY}.yaml", version=3, now=NOW)


@pytest.mark.usefixtures("db")
def test_the_page_of_the_order_moves_saves_and_puts_back(client_as: ClientFor) -> None:
    draft = draft_of(issued_release())
    client = client_as("city_officer", "420700")
    address = reverse("release-order", args=[draft.pk])
    page = page_of(client, "release-order", draft.pk)
    numbers = {f"number-{name[:-5]}": str(int(name[:2])) for name in draft.files if name != "list.yaml"}
    assert all(name in page for name in numbers)
    moved = client.post(address, {**numbers, "version": "1", "do": f"down-{SUBSIDY}"}).content.decode()
    assert f'name="number-{SUBSIDY}" value="18"' in moved
    same = client.post(address, {**numbers, f"number-{SUBSIDY}": "18", "version": "1", "do": "save"})
    assert same.status_code == 422 and "同号" in same.content.decode()
    none = client.post(address, {**numbers, f"number-{SUBSIDY}": "x", "version": "1", "do": "save"})
    assert none.status_code == 422 and 'aria-invalid="true"' in none.content.decode()
    right = client.post(address, {**numbers, f"number-{SUBSIDY}": "40", "version": "1", "do": "save"})
    assert right.status_code == 302
    client.post(reverse("release-item-remove", args=[draft.pk, f"40{SUBSIDY[2:]}"]), {"version": "2"})
    assert "去掉了的" in page_of(client, "release-order", draft.pk)
    back = client.post(reverse("release-item-back", args=[draft.pk, SUBSIDY]), {"version": "3"})
    assert back.status_code == 302 and back["Location"].endswith(f"/items/{SUBSIDY}/")
    assert client_as("community_worker", "420704001002").get(address).status_code == 403
