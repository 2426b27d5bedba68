"""Rows of persons are seen by region; whether an identity number is taken elsewhere is answered with yes or no."""

from django.db import migrations

from songhe.foundation.database.migrating import OWNER, WEB, RegionSecurity

# The only way to learn of a person in another region: that there is one. It looks everywhere and puts the scope back.
_TAKEN = f"""
CREATE FUNCTION people_identity_taken(wanted bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    lo text := current_setting('app.lo', true);
    hi text := current_setting('app.hi', true);
    found_one boolean;
BEGIN
    PERFORM set_config('app.lo', '0', true), set_config('app.hi', ':', true);
    found_one := EXISTS (
        SELECT FROM public.people_person WHERE identity_index = wanted AND standing <> 'merged'
    );
    PERFORM set_config('app.lo', coalesce(lo, ''), true), set_config('app.hi', coalesce(hi, ''), true);
    RETURN found_one;
END $$;
ALTER FUNCTION people_identity_taken(bytea) OWNER TO {OWNER};
REVOKE ALL ON FUNCTION people_identity_taken(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_identity_taken(bytea) TO {WEB};
"""


class Migration(migrations.Migration):
    """See Django."""

    dependencies = (("people", "0001_register"), ("access", "0002_rights"))
    operations = (
        RegionSecurity(
            "people_household", "people_person", "people_gram", "people_residence", "people_contact", "people_sheet"
        ),
        RegionSecurity("people_circumstance", "people_lifeevent", privileges="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(_TAKEN, "DROP FUNCTION people_identity_taken(bytea)"),
    )
