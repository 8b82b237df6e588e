"""Attempts to reach another agency's rows, in four ways of being connected. Each one must fail.

The application comes under its own role, as in production. A is the agency in scope, B the one that must stay unseen.
"""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from agencies.models import ApiToken, Invitation, Membership, Team
from agencies.scope import NoAgencyInScope, OtherAgencyInScope, agency_scope
from cases.models import Case
from portfolios.models import Creditor
from tests.tenancy import catalog
from tests.tenancy.trial import ask, changed, no_scope, refused, trial

pytestmark = [pytest.mark.isolation, pytest.mark.usefixtures("mode")]

READABLE_BEFORE_SCOPE = ("agencies_membership", "agencies_invitation", "agencies_apitoken")
VIOLATES = "violates row-level security policy"


class TestReading:
    def test_no_table_shows_a_row_of_the_other_agency(self, two):
        with trial(two.a.agency.id):
            for table in catalog.owned_tables():
                assert ask(f"SELECT id FROM {table} WHERE agency_id = %s", two.b.agency.id) == [], table

    def test_own_rows_are_seen(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT id FROM cases_case") == [(two.a.ids["case_id"],)]

    def test_an_id_of_the_other_agency_finds_nothing(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT 1 FROM cases_case WHERE id = %s", two.b.ids["case_id"]) == []

    def test_a_condition_that_is_always_true_finds_only_own_rows(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT DISTINCT agency_id FROM cases_case WHERE true OR agency_id = %s", two.b.agency.id) == [
                (two.a.agency.id,)
            ]

    def test_joins_and_subqueries_do_not_widen_the_view(self, two):
        with trial(two.a.agency.id):
            found = ask(
                "SELECT c.id FROM agencies_agency a JOIN cases_case c ON c.agency_id = a.id"
                " WHERE c.debtor_id IN (SELECT id FROM debtors_debtor) AND a.id = %s",
                two.b.agency.id,
            )
            assert found == []

    def test_counting_counts_own_rows(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT count(*), max(id) FROM cases_case") == [(1, two.a.ids["case_id"])]

    def test_locking_a_foreign_row_finds_nothing(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT id FROM cases_case WHERE id = %s FOR UPDATE SKIP LOCKED", two.b.ids["case_id"]) == []

    def test_copying_out_is_filtered_too(self, two):
        with trial(two.a.agency.id), connection.cursor() as cursor:
            with cursor.copy("COPY (SELECT agency_id FROM cases_case) TO STDOUT") as copy:
                lines = b"".join(bytes(part) for part in copy).split()
            assert lines == [str(two.a.agency.id).encode()]

    def test_statistics_of_the_planner_are_hidden(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT most_common_vals FROM pg_stats WHERE tablename = 'debtors_debtor'") == []

    def test_a_leaky_function_in_a_condition_is_not_called_with_foreign_rows(self, two):
        with trial(two.a.agency.id):
            assert (
                ask(
                    "SELECT id FROM cases_case WHERE 1 / (CASE WHEN agency_id = %s THEN 0 ELSE 1 END) = 2",
                    two.b.agency.id,
                )
                == []
            )


class TestWriting:
    def test_a_row_for_the_other_agency_is_refused(self, two):
        with trial(two.a.agency.id):
            refused(
                "INSERT INTO agencies_team (agency_id, name, kind) VALUES (%s, 'x', 'FIELD')",
                two.b.agency.id,
                why=VIOLATES,
            )

    def test_an_own_row_cannot_be_given_away(self, two):
        with trial(two.a.agency.id):
            refused(
                "UPDATE agencies_team SET agency_id = %s WHERE id = %s",
                two.b.agency.id,
                two.a.ids["team_id"],
                why=VIOLATES,
            )

    def test_foreign_rows_are_not_changed(self, two):
        with trial(two.a.agency.id):
            assert changed("UPDATE cases_case SET contract_no = 'x' WHERE id = %s", two.b.ids["case_id"]) == 0

    def test_foreign_rows_cannot_be_taken(self, two):
        with trial(two.a.agency.id):
            assert changed("UPDATE agencies_team SET agency_id = %s WHERE agency_id <> %s", *[two.a.agency.id] * 2) == 0

    def test_foreign_rows_are_not_deleted(self, two):
        with trial(two.a.agency.id):
            assert changed("DELETE FROM agencies_apitoken WHERE id = %s", two.b.ids["token_id"]) == 0

    def test_merging_does_not_match_foreign_rows(self, two):
        with trial(two.a.agency.id):
            sql = (
                "MERGE INTO agencies_team t USING (SELECT %s::bigint AS id) s ON t.id = s.id"
                " WHEN MATCHED THEN UPDATE SET name = 'taken'"
            )
            assert changed(sql, two.b.ids["team_id"]) == 0

    def test_a_business_key_of_the_other_agency_is_free_here(self, two):
        """No conflict, hence no hint that the other agency uses it."""
        with trial(two.a.agency.id):
            ask("INSERT INTO agencies_team (agency_id, name, kind) VALUES (%s, 'Only B', 'FIELD')", two.a.agency.id)
        with trial(two.b.agency.id):
            ask("INSERT INTO agencies_team (agency_id, name, kind) VALUES (%s, 'Only B', 'FIELD')", two.b.agency.id)

    def test_both_agencies_hold_the_same_contract_number(self, two):
        for house in (two.a, two.b):
            with trial(house.agency.id):
                assert ask("SELECT agency_id FROM cases_case WHERE contract_no = 'SAME-1'") == [(house.agency.id,)]


class TestPointing:
    def test_a_new_row_cannot_point_into_the_other_agency(self, two):
        with trial(two.a.agency.id):
            refused(
                "INSERT INTO debtors_nametoken (agency_id, debtor_id, token) VALUES (%s, %s, 'x')",
                two.a.agency.id,
                two.b.ids["debtor_id"],
                why="violates foreign key constraint",
            )

    def test_a_pointer_cannot_be_turned_to_the_other_agency(self, two):
        with trial(two.a.agency.id):
            refused(
                "UPDATE cases_case SET debtor_id = %s WHERE id = %s",
                two.b.ids["debtor_id"],
                two.a.ids["case_id"],
                why="violates foreign key constraint",
            )

    def test_a_foreign_id_and_an_unknown_id_are_refused_alike(self, two):
        """Otherwise the answer would tell which ids exist."""
        said = []
        for debtor_id in (two.b.ids["debtor_id"], 10**15):
            with trial(two.a.agency.id), pytest.raises(IntegrityError) as refusal, transaction.atomic():
                ask("UPDATE cases_case SET debtor_id = %s", debtor_id)
            said.append(str(refusal.value).replace(str(debtor_id), "n"))
        assert said[0] == said[1]

    def test_the_orm_cannot_point_there_either(self, two):
        with trial(two.a.agency.id), pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(id=two.a.ids["case_id"]).update(debtor_id=two.b.ids["debtor_id"])


class TestWithoutScope:
    def test_no_table_shows_anything(self, two):
        with no_scope():
            for table in catalog.owned_tables():
                if table not in READABLE_BEFORE_SCOPE:
                    assert ask(f"SELECT id FROM {table}") == [], table

    def test_nothing_is_written(self, two):
        with no_scope():
            refused(
                "INSERT INTO agencies_team (agency_id, name, kind) VALUES (%s, 'x', 'FIELD')",
                two.b.agency.id,
                why=VIOLATES,
            )

    @pytest.mark.parametrize("table", READABLE_BEFORE_SCOPE)
    def test_what_can_be_read_early_can_not_be_written(self, two, table):
        with no_scope():
            assert changed(f"UPDATE {table} SET id = id") == 0
            assert changed(f"DELETE FROM {table}") == 0

    def test_an_empty_setting_shows_nothing(self, two):
        with no_scope():
            ask("SELECT set_config('app.agency_id', '', true)")
            assert ask("SELECT id FROM cases_case") == []

    def test_nonsense_in_the_setting_is_an_error(self, two):
        with no_scope():
            ask("SELECT set_config('app.agency_id', '1 OR 1=1', true)")
            refused("SELECT id FROM cases_case", why="invalid input syntax")

    def test_the_manager_is_loud(self, two):
        for model in catalog.owned_models():
            with pytest.raises(NoAgencyInScope):
                model.objects.all()

    def test_the_manager_below_relations_is_loud(self, two):
        for model in catalog.owned_models():
            with pytest.raises(NoAgencyInScope):
                model._base_manager.count()

    def test_saving_is_loud(self, two):
        with pytest.raises(NoAgencyInScope):
            Team(name="x", agency_id=two.a.agency.id).save()


class TestScope:
    def test_nothing_is_left_when_a_scope_ends(self, two):
        with agency_scope(two.a.agency.id):
            assert ask("SELECT id FROM cases_case")
        with no_scope():
            assert ask("SELECT id FROM cases_case") == []

    def test_nothing_is_left_within_an_outer_transaction(self, two):
        with no_scope():
            with agency_scope(two.a.agency.id):
                assert ask("SELECT id FROM cases_case")
            assert ask("SELECT id FROM cases_case") == []

    def test_nothing_is_left_after_an_error(self, two):
        with pytest.raises(ZeroDivisionError), agency_scope(two.a.agency.id):
            ask(str(1 // 0))
        with no_scope():
            assert ask("SELECT id FROM cases_case") == []

    def test_nothing_is_left_after_an_error_of_the_database(self, two):
        with pytest.raises(DatabaseError), agency_scope(two.a.agency.id):
            ask("SELECT 1 / 0")
        with no_scope():
            assert ask("SELECT id FROM cases_case") == []

    def test_another_agency_cannot_be_nested(self, two):
        with trial(two.a.agency.id):
            with pytest.raises(OtherAgencyInScope), agency_scope(two.b.agency.id):
                pass
            assert ask("SELECT DISTINCT agency_id FROM cases_case") == [(two.a.agency.id,)]

    def test_the_same_agency_nests_and_goes_on(self, two):
        with trial(two.a.agency.id):
            with agency_scope(two.a.agency.id):
                pass
            assert ask("SELECT id FROM cases_case") == [(two.a.ids["case_id"],)]

    def test_a_savepoint_rolled_back_does_not_change_the_scope(self, two):
        with trial(two.a.agency.id):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                raise ZeroDivisionError
            assert ask("SELECT DISTINCT agency_id FROM cases_case") == [(two.a.agency.id,)]

    def test_two_scopes_after_each_other_see_their_own(self, two):
        for house in (two.a, two.b) * 4:
            with trial(house.agency.id):
                assert ask("SELECT agency_id FROM cases_case") == [(house.agency.id,)]

    def test_a_setting_left_on_the_session_does_not_reach_into_a_scope(self, two):
        with trial(two.a.agency.id):
            assert ask("SELECT current_setting('app.agency_id')") == [(str(two.a.agency.id),)]
            assert ask("SELECT DISTINCT agency_id FROM cases_case") == [(two.a.agency.id,)]

    def test_a_new_thread_begins_without_a_scope(self, two):
        seen = []

        def look():
            try:
                with no_scope():
                    seen.append(ask("SELECT id FROM cases_case"))
                Case.objects.count()
            except NoAgencyInScope:
                seen.append("loud")
            finally:
                connection.close()

        with trial(two.a.agency.id):
            thread = threading.Thread(target=look)
            thread.start()
            thread.join(30)
        assert seen == [[], "loud"]


class TestRights:
    @pytest.mark.parametrize("role", ["crm_owner", "crm_platform", "crm_backup", "postgres"])
    def test_the_application_becomes_nobody_else(self, two, role):
        with trial(two.a.agency.id):
            refused(f"SET LOCAL ROLE {role}", why="permission denied")

    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE cases_case NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY cases_case_rls ON cases_case",
            "CREATE POLICY mine ON cases_case USING (true)",
            "ALTER TABLE cases_case DROP CONSTRAINT cases_case_debtor_wall",
            "ALTER TABLE audit_event DISABLE TRIGGER audit_event_only_grows",
        ],
    )
    def test_the_application_takes_no_wall_down(self, two, statement):
        with trial(two.a.agency.id):
            refused(statement, why="must be owner")

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE VIEW all_cases AS SELECT * FROM cases_case",
            "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        ],
    )
    def test_the_application_makes_nothing_in_the_schema(self, two, statement):
        with trial(two.a.agency.id):
            refused(statement, why="permission denied")

    def test_switching_row_security_off_reads_nothing(self, two):
        with trial(two.a.agency.id):
            ask("SET LOCAL row_security = off")
            refused("SELECT id FROM cases_case", why="query would be affected by row-level security")


class TestOrm:
    def test_foreign_ids_do_not_exist(self, two):
        with trial(two.a.agency.id), pytest.raises(Case.DoesNotExist):
            Case.objects.get(id=two.b.ids["case_id"])

    def test_the_filter_stands_even_without_row_security(self, two):
        """The manager is a wall of its own: its SQL names the agency."""
        with trial(two.a.agency.id):
            assert f'"agency_id" = {two.a.agency.id}' in str(Case.objects.all().query)

    def test_a_row_of_the_other_agency_is_not_saved(self, two):
        with trial(two.a.agency.id), pytest.raises(OtherAgencyInScope):
            Team(name="x", agency_id=two.b.agency.id).save()

    def test_rows_of_the_other_agency_are_not_created_in_bulk(self, two):
        with trial(two.a.agency.id), pytest.raises(OtherAgencyInScope):
            Team.objects.bulk_create([Team(name="x", agency_id=two.b.agency.id)])

    def test_rows_are_not_given_away_in_bulk(self, two):
        with trial(two.a.agency.id), pytest.raises(DatabaseError, match=VIOLATES), transaction.atomic():
            Team.objects.update(agency_id=two.b.agency.id)

    def test_a_row_loaded_in_one_scope_is_not_saved_in_another(self, two):
        with agency_scope(two.a.agency.id):
            team = Team.objects.get(id=two.a.ids["team_id"])
        with trial(two.b.agency.id), pytest.raises(OtherAgencyInScope):
            team.save()

    def test_a_row_loaded_in_one_scope_is_not_refreshed_or_deleted_in_another(self, two):
        with agency_scope(two.a.agency.id):
            team = Team.objects.get(id=two.a.ids["team_id"])
        with trial(two.b.agency.id):
            with pytest.raises(Team.DoesNotExist):
                team.refresh_from_db()
            assert team.delete()[0] == 0

    def test_raw_queries_are_filtered(self, two):
        with trial(two.a.agency.id):
            assert [case.id for case in Case.objects.raw("SELECT * FROM cases_case")] == [two.a.ids["case_id"]]

    def test_relations_lead_only_to_own_rows(self, two):
        with trial(two.a.agency.id):
            case = Case.objects.select_related("debtor", "portfolio__creditor").get()
            assert {case.debtor.agency_id, case.portfolio.agency_id, case.portfolio.creditor.agency_id} == {
                two.a.agency.id
            }

    @pytest.mark.parametrize("model", [Membership, Invitation, ApiToken])
    def test_inside_a_scope_the_early_managers_show_own_rows_only(self, two, model):
        with trial(two.a.agency.id):
            assert set(model.before_scope.values_list("agency_id", flat=True)) == {two.a.agency.id}

    def test_in_bulk_and_exists_find_nothing(self, two):
        with trial(two.a.agency.id):
            assert Creditor.objects.in_bulk([two.b.ids["creditor_id"]]) == {}
            assert not Case.objects.filter(contract_no="SAME-1").exclude(id=two.a.ids["case_id"]).exists()

    def test_the_database_filters_even_when_the_manager_would_not(self, two):
        with trial(two.a.agency.id):
            everything = Case.objects.all()
            everything.query.where = type(everything.query.where)()
            assert [case.id for case in everything] == [two.a.ids["case_id"]]
