"""T12: a planted person goes through the pages: the plain numbers are in no table, log, session, address, error page.

The name stands in the register alone: in no trail, event, job, message, session or log.
"""

from __future__ import annotations

import base64
import logging
import os
import pickle
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg import sql

from songhe.config.logs import Redacted
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.preparing import prepared_database
from songhe.foundation.jobs import run_queued
from songhe.foundation.uploads import content_of
from songhe.foundation.uploads.models import Upload
from songhe.people.imports.models import Batch
from songhe.people.models import Contact, Person
from songhe.people.screens import person as person_pages
from songhe.regions.models import Division
from tests import database
from tests.people.imports.register import csv_bytes, number

COMMUNITY = "420704001002"
NAME, IMPORTED, KIN = "金丝雀", "黄雀儿", "白头翁"
IDENTITY, SECOND, THIRD, WRONG = (
    number(772, "19310207"), number(774, "19310208"), number(776, "19310209"), number(778, "19310210")[:-1] + "Z",
)  # fmt: skip
PHONE, NEW_PHONE, KIN_PHONE = "13877770001", "13877770002", "13877770003"
NUMBERS = (IDENTITY, SECOND, THIRD, WRONG, PHONE, NEW_PHONE, KIN_PHONE)
NAMES = (NAME, IMPORTED, KIN)
# Where a name may stand: the register itself. Everywhere else it would be a copy that nobody looks after.
REGISTER = {"people_person", "people_contact", "people_transfer", "people_namegram"}
EVERYBODY = Actor.system("测试", "")


class Flight:
    """What was asked and answered, and what was logged."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.addresses: list[str] = []
        self.error_pages: list[str] = []
        client.raise_request_exception = False

    def ask(self, method: str, url: str, data: Any = None) -> Any:
        answer = getattr(self.client, method)(url, data or {})
        self.addresses += [answer.headers.get("Location", ""), answer.headers.get("HX-Redirect", "")]
        if answer.status_code in (400, 403, 404, 500):
            self.error_pages.append(answer.content.decode())
        return answer

    def get(self, url: str, **data: Any) -> Any:
        return self.ask("get", url, data)

    def post(self, url: str, **data: Any) -> Any:
        answer = self.ask("post", url, data)
        if answer.status_code == 302:
            self.get(answer["Location"])
        return answer


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that production would write: all loggers as configured, each message through its formatter."""
    lines: list[str] = []
    formatter = Redacted(configured.LOGGING["formatters"]["redacted"]["format"])

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def flight(client_as: Callable[..., Client], settings: Any, tmp_path: Path, log: list[str]) -> Flight:
    settings.FILES = tmp_path / "files"
    codes = {"420700000000": 4, "420704000000": 6, "420704001000": 9, COMMUNITY: 12}
    parents = dict(zip(codes, ["420000000000", *codes], strict=False))
    Division.objects.bulk_create(
        Division(code=code, name=f"第{code}号", level=level, parent=parents[code], valid_from=date(2020, 1, 1))
        for code, level in codes.items()
    )
    return Flight(client_as("district_officer", "420704"))


