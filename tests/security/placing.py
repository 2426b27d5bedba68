"""One of everything in each of a few places, so that every page can be asked for what is ours and what is not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from songhe.doors.api.models import ApiClient, Webhook
from songhe.doors.api.webhooks.secrets import sealed
from songhe.doors.api.webhooks.signing import new_secret
from songhe.doors.portal.models import ContactRequest, Saying
from songhe.eligibility.decisions.models import AdviceTalk
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, Reset
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.states import JobState
from songhe.foundation.notices.models import Notice
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.states import State
from songhe.foundation.sealing.seals import seal
from songhe.foundation.tasks.models import Task
from songhe.foundation.uploads.models import Upload
from songhe.foundation.views_kept.models import KeptView
from songhe.kernel.regions import significant
from songhe.people.duplicates.models import Pair
from songhe.people.imports.models import Batch, StagedRow
from songhe.people.imports.states import BatchState
from songhe.people.imports.terms import RowKind
from songhe.people.models import Contact, Household, Person, Sheet, Transfer
from songhe.people.terms import Relation, Side
from songhe.policy.models import Instrument, Opinion, Release, ServiceList, Simulation
from songhe.regions.models import Alteration, Division
from songhe.regions.states import AlterationState
from songhe.regions.terms import Deed
from tests.rules.writing_lists import item, text_of
from tests.security.placing_assessment import assessment_things

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 11, 1)
EVERYWHERE = Actor.system("测试", "")
CITY, DISTRICT, STREET, COMMUNITY = "420700000000", "420704000000", "420704001000", "420704001002"
SIBLING_STREET, SIBLING_DISTRICT, ELSEWHERE = "420704002008", "420703100209", "150602001001"
CODES = (CITY, DISTRICT, STREET, COMMUNITY, SIBLING_STREET, SIBLING_DISTRICT, ELSEWHERE)
HEADER = "姓名,证件号,残疾类别,残疾等级\r\n李桂芳,,肢体,三级\r\n"

Kwargs = dict[str, Any]
DRAFT, OWN_LIST = (uuid.UUID(int=0x5F0E9F4E_0D5A_4B58_9A53_0000_0000_0101 + number) for number in range(2))
RELEASE, TRIAL = (uuid.UUID(int=0x5F0E9F4E_0D5A_4B58_9A53_0000_0000_0001 + number) for number in range(2))
OWN, CHILD, PARENT, SIBLING, UNRELATED, NONE = "own", "child", "parent", "sibling", "unrelated", "none"
PLACES: dict[str, dict[str, str]] = {
    "420704001": {OWN: STREET, CHILD: COMMUNITY, PARENT: DISTRICT, SIBLING: SIBLING_STREET},
    "420704": {OWN: DISTRICT, CHILD: STREET, PARENT: CITY, SIBLING: SIBLING_DISTRICT},
    "420700": {OWN: CITY, CHILD: DISTRICT, PARENT: "", SIBLING: ELSEWHERE},
}


def places_of(region: str) -> dict[str, str]:
    """Where something lies, seen from a region; the unrelated city is the same for everybody."""
    found = {**PLACES[region], UNRELATED: ELSEWHERE}
    return {place: code for place, code in found.items() if code}


class World:
    """What was placed: by kind and code, as the arguments of its address."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], Kwargs] = {}
        self.second = Account.objects.create(login="placed-second", name="周敏", created_at=NOW)
        Division.objects.bulk_create([_division(code) for code in ("420000000000", *CODES)], ignore_conflicts=True)
        with scoped(EVERYWHERE, "test"):
            for code in CODES:
                self._place(code)
            self._entries()
        _kept_trial()
        _draft_list()

    def add(self, code: str) -> None:
        """One more of everything, in another place."""
        Division.objects.bulk_create([_division(code)], ignore_conflicts=True)
        with scoped(EVERYWHERE, "test"):
            self._place(code)
            record(EVERYWHERE, action="people.record_death", subject=uuid.uuid4(), region=code)

    def _place(self, code: str) -> None:
        for kind, kwargs in _things(code, self.second).items():
            self.objects[kind, code] = kwargs

    def none(self, kind: str) -> Kwargs:
        """The arguments of something of the kind that is not there."""
        blank: dict[type, Callable[[], Any]] = {int: lambda: 987_654_321_098, str: lambda: "420799999999"}
        found = self.objects[kind, CITY].items()
        return {name: blank.get(type(value), uuid.uuid4)() for name, value in found}

    def _entries(self) -> None:
        for code in CODES:
            record(EVERYWHERE, action="people.record_death", subject=uuid.uuid4(), region=code)
            with connection.cursor() as cursor:
                cursor.execute("SELECT max(id) FROM audit_entry WHERE region_code = %s", [code])
                self.objects["entry", code] = {"number": cursor.fetchone()[0]}


