"""Another office's system is let in by two, told of a death, and told by an administrator with a new secret."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from songhe.doors.api.webhooks.sending import send_due
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.delivering import deliver
from songhe.people.api import record_death
from tests.api.receiver import receiving
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor

PERSON = (
    "SELECT id::text FROM people_person WHERE standing = 'present' AND region_code LIKE '420704%%' ORDER BY id LIMIT 1"
)
NAME = "残联的业务系统"


def told(now_and_later: int = 1) -> None:
    """What the worker does: events to their handlers, messages to systems."""
    moment = timezone.now() + timedelta(seconds=now_and_later)
    while deliver(now=moment):
        pass
    while send_due(now=moment):
        pass


def let_in(first: Visitor, second: Visitor) -> None:
    first.opens("/systems/")
    first.follows("提出一个系统", "用来做什么")
    for label, words in (("系统的名称", NAME), ("哪个单位的", "市残疾人联合会"), ("在哪里", "420704")):
        first.fill(label, words)
    first.page.get_by_label("部门数据交换").check()
    first.page.get_by_label("看老人", exact=False).first.check()
    first.fill("到哪天前", (timezone.localdate() + timedelta(days=90)).isoformat())
    first.clicks("提出", "等批准")
    second.opens("/systems/")
    second.clicks("批准", "只显示这一次")


@pytest.mark.covers("NET-03")
def test_a_system_is_let_in_and_told_what_happens(enter: VisitorFor, town: Town) -> None:
    admin = enter("security-admin")
    let_in(admin, enter("security-second"))
    admin.opens("/systems/")
    admin.follows(NAME, "没有订消息")
    with receiving() as receiver:
        admin.page.get_by_role("link", name="加一个地址").first.click()
        admin.fill("送到哪里", "https:" + "//10.0.0.1/")
        admin.page.get_by_label("登记了去世", exact=True).check()
        admin.clicks("加上", "不能送到这里")
        admin.fill("送到哪里", receiver.url)
        admin.clicks("加上", "只显示这一次")
        secret = admin.page.locator(".sh-onetime code").inner_text()
        admin.follows("记下了", "还没有消息")
        admin.clicks("试送一条", "几秒内送")
        told()
        key, today = town.one(PERSON), timezone.localdate()
        with scoped(Actor.system("测试", ""), "test"):
            clerk = Actor(None, "何俊", "420704", frozenset({"people.life_event"}))
            record_death(actor=clerk, person_id=key, on_date=today, source="community", today=today, now=timezone.now())
        told()
        kinds = [json.loads(body) for _, body in receiver.came]
        assert [(one["type"], one["data"]["subject"]) for one in kinds] == [("ping", None), ("person.died", str(key))]
        admin.page.reload()
        admin.sees("登记了去世", "对方答复204")
        admin.looks()
        admin.follows("换密钥", "换一个签名的密钥？")
        admin.clicks("换密钥", "只显示这一次")
        assert admin.page.locator(".sh-onetime code").inner_text() != secret
        admin.follows("记下了", "旧的马上作废")
        admin.clicks("先停着", "继续送")
        admin.clicks("继续送", "试送一条")
    admin.follows("不再送", re.compile("不再给.*送消息？"))
    admin.clicks("不再送", "没有订消息")
