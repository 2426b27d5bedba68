"""Persons, households, places, facts on two time axes, life events. Every table carries the region it is shown in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate

from songhe.foundation.database.fields import RegionCodeField
from songhe.people.groups import GROUPS, INDEXED
from songhe.people.terms import LifeEventKind, Part, Place, Relation, Sex, Side, Source, Standing, TransferState

NAME_LENGTH = 60
ADDRESS_LENGTH = 160
_ASKED = ("sex", "lives_alone", "empty_nest", "ability_grade")  # what lists are narrowed to most, beside their group


class Household(models.Model):
    """People under one roof. A household that moves keeps its id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="people_household_region"),)


class Person(models.Model):
    """One older person.

    `region_code` is where the file lies: the community where the person lives, else that of the register. The identity
    number and the phone are sealed; `*_index` finds them, `*_tail` holds the last four that pages show. A person that
    was merged into another keeps its row and names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    name = models.CharField(max_length=NAME_LENGTH)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    death_date = models.DateField(null=True, blank=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.PRESENT)
    identity_sealed = models.BinaryField(null=True)
    identity_index = models.BinaryField(null=True, max_length=16)
    identity_tail = models.CharField(max_length=4, blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=16)
    phone_tail = models.CharField(max_length=4, blank=True)
    registered_region = RegionCodeField(blank=True)
    living_region = RegionCodeField(blank=True)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.SET_NULL, db_index=False, related_name="people"
    )
    household_relation = models.CharField(max_length=20, choices=Relation.choices, blank=True)
    merged_into = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), include=("standing", "name"), name="people_person_region"),
            models.Index(fields=("region_code", "birth_date", "id"), name="people_person_birth"),
            models.Index(fields=("phone_index",), name="people_person_phone"),
            models.Index(fields=("identity_tail", "region_code"), name="people_person_tail"),
            models.Index(fields=("household",), name="people_person_household"),
            models.Index(F("standing"), Collate("name", "C"), F("id"), name="people_person_name"),
            models.Index(
                F("region_code"), F("standing"), Collate("name", "C"), F("id"), name="people_person_place_name"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("identity_index",), condition=~Q(standing=Standing.MERGED), name="people_person_identity"
            ),
            models.CheckConstraint(
                name="people_person_dead", condition=Q(death_date__isnull=True) | Q(standing__in=("dead", "merged"))
            ),
            models.CheckConstraint(
                name="people_person_merged", condition=Q(merged_into__isnull=True) | Q(standing="merged")
            ),
        )


class NameGram(models.Model):
    """One or two neighbouring characters of a name or an address: how people are found under row-level security."""

    pk = models.CompositePrimaryKey("gram", "region_code", "person_id")
    region_code = RegionCodeField()
    gram = models.CharField(max_length=2, db_collation="C")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False, related_name="+")

    class Meta:
        """See Django."""

        db_table = "people_gram"
        indexes = (models.Index(fields=("person",), name="people_gram_person"),)


class Residence(models.Model):
    """Where a person was registered or lived, from a day (empty: not known) until a day (excluded; empty: still)."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    place = models.CharField(max_length=10, choices=Place.choices)
    area = RegionCodeField()
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    from_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="people_residence_region"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "place"), condition=Q(until_date__isnull=True), name="people_residence_now"
            ),
        )


class Contact(models.Model):
    """Somebody who can be rung, who guards, or who acts for a person, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.CONTACT)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    name = models.CharField(max_length=NAME_LENGTH)
    phone_sealed = models.BinaryField(null=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    document = models.CharField(max_length=120, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="people_contact_region"),)
        constraints = (
            models.CheckConstraint(
                name="people_contact_dates", condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date"))
            ),
        )


class Circumstance(models.Model):
    """One fact of the person table as one source tells it.

    True from `from_date` until `until_date` (excluded; empty: still); `as_of` is the day the source speaks of, from
    which freshness counts. Known from `known_from` until `known_until` (empty: still what that source says): a newer
    telling of the same source ends the older one, it never changes it. `value` is text as in the person table.
    """

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="circumstances")
    fact = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    source = models.CharField(max_length=24, choices=Source.choices)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    as_of = models.DateField()
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)
    batch = models.UUIDField(null=True)
    recorded_by = models.UUIDField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="people_circumstance_region"),
            models.Index(fields=("batch",), condition=Q(batch__isnull=False), name="people_circumstance_batch"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "fact", "source"),
                condition=Q(known_until__isnull=True),
                name="people_circumstance_current",
            ),
        )


class LifeEvent(models.Model):
    """Something that happened to a person or to the file, in order. `undoes` names the event that this one takes back.

    `detail` holds what is needed to undo it: codes, dates and ids, never a name, number or address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False, related_name="events")
    kind = models.CharField(max_length=20, choices=LifeEventKind.choices)
    on_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    recorder = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=24, choices=Source.choices, default=Source.COMMUNITY)
    reason = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    undoes = models.OneToOneField("people.LifeEvent", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="people_event_region"),
            models.Index(fields=("person", "-recorded_at"), name="people_event_person"),
        )


