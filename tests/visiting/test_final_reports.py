"""A visited case that closes gets its final report by itself, once for each closing, and its creditor reads it."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases import documents, transitions
from cases.models import Case, Document
from field import final_reports, photos, reporting, tasks, visiting
from field.models import FinalReport, Visit
from field.visiting import Report
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]
Committed = Callable[..., Any]


@pytest.fixture
def visit(trip: Trip, collector: factories.Membership, agency: factories.Agency) -> Visit:
    with agency_scope(agency.id):
        picture = photos.read(pictures.jpeg(), kind="RESIDENCE", time_zone="Europe/Chisinau")
        return visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW,
            report=Report(outcome="MET_OTHER", relation="NEIGHBOUR", photos=(picture,)), by=collector, now=NOW,
        )  # fmt: skip


@pytest.fixture
def manager(member: Member) -> factories.Membership:
    return member("MANAGER")


def step(case: Case, name: str, by: factories.Membership, now: datetime = NOW) -> None:
    told = {"close_reason": "RECALLED"} if name == "close" else {}
    transitions.apply(Case.objects.get(id=case.id), name, by=by, as_of=NOW.date(), now=now, reason="x", **told)


def reports() -> list[Document]:
    return list(Document.objects.filter(kind="FINAL_REPORT").order_by("id"))


def shown(case: Case) -> list[Document]:
    return list(documents.current(case).filter(kind="FINAL_REPORT"))


def text_of(document: Document) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(documents.content_of(document))).pages)


def test_a_visited_case_that_closes_gets_its_report_by_itself(
    visit: Visit, manager: factories.Membership, in_agency: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    """S003-13."""
    with django_capture_on_commit_callbacks(execute=True):
        step(visit.case, "close", manager)

    [made] = reports()
    assert made.made_by is None
    for expected in (visit.case.contract_no, "Neighbour", "Photos (1 of 1)"):
        assert expected in text_of(made)


def test_a_case_that_field_never_saw_gets_none(
    manager: factories.Membership, in_agency: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    case = factories.make_case()
    with django_capture_on_commit_callbacks(execute=True) as woken:
        step(case, "close", manager)
    assert (woken, reports()) == ([], [])


def test_the_night_that_closes_paid_cases_has_their_reports_made(
    visit: Visit, in_agency: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    Case.objects.filter(id=visit.case_id).update(balance=0, overdue=0)
    with django_capture_on_commit_callbacks(execute=True):
        assert transitions.apply_all(as_of=NOW.date(), now=NOW)["close_paid"] == 1
    assert [one.case_id for one in reports()] == [visit.case_id]


def test_a_sold_case_too(
    visit: Visit, manager: factories.Membership, in_agency: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert transitions.close_sold([visit.case_id], as_of=NOW.date(), by=manager.user, now=NOW) == [visit.case_id]
    assert len(reports()) == 1


def test_a_task_that_runs_again_makes_no_second_report(
    visit: Visit, manager: factories.Membership, in_agency: Any
) -> None:
    step(visit.case, "close", manager)
    assert final_reports.owed() == [visit.case_id]
    for _time in range(2):
        tasks.make_final_report(in_agency.id, visit.case_id)
    assert reporting.make_wanted_report(visit.case_id, now=NOW) is None

    assert len(reports()) == 1
    assert final_reports.owed() == []


def test_a_report_whose_worker_was_lost_is_made_by_the_clock(
    visit: Visit, manager: factories.Membership, in_agency: Any
) -> None:
    step(visit.case, "close", manager)
    assert reports() == []

    tasks.resume_final_reports()
    assert len(reports()) == 1
    tasks.resume_final_reports()
    assert len(reports()) == 1


def test_a_case_reopened_before_its_report_was_made_gets_none_until_it_closes_again(
    visit: Visit, manager: factories.Membership, in_agency: Any
) -> None:
    step(visit.case, "close", manager)
    step(visit.case, "reopen", manager)
    tasks.resume_final_reports()
    assert reports() == []


def test_a_case_closed_again_shows_one_report_the_new_one(
    visit: Visit, manager: factories.Membership, in_agency: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    for name in ("close", "reopen", "close"):
        with django_capture_on_commit_callbacks(execute=True):
            step(visit.case, name, manager)
    first, second = reports()
    assert shown(visit.case) == [second]
    assert first.id < second.id

    reporting.final_report(visit.case, by=manager, now=NOW)
    assert len(shown(visit.case)) == 1
    assert shown(visit.case)[0].made_by == manager.user


def test_a_photo_that_comes_after_the_closing_renews_the_report(
    visit: Visit, collector: factories.Membership, manager: factories.Membership, in_agency: Any
) -> None:
    step(visit.case, "close", manager)
    tasks.make_final_report(in_agency.id, visit.case_id)
    late = photos.read(pictures.jpeg(colour="#b33"), kind="RESIDENCE", time_zone="Europe/Chisinau")
    photos.add(visit, late, by=collector, now=NOW + timedelta(minutes=5))
    assert FinalReport.objects.get().document is None

    tasks.resume_final_reports()
    assert "Photos (2 of 2)" in text_of(shown(visit.case)[0])


def test_the_creditor_downloads_it_from_the_page_of_the_case(
    visit: Visit, trip: Trip, member: Member, manager: factories.Membership, agency: factories.Agency
) -> None:
    own = factories.client_of(member("CREDITOR_USER", creditor=trip.case.creditor))
    page = reverse("creditor-case", args=[trip.case.id])
    with agency_scope(agency.id):
        step(trip.case, "close", manager)
        report = reporting.final_report(trip.case, by=None, now=NOW)
        other = documents.add(
            trip.case, kind="OTHER", title="x", filename="x.pdf", content=b"%PDF", mime="application/pdf", by=None,
            now=NOW,
        )  # fmt: skip
        another = factories.make_creditor()
    stranger = member("CREDITOR_USER", creditor=another)
    url = reverse("creditor-case-document", args=[trip.case.id, report.id])
    assert url in own.get(page).content.decode()
    answer = own.get(url)
    assert (answer.status_code, answer["Content-Type"], answer.content[:4]) == (200, "application/pdf", b"%PDF")
    assert own.get(reverse("creditor-case-document", args=[trip.case.id, other.id])).status_code == 404
    assert factories.client_of(stranger).get(url).status_code == 404