def _division(code: str) -> Division:
    digits = significant(code)
    above = max(end for end in (0, 2, 4, 6, 9) if end < len(digits))
    return Division(
        code=code,
        name=f"第{digits}号",
        level=len(digits),
        parent=digits[:above].ljust(12, "0"),
        valid_from=date(2020, 1, 1),
    )


def _things(code: str, second: Account) -> dict[str, Kwargs]:
    house = Household.objects.create(region_code=code, address="寿昌大道118号")
    left, right = sorted((_person(code, house), _person(code, None)), key=lambda one: one.pk)
    person = left if left.household_id else right
    contact = Contact.objects.create(
        region_code=code, person=person, part="contact", relation=Relation.SON, name="方志强", from_date=DAY
    )
    event = StoredEvent.objects.create(name="songhe.people.events.PersonDied", region=code, body={"region": code})
    delivery = Delivery.objects.create(event=event, handler="songhe.people.listeners.x", state=State.FAILED, attempts=5)
    pair = Pair.objects.create(region_code=code, left=left, right=right, probability=0.9, found_at=NOW)
    upload = _upload(code)
    return {
        "person": {"pk": person.pk}, "household": {"pk": house.pk}, "pair": {"pk": pair.pk},
        "contact": {"pk": person.pk, "contact_pk": contact.pk}, "event": {"number": delivery.pk},
        "transfer": {"pk": _transfer(code, person).pk}, "upload": {"upload_id": upload.pk},
        "batch": {"pk": _batch(code, upload, "compared").pk}, "task": {"task_id": _task(code, pair).pk},
        "job": {"job_id": _job(code).pk}, **_rights(code, second),
        "request": {"pk": _request(code)}, "saying": {"pk": _saying(code, person)}, "opinion": {"pk": _opinion(code)},
        "talk": {"pk": _talk(code, person).pk}, **assessment_things(code, person, NOW, DAY),
        **_system(code), "division": {"code": code}, "alteration": {"pk": _alteration(code).pk},
    }  # fmt: skip