@pytest.fixture
def flown(flight: Flight, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Flight:
    """The planted person's whole way."""
    person = _registered(flight)
    _searched(flight)
    _unmasked(flight, person)
    _taken_out(flight)
    _imported(flight, client_as("district_leader", "420704", name="周敏"))
    _refused(flight, person, monkeypatch)
    return flight


def _registered(flight: Flight) -> Person:
    form = {"name": NAME, "identity": IDENTITY, "phone": PHONE, "address": "鸟笼巷77号", "living_region": COMMUNITY}
    assert flight.post(reverse("person-new"), **form).status_code == 302
    with scoped(EVERYBODY, "test"):
        person = Person.objects.get()
    corrected = {
        "version": person.version, "name": NAME, "birth_date": "1931-02-07", "sex": "2", "phone": NEW_PHONE,
        "address": "鸟笼巷78号", "source": "community", "reason": "换了号码",
    }  # fmt: skip
    assert flight.post(reverse("person-correct", args=[person.pk]), **corrected).status_code == 302
    kin = {"part": "contact", "name": KIN, "relation": "daughter", "phone": KIN_PHONE, "from_date": "2026-01-01"}
    assert flight.post(reverse("contact-new", args=[person.pk]), **kin).status_code == 302
    again = flight.post(reverse("person-new"), **form)
    assert again.status_code == 422
    return person


def _searched(flight: Flight) -> None:
    for words in (IDENTITY, PHONE, NEW_PHONE, NAME, SECOND, KIN_PHONE, IDENTITY[-4:], IDENTITY[:-1], "鸟笼巷"):
        assert flight.post(reverse("people-search"), words=words).status_code == 302
        flight.post(reverse("person-check"), identity=words)
    flight.post(reverse("people-view-save"), name="一个视图", within=f"living=alone&find={NAME}")
    flight.post(
        reverse("transfer-new"), identity=SECOND, area=COMMUNITY, address="鸟窝巷", reason="住在这里两年了"
    )  # fmt: skip


def _unmasked(flight: Flight, person: Person) -> None:
    for field, shown in (("identity", IDENTITY), ("phone", NEW_PHONE)):
        page = flight.post(reverse("person-unmask", args=[person.pk]), show=field, reason="打电话约上门")
        assert shown in page.content.decode() and "no-store" in page["Cache-Control"]
    with scoped(EVERYBODY, "test"):
        contact = Contact.objects.get()
    page = flight.post(reverse("contact-unmask", args=[person.pk, contact.pk]), reason="打电话约上门")
    assert KIN_PHONE in page.content.decode()


def _taken_out(flight: Flight) -> None:
    for kind in ("csv", "xlsx"):
        columns = ["identity", "phone", "address"]
        assert flight.post(reverse("people-export"), start="1", kind=kind, column=columns, within="").status_code == 302
    jobs = run_queued()
    assert [job.state for job in jobs] == ["done"] * len(jobs)


def _imported(flight: Flight, leader: Client) -> None:
    rows = [
        (NAME, IDENTITY, "肢体", "三级"), (IMPORTED, SECOND, "精神", "二级"), (KIN, WRONG, "听力", "贰"),
        (IMPORTED, "", "听力", "四级"), (NAME, THIRD, "没有这一类", "九级"),
    ]  # fmt: skip
    data = csv_bytes(("姓名", "证件号", "残疾类别", "残疾等级"), rows)
    form = {"source": "disabled_federation", "data_until": "2026-11-01", "file": SimpleUploadedFile("名册.csv", data)}
    assert flight.post(reverse("import-new"), **form).status_code == 302
    with scoped(EVERYBODY, "test"):
        pk = Batch.objects.get().pk
    columns = {"name": "姓名", "identity": "证件号", "disability_category": "残疾类别", "disability_level": "残疾等级"}
    assert flight.post(reverse("import-columns", args=[pk]), **columns).status_code == 302
    run_queued()
    for name in ("import", "import-error-rows", "import-review"):
        flight.get(reverse(name, args=[pk]))
    assert flight.post(reverse("import-propose", args=[pk])).status_code == 302
    with scoped(EVERYBODY, "test"):
        digest = Batch.objects.get().list_hash
    leader.post(reverse("import-approve", args=[pk]), {"list_hash": digest})
    run_queued()
    with scoped(EVERYBODY, "test"):
        assert Batch.objects.get().state == "applied"


def _refused(flight: Flight, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert flight.get(f"/people/{IDENTITY}/").status_code == 404
    assert flight.get(reverse("people"), find=IDENTITY, words=NAME).status_code == 200
    for identity, phone in ((WRONG, PHONE), (SECOND, "1387777"), (f"{THIRD}\0", PHONE)):
        form = {"name": NAME, "identity": identity, "phone": phone, "living_region": COMMUNITY}
        assert flight.post(reverse("person-new"), **form).status_code in (400, 422)

    def broken(*args: Any) -> Person:
        raise RuntimeError(f"{NAME}, {IDENTITY}, {PHONE} of {person.pk}")

    with monkeypatch.context() as patched:
        patched.setattr(person_pages.file, "person_of", broken)
        assert flight.get(reverse("person", args=[person.pk])).status_code == 500


def written_forms(plain: str) -> set[str]:
    """As text, as the hexadecimal of bytes, as base64."""
    raw = plain.encode()
    return {plain, raw.hex(), base64.b64encode(raw).decode()}


def held(table: str) -> str:
    with scoped(EVERYBODY, "test"), connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
        return str(cursor.fetchone()[0])


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.covers("PER-06")
def test_no_plain_number_stays_anywhere(flown: Flight, log: list[str]) -> None:
    found = [
        (table, canary)
        for table in tables()
        for text in [held(table)]
        for canary in NUMBERS
        if any(form in text for form in written_forms(canary))
    ]
    assert found == []
    places = {
        "log": "\n".join(log),
        "addresses": "\n".join(flown.addresses),
        "error pages": "\n".join(flown.error_pages),
        "sessions": _sessions(),
        "cache": _cached(),
        "exports": _exported(),
        "kept files": _kept(),
    }
    assert [name for name, text in places.items() if not text and name != "cache"] == []
    assert [(place, canary) for place, text in places.items() for canary in NUMBERS if canary in text] == []


@pytest.mark.covers("PER-06")
def test_a_name_stands_in_the_register_alone(flown: Flight, log: list[str]) -> None:
    assert all(name in held("people_person") + held("people_contact") for name in (NAME, KIN))
    found = [(table, name) for table in tables() if table not in REGISTER for name in NAMES if name in held(table)]
    assert found == []
    for place, text in {
        "log": "\n".join(log),
        "addresses": "\n".join(flown.addresses),
        "sessions": _sessions(),
    }.items():
        assert [name for name in NAMES if name in text] == [], place


def _sessions() -> str:
    """What sessions hold, unpacked."""
    from django.contrib.sessions.models import Session

    return "\n".join(str(session.get_decoded()) for session in Session.objects.all())


def _cached() -> str:
    kept = getattr(caches["default"], "_cache", {})
    return "\n".join(str(pickle.loads(value)) for value in kept.values())  # noqa: S301 - our own memory


def _exported() -> str:
    """The text of every file that was made to be taken along; a workbook's parts unpacked."""
    with scoped(EVERYBODY, "test"):
        made = list(Upload.objects.exclude(name="名册.csv"))
    texts = []
    for upload in made:
        data = b"".join(content_of(upload))
        texts.append(_unzipped(data) if data.startswith(b"PK") else data.decode("utf-8-sig"))
    assert len(texts) == 2 and all(NAME in text for text in texts)
    return "\n".join(texts)


def _kept() -> str:
    """What lies on the disk, lists that were handed in with all their numbers among it."""
    return "".join(
        path.read_bytes().decode("utf-8", "replace") for path in Path(configured.FILES).rglob("*") if path.is_file()
    )


def _unzipped(data: bytes) -> str:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def test_the_log_tells_where_an_error_happened_and_not_what_it_said(log: list[str]) -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise RuntimeError(f"Key (phone)=({PHONE}), {IDENTITY}, {NAME}") from error
    except RuntimeError:
        logging.getLogger("songhe.test").exception("failed for %s and x%sx", IDENTITY, PHONE)
    (line,) = log
    assert "[***]" in line and "test_canaries.py" in line
    assert line.index("KeyError") < line.index("RuntimeError")
    assert [canary for canary in (PHONE, IDENTITY, NAME) if canary in line] == []


@pytest.mark.covers("PER-06")
def test_the_servers_log_gets_errors_without_the_rows_they_speak_of() -> None:
    name = f"songhe_test_log_{os.getpid()}"
    with database.test_server() as admin, psycopg.connect(admin, autocommit=True) as connection:
        if not connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:  # type: ignore[index]
            pytest.skip("only a superuser can say what the server logs")
        try:
            prepared = prepared_database(admin, name, database.PASSWORDS)
            for dsn in (prepared.web, prepared.owner):
                with psycopg.connect(dsn) as ours:
                    assert ours.execute("SHOW log_min_error_statement").fetchone() == ("panic",)
                    assert ours.execute("SHOW log_error_verbosity").fetchone() == ("terse",)
                    assert ours.execute("SHOW log_statement").fetchone() == ("none",)
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
