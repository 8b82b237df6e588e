"""A collector with a case at hand, and somebody who may change the lists of the desk."""

from collections.abc import Callable

import pytest
from django.test import Client

from agencies.scope import agency_scope
from cases.models import Case
from debtors.models import ContactPoint
from tests import factories
from tests.desk.conftest import code_of, collector, noon, queue_of

__all__ = ["code_of", "collector", "noon", "queue_of"]


@pytest.fixture
def browser(collector: factories.Membership) -> Client:
    return factories.client_of(collector)


@pytest.fixture
def case(browser: Client, collector: factories.Membership, queue_of: Callable[..., list[Case]]) -> Case:
    """The case on the desk; its debtor speaks English."""
    found = queue_of(collector, 1)[0]
    browser.post("/desk/next/")
    return found


@pytest.fixture
def dead_numbers(case: Case) -> Case:
    with agency_scope(case.agency_id):
        ContactPoint.objects.filter(debtor_id=case.debtor_id, kind="PHONE").update(validity="WRONG_NUMBER")
    return case
