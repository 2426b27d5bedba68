"""Every change of a person's rows leaves an audit entry.

Not `people_gram` and `people_sheet`: both are made from the other tables, and can be made anew and compared.
"""

from django.db import migrations

from songhe.foundation.audit.migrating import Audited


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("people", "0003_counts"), ("audit", "0002_append_only"))
    operations = (
        Audited(
            "people_person",
            values=("standing", "death_date", "living_region", "registered_region", "household_id", "merged_into_id"),
            silent=("version", "changed_at"),
        ),
        Audited("people_household"),
        Audited("people_residence", subject="person_id", values=("place", "area", "from_date", "until_date")),
        Audited("people_contact", subject="person_id", values=("part", "relation", "from_date", "until_date")),
        Audited(
            "people_circumstance",
            subject="person_id",
            values=("fact", "source", "from_date", "until_date", "as_of", "known_until", "batch"),
        ),
        Audited("people_lifeevent", subject="person_id", values=("kind", "on_date", "undoes_id")),
    )
