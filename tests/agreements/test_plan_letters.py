"""A broken payment plan is answered by one letter in the debtor's language, which the gate judges when it leaves."""

import pytest

from cases import plan_judging
from cases.models import Case, Plan
from contacts import default_templates, plan_letters
from contacts.models import Message, Template
from debtors.models import ContactPoint, Debtor
from tests import factories
from tests.agreements.people import again, make_case, moment, pay, signed
from tests.agreements.test_plans import after, night
from tests.factories import TODAY


@pytest.fixture
def case(in_agency):
    default_templates.create(in_agency)
    found = make_case()
    factories.make_address(found.debtor)
    return found


@pytest.fixture
def broken(case, member) -> Plan:
    plan = signed(case, member, factories.make_plan_format(case.mandate))
    assert night(34) == {"BROKEN": 1}
    return again(plan)


def test_the_debtor_is_warned_once(case, broken):
    """S001-16."""
    assert plan_letters.queue(now=moment(after(34))) == 1
    assert plan_letters.queue(now=moment(after(35))) == 0
    letter = Message.objects.get()
    assert (letter.channel, letter.state, letter.template.name) == ("LETTER", "PENDING", "plan-broken")
    assert (letter.debtor_id, letter.contact_point.kind) == (case.debtor_id, "ADDRESS")


@pytest.mark.parametrize("language", ["ro", "it", "cs", "lt", "ru", "en"])
def test_it_is_written_in_the_debtors_language(case, broken, language):
    Debtor.objects.filter(id=case.debtor_id).update(language=language)
    plan_letters.queue(now=moment(after(34)))
    assert Message.objects.get().template.language == language


def test_a_language_without_a_text_gets_the_agencys(case, broken, agency):
    Debtor.objects.filter(id=case.debtor_id).update(language="it")
    Template.objects.filter(language="it").update(retired_at=moment(after(0)))
    plan_letters.queue(now=moment(after(34)))
    assert Message.objects.get().template.language == agency.language


def test_a_plan_that_is_kept_after_all_or_broke_long_ago_brings_none(case, broken):
    assert plan_letters.queue(now=moment(after(34 + plan_letters.DAYS + 1))) == 0
    pay(case, broken.amount, on=TODAY)
    plan_judging.judge(Case.objects.get(id=case.id), as_of=after(34), now=moment(after(34)))
    assert plan_letters.queue(now=moment(after(34))) == 0


def test_without_a_usable_address_nothing_is_queued(case, broken):
    ContactPoint.objects.filter(debtor=case.debtor, kind="ADDRESS").update(validity="UNDELIVERABLE")
    assert plan_letters.queue(now=moment(after(34))) == 0
