"""A plan whose schedule is approved, and the people around its deed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import deeds
from tests import factories
from tests.agreements.people import NOW, asked, decide, drafted, make_case, pay
from tests.factories import TODAY

PDF = b"%PDF-1.7 the deed with its seal"


def scan(content=PDF):
    return SimpleUploadedFile("deed.pdf", content, content_type="application/pdf")


@pytest.fixture
def people(member):
    known = {}

    def one(role, **fields):
        if role not in known:
            known[role] = member(role, **fields)
        return known[role]

    return one


def make_plan(people):
    """1,000 owed, 100 paid as the advance, 900 in three instalments, approved."""
    case = make_case(stage="FIELD")
    kind = factories.make_plan_format(case.mandate)
    one = asked(case, people("COLLECTOR"), kind)
    pay(case, 100)
    drafted(one, people("RESTRUCTURING_OFFICER"), months=3)
    decide("PLAN", one, people("COORDINATOR"))
    return deeds.plan_of(one.id)


def make_draft(plan, people):
    officer = people("RESTRUCTURING_OFFICER")
    return deeds.draft(plan, language="ro", notary="Ion Munteanu, Chișinău", by=officer, now=NOW)


def conclude(deed, people):
    return deeds.conclude(
        deed, notary="Ion Munteanu, Chișinău", deed_no="1-2044", concluded_on=TODAY, file=scan(),
        by=people("RESTRUCTURING_OFFICER"), as_of=TODAY, now=NOW,
    )  # fmt: skip


@pytest.fixture
def plan(in_agency, people):
    return make_plan(people)


@pytest.fixture
def draft(plan, people):
    return make_draft(plan, people)


@pytest.fixture
def concluded(draft, people):
    return conclude(draft, people)
