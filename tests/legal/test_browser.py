"""The way to court through a real browser: decided, approved, handed over, worked on by the firm."""

from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import contract_status, documents, money
from cases.models import Case
from legal import complaints
from legal.models import Handoff
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.factories import TODAY

pytestmark = [pytest.mark.journey, pytest.mark.django_db(databases=DATABASES, transaction=True)]


@pytest.fixture
def people(agency):
    """The case, its officer, its coordinator and a lawyer."""
    officer = factories.make_member(agency, "LEGAL_OFFICER", full_name="Elena Ceban")
    coordinator = factories.make_member(agency, "COORDINATOR", full_name="Ana Popa")
    with agency_scope(agency.id):
        firm = factories.make_law_firm(name="Lex & Asociații", contact_name="Mihai Rusu")
        portfolio = factories.make_portfolio(name="Cesiune martie")
        case = factories.make_case(portfolio=portfolio, stage="FIELD", days_past_due=160, amount=48200)
        now = timezone.now()
        contract_status.record_status(
            case, "ACCELERATED", notice_on=TODAY.replace(day=1), effective_on=TODAY.replace(day=10), by=officer, now=now
        )
        documents.add(
            case, kind="CONTRACT", title="Contract de credit", filename="contract.pdf", content=b"%PDF-1.7 contract",
            mime="application/pdf", by=officer, now=now,
        )  # fmt: skip
        complaints.request(
            case, reason="HANDOVER_REFUSED", place="Inspectoratul de Poliție Orhei",
            wording="The debtor refuses to hand over the leased car.", by=officer, now=now,
        )  # fmt: skip
        lawyer = factories.make_lawyer(agency, firm, full_name="Mihai Rusu")
    return case, officer, coordinator, lawyer


def test_from_the_decision_to_the_order(people, agency, sign_in):
    """S000-12, S002-11, S003-25: one case from the decision to a stopped enforcement, as four people see it."""
    case, officer, coordinator, lawyer = people
    page = sign_in(officer)
    page.goto(f"/cases/{case.id}/")
    page.get_by_role("link", name="Legal page").click()
    page.get_by_label("Does not agree to repay").check()
    page.get_by_label("In your words").fill("Moved twice; answers nobody since August.")
    picture(page, "legal-case-draft")
    assert serious_faults(page) == []
    page.get_by_role("button", name="Ask for approval").first.click()
    page.get_by_text("Bring what is missing").wait_for()
    page.get_by_label("If it is missing, why that is no obstacle").first.fill("General power on file")
    picture(page, "legal-case-refused")
    page.get_by_role("button", name="Ask for approval").first.click()
    page.get_by_text("Waits for approval").first.wait_for()
    picture(page, "legal-case-waits")

    boss = sign_in(coordinator)
    boss.goto("/approvals/")
    picture(boss, "legal-approvals")
    boss.locator("li", has_text="Going to court").get_by_role("button", name="Approve").click()
    boss.get_by_text("Approved.").wait_for()

    page.reload()
    page.get_by_label("Law firm").select_option(label="Lex & Asociații")
    page.get_by_role("button", name="Prepare the dossier").click()
    page.get_by_role("button", name="Send to the firm").wait_for()
    picture(page, "handoff-prepared")
    page.get_by_role("button", name="Send to the firm").click()
    page.get_by_text("The firm sees the case now.").wait_for()

    firm = sign_in(lawyer)
    firm.goto("/firm/")
    picture(firm, "firm-list")
    assert serious_faults(firm) == []
    firm.get_by_role("link", name=case.contract_no).click()
    firm.get_by_role("button", name="Accept the case").click()
    firm.get_by_text("The case is yours now.").wait_for()
    firm.get_by_label("Court or bailiff").fill("Judecătoria Orhei")
    firm.get_by_label("Opened on").fill("2026-11-20")
    firm.get_by_role("button", name="Open", exact=True).click()
    firm.get_by_text("The proceeding was opened.").wait_for()
    firm.get_by_text("Report", exact=True).first.click()
    firm.get_by_label("Done on").first.fill("2026-11-20")
    firm.get_by_role("button", name="Done", exact=True).first.click()
    firm.get_by_text("The step was reported.").wait_for()
    firm.get_by_text("Report costs").click()
    firm.get_by_label("Amount").fill("750")
    firm.get_by_role("button", name="Report", exact=True).click()
    firm.get_by_text("The costs were charged to the debt.").wait_for()
    picture(firm, "firm-handoff")
    assert serious_faults(firm) == []

    with agency_scope(agency.id):
        handoff = Handoff.objects.get()
        owed = Case.objects.select_related("account", "mandate", "agency").get(id=case.id)
        assert owed.balance == Decimal(48950)
        money.take_payment(owed, amount=Decimal(500), received_on=TODAY, by=officer, now=timezone.now())
    page.goto(f"/legal/handoffs/{handoff.id}/")
    page.get_by_text("Enforcement is stopped").wait_for()
    picture(page, "handoff-stopped")
    assert serious_faults(page) == []
    small = sign_in(lawyer, viewport=PHONE)
    small.goto(f"/firm/handoffs/{handoff.id}/")
    picture(small, "firm-handoff-phone")
    for name in ("calendar", "contracts", "firms", "handoffs"):
        page.goto(f"/legal/{name}/?days=90")
        picture(page, f"legal-{name}")
        assert serious_faults(page) == []
    page.goto(f"/cases/{case.id}/")
    picture(page, "case-with-legal-panel")
