"""The visit sheet: what is taken along, from which day on it is worth nothing, and the PDF that is kept."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from cases import documents
from cases.models import Case, Document, DocumentKind
from field import visit_sheets
from field.models import VisitOrder
from field.visit_sheets import State
from portfolios.models import Mandate
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY
Member = Callable[..., Membership]


@pytest.fixture
def collector(agency: Agency, member: Member) -> Membership:
    return member("FIELD_COLLECTOR", full_name="Vasile Munteanu")


@pytest.fixture
def case(in_agency: Agency, collector: Membership) -> Case:
    made: Case = factories.make_case(stage="FIELD", collector=collector, days_past_due=120, amount=12_000)
    return made


def paper(case: Case, kind: str, title: str = "Paper") -> Document:
    return documents.add(
        case, kind=kind, title=title, filename="paper.pdf", content=b"%PDF-1", mime="application/pdf", by=None,
        now=timezone.now(),
    )  # fmt: skip


def states(case: Case, *, days: int = 0) -> list[State]:
    """Of the power of attorney and the proof of the claim."""
    return [one.state for one in visit_sheets.pack_of(case, day=TODAY + timedelta(days))]


def test_without_papers_the_sheet_says_what_is_missing(case: Case, collector: Membership) -> None:
    """S003-14."""
    assert states(case) == [State.MISSING, State.MISSING]

    page = factories.client_of(collector).get(reverse("field-sheet", args=[case.id])).content.decode()

    assert page.count("Missing: ask the coordinator") == 2


def test_a_power_of_attorney_counts_only_on_its_days(case: Case, collector: Membership) -> None:
    """S003-14."""
    attorney = paper(case, DocumentKind.POWER_OF_ATTORNEY)
    paper(case, DocumentKind.CONTRACT)
    assert states(case) == [State.READY, State.READY]

    visit_sheets.set_term(
        attorney, valid_from=TODAY, valid_until=TODAY + timedelta(5), by=collector, now=timezone.now()
    )

    assert [states(case, days=n)[0] for n in (-1, 0, 5, 6)] == [
        State.NOT_VALID, State.READY, State.READY, State.NOT_VALID,
    ]  # fmt: skip
    paper(case, DocumentKind.POWER_OF_ATTORNEY, "A newer one")
    assert states(case, days=6)[0] == State.READY


def test_a_power_of_attorney_ends_with_the_mandate(case: Case) -> None:
    """S003-14."""
    paper(case, DocumentKind.POWER_OF_ATTORNEY)
    Mandate.objects.filter(id=case.mandate_id).update(ends_on=TODAY + timedelta(1))
    case = Case.objects.get(id=case.id)

    assert states(case, days=1)[0] == State.READY
    assert states(case, days=2)[0] == State.MANDATE_OVER


def test_days_that_end_before_they_begin_are_refused(case: Case, collector: Membership) -> None:
    attorney = paper(case, DocumentKind.POWER_OF_ATTORNEY)
    browser, address = factories.client_of(collector), reverse("field-paper-term", args=[attorney.id])

    page = browser.post(
        address, {f"d{attorney.id}-valid_from": "2026-12-02", f"d{attorney.id}-valid_until": "2026-12-01"}, follow=True
    )
    assert "cannot lie before the first" in page.content.decode()
    browser.post(address, {f"d{attorney.id}-valid_until": "2026-12-01"})

    page = browser.get(reverse("field-sheet", args=[case.id]), {"day": "2026-12-02"})
    assert "Not valid on" in page.content.decode()


def test_the_sheet_is_a_pdf_in_the_agencys_language_and_kept(case: Case, collector: Membership) -> None:
    """S004-29, S004-30."""
    paper(case, DocumentKind.CONTRACT, "Loan contract 17")

    answer = factories.client_of(collector).post(reverse("field-sheet-pdf", args=[case.id]), {"day": str(TODAY)})

    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    for expected in (case.debtor.name, case.contract_no, "Loan contract 17", "Strada Florilor", "Vasile Munteanu"):
        assert expected in text
    with agency_scope(case.agency_id):
        kept = Document.objects.get(kind=DocumentKind.VISIT_SHEET)
        assert kept.language == case.agency.language
        assert documents.content_of(kept) == answer.content


def test_who_drives_prepares_also_a_trip_before_the_stage_field(in_agency: Agency, member: Member) -> None:
    """S004-04 b, S003-10."""
    driver, other = member("FIELD_COLLECTOR"), member("FIELD_COLLECTOR")
    case = factories.make_case(stage="SOFT", collector=member("COLLECTOR"))
    now = timezone.now()
    VisitOrder.objects.create(case=case, trigger="PROMISES", opened_at=now, due_at=now, collector=driver)
    address = reverse("field-sheet", args=[case.id])

    assert factories.client_of(driver).get(address).status_code == 200
    assert factories.client_of(other).get(address).status_code == 404


def test_the_command_opens_visits_and_says_how_many(case: Case) -> None:
    said = StringIO()

    call_command("keep_visits", stdout=said)
    call_command("keep_visits", stdout=said)

    assert said.getvalue().splitlines() == [f"{case.agency.slug}: opened_stage 1", f"{case.agency.slug}: nothing to do"]
