"""A paid or settled case gets no message that still waits: the gate refuses it when it would leave (S000-19)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import money, settlements
from cases.models import Settlement
from contacts import outbox, sending
from contacts.models import Decision, Message, Permit
from tests import factories
from tests.agreements.people import decide, fresh, make_case
from tests.contacts.makers import make_contact, make_template, phone_of

NOW, DAY = timezone.now(), factories.agency_day()
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


def queued(agency):
    agency.contact_profile = {"flags": ["profile:no_practice"]}
    agency.save()
    case = make_case()
    make_contact(case)
    template = make_template(body="{{ case.contract_no }}")
    outbox.enqueue(
        case, channel="SMS", contact_point=phone_of(case), template=template, dedupe_key="t", by=None,
        now=NOW - timedelta(hours=1),
    )  # fmt: skip
    return case


def pay_all(case, amount):
    money.take_payment(fresh(case), amount=Decimal(amount), received_on=DAY, by=None, now=NOW)


def refused_reasons(agency):
    sending.send_due(agency.id, clock=lambda: NOW, threads=1)
    with agency_scope(agency.id):
        assert Message.objects.get().state == "REFUSED"
        assert Permit.objects.count() == 0
        return Decision.objects.latest("id").codes


def test_a_paid_case_is_told_nothing_more(agency):
    with agency_scope(agency.id):
        case = queued(agency)
        pay_all(case, 1000)
        assert fresh(case).close_reason == "PAID"
    assert "DEBT_CLOSED" in refused_reasons(agency)


def test_a_settled_case_is_told_nothing_more(agency, member):
    with agency_scope(agency.id):
        case = queued(agency)
        made = settlements.offer(
            fresh(case), discount_percent=Decimal(30), pay_by=DAY + timedelta(days=5), by=member("COLLECTOR"),
            as_of=DAY, now=NOW,
        )  # fmt: skip
        decide("DISCOUNT", made, factories.make_member(agency, "COORDINATOR"))
        pay_all(case, 700)
        assert Settlement.objects.get().state == "PAID"
    assert "DEBT_CLOSED" in refused_reasons(agency)
