"""The register of organisations and assessors, and who may not assess whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from songhe.assessment.districts import DIGITS
from songhe.assessment.models import NAME_LENGTH, WORDS_LENGTH, Assessor, Organisation, Tie
from songhe.assessment.permissions import ACCEPT, ORGANISE
from songhe.assessment.terms import OrganisationState, TieKind
from songhe.assessment.writing import choice
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.audit.recording import record
from songhe.foundation.sealing.seals import blind_index
from songhe.kernel.credit_codes import read_credit_code
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.lines import said
from songhe.kernel.phones import normalised
from songhe.kernel.regions import significant
from songhe.people.api import person_of


@transaction.atomic
def register_organisation(
    *, actor: Actor, district: str, name: str, code: str, from_date: date, phone: str = "", note: str = ""
) -> Organisation:
    """Enters a lawfully registered body in the register of a district; `code` is its unified social credit code.

    BadInput for a code that does not check or a place that is no district; Conflict when it is in the register already.
    """
    actor.require(ORGANISE)
    digits = significant(district)
    if len(digits) != DIGITS:
        raise BadInput("区县", "评估机构登记在区县", given=district, accepted="6位的区县代码")
    actor.require_region(digits)
    code = read_credit_code(code)
    if Organisation.objects.filter(district=digits.ljust(12, "0"), code=code).exists():
        raise Conflict("这个区县已经登记了这家机构")
    row = Organisation.objects.create(
        district=digits.ljust(12, "0"), name=said(name, "名称", NAME_LENGTH), code=code, from_date=from_date,
        phone=said(phone, "电话", 20, needed=False), note=said(note, "备注", WORDS_LENGTH, needed=False),
    )  # fmt: skip
    record(actor, action="assessment.organisation", subject=row.pk, region=row.district)
    return row


@transaction.atomic
def set_organisation_state(*, actor: Actor, organisation: UUID, state: str, on_date: date, note: str = "") -> None:
    """Suspends an organisation, takes it up again or ends it. An ended one stays ended: Conflict."""
    actor.require(ORGANISE)
    row = the_organisation(actor, organisation)
    wanted = OrganisationState(choice(state, OrganisationState, "状态"))
    if row.state == OrganisationState.ENDED:
        raise Conflict("这家机构已注销，要重新登记")
    row.state = wanted
    row.until_date = on_date if wanted == OrganisationState.ENDED else None
    row.note = said(note, "备注", WORDS_LENGTH, needed=False) or row.note
    row.save(update_fields=["state", "until_date", "note"])
    detail = {"state": str(wanted)}
    record(actor, action="assessment.organisation_state", subject=row.pk, region=row.district, detail=detail)


@transaction.atomic
def register_assessor(
    *,
    actor: Actor,
    organisation: UUID,
    name: str,
    certificate: str,
    certified_from: date,
    certified_until: date,
    joined_date: date,
    medical: bool = False,
    full_time: bool = True,
    phone: str = "",
    account: Account | None = None,
) -> Assessor:
    """Enters an assessor of an organisation. Conflict for a certificate or an account that another one has."""
    actor.require(ORGANISE)
    row = the_organisation(actor, organisation)
    certificate = said(certificate, "证书号", 40)
    if certified_until <= certified_from:
        raise BadInput("证书到哪天止", "不晚于开始的那一天", given=certified_until.isoformat())
    if Assessor.objects.filter(certificate=certificate).exists():
        raise Conflict("这个证书号已经登记给别的评估员")
    if account is not None and Assessor.objects.filter(account=account).exists():
        raise Conflict("这个账号已经是别的评估员的")
    assessor = Assessor.objects.create(
        organisation=row, account=account, name=said(name, "姓名", NAME_LENGTH), medical=medical, full_time=full_time,
        certificate=certificate, certified_from=certified_from, certified_until=certified_until,
        joined_date=joined_date, phone_index=blind_index(normalised(phone), "phone") if phone else None,
    )  # fmt: skip
    record(actor, action="assessment.assessor", subject=assessor.pk, region=row.district)
    return assessor


@transaction.atomic
def change_assessor(
    *,
    actor: Actor,
    assessor: UUID,
    certified_until: date | None = None,
    left_date: date | None = None,
    full_time: bool | None = None,
    medical: bool | None = None,
    still_here: bool = False,
) -> Assessor:
    """A certificate was renewed, somebody left, or works otherwise; what is not given stays.

    `still_here` takes a day of leaving back. BadInput for one before the day of coming.
    """
    actor.require(ORGANISE)
    row = the_assessor(actor, assessor)
    if certified_until is not None and certified_until <= row.certified_from:
        raise BadInput("证书到哪天止", "不晚于开始的那一天", given=certified_until.isoformat())
    if left_date is not None and left_date < row.joined_date:
        raise BadInput("哪天离开", "比来的那天早", given=left_date.isoformat())
    given = {
        "certified_until": certified_until,
        "left_date": left_date,
        "full_time": full_time,
        "medical": medical,
    }
    changed: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if still_here and row.left_date is not None:
        changed["left_date"] = None
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    detail = {"fields": sorted(changed)}
    record(actor, action="assessment.assessor_changed", subject=row.pk, region=row.organisation.district, detail=detail)
    return row


@transaction.atomic
def record_tie(
    *,
    actor: Actor,
    person_id: UUID,
    kind: str,
    from_date: date,
    assessor: UUID | None = None,
    organisation: UUID | None = None,
    until_date: date | None = None,
    words: str = "",
) -> Tie:
    """Says why an assessor, or a whole organisation, may not assess a person.

    BadInput unless just one is named, and for an end that is not after the beginning.
    """
    actor.require(ACCEPT)
    if until_date is not None and until_date <= from_date:
        raise BadInput("到哪天为止", "比开始的那天早", given=until_date.isoformat())
    if (assessor is None) == (organisation is None):
        raise BadInput("评估员或机构", "要写明一个")
    person = person_of(actor, person_id)
    row = Tie.objects.create(
        region_code=person.region_code, person=person, kind=choice(kind, TieKind, "关系"), from_date=from_date,
        assessor=the_assessor(actor, assessor) if assessor else None,
        organisation=the_organisation(actor, organisation) if organisation else None,
        until_date=until_date, words=said(words, "说明", WORDS_LENGTH, needed=False),
    )  # fmt: skip
    record(actor, action="assessment.tie", subject=person.pk, region=person.region_code, detail={"kind": row.kind})
    return row


def the_organisation(actor: Actor, organisation: UUID) -> Organisation:
    """The organisation, locked. NotFound when it is not there, or not of the actor's region."""
    row = Organisation.objects.select_for_update().filter(pk=organisation).first()
    if row is None or not _near(actor, row.district):
        raise NotFound("这家评估机构")
    return row


def the_assessor(actor: Actor, assessor: UUID) -> Assessor:
    """The assessor with the organisation. NotFound when it is not there, or not of the actor's region."""
    row = Assessor.objects.select_related("organisation").filter(pk=assessor).first()
    if row is None or not _near(actor, row.organisation.district):
        raise NotFound("这位评估员")
    return row


def _near(actor: Actor, district: str) -> bool:
    """Whether a district lies within the actor's region, or the actor works within that district."""
    digits = significant(district)
    return digits.startswith(actor.region) or actor.region.startswith(digits)
