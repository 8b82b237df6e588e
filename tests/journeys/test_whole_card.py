"""A case from the creditor's file to its end: two broken promises, a visit, a plan, and the bank pays it."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from agencies.models import Agency
from agencies.scope import agency_scope
from cases import assignment, plan_formats, roll, statement_booking
from cases.models import Approval, Case, Document, Plan, Promise
from field import orders
from field.models import Photo, Visit, VisitOrder
from ledger import proof
from ledger.models import StatementFile, StatementLine
from tests import factories
from tests.browser import DATABASES, PHONE, picture
from tests.journeys.test_a_day import Cast, upload
from tests.statements.samples import ACCOUNT, Row, camt

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Clock:
    """The days of the journey: noon of the day so many days after the first."""

    def __init__(self) -> None:
        self.traveller: Any = None
        self.go(0)

    def go(self, days: int) -> date:
        self.stop()
        moment = MONDAY + timedelta(days=days)
        self.traveller = time_machine.travel(moment, tick=True)
        self.traveller.start()
        return moment.date()

    def stop(self) -> None:
        if self.traveller is not None:
            self.traveller.stop()
            self.traveller = None


@pytest.fixture
def clock() -> Iterator[Clock]:
    made = Clock()
    yield made
    made.stop()


class Company(Cast):
    """The people of the day, and those whom a case meets later."""

    def __init__(self, agency: Agency) -> None:
        super().__init__(agency)
        self.field = factories.make_member(agency, "FIELD_COLLECTOR", full_name="Sergiu Ursu")
        self.officer = factories.make_member(agency, "RESTRUCTURING_OFFICER", full_name="Aliona Moraru")


@pytest.fixture
def cast(clock: Clock, agency: Agency) -> Company:
    people = Company(agency)
    Agency.objects.filter(id=agency.id).update(payment_iban=ACCOUNT, currency="MDL")
    return people


def night(agency: Agency, day: date) -> None:
    with agency_scope(agency.id):
        roll.roll_day(as_of=day, now=timezone.now())
        orders.keep_in_step(as_of=day, now=timezone.now())


def promise(page: Page, case: Case, due_on: date) -> None:
    """Make a promise on the case page, as the collector does after a call."""
    page.goto(f"/cases/{case.id}/")
    page.keyboard.press("c")
    expect(page.get_by_role("link", name="Dial")).to_be_focused()
    page.keyboard.press("t")
    amount = page.get_by_label("Amount").first
    expect(amount).to_be_focused()
    amount.fill("300")
    page.get_by_label("By", exact=True).fill(str(due_on))
    page.locator("#promise-reason").select_option("FORGOT")
    with page.expect_response(lambda answer: "/promise/" in answer.url, timeout=60_000) as answer:
        amount.press("Enter")
    assert answer.value.status == 200, page.locator("#desk").inner_text()


def take_in(page: Page, agency: Agency, *rows: Row, number: str, opening: int) -> None:
    """The coordinator drops the bank's file, the worker looks for its cases, and one key books what it suggests."""
    content = camt(rows, number=number, opening=opening, opened_on=rows[0].on - timedelta(days=1), closed_on=rows[0].on)
    page.goto("/bank-statements/")
    page.locator("#file").set_input_files({"name": f"camt-{number}.xml", "mimeType": "text/xml", "buffer": content})
    page.get_by_role("button", name="Take in", exact=True).click()
    page.wait_for_load_state()
    with agency_scope(agency.id):
        file = StatementFile.objects.order_by("-id").first()
    assert file is not None
    statement_booking.match_file(agency.id, file.id, now=timezone.now())
    page.goto("/bank-statements/desk/")
    expect(page.get_by_role("heading", name="Ion Rusu")).to_be_visible()
    picture(page, f"statement-desk-{number}")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="No open line")).to_be_visible()


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 150, 90)).save(out, "JPEG")
    return out.getvalue()


