from django.db import migrations

from songhe.foundation.database.migrating import OWNER, WEB

# Who writes hundreds of thousands of rows and reads them in the same minute has to tell the planner; only the owner of
# a table may. Nothing of a row leaves the function.
_ANALYSED = f"""
CREATE FUNCTION imports_analysed() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    ANALYZE public.imports_stagedrow, public.imports_change;
END $$;
ALTER FUNCTION imports_analysed() OWNER TO {OWNER};
REVOKE ALL ON FUNCTION imports_analysed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION imports_analysed() TO {WEB};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0004_replaced_only"),
    ]

    operations = [
        migrations.RunSQL(_ANALYSED, "DROP FUNCTION imports_analysed()"),
    ]
