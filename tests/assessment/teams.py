"""An organisation with its assessors, an older person, and the way of an assessment, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from songhe.assessment.models import Assessment, Assessor, Form, Organisation
from songhe.assessment.operations.asking import accept, ask
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.visiting import FieldChange, content_digest, save_form, sign, submit
from songhe.assessment.scales.definition import scale_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.people.models import Person, Sheet

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
NATIONAL = "gbt42195-2022"
REGION = "420704001002"
DRAWING = "data:image/png;base64,iVBORw0KGgo="
_numbers, _days = count(1), count(1)
CODES = ("91350100M000100Y43", "91110000600037341L", "12100000400010275N")


def older_person(region: str = REGION, name: str = "王德福", birth: date = date(1939, 3, 4)) -> Person:
    """Somebody in the register, of whom nothing else is known."""
    person = Person.objects.create(
        id=uuid4(),
        region_code=region,
        name=name,
        birth_date=birth,
        living_region=region,
        created_at=NOW,
        changed_at=NOW,
    )
    Sheet.objects.create(person=person, region_code=region, birth_date=birth, standing="present")
    return person


def organisation(code: str = CODES[0], district: str = "420704000000", **fields: object) -> Organisation:
    """A registered body."""
    return Organisation.objects.create(
        district=district, name="松泽老年评估中心", code=code, from_date=date(2023, 1, 1), **fields
    )


def assessor(
    of: Organisation, name: str = "胡静", *, medical: bool = True, login: str = "", **fields: object
) -> Assessor:
    """An assessor, with an account when a login is given."""
    account = Account.objects.create(login=login, name=name, created_at=NOW) if login else None
    given: dict[str, object] = {
        "certified_from": date(2024, 1, 1), "certified_until": date(2028, 1, 1), "joined_date": date(2024, 1, 1),
        "certificate": f"PG{next(_numbers):06}",
    } | fields  # fmt: skip
    return Assessor.objects.create(organisation=of, account=account, name=name, medical=medical, **given)


def acting(who: Assessor, region: str = "420704") -> Actor:
    """An assessor at work."""
    return Actor(who.account_id, who.name, region, frozenset({"assessment.assess", "tasks.do"}))


def able(**others: str) -> dict[str, str]:
    """The answers of somebody who can do everything but what is named ("B_2_3" for B.2.3)."""
    answers = {item.code: str(item.most) for item in scale_of(NATIONAL).items}
    return answers | {code.replace("_", "."): answer for code, answer in others.items()}


def basics(**others: object) -> dict[str, object]:
    """Form A as far as it is needed."""
    return {"informant": "本人", "risk_events": {}, "diagnoses": {}, "coma": "没有"} | others


def changes_of(answers: dict[str, str], form_a: dict[str, object], at: datetime = NOW) -> list[FieldChange]:
    """All of a form as one device sends it first."""
    return [
        *(FieldChange(f"A.{key}", value, None, at) for key, value in form_a.items()),
        *(FieldChange(code, answer, None, at) for code, answer in answers.items()),
    ]


def appointed(desk: Actor, person: Person, team: list[Assessor], purpose: str = "care_subsidy") -> Assessment:
    """An assessment for which a visit was agreed upon."""
    row = ask(actor=desk, person_id=person.pk, purpose=purpose, reason="first", asked_by="self", now=NOW)
    accept(actor=desk, assessment=row.pk, now=NOW)
    assign(actor=desk, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    return appoint(actor=desk, assessment=row.pk, visit_at=NOW + timedelta(hours=free_hour()), place="家里", now=NOW)


def free_hour() -> int:
    """An hour from now in which nobody has anything, a day or more away."""
    return 24 * (next(_days) % 300 + 1)


def handed_in(
    row: Assessment, team: list[Assessor], answers: dict[str, str], form_a: dict[str, object] | None = None
) -> Form:
    """The form of an assessment, filled in, signed by the team and handed in."""
    me = acting(team[0])
    form_id = draft_of(row) or uuid4()
    if not Form.objects.filter(pk=form_id).exists():
        save_form(
            actor=me, assessment=row.pk, form_id=form_id, changes=changes_of(answers, form_a or basics()), now=NOW
        )
    form = Form.objects.get(pk=form_id)
    for one in team:
        sign(actor=me, form_id=form_id, assessor=one.pk, drawing=DRAWING, digest=content_digest(form), now=NOW)
    return submit(actor=me, form_id=form_id, assessed_date=TODAY, now=NOW)


def draft_of(row: Assessment) -> UUID | None:
    """The form that is being filled in."""
    return Form.objects.filter(assessment=row, state="draft").values_list("pk", flat=True).first()
