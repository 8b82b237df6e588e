"""Who sees which case, and search that an index serves under row security."""

import pytest
from django.db import connection

from cases import queries
from cases.models import Case, Party
from debtors.models import ContactPoint, NameToken
from tests import factories


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def team(in_agency):
    return factories.make_team()


def make(portfolio, **fields):
    return factories.make_case(portfolio=portfolio, **fields)


def test_a_collector_lists_their_own_and_their_teams_unassigned(portfolio, team, member):
    """S004-01."""
    me, colleague = member("COLLECTOR", team=team), member("COLLECTOR", team=team)
    mine, free = make(portfolio, collector=me), make(portfolio, team=team)
    make(portfolio, collector=colleague, team=team)
    make(portfolio, team=factories.make_team())
    assert set(queries.visible_to(me)) == {mine, free}


@pytest.mark.parametrize("role", ["COORDINATOR", "MANAGER", "LEGAL_OFFICER"])
def test_those_who_oversee_list_everything(portfolio, member, role):
    case = make(portfolio)
    assert list(queries.visible_to(member(role))) == [case]


def test_creditors_see_theirs_alone(portfolio, agency):
    user = factories.make_member(agency, "CREDITOR_USER", creditor=portfolio.creditor)
    case = make(portfolio)
    make(factories.make_portfolio())
    assert list(queries.visible_to(user)) == [case]
    assert list(queries.open_to(user)) == [case]


@pytest.mark.parametrize("role", ["LAW_FIRM_USER", "AGENCY_ADMINISTRATOR"])
def test_others_see_none(portfolio, member, role):
    make(portfolio)
    assert list(queries.visible_to(member(role))) == []


def test_whoever_answers_the_phone_finds_every_case(portfolio, member):
    """S004-03."""
    case = make(portfolio, collector=member("COLLECTOR"), stage="LEGAL")
    stranger = member("COLLECTOR")
    assert queries.case_of(stranger, case.id) == case
    assert queries.search(stranger, case.contract_no) == [case]


def test_what_is_not_there_is_not_found(portfolio, member):
    with pytest.raises(Case.DoesNotExist):
        queries.case_of(member("COLLECTOR"), 0)


@pytest.fixture
def case(portfolio):
    debtor = factories.make_debtor(name="Ștefan Țurcanu-Rusu", phone="+37369123456", national_id="2001234567890")
    return make(portfolio, debtor=debtor, contract_no="RO-77/2024")


@pytest.mark.parametrize(
    "text",
    [
        "RO-77",
        "RO-77/2024",
        "turcanu",
        "Țurc",
        "stef rusu",
        "RUSU ștefan",
        "069123456",
        "+373 69 123 456",
        "2001234567890",
    ],
)
def test_a_case_is_found_by_whatever_the_caller_says(case, member, text):
    assert queries.search(member("COLLECTOR"), text) == [case]


@pytest.mark.parametrize(
    "text", ["", "x", "RO-78", "popescu", "stefan popescu", "069123457", "2001234567891", "%", "_%"]
)
def test_nothing_else_is_found(case, member, text):
    assert queries.search(member("COLLECTOR"), text) == []


def test_a_case_is_found_by_its_guarantor(case, member):
    guarantor = factories.make_debtor(name="Maria Lupu", country="MD")
    Party.objects.create(case=case, person=guarantor, role="GUARANTOR")
    assert queries.search(member("COLLECTOR"), "lupu") == [case]


def test_search_costs_few_queries(case, member, django_assert_max_num_queries):
    collector = member("COLLECTOR")
    with django_assert_max_num_queries(9):
        queries.search(collector, "+37369123456")


@pytest.fixture
def many(case):
    debtor = case.debtor
    numbers = [f"+3737{n:07d}" for n in range(3000)]
    ContactPoint.objects.bulk_create([ContactPoint(debtor=debtor, kind="PHONE", value=value) for value in numbers])
    NameToken.objects.bulk_create([NameToken(debtor=debtor, token=f"word{n}") for n in range(3000)])
    return case


@pytest.mark.parametrize(
    ("queryset", "column"),
    [
        (lambda: NameToken.objects.filter(token__gte="turc", token__lt="turd"), "token"),
        (lambda: ContactPoint.objects.filter(kind="PHONE", value="+37369123456"), "value"),
    ],
)
def test_the_application_role_searches_by_index_condition(many, queryset, column):
    """Under row security only leakproof operators may be index conditions: EXPLAIN shows that ours are."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE crm_owner")
        cursor.execute("ANALYZE debtors_nametoken, debtors_contactpoint")
        cursor.execute("SET LOCAL ROLE crm_app")
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("crm_app",)
        sql, values = queryset().values("id").query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT json, COSTS off) {sql}", values)
        (plan,) = cursor.fetchone()
    conditions = " ".join(_conditions(plan[0]["Plan"]))
    assert "agency_id" in conditions
    assert column in conditions


def _conditions(node):
    yield from filter(None, [node.get("Index Cond")])
    for child in node.get("Plans", []):
        yield from _conditions(child)


@pytest.mark.parametrize("operator", ["=", ">=", "<"])
@pytest.mark.parametrize("kind", ["text", "int8", "bytea", "date", "timestamptz"])
def test_the_operators_of_search_and_queue_are_leakproof(in_agency, operator, kind):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proleakproof FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode"
            " WHERE o.oprname = %s AND o.oprleft = %s::regtype AND o.oprright = %s::regtype",
            [operator, kind, kind],
        )
        assert cursor.fetchone() == (True,)
