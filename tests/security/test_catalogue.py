"""T1: what the database itself holds: every personal table is bound to regions, the application owns nothing."""

from __future__ import annotations

import psycopg
import pytest

from songhe.foundation.database.migrating import OWNER, WEB

# Tables without a region: nobody's personal data lies in them. Each with its reason.
WITHOUT_REGION = {
    "api_apiclient": "systems of other offices, needed before it is known who calls",
    "api_apianswer": "what systems were answered when they told something: counts and codes",
    "api_webhook": "where systems are told what happened; the secrets are sealed",
    "api_webhookmessage": "ids and times of what a system is told",
    "api_webhooktry": "when and how sending went",
    "access_account": "staff accounts, needed before anybody is known",
    "access_grant": "rights of staff",
    "access_reset": "what was asked for accounts of staff",
    "access_role": "names of roles",
    "access_roleaction": "what roles may do",
    "auth_group": "of a library, not used",
    "auth_group_permissions": "of a library, not used",
    "auth_permission": "of a library, not used",
    "axes_accessattempt": "failed sign-ins of staff",
    "axes_accessattemptexpiration": "failed sign-ins of staff",
    "axes_accessfailurelog": "failed sign-ins of staff",
    "axes_accesslog": "sign-ins of staff",
    "django_content_type": "of the framework",
    "django_migrations": "of the framework",
    "django_session": "sessions of staff",
    "otp_totp_totpdevice": "second factors of staff",
    "policy_instrument": "public documents",
    "policy_servicelist": "public lists",
    "policy_release": "editions of public lists, and drafts of them",
    "policy_step": "who drafted, approved and issued a list",
    "policy_simulation": "sums by item, district and age",
    "decisions_listeditem": "names of items",
    "assessment_organisation": "bodies that assess, public",
    "assessment_assessor": "staff who assess, without their numbers",
    "assessment_driftrun": "sums about staff",
    "assessment_campaign": "which group is assessed by which day",
    "portal_knock": "how often an address of the network came today, under a digest that differs every day",
    "portal_entrance": "codes that were asked for; whom they are for is sealed",
    "portal_visit": "who came in with a code, sealed, under a digest of what the browser holds",
    "regions_alteration": "public",
    "regions_division": "public",
    "regions_succession": "public",
    "procrastinate_events": "ids of jobs",
    "procrastinate_jobs": "ids of jobs",
    "procrastinate_periodic_defers": "of a library",
    "procrastinate_workers": "of a library",
    "notices_notice": "words to staff, without personal data; found by account",
    "outbox_event": "ids and dates of events",
    "outbox_delivery": "which handler took which event",
    "kept_view": "filters that staff kept",
    "audit_usage": "how often staff looked",
    "audit_block": "digests of blocks",
    "audit_check": "when seals were verified, and the numbers of blocks that did not fit",
    "audit_mark": "numbers of entries",
    "audit_seal": "digests of blocks",
    "idempotency_answer": "digests of forms and where they led",
}
# Functions that run as their owner, each reviewed: what it gives away and why.
DEFINER = {
    "imports_analysed": "nothing: tells the planner how many rows a list has",
    "people_identity_taken": "yes or no: whether an identity number is in the register of any region",
}
POLICY = (
    "(((region_code)::text >= current_setting('app.lo'::text, true))"
    " AND ((region_code)::text < current_setting('app.hi'::text, true)))"
)
# A deed in one region may have to be told in another: entries are written anywhere, read in one's own.
FURTHER_POLICIES = {"audit_entry": [("PERMISSIVE", "INSERT", "{public}", None, "true")]}
_KIND = (
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE nspname = 'public' AND relkind = %s"
)


@pytest.fixture
def columns(as_owner: psycopg.Connection) -> dict[str, dict[str, str]]:
    """Every table with its columns and their collations."""
    rows = as_owner.execute(
        "SELECT table_name, column_name, coalesce(collation_name, '') FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, collation in rows:
        found.setdefault(table, {})[column] = collation
    return found


@pytest.fixture
def personal(columns: dict[str, dict[str, str]]) -> list[str]:
    return sorted(table for table, held in columns.items() if "region_code" in held)


@pytest.mark.covers("NET-02", "PER-06")
def test_a_table_is_personal_or_says_why_not(columns: dict[str, dict[str, str]], personal: list[str]) -> None:
    assert len(personal) >= 8
    assert sorted(set(columns) - set(personal) - set(WITHOUT_REGION)) == []
    assert sorted(set(WITHOUT_REGION) & set(personal)) == []


@pytest.mark.covers("NET-02", "PER-06")
def test_every_personal_table_is_bound_to_regions(as_owner: psycopg.Connection, personal: list[str]) -> None:
    for table in personal:
        found = as_owner.execute(
            "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner)"
            " FROM pg_class WHERE oid = %s::regclass",
            [table],
        ).fetchone()
        assert found == (True, True, OWNER), table
        policies = as_owner.execute(
            "SELECT permissive, cmd, roles::text, qual, with_check FROM pg_policies WHERE tablename = %s ORDER BY cmd",
            [table],
        ).fetchall()
        assert policies == [("PERMISSIVE", "ALL", "{public}", POLICY, None), *FURTHER_POLICIES.get(table, [])], table


def test_a_region_is_twelve_digits_that_sort_as_bytes(columns: dict[str, dict[str, str]], personal: list[str]) -> None:
    assert {table: columns[table]["region_code"] for table in personal} == dict.fromkeys(personal, "C")


def test_an_index_finds_by_region(as_owner: psycopg.Connection, personal: list[str]) -> None:
    rows = as_owner.execute(
        "SELECT t.relname FROM pg_index i JOIN pg_class t ON t.oid = indrelid"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum IN (i.indkey[0], i.indkey[1])"
        " WHERE a.attname = 'region_code'"
    )
    assert sorted(set(personal) - {row[0] for row in rows}) == []


def test_the_application_owns_nothing_and_cannot_pass_the_policies(as_owner: psycopg.Connection) -> None:
    role = as_owner.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", [WEB]
    ).fetchone()
    assert role == (False, False, False, False)
    owned = as_owner.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [WEB]).fetchone()
    assert owned == (0,)
    more = as_owner.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')",
        [WEB],
    ).fetchall()
    assert more == []
    schema = as_owner.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [WEB]).fetchone()
    assert schema == (False,)
    member = as_owner.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [WEB, OWNER]).fetchone()
    assert member == (False,)


def test_views_look_with_the_eyes_of_who_asks(as_owner: psycopg.Connection) -> None:
    views = as_owner.execute(
        "SELECT relname, coalesce(reloptions::text, '') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind = 'v'"
    ).fetchall()
    assert [name for name, options in views if "security_invoker" not in options] == []
    assert as_owner.execute(_KIND, ["m"]).fetchall() == []


def test_functions_that_run_as_their_owner_are_reviewed(as_owner: psycopg.Connection) -> None:
    found = as_owner.execute(
        "SELECT proname, coalesce(proconfig::text, ''), pg_get_userbyid(proowner) FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND prosecdef"
    ).fetchall()
    assert {name for name, _, _ in found} == set(DEFINER)
    for name, settings, owner in found:
        assert 'search_path=\\"\\"' in settings, name
        assert owner == OWNER
        public = as_owner.execute(
            "SELECT has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc WHERE proname = %s", [name]
        ).fetchone()
        assert public == (False,), name


def test_the_application_sees_no_personal_row_without_a_scope(platform_database, db: None, personal: list[str]) -> None:  # type: ignore[no-untyped-def]
    with psycopg.connect(platform_database.web) as connection:
        for table in personal:
            row = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
            assert row == (0,), table