def _person(code: str, house: Household | None) -> Person:
    person = Person.objects.create(
        region_code=code, name="沈玉兰", sex="2", birth_date=date(1942, 3, 18), living_region=code, address="寿昌大道",
        registered_region=code, household=house, household_relation="self" if house else "", created_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    Sheet.objects.create(person=person, region_code=code, sex=2, birth_date=person.birth_date, standing="present")
    return person


def _talk(code: str, person: Person) -> AdviceTalk:
    return AdviceTalk.objects.create(
        region_code=code, person=person, channel="phone", items=[], handed_to="", adviser="何俊", talked_at=NOW
    )


def _transfer(code: str, person: Person) -> Transfer:
    return Transfer.objects.create(
        region_code=code, matter=uuid.uuid4(), side=Side.GIVING, asked_by=Side.RECEIVING, person=person,
        name=person.name, to_region=ELSEWHERE, from_region=code, asked_at=NOW, asker="何俊",
    )  # fmt: skip


def _upload(code: str) -> Upload:
    token = uuid.uuid4().hex
    path = settings.FILES / f"{token}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER, encoding="utf-8")
    return Upload.objects.create(
        region_code=code, name="残联名册.csv", kind=".csv", size=path.stat().st_size, sha256=token * 2,
        place=path.name, permission="people.export", created_at=NOW,
    )  # fmt: skip


def _batch(code: str, upload: Upload, state: str) -> Batch:
    batch = Batch.objects.create(
        region_code=code, source="disabled_federation", upload=upload.pk, file_name=upload.name,
        file_hash=upload.sha256, data_until=DAY, state=BatchState(state), creator="何俊", created_at=NOW,
    )  # fmt: skip
    StagedRow.objects.create(region_code=code, batch=batch, number=2, kind=RowKind.REVIEW, told={})
    return batch


def _task(code: str, pair: Pair) -> Task:
    return Task.objects.create(
        kind="people.duplicate", title="核对重复档案", subject=pair.pk, region_code=code, due_date=DAY, opened_at=NOW
    )


def _job(code: str) -> Job:
    return Job.objects.create(
        kind="people.count", title="重新数各类老人", region_code=code, starter_name="后台", state=JobState.QUEUED,
        created_at=NOW,
    )  # fmt: skip


def _system(code: str) -> dict[str, Kwargs]:
    """A system of another office that waits for a second person, and where it will be told what happens."""
    given = {"purposes": ["exchange"], "actions": ["regions.read"], "until_date": date(2030, 1, 1)}
    system = ApiClient.objects.create(name=f"system-{code}", office="office", region=code, proposed_at=NOW, **given)
    hook = Webhook(client=system, region=code, url="/nowhere", kinds=["divisions.changed"], added_at=NOW)
    hook.secret_sealed = sealed(new_secret(), hook.pk)
    hook.save()
    return {"system": {"pk": system.pk}, "webhook": {"pk": system.pk, "webhook_pk": hook.pk}}


def _alteration(code: str) -> Alteration:
    return Alteration.objects.create(
        deed=Deed.RENAME, code=code, on_date=date(2030, 1, 1), document="某政函〔2029〕1号",
        details={"code": code, "name": "新名"}, state=AlterationState.WAITING, entered_at=NOW,
    )  # fmt: skip


def _request(code: str) -> uuid.UUID:
    """Somebody who wants to be rung."""
    row = ContactRequest(region_code=code, asked_at=NOW)
    row.name_sealed = seal("沈玉兰", f"portal_contactrequest.name.{row.pk}")
    row.phone_sealed = seal("13800005521", f"portal_contactrequest.phone.{row.pk}")
    row.save()
    return row.pk


def _saying(code: str, person: Person) -> uuid.UUID:
    """What somebody said of her own file."""
    return Saying.objects.create(region_code=code, person=person, about="other", words="测试", said_at=NOW).pk


def _opinion(code: str) -> uuid.UUID:
    """What somebody said about the list."""
    return Opinion.objects.create(region_code=code, code=uuid.uuid4().hex[:12], words="测试", said_at=NOW).pk


def _draft_list() -> None:
    """A street's own list on its way: whoever works there or above sees it."""
    head = {"list": "own", "title": "街道清单", "region": STREET[:9], "region_name": "街道", "instrument": "ezhou-2023"}
    files = {"list.yaml": text_of(head | {"from": DAY}), "01-item-1.yaml": text_of(item(1))}
    of_list = ServiceList.objects.create(id=OWN_LIST, key="420704-street/own", title="街道清单", region=STREET)
    Release.objects.create(
        id=DRAFT, of_list=of_list, number=1, from_date=DAY, files=files, created_at=NOW, changed_at=NOW
    )  # fmt: skip


def _kept_trial() -> None:
    """A draft for the whole city, which everybody may read, and what was tried on it."""
    Instrument.objects.get_or_create(key="ezhou-2023", defaults={"title": "清单", "region": CITY})
    head = {"list": "tried", "title": "小清单", "region": "420700", "region_name": "鄂州市", "instrument": "ezhou-2023"}
    files = {"list.yaml": text_of(head | {"from": DAY}), "01-item-1.yaml": text_of(item(1))}
    of_list = ServiceList.objects.create(key="420700-ezhou/tried", title="小清单", region=CITY)
    release = Release.objects.create(
        id=RELEASE, of_list=of_list, number=1, state="draft", from_date=DAY, files=files, created_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    people = dict.fromkeys(("better", "worse", "more", "less"), 0)
    tried = {"people": people, "month_change": "0", "year_change": "0", "items": [], "districts": [], "ages": []}
    Simulation.objects.create(
        id=TRIAL, release=release, name="试", on_date=DAY, attached=True, maker="何俊", made_at=NOW,
        result={"scenarios": [tried], "region": "4207", "living": 3},
    )  # fmt: skip


def _rights(code: str, second: Account) -> dict[str, Kwargs]:
    account = Account.objects.create(login=f"placed-{code}", name="严素琴", created_at=NOW)
    role = {"role_id": "community_worker", "region": code, "from_date": DAY, "proposed_at": NOW}
    grant = Grant.objects.create(account=account, proposed_by=second, **role)
    reset = Reset.objects.create(account=account, deed="password", reason="忘了密码", asked_by=second, asked_at=NOW)
    return {"account": {"pk": account.pk}, "grant": {"pk": grant.pk}, "reset": {"pk": reset.pk}}


def own_things(account: Account) -> dict[str, Kwargs]:
    """What belongs to an account instead of a region."""
    notice = Notice.objects.create(account=account, title="办完了", link="/", created_at=NOW)
    kept = {"account": account, "name": "独居", "query": "living=alone", "created_at": NOW}
    views = {page: KeptView.objects.create(page=page, **kept).pk for page in ("people", "tasks", "matters")}
    return {
        "notice": {"notice_id": notice.pk}, "view": {"pk": views["people"]}, "task_view": {"view_id": views["tasks"]},
        "matter_view": {"pk": views["matters"]},
    }  # fmt: skip
