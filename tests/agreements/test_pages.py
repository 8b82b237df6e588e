"""The pages of agreements and documents: who may do what, the live calculators, and the case's panels."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.scope import agency_scope
from cases.models import Document, Plan, PlanFormat, Settlement
from tests import factories
from tests.agreements.people import asked, decide, drafted, make_case, pay

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def case(agency):
    with agency_scope(agency.id):
        return make_case()


@pytest.fixture
def kind(case):
    with agency_scope(case.agency_id):
        return factories.make_plan_format(case.mandate)


def today():
    return factories.agency_day()


def refused(response):
    assert response.status_code == 422
    return response.content.decode()


class TestPlans:
    def test_a_collector_asks_for_a_plan_and_sees_it_on_the_case(self, case, kind, member):
        """S001-05, S004-47."""
        browser = factories.client_of(member("COLLECTOR"))
        address = f"/cases/{case.id}/plans/new/"
        assert "restructuring queue" in browser.get(address).content.decode()
        told = {"format": kind.id, "advance": "50", "advance_by": today().isoformat()}
        assert "at least one original instalment" in refused(browser.post(address, told))

        made = browser.post(address, told | {"advance": "100"})

        assert made.status_code == 302
        assert "waits for the advance" in browser.get(made.url).content.decode().lower()
        page = browser.get(f"/cases/{case.id}/").content.decode()
        assert "Waits for the advance instalment" in page

    def test_without_an_approved_format_the_page_says_what_to_do(self, case, member):
        page = factories.client_of(member("COLLECTOR")).get(f"/cases/{case.id}/plans/new/").content.decode()
        assert "not approved a plan format" in page

    def test_the_officer_sees_the_schedule_while_typing_and_why_not(self, case, kind, member):
        """S001-15, S004-50."""
        with agency_scope(case.agency_id):
            plan = asked(case, member("COLLECTOR"), kind)
            pay(case, 100)
        browser = factories.client_of(member("RESTRUCTURING_OFFICER"))
        base = f"/cases/{case.id}/plans/{plan.id}"
        assert "900.00" in browser.get(f"{base}/draft/").content.decode()
        first = (today() + timedelta(days=30)).isoformat()
        typed = {"amount": "900", "months": "3", "first_on": first}
        assert "300.00 MDL" in browser.get(f"{base}/preview/", typed).content.decode()
        assert "smallest allowed is 100" in browser.get(f"{base}/preview/", typed | {"months": "10"}).content.decode()

        assert "smallest allowed" in refused(browser.post(f"{base}/draft/", typed | {"months": "10"}))
        assert browser.post(f"{base}/draft/", typed).status_code == 302
        with agency_scope(case.agency_id):
            assert Plan.objects.get(id=plan.id).state == "AWAITING_APPROVAL"

    def test_a_collector_neither_drafts_nor_signs(self, case, kind, member):
        with agency_scope(case.agency_id):
            plan = asked(case, member("COLLECTOR"), kind)
        browser = factories.client_of(member("COLLECTOR"))
        assert browser.get(f"/cases/{case.id}/plans/{plan.id}/draft/").status_code == 403
        assert browser.post(f"/cases/{case.id}/plans/{plan.id}/sign/").status_code == 403

    def test_the_signature_is_recorded_and_the_agreement_downloaded(self, case, kind, member):
        """S004-39."""
        with agency_scope(case.agency_id):
            plan = asked(case, member("COLLECTOR"), kind)
            pay(case, 100)
            drafted(plan, member("RESTRUCTURING_OFFICER"), first_in=60)
            decide("PLAN", plan, member("COORDINATOR"))
        browser = factories.client_of(member("RESTRUCTURING_OFFICER"))
        page = browser.get(f"/cases/{case.id}/plans/{plan.id}/").content.decode()
        with agency_scope(case.agency_id):
            paper = Document.objects.get(kind="AGREEMENT")
        assert f"/cases/{case.id}/documents/{paper.id}/" in page
        file = browser.get(f"/cases/{case.id}/documents/{paper.id}/")
        assert file.content.startswith(b"%PDF")
        assert file["Content-Disposition"] == f'attachment; filename="plan-{plan.id}.pdf"'

        browser.post(f"/cases/{case.id}/plans/{plan.id}/sign/")
        assert "Being kept" in browser.get(f"/cases/{case.id}/").content.decode()


class TestSettlements:
    def test_the_calculator_says_the_sum_or_the_limit(self, case, member):
        browser = factories.client_of(member("COLLECTOR"))
        typed = {"discount_percent": "25", "pay_by": today().isoformat()}
        figures = f"/cases/{case.id}/settlements/figures/"
        assert "750.00 MDL" in browser.get(figures, typed).content.decode()
        assert "at most 30" in browser.get(figures, typed | {"discount_percent": "31"}).content.decode()
        assert "at most 30" in refused(
            browser.post(f"/cases/{case.id}/settlements/new/", typed | {"discount_percent": "31"})
        )

        assert browser.post(f"/cases/{case.id}/settlements/new/", typed).status_code == 302
        with agency_scope(case.agency_id):
            made = Settlement.objects.get()
        page = browser.get(f"/cases/{case.id}/").content.decode()
        assert "Waits for approval" in page
        browser.post(f"/cases/{case.id}/settlements/{made.id}/cancel/")
        with agency_scope(case.agency_id):
            assert Settlement.objects.get().state == "CANCELLED"


class TestFormats:
    def test_a_manager_makes_a_format_and_retires_it(self, case, member):
        """S001-06."""
        browser = factories.client_of(member("MANAGER"))
        address = f"/creditors/{case.creditor_id}/mandates/{case.mandate_id}/plan-formats/"
        assert "No formats yet" in browser.get(address).content.decode()
        told = {
            "name": "Up to a year", "max_months": "12", "interest_percent": "0", "fee_percent": "1.5",
            "minimum_percent": "100", "grace_days": "3",
        }  # fmt: skip
        assert browser.post(address, told).status_code == 302
        assert "already" in refused(browser.post(address, told))
        with agency_scope(case.agency_id):
            made = PlanFormat.objects.get()
        assert (made.state, made.fee_percent) == ("AWAITING_APPROVAL", Decimal("1.50"))
        creditor = factories.client_of(member("CREDITOR_USER", creditor=case.creditor))
        assert "Up to a year" in creditor.get("/creditor/approvals/").content.decode()
        browser.post(f"{address}{made.id}/retire/")
        with agency_scope(case.agency_id):
            assert PlanFormat.objects.get().state == "RETIRED"

    def test_others_do_not(self, case, member):
        browser = factories.client_of(member("COORDINATOR"))
        address = f"/creditors/{case.creditor_id}/mandates/{case.mandate_id}/plan-formats/"
        assert browser.get(address).status_code == 403


class TestDocuments:
    def test_a_proof_is_kept_as_what_it_is_and_listed(self, case, member):
        browser = factories.client_of(member("COLLECTOR"))
        address = f"/cases/{case.id}/documents/new/"
        assert browser.get(address).status_code == 200
        told = {"kind": "PAYMENT_PROOF", "title": "", "file": SimpleUploadedFile("proof.exe", PDF)}
        assert browser.post(address, told).status_code == 302

        with agency_scope(case.agency_id):
            kept = Document.objects.get()
        assert (kept.filename, kept.mime, kept.title) == ("proof.pdf", "application/pdf", "Proof of payment")
        assert "Proof of payment" in browser.get(f"/cases/{case.id}/").content.decode()
        assert browser.get(f"/cases/{case.id}/documents/{kept.id}/").content == PDF

    @pytest.mark.parametrize("content", [b"MZ\x90\x00program", b"<html><script>", b"PK\x03\x04"])
    def test_what_is_neither_pdf_nor_picture_is_refused_whatever_its_name(self, case, member, content):
        browser = factories.client_of(member("COLLECTOR"))
        told = {"kind": "CONTRACT", "title": "x", "file": SimpleUploadedFile("contract.pdf", content)}
        assert "Only PDF" in refused(browser.post(f"/cases/{case.id}/documents/new/", told))
        with agency_scope(case.agency_id):
            assert Document.objects.count() == 0

    def test_the_papers_of_the_house_are_not_brought_by_hand(self, case, member):
        browser = factories.client_of(member("COLLECTOR"))
        told = {"kind": "FINAL_REPORT", "title": "x", "file": SimpleUploadedFile("a.pdf", PDF)}
        refused(browser.post(f"/cases/{case.id}/documents/new/", told))

    def test_a_document_of_another_case_is_not_found_here(self, case, member):
        browser = factories.client_of(member("COLLECTOR"))
        told = {"kind": "CONTRACT", "title": "x", "file": SimpleUploadedFile("a.pdf", PDF)}
        browser.post(f"/cases/{case.id}/documents/new/", told)
        with agency_scope(case.agency_id):
            kept, other = Document.objects.get(), make_case()
        assert browser.get(f"/cases/{other.id}/documents/{kept.id}/").status_code == 404
        outside = factories.client_of(member("CREDITOR_USER", creditor=case.creditor))
        assert outside.get(f"/cases/{case.id}/documents/{kept.id}/").status_code == 403
