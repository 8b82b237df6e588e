"""A debt on its way to court, and the people around it."""

from datetime import UTC, datetime

import pytest
import time_machine

from agencies.scope import agency_scope
from legal import handoffs
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def case(in_agency):
    return factories.make_case(stage="FIELD", days_past_due=120, amount=2500)


@pytest.fixture
def officer(agency, member):
    return member("LEGAL_OFFICER", full_name="Elena Ceban")


@pytest.fixture
def coordinator(agency, member):
    return member("COORDINATOR", full_name="Ana Popa")


@pytest.fixture
def firm(in_agency):
    return factories.make_law_firm(name="Lex & Asociații")


@pytest.fixture
def lawyer(agency, firm):
    return factories.make_lawyer(agency, firm, full_name="Mihai Rusu")


@pytest.fixture
def prepared(case, officer, firm):
    decision = factories.approve_lawsuit(case)
    return handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=NOW)


@pytest.fixture
def sent(prepared, officer):
    return handoffs.send(prepared, by=officer, now=NOW)


@pytest.fixture
def accepted(sent, lawyer):
    return handoffs.accept(sent, by=lawyer, now=NOW)


@pytest.fixture
def shut(agency):
    """For what is read after a page was asked for."""
    return lambda: agency_scope(agency.id)


@pytest.fixture
def by_day():
    """The clock of the database's own moments stands at the day of the tests, whenever they are run."""
    with time_machine.travel(NOW):
        yield
