"""A planted person goes through the register's deeds: no table of audit, events or answers holds what names them."""

from __future__ import annotations

from django.db import connection

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Entry
from songhe.foundation.audit.recording import unmasked
from songhe.people.operations.contacting import add_contact
from songhe.people.operations.dying import record_death, undo_death
from songhe.people.operations.registering import correct_person
from tests.people.register import NOW, TODAY, number, registered

CANARIES = {
    "name": "金丝雀", "identity": number("19310207", 6), "phone": "13877770001", "address": "鸟笼巷77号",
}  # fmt: skip
SECOND = {"name": "黄雀儿", "identity": number("19310208", 8), "phone": "13877770002", "address": "鸟窝巷78号"}
KINSWOMAN = {"name": "白头翁", "phone": "13877770003"}
TABLES = ("audit_entry", "audit_usage", "audit_check", "outbox_event", "outbox_delivery", "idempotency_answer")


def everything_in(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {table} t")
        return str(cursor.fetchone()[0])


def test_no_canary_sings_in_the_trail(everywhere: Actor) -> None:
    person = registered(everywhere, **CANARIES)
    correct_person(
        actor=everywhere, today=TODAY, now=NOW, person_id=person.pk, version=person.version, changes=SECOND
    )  # fmt: skip
    add_contact(
        actor=everywhere, today=TODAY, person_id=person.pk, part="contact", relation="daughter", **KINSWOMAN
    )  # fmt: skip
    record_death(actor=everywhere, today=TODAY, now=NOW, person_id=person.pk, on_date=TODAY, source="funeral")
    undo_death(actor=everywhere, today=TODAY, now=NOW, person_id=person.pk, reason="认错了人")
    unmasked(
        everywhere, subject=person.pk, region=person.region_code, fields=["identity"], reason="打电话约评估", now=NOW
    )  # fmt: skip
    assert Entry.objects.filter(subject=str(person.pk)).count() > 10
    canaries = {*CANARIES.values(), *SECOND.values(), *KINSWOMAN.values()}
    canaries |= {canary.encode().hex() for canary in canaries}
    for table in TABLES:
        held = everything_in(table)
        assert [canary for canary in canaries if canary in held] == [], table
