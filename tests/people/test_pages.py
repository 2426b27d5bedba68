"""The pages of the register: what they show, to whom, and that the address gives nobody away."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.scope import scoped
from songhe.foundation.views_kept.models import KeptView
from songhe.people.models import CommunityCount, LifeEvent, Person
from songhe.people.terms import Standing
from tests.people.invented import EVERYWHERE, FENGHUANG, GULOU, HUARONG, counted, identity_number, registered, today

STREET = "420704001000"


@pytest.fixture
def li(db: None) -> Person:
    person = registered(
        "李桂芳",
        phone="13871045521",
        facts={"lives_alone": True, "assistance": "minimum_living", "disability_level": 3},
    )
    counted()
    return person


@pytest.fixture
def officer(client_as: object) -> Client:
    return client_as("street_officer", STREET)  # type: ignore[operator, no-any-return]


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def on_file(person: Person) -> Person:
    with scoped(EVERYWHERE, "test"):
        return Person.objects.select_related("sheet").get(pk=person.pk)


@pytest.mark.covers("PER-01")
def test_the_list_shows_the_region_with_views_boxes_and_counts(li: Person, officer: Client) -> None:
    registered("外街人", region=GULOU, order=5)
    page = officer.get(reverse("people"))
    text = text_of(page)
    assert page.status_code == 200
    assert "李桂芳" in text and "外街人" not in text
    assert "独居 低保" in text
    assert "80岁以上独居" in text
    assert identity_number(date(1942, 3, 18), 1)[6:14] not in text


def test_the_list_says_what_is_set_and_how_to_loosen_it(li: Person, officer: Client) -> None:
    text = text_of(officer.get(reverse("people"), {"living": "alone", "age_from": "95"}))
    assert "没有这样的老人" in text
    assert "95岁及以上" in text
    assert "李桂芳" not in text


def test_an_empty_register_says_what_to_do_next(db: None, officer: Client) -> None:
    assert "还没有登记老人" in text_of(officer.get(reverse("people")))


def test_a_search_goes_by_post_and_leaves_no_name_in_the_address(li: Person, officer: Client) -> None:
    answer = officer.post(reverse("people-search"), {"words": "桂芳"})
    assert answer.status_code == 302
    assert "桂" not in answer["Location"] and "%" not in answer["Location"]
    text = text_of(officer.get(answer["Location"]))
    assert "李桂芳" in text and "找到的是" in text
    assert "桂芳" not in str(dict(officer.session))


def test_a_whole_number_opens_its_file(li: Person, officer: Client) -> None:
    answer = officer.post(reverse("people-search"), {"words": identity_number(date(1942, 3, 18), 1)})
    assert answer["Location"] == reverse("person", args=[li.pk])


def test_a_number_of_another_region_is_said_to_be_elsewhere(li: Person, officer: Client) -> None:
    registered("外街人", region=HUARONG, order=5, birth_date=date(1940, 1, 1))
    answer = officer.post(reverse("people-search"), {"words": identity_number(date(1940, 1, 1), 5)})
    text = text_of(officer.get(answer["Location"]))
    assert "可能在别的地方登记，请申请转入" in text
    assert "外街人" not in text


def test_a_forgotten_search_says_so(li: Person, officer: Client) -> None:
    answer = officer.get(reverse("people"), {"find": str(uuid.uuid4())}, follow=True)
    assert "请再找一次" in text_of(answer)


def test_a_search_within_a_list_keeps_its_filters(li: Person, officer: Client) -> None:
    answer = officer.post(reverse("people-search"), {"words": "李桂芳", "within": "living=empty_nest"})
    text = text_of(officer.get(answer["Location"]))
    assert "没有找到" in text


def test_a_view_is_saved_shown_and_dropped(li: Person, officer: Client) -> None:
    officer.post(
        reverse("people-view-save"), {"name": "独居低保", "within": "living=alone&economy=minimum_living&find=x"}
    )
    view = KeptView.objects.get()
    assert view.query == "living=alone&economy=minimum_living"
    assert "独居低保" in text_of(officer.get(reverse("people")))
    officer.post(reverse("people-view-drop", args=[view.pk]))
    assert not KeptView.objects.exists()


def test_a_view_of_somebody_else_is_not_there(li: Person, officer: Client, client_as: object) -> None:
    officer.post(reverse("people-view-save"), {"name": "我的", "within": "living=alone"})
    other = client_as("street_officer", STREET, login="other")  # type: ignore[operator]
    assert other.post(reverse("people-view-drop", args=[KeptView.objects.get().pk])).status_code == 404


@pytest.mark.parametrize(("name", "said"), [("", "视图没有存"), ("长" * 21, "视图没有存")])
def test_a_view_without_a_good_name_is_not_saved(li: Person, officer: Client, name: str, said: str) -> None:
    answer = officer.post(reverse("people-view-save"), {"name": name, "within": "living=alone"}, follow=True)
    assert said in text_of(answer)


def test_columns_are_chosen(li: Person, officer: Client) -> None:
    officer.post(reverse("people-columns"), {"column": ["address"], "within": "living=alone"})
    text = text_of(officer.get(reverse("people")))
    assert "寿昌大道118号2单元301" in text
    officer.post(reverse("people-columns"), {"usual": "1"})
    assert "寿昌大道118号2单元301" not in text_of(officer.get(reverse("people")))


def test_an_area_outside_the_region_is_not_there(li: Person, officer: Client) -> None:
    assert officer.get(reverse("people"), {"area": "420703000000"}).status_code == 404


def test_the_file_shows_facts_with_source_and_day(li: Person, officer: Client) -> None:
    text = text_of(officer.get(reverse("person", args=[li.pk])))
    for words in ("李桂芳", "独居", "低保", "社区登记 今天", "寿昌大道118号2单元301", "**************", "不知道的"):
        assert words in text, words
    assert "13871045521" not in text
    assert identity_number(date(1942, 3, 18), 1) not in text


@pytest.mark.covers("PER-02")
def test_a_conflict_and_a_stale_fact_are_shown_with_both_sides(db: None, officer: Client) -> None:
    person = registered("王德福", facts={"disability_level": 4})
    with scoped(EVERYWHERE, "test"):
        telling = person.circumstances.get()
        telling.pk, telling.source, telling.value = None, "disabled_federation", "3"
        telling.save(force_insert=True)
        telling.pk, telling.fact, telling.source, telling.value = None, "ability_grade", "assessment", "1"
        telling.as_of = date(2020, 10, 15)
        telling.save(force_insert=True)
    text = text_of(officer.get(reverse("person", args=[person.pk])))
    assert "有两种说法" in text and "社区登记 今天记为四级" in text
    assert "太旧" in text and "2020年10月15日，限24个月" in text
    fact = text_of(officer.get(reverse("person-fact", args=[person.pk, "disability_level"])))
    assert "残联" in fact and "算数" in fact


PAGES = [
    "person", "person-events", "person-seen", "person-correct", "person-facts", "person-death", "person-move",
    "person-move-out", "contact-new", "person-join",
]  # fmt: skip


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("name", PAGES)
def test_a_file_of_a_sibling_region_is_answered_like_none(li: Person, client_as: object, name: str) -> None:
    sibling = client_as("street_officer", "420704002000")  # type: ignore[operator]
    assert sibling.get(reverse(name, args=[li.pk])).status_code == 404
    assert sibling.get(reverse(name, args=[uuid.uuid4()])).status_code == 404
    assert sibling.post(reverse(name, args=[li.pk]), {"reason": "看看"}).status_code in (404, 405)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_file_opens_for_who_may(li: Person, officer: Client, name: str) -> None:
    assert officer.get(reverse(name, args=[li.pk])).status_code == 200


@pytest.mark.parametrize("role", ["auditor", "system_admin", "security_admin"])
def test_who_may_not_see_people_is_told_so(li: Person, client_as: object, role: str) -> None:
    somebody = client_as(role, "420700000000")  # type: ignore[operator]
    assert somebody.get(reverse("people")).status_code == 403
    assert somebody.get(reverse("person", args=[li.pk])).status_code == 403


def test_who_is_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    answer = Client().get(reverse("people"))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("sign-in"))


@pytest.mark.covers("PER-06")
def test_a_number_is_shown_once_for_a_reason_and_remembered(li: Person, officer: Client) -> None:
    number = identity_number(date(1942, 3, 18), 1)
    url = reverse("person-unmask", args=[li.pk])
    asked = text_of(officer.get(reverse("person", args=[li.pk]), {"show": "identity"}))
    assert "为什么要看" in asked and number not in asked
    refused = officer.post(url, {"show": "identity", "reason": "看"})
    assert refused.status_code == 422 and number not in text_of(refused)
    shown = officer.post(url, {"show": "identity", "reason": "上门核对证件"})
    assert number in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    assert "13871045521" in text_of(officer.post(url, {"show": "phone", "reason": "打电话约上门"}))
    seen = text_of(officer.get(reverse("person-seen", args=[li.pk])))
    assert "上门核对证件" in seen and "身份证号" in seen and number not in seen


def test_who_may_not_unmask_is_refused(li: Person, client_as: object) -> None:
    leader = client_as("district_leader", "420704000000")  # type: ignore[operator]
    assert (
        leader.post(reverse("person-unmask", args=[li.pk]), {"show": "identity", "reason": "看看号码"}).status_code
        == 403
    )
    assert "查看" not in text_of(leader.get(reverse("person", args=[li.pk]))).split("谁看过")[0]


def test_a_death_is_recorded_by_name_and_taken_back(li: Person, officer: Client) -> None:
    form = text_of(officer.get(reverse("person-death", args=[li.pk])))
    assert "登记李桂芳去世" in form
    day = today().isoformat()
    answer = officer.post(reverse("person-death", args=[li.pk]), {"on_date": day, "source": "community"}, follow=True)
    assert "去世已登记" in text_of(answer) and "已去世" in text_of(answer)
    again = officer.post(reverse("person-death", args=[li.pk]), {"on_date": day, "source": "community"})
    assert again.status_code == 422 and "已经登记过去世" in text_of(again)
    undone = officer.post(reverse("person-undo-death", args=[li.pk]), {"reason": "本人来办事，活着"}, follow=True)
    assert "去世已撤回" in text_of(undone)
    assert on_file(li).standing == Standing.PRESENT
    assert "已撤回" in text_of(officer.get(reverse("person-events", args=[li.pk])))


def test_a_death_in_the_future_is_refused_at_its_field(li: Person, officer: Client) -> None:
    answer = officer.post(reverse("person-death", args=[li.pk]), {"on_date": "2099-01-01", "source": "community"})
    assert answer.status_code == 422
    assert "还没到这一天" in text_of(answer)
    assert "2099-01-01" in text_of(answer)


def test_a_file_is_corrected_and_a_late_correction_sees_both_values(li: Person, officer: Client) -> None:
    url = reverse("person-correct", args=[li.pk])
    version = on_file(li).version
    filled = {"version": version, "name": "李桂芬", "birth_date": "1942-03-18", "sex": "2", "address": "新街1号",
              "source": "community", "reason": "看了户口本"}  # fmt: skip
    assert officer.post(url, filled)["Location"] == reverse("person", args=[li.pk])
    assert on_file(li).name == "李桂芬"
    late = officer.post(url, filled | {"name": "李贵芳"})
    text = text_of(late)
    assert late.status_code == 422
    assert "别人刚改过" in text and "李桂芬" in text and "李贵芳" in text
    assert officer.post(url, filled | {"name": "李贵芳", "version": on_file(li).version}).status_code == 302
    assert on_file(li).name == "李贵芳"


def test_a_fact_is_told_and_ended(li: Person, officer: Client) -> None:
    url = reverse("person-fact", args=[li.pk, "dementia"])
    told = {"value": "true", "source": "community", "as_of": today().isoformat()}
    assert "登记好了" in text_of(officer.post(url, told, follow=True))
    assert on_file(li).sheet.dementia is True
    assert "没有变" in text_of(officer.post(url, told, follow=True))
    end = reverse("person-fact-end", args=[li.pk, "dementia", "community"])
    officer.post(end, {"until_date": today().isoformat()})
    assert on_file(li).sheet.dementia is None
    assert officer.get(reverse("person-fact", args=[li.pk, "no_fact"])).status_code == 404


def test_somebody_gets_a_file_and_typed_values_stay_on_error(db: None, officer: Client, divisions: None) -> None:
    url = reverse("person-new")
    bad = officer.post(url, {"name": "周水生", "identity": "429900194203180", "living_region": FENGHUANG})
    text = text_of(bad)
    assert bad.status_code == 422
    assert "15位，要18位" in text and "周水生" in text
    number = identity_number(date(1944, 5, 2), 3, "1")
    good = officer.post(url, {"name": "周水生", "identity": number, "living_region": FENGHUANG}, follow=True)
    assert "登记好了" in text_of(good) and "男" in text_of(good)
    twice = officer.post(url, {"name": "周水生", "identity": number, "living_region": FENGHUANG})
    assert "名册里已有这个证件号" in text_of(twice)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("429900194203180", "现在15位，要18位"), ("429900194203180180", "校验位不对"), ("", "")],
)
def test_a_number_is_checked_while_it_is_typed(db: None, officer: Client, typed: str, said: str) -> None:
    assert said in text_of(officer.post(reverse("person-check"), {"identity": typed}))


def test_a_good_number_says_what_it_means(li: Person, officer: Client) -> None:
    text = text_of(officer.post(reverse("person-check"), {"identity": identity_number(date(1942, 3, 18), 1)}))
    assert "女，1942年3月18日生" in text and "名册里已有这个证件号" in text


def test_a_contact_is_added_shown_for_a_reason_and_ended(li: Person, officer: Client) -> None:
    day = today().isoformat()
    filled = {"part": "contact", "name": "余红", "relation": "daughter", "phone": "13900002080", "from_date": day}
    page = text_of(officer.post(reverse("contact-new", args=[li.pk]), filled, follow=True))
    assert "余红" in page and "13900002080" not in page
    with scoped(EVERYWHERE, "test"):
        contact = on_file(li).contacts.get()
    url = reverse("contact-unmask", args=[li.pk, contact.pk])
    assert "为什么要看" in text_of(officer.get(url))
    assert "13900002080" in text_of(officer.post(url, {"reason": "老人没接电话"}))
    officer.post(reverse("contact-end", args=[li.pk, contact.pk]), {"until_date": day})
    assert "还没有联系人" in text_of(officer.get(reverse("person", args=[li.pk])))
    assert officer.get(reverse("contact-end", args=[li.pk, uuid.uuid4()])).status_code == 404


def test_two_at_one_address_become_a_household_and_part(li: Person, officer: Client) -> None:
    man = registered("余长发", order=8, sex="1")
    form = text_of(officer.get(reverse("person-join", args=[li.pk])))
    assert "余长发" in form
    filled = {"housemate": str(man.pk), "relation": "spouse"}
    assert "家庭已登记" in text_of(officer.post(reverse("person-join", args=[li.pk]), filled, follow=True))
    household = on_file(li).household_id
    page = text_of(officer.get(reverse("household", args=[household])))
    assert "余长发" in page and "李桂芳" in page
    officer.post(reverse("person-leave", args=[li.pk]))
    assert on_file(li).household_id is None


def test_a_household_of_another_region_is_not_there(li: Person, officer: Client, client_as: object) -> None:
    man = registered("余长发", order=8, sex="1")
    officer.post(reverse("person-join", args=[li.pk]), {"housemate": str(man.pk), "relation": "spouse"})
    household = on_file(li).household_id
    sibling = client_as("street_officer", "420704002000")  # type: ignore[operator]
    assert sibling.get(reverse("household", args=[household])).status_code == 404
    assert sibling.post(reverse("household-move", args=[household])).status_code == 404


def test_a_person_moves_out_and_comes_back(li: Person, officer: Client) -> None:
    day = today().isoformat()
    out = officer.post(reverse("person-move-out", args=[li.pk]), {"on_date": day, "source": "community"}, follow=True)
    assert "迁出已登记" in text_of(out) and "已迁出" in text_of(out)
    back = officer.post(reverse("person-return", args=[li.pk]), {"on_date": day}, follow=True)
    assert "迁回已登记" in text_of(back)


def test_counts_stand_where_they_were_made(li: Person) -> None:
    with scoped(EVERYWHERE, "test"):
        assert CommunityCount.objects.get().alone == 1


def test_a_timeline_tells_sources_and_events(li: Person, officer: Client) -> None:
    with scoped(EVERYWHERE, "test"):
        assert not LifeEvent.objects.exists()
    text = text_of(officer.get(reverse("person-events", args=[li.pk])))
    assert "社区登记：" in text


@pytest.fixture
def divisions(db: None) -> None:
    from songhe.regions.models import Division, Level

    Division.objects.get_or_create(
        code=FENGHUANG, valid_from=date(2000, 1, 1),
        defaults={"name": "吴都社区居委会", "level": Level.COMMUNITY, "parent": STREET},
    )  # fmt: skip


def test_what_comes_from_a_file_is_escaped_in_the_list(db: None, officer: Client) -> None:
    registered("<b>粗</b>", address="<script>1</script>路7号")
    officer.post(reverse("people-columns"), {"column": ["address", "sex"]})
    text = text_of(officer.get(reverse("people")))
    assert "<b>粗" not in text and "<script>1" not in text
    assert "&lt;script&gt;1&lt;/script&gt;路7号" in text
