"""The schema keeps agencies apart by itself: every table, policy, key, index and function is looked at."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from agencies.owned import AgencyManager, AgencyOwned
from agencies.scope import agency_scope
from collections_crm import embedded
from tests import factories
from tests.tenancy import catalog

pytestmark = [pytest.mark.isolation, pytest.mark.django_db]

CURRENT = "( SELECT (NULLIF(current_setting('app.agency_id'::text, true), ''::text))::bigint AS \"nullif\")"
OWN = f"(agency_id = {CURRENT})"
EARLY = f"({OWN} OR ({CURRENT} IS NULL))"

READABLE_BEFORE_SCOPE = {
    "agencies_membership": "tells in which agencies a person who signs in works",
    "agencies_invitation": "is found by the secret of its link, by somebody who has no place yet",
    "agencies_apitoken": "is found by its secret, and tells whose scope to open",
}
GLOBAL_TABLES = {
    "account_emailaddress": "addresses of people, who may work in several agencies",
    "account_emailconfirmation": "as above",
    "agencies_agency": "the agencies themselves",
    "agencies_user": "people who sign in; what they may do lies in their memberships",
    "django_content_type": "names of models",
    "django_migrations": "the state of the schema",
    "django_session": "sessions, found before the agency is known",
    "mfa_authenticator": "second factors of people",
    "usersessions_usersession": "where people are signed in",
    "auth_group": "not used; part of Django's permissions",
    "auth_group_permissions": "as above",
    "auth_permission": "as above",
}
KEYS_ACROSS_AGENCIES = {
    "agencies_invitation_token_hash_key": "a hash of 32 random bytes, looked up before the agency is known",
    "agencies_apitoken_token_hash_key": "a hash of 32 random bytes, looked up before the agency is known",
}
INDEXES_ACROSS_AGENCIES = {
    "agencies_membership_user_id_": "finds the places of a person who signs in, before the agency is known",
    "agencies_invitation_invited_by_id_": "lets a user be checked for traces before anything is removed",
    "agencies_apitoken_created_by_id_": "lets a user be checked for traces before anything is removed",
}
LOOSE_POINTERS = {
    ("audit_event", "case_id"): "lies above the floor of history; an event outlives its case",
    ("audit_event", "subject_id"): "points at what the kind says, in whatever table",
    ("agencies_invitation", "creditor_id"): "lies above; checked when used, in the scope of the agency",
    ("agencies_invitation", "law_firm_id"): "lies above; checked when used, in the scope of the agency",
    ("cases_case", "court_decision_id"): "lies above; a trigger and the floor above look at its approval",
    ("cases_case", "source_row_id"): "the row of the case file; rows of old files are cleared away, cases stay",
    ("cases_approval", "subject_id"): "the row that waits, in the table its kind says; read in the agency's scope",
    ("cases_document", "subject_id"): "what the document belongs to, in the table its kind says",
}


def test_tables_without_an_agency_are_few_and_known():
    loose = set(catalog.all_tables()) - set(catalog.owned_tables())
    unknown = loose - set(GLOBAL_TABLES)
    assert not unknown, f"{sorted(unknown)}: give them an agency, or name the reason in GLOBAL_TABLES."
    assert not set(GLOBAL_TABLES) - loose, "an entry of GLOBAL_TABLES is stale"


def test_every_owned_table_forces_row_security():
    """S003-05."""
    found = dict(
        catalog.rows("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p')")
    )
    assert [table for table in catalog.owned_tables() if not found[table]] == []


def test_there_are_many_owned_tables():
    assert len(catalog.owned_tables()) >= 40


def test_every_policy_is_exactly_the_one_wanted():
    for table in catalog.owned_tables():
        app = frozenset({"crm_app", "crm_owner"})
        wanted = {
            f"{table}_rls": catalog.Policy(f"{table}_rls", app, "ALL", OWN, OWN),
            f"{table}_rls_platform": catalog.Policy(
                f"{table}_rls_platform", frozenset({"crm_platform"}), "ALL", "true", "true"
            ),
        }
        if table in READABLE_BEFORE_SCOPE:
            wanted[f"{table}_rls_early"] = catalog.Policy(f"{table}_rls_early", app, "SELECT", EARLY, None)
        assert catalog.policies(table) == wanted, table


def test_exceptions_for_early_reading_are_not_stale():
    assert set(READABLE_BEFORE_SCOPE) <= set(catalog.owned_tables())


def test_every_owned_table_has_the_key_that_pointers_need():
    keys = {(i.table, i.columns) for i in catalog.indexes() if i.unique}
    assert [table for table in catalog.owned_tables() if (table, ("agency_id", "id")) not in keys] == []


def test_agency_ids_are_never_missing():
    nullable = catalog.rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'agency_id' AND is_nullable = 'YES'"
    )
    assert nullable == []


def test_every_unique_key_starts_with_the_agency():
    owned = set(catalog.owned_tables())
    across = {
        i.name for i in catalog.indexes()
        if i.table in owned and i.unique and not i.primary and i.columns[0] != "agency_id"
    }  # fmt: skip
    assert across == set(KEYS_ACROSS_AGENCIES)


def test_every_index_starts_with_the_agency():
    owned = set(catalog.owned_tables())
    across = {
        i.name for i in catalog.indexes() if i.table in owned and not i.unique and i.columns[0] != "agency_id"
    } - {name for name in (i.name for i in catalog.indexes()) if name.startswith(tuple(KEYS_ACROSS_AGENCIES))}
    unknown = {name for name in across if not name.startswith(tuple(INDEXES_ACROSS_AGENCIES))}
    assert not unknown, f"{sorted(unknown)}: begin with agency_id, or name the reason in INDEXES_ACROSS_AGENCIES."
    stale = [start for start in INDEXES_ACROSS_AGENCIES if not any(name.startswith(start) for name in across)]
    assert not stale


def test_no_pointer_between_owned_tables_stands_on_one_column():
    owned = set(catalog.owned_tables())
    wrong = [
        key for key in catalog.foreign_keys()
        if key.to in owned and (key.columns[0] != "agency_id" or key.to_columns != ("agency_id", "id"))
    ]  # fmt: skip
    assert wrong == []


def test_nothing_global_points_into_an_agency():
    owned = set(catalog.owned_tables())
    assert [key for key in catalog.foreign_keys() if key.to in owned and key.table not in owned] == []


def test_every_pointer_of_every_model_is_a_composite_key():
    keys = {(key.table, key.columns, key.to) for key in catalog.foreign_keys()}
    missing = [
        f"{model._meta.db_table}.{field.column}"
        for model in catalog.owned_models()
        for field in catalog.pointers(model)
        if (model._meta.db_table, ("agency_id", field.column), field.related_model._meta.db_table) not in keys
    ]
    assert missing == []


def test_every_other_column_that_looks_like_a_pointer_is_known():
    keyed = {(key.table, column) for key in catalog.foreign_keys() for column in key.columns}
    columns = catalog.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name LIKE '%%\\_id' AND data_type IN ('bigint', 'integer')"
    )
    owned = set(catalog.owned_tables())
    loose = {column for column in columns if column[0] in owned and column not in keyed}
    unknown = {pair for pair in loose if pair not in LOOSE_POINTERS and not _counts_events(pair)}
    assert not unknown, f"{sorted(unknown)}: make a composite key, or name the reason in LOOSE_POINTERS."
    stale = set(LOOSE_POINTERS) - loose
    assert not stale, f"{sorted(stale)} in LOOSE_POINTERS is stale"


def _counts_events(column):
    return column[0] == "audit_seal"


def test_no_view_goes_round_row_security():
    views = catalog.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm'"
        " OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY(reloptions), false))"
    )
    assert views == []


def test_no_function_acts_for_somebody_else():
    functions = catalog.rows("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef")
    assert functions == []


def test_the_owner_of_the_tables_owns_all_of_them_and_is_no_role_of_the_application():
    owners = catalog.rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [("crm_owner",)]


def test_no_role_of_the_product_may_pass_row_security():
    roles = catalog.rows(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('crm_app', 'crm_owner', 'crm_platform')"
        " AND NOT rolsuper AND NOT rolbypassrls AND NOT rolcreaterole AND NOT rolreplication ORDER BY 1"
    )
    assert roles == [("crm_app",), ("crm_owner",), ("crm_platform",)]


def test_the_application_belongs_to_no_other_role():
    members = catalog.rows(
        "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
        " WHERE r.rolname IN ('crm_app', 'crm_platform')"
    )
    assert members == []


def test_the_application_may_not_make_anything_in_the_schema():
    (allowed,) = catalog.rows(
        "SELECT bool_or(has_schema_privilege(r, 'public', 'CREATE')) FROM unnest(array['crm_app', 'crm_platform']) r"
    )
    assert allowed == (False,)


@pytest.mark.parametrize("model", [m for m in apps.get_models() if hasattr(m, "agency")], ids=lambda m: m._meta.label)
def test_every_owned_model_uses_the_loud_manager(model):
    assert issubclass(model, AgencyOwned)
    assert type(model.objects) is AgencyManager
    assert type(model._default_manager) is AgencyManager
    assert type(model._base_manager) is AgencyManager


@pytest.mark.django_db(transaction=True)
def test_even_the_owner_of_the_tables_sees_only_the_agency_in_scope():
    own, other = factories.make_agency(), factories.make_agency()
    for agency in (own, other):
        with agency_scope(agency.id):
            factories.make_case()
    database = connection.settings_dict["NAME"]
    with psycopg.connect(embedded.database_url("crm_owner", "test", database=database)) as owner:
        owner.execute("SELECT set_config('app.agency_id', %s, true)", [str(own.id)])
        assert owner.execute("SELECT DISTINCT agency_id FROM cases_case").fetchall() == [(own.id,)]