def test_a_case_lives_to_its_end(agency: Agency, cast: Company, clock: Clock, sign_in: Any) -> None:
    """S004-42…52, S003-12, S003-13: promised and broken twice, visited, planned, paid, closed, reported (S003-01)."""
    upload(cast)
    day = clock.go(0)
    with agency_scope(agency.id):
        case = Case.objects.select_related("mandate").order_by("contract_no").first()
        assert case is not None
        Case.objects.filter(id=case.id).update(original_instalment=Decimal(250))
        assignment.reassign(case, cast.collector, by=cast.manager, as_of=day, now=timezone.now())
        made = plan_formats.make(
            case.mandate, plan_formats.FormatTerms(name="Standard", max_months=6), by=cast.manager, now=timezone.now()
        )

    creditor = sign_in(cast.creditor)
    creditor.goto("/creditor/approvals/")
    picture(creditor, "creditor-approvals")
    creditor.get_by_role("button", name="Approve").click()
    creditor.wait_for_load_state()
    with agency_scope(agency.id):
        assert plan_formats.PlanFormat.objects.get(id=made.id).state == "APPROVED"

    for start in (0, 8):
        day = clock.go(start)
        promise(sign_in(cast.collector), case, day + timedelta(days=5))
        with agency_scope(agency.id):
            assert Promise.objects.filter(case=case, state="ACTIVE").count() == 1
        night(agency, clock.go(start + 6))
    with agency_scope(agency.id):
        assert list(Promise.objects.filter(case=case).values_list("state", flat=True)) == ["BROKEN", "BROKEN"]
        order = VisitOrder.objects.get(case=case)
        assert order.trigger == "PROMISES"

    clock.go(15)
    coordinator = sign_in(cast.coordinator)
    coordinator.goto("/field/trips/")
    coordinator.get_by_role("checkbox", name=f"Choose {case.contract_no}").check()
    coordinator.get_by_label("Give the ticked trips to").select_option(label="Sergiu Ursu")
    picture(coordinator, "trips")
    coordinator.get_by_role("button", name="Give", exact=True).click()
    coordinator.wait_for_load_state()

    day = clock.go(16)
    visitor = sign_in(cast.field, viewport=PHONE)
    visitor.goto("/field/stops/")
    visitor.get_by_role("link", name="Record the visit").first.click()
    visitor.wait_for_load_state("networkidle")
    visitor.get_by_text("Met the debtor").click()
    expect(visitor.get_by_text("How did the talk end?")).to_be_visible()
    visitor.locator(".if-debtor").get_by_text("Refuses to pay").click()
    visitor.get_by_label("Why was it not paid?").select_option("INCOME_LOST")
    visitor.locator("input[type=file]").first.set_input_files(
        {"name": "house.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    visitor.locator("[name=started_at]").fill(f"{day}T08:30")
    picture(visitor, "visit")
    visitor.get_by_role("button", name="Send the visit").click()
    expect(visitor.get_by_role("button", name="Send the visit")).to_have_count(0)
    with agency_scope(agency.id):
        assert Visit.objects.get(case=case).outcome == "MET_DEBTOR"
        assert Photo.objects.filter(case=case).count() == 1

    day = clock.go(17)
    collector = sign_in(cast.collector)
    collector.goto(f"/cases/{case.id}/plans/new/")
    collector.get_by_label("Advance instalment").fill("250")
    collector.get_by_label("To be paid by").fill(str(day + timedelta(days=5)))
    picture(collector, "plan-request")
    collector.get_by_role("button", name="Wait for the advance").click()
    collector.wait_for_load_state()
    day = clock.go(18)
    coordinator = sign_in(cast.coordinator)
    take_in(
        coordinator, agency, Row(250, f"avans {case.contract_no}", name="Ion Rusu", on=day), number="1", opening=100
    )
    with agency_scope(agency.id):
        plan = Plan.objects.get(case=case)
        assert plan.state == "DRAFTING", StatementLine.objects.values("state", "amount", "text")

    officer = sign_in(cast.officer)
    officer.goto(f"/cases/{case.id}/plans/{plan.id}/draft/")
    officer.get_by_label("Monthly instalments").fill("2")
    picture(officer, "plan-draft")
    officer.get_by_role("button", name="Ask for approval").click()
    officer.wait_for_load_state()
    coordinator.goto("/approvals/")
    picture(coordinator, "approvals")
    coordinator.locator(".approvals").get_by_role("button", name="Approve").first.click()
    coordinator.wait_for_load_state()
    with agency_scope(agency.id):
        assert not Approval.objects.filter(state="WAITING").exists()
    officer.goto(f"/cases/{case.id}/plans/{plan.id}/")
    officer.get_by_role("button", name="Record the signature").click()
    officer.wait_for_load_state()
    with agency_scope(agency.id):
        assert Plan.objects.get(id=plan.id).state == "ACTIVE"
        assert Document.objects.filter(case=case, kind="AGREEMENT").exists()
        owed = Case.objects.get(id=case.id).balance

    day = clock.go(30)
    coordinator = sign_in(cast.coordinator)
    take_in(
        coordinator, agency, Row(owed, f"rest {case.contract_no}", name="Ion Rusu", on=day), number="2", opening=350
    )
    with agency_scope(agency.id):
        closed = Case.objects.get(id=case.id)
        assert (closed.stage, closed.close_reason, closed.balance) == ("CLOSED", "PAID", 0)
        assert Plan.objects.get(id=plan.id).state == "COMPLETED"
        assert proof.prove() == []

    coordinator.goto(f"/cases/{case.id}/")
    expect(coordinator.get_by_role("link", name="Final report")).to_be_visible()
    picture(coordinator, "closed-case")
    with agency_scope(agency.id):
        report = Document.objects.get(case=case, kind="FINAL_REPORT")
        assert (report.mime, report.made_by) == ("application/pdf", None)
