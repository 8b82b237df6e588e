"""The demo's targets, pay and reports: made by the product's own functions, with something to see for everybody."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from cases import assignment
from collections_crm.demo import results
from collections_crm.demo.story import Story
from reports.models import CreditorReport, PayStatement, ReportDefinition, Target
from tests import factories

pytestmark = pytest.mark.django_db
START, TODAY = date(2026, 10, 19), date(2026, 11, 24)


def test_the_weeks_leave_targets_statements_and_reports(agency: Agency, member: Callable[..., Membership]) -> None:
    collectors = [member("COLLECTOR"), member("COLLECTOR")]
    for role in ("COORDINATOR", "MANAGER", "LEGAL_OFFICER"):
        member(role)
    story = Story(agency, Random(1))
    with agency_scope(agency.id):
        cases = [factories.make_case(opened_on=START, amount=9000) for _n in range(2)]
        for case, collector in zip(cases, collectors, strict=True):
            assignment.reassign(case, collector, by=story.manager, as_of=START, now=story.at(START, 8))
    results.agree(story, START)
    with agency_scope(agency.id):
        factories.make_payment(cases[0].account, amount=Decimal(800), received_on=date(2026, 10, 26))
    results.close(story, TODAY)

    with agency_scope(agency.id):
        assert Target.objects.filter(period="MONTH").count() == 4
        assert {statement.month for statement in PayStatement.objects.all()} == {date(2026, 10, 1)}
        assert ReportDefinition.objects.count() == CreditorReport.objects.count() == 3