class Sheet(models.Model):
    """The person table as it stands: one row a person, made from the facts by the rules of trust and freshness.

    Columns as in `songhe.rules.facts` (empty is unknown). `conflicts` and `stale` name the facts on which sources
    disagree, and those that became unknown by age; `fresh_until` is the first day on which another one does.
    """

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="sheet")
    region_code = RegionCodeField()
    birth_date = models.DateField(null=True)
    death_date = models.DateField(null=True)
    sex = models.SmallIntegerField(null=True)
    registered_region = models.TextField(null=True, db_collation="C")
    residence_region = models.TextField(null=True, db_collation="C")
    hukou_kind = models.TextField(null=True)
    assistance = models.TextField(null=True)
    destitute_support = models.TextField(null=True)
    hardship_after_allowance = models.BooleanField(null=True)
    disability_category = models.SmallIntegerField(null=True)
    disability_level = models.SmallIntegerField(null=True)
    long_term_care_need = models.BooleanField(null=True)
    ability_grade = models.SmallIntegerField(null=True)
    cannot_self_care = models.BooleanField(null=True)
    dementia = models.BooleanField(null=True)
    lives_alone = models.BooleanField(null=True)
    empty_nest = models.BooleanField(null=True)
    left_behind = models.BooleanField(null=True)
    family_planning_special = models.BooleanField(null=True)
    entitled_kind = models.TextField(null=True)
    capable_supporter = models.BooleanField(null=True)
    regular_benefit = models.BooleanField(null=True)
    pension_scheme = models.TextField(null=True)
    pension_due = models.BooleanField(null=True)
    homeless = models.BooleanField(null=True)
    support_claim = models.BooleanField(null=True)
    court_fee_hardship = models.BooleanField(null=True)
    has_family_carer = models.BooleanField(null=True)
    standing = models.CharField(max_length=10, choices=Standing.choices)
    conflicts = models.JSONField(default=list)
    stale = models.JSONField(default=list)
    fresh_until = models.DateField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(
                fields=("region_code", "standing", "birth_date", "person"), include=_ASKED, name="people_sheet_list"
            ),
            models.Index(fields=("fresh_until",), name="people_sheet_fresh"),
            models.Index(
                fields=("standing", "birth_date", "person"),
                include=("region_code", *_ASKED),
                name="people_sheet_age",
            ),
            *(
                models.Index(
                    fields=("birth_date", "person"),
                    include=("region_code", *_ASKED, "cannot_self_care", "dementia"),
                    condition=Q(standing=Standing.PRESENT) & GROUPS[code].condition,
                    name=f"people_sheet_{code}",
                )
                for code in INDEXED
            ),
        )


class CommunityCount(models.Model):
    """How many of the people of one community belong to each group of `groups.py`, on a day.

    Counted anew after changes and once a day: ages move. `region_code` is where the files lie.
    """

    region_code = RegionCodeField(primary_key=True)
    on_date = models.DateField()
    counted_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    women = models.PositiveIntegerField()
    from_65 = models.PositiveIntegerField()
    from_70 = models.PositiveIntegerField()
    very_old = models.PositiveIntegerField()
    from_90 = models.PositiveIntegerField()
    from_100 = models.PositiveIntegerField()
    alone = models.PositiveIntegerField()
    alone_80 = models.PositiveIntegerField()
    empty_nest = models.PositiveIntegerField()
    left_behind = models.PositiveIntegerField()
    lonely = models.PositiveIntegerField()
    disabled = models.PositiveIntegerField()
    dementia = models.PositiveIntegerField()
    severe = models.PositiveIntegerField()
    family_planning = models.PositiveIntegerField()
    destitute = models.PositiveIntegerField()
    minimum_living = models.PositiveIntegerField()
    edge = models.PositiveIntegerField()
    entitled = models.PositiveIntegerField()
    conflict = models.PositiveIntegerField()
    stale = models.PositiveIntegerField()
    never_assessed = models.PositiveIntegerField()

    class Meta:
        """See Django."""

        db_table = "people_count"


class Transfer(models.Model):
    """One side's row of handing a file from one district to another; `matter` joins the two.

    Each side sees its own row only. `asked_by` is the side that began, the other one answers. The receiver cannot see
    the file yet, so its row says who it is; not when it began, for then it knows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    matter = models.UUIDField()
    side = models.CharField(max_length=10, choices=Side.choices)
    asked_by = models.CharField(max_length=10, choices=Side.choices)
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.PROPOSED)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True)
    from_region = RegionCodeField(blank=True)
    to_region = RegionCodeField()
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asker = models.CharField(max_length=40)
    answered_at = models.DateTimeField(null=True)
    answerer = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="people_transfer_region"),)
        constraints = (
            models.UniqueConstraint(fields=("matter", "side"), name="people_transfer_sides"),
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(state=TransferState.PROPOSED, side=Side.GIVING),
                name="people_transfer_open_once",
            ),
        )
