"""The narrow door of a law firm: its own handoffs and nothing else of the agency."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import invitations
from agencies.models import Invitation, Membership
from agencies.roles import ROLES
from cases import holds
from cases.models import Case
from common.refusals import NotUnderstood
from legal import firms, handoffs, proceedings
from legal.models import Handoff, LawFirm, LawFirmMember, ProceedingStep
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def test_the_firms_role_opens_its_cases_and_nothing_else():
    """S002-11: the lawyer belongs to the creditor and needs an access of their own."""
    assert {str(one) for one in ROLES["LAW_FIRM_USER"].permissions} == {"signed_in", "legal.firm", "api.use"}


def test_the_list_shows_own_cases_only_after_sending(prepared, officer, lawyer, case):
    client = factories.client_of(lawyer)
    assert "No case is shared with you yet" in client.get(reverse("firm-handoffs")).content.decode()
    assert client.get(reverse("firm-handoff", args=[prepared.id])).status_code == 404
    handoffs.send(prepared, by=officer, now=NOW)
    page = client.get(reverse("firm-handoffs")).content.decode()
    assert case.contract_no in page
    assert "/cases/" not in re.findall(r'href="([^"]+)"', page)


def test_the_firm_accepts_asks_uploads_reports_and_charges(sent, lawyer, shut, case):
    client = factories.client_of(lawyer)

    def do(name, data=None, *args):
        response = client.post(reverse(f"firm-handoff-{name}", args=[sent.id, *args]), data or {})
        assert response.status_code == 302, response.content.decode()[:400]
        return client.get(response.url).content.decode()

    assert "Accepted" in do("accept")
    assert "Where is the annex?" in do("ask", {"text": "Where is the annex?"})
    file = SimpleUploadedFile("order.pdf", b"%PDF-1.7", content_type="application/pdf")
    assert "Payment order" in do("share", {"kind": "COURT", "title": "Payment order", "file": file})
    assert "Order for payment (ordonanță judecătorească)" in do(
        "proceeding", {"kind": "PAYMENT_ORDER", "court": "Judecătoria Orhei", "opened_on": "2026-11-01"}
    )
    with shut():
        claim, issued = ProceedingStep.objects.order_by("position")[:2]
    page = do("step", {"done_on": "2026-11-02", "note": "Filed online"}, claim.id)
    assert "Done on" in page
    assert "Filed online" in page
    assert "by Jan 15, 2027" in do("due", {"due_on": "2027-01-15"}, issued.id)
    page = do("cost", {"kind": "COURT_FEE", "amount": "75.50", "incurred_on": "2026-11-20"})
    assert "75.50 MDL" in page
    assert "2,575.50 MDL" in page
    assert "Granted" in do("end", {"state": "WON", "ended_on": "2026-11-20"}, claim.proceeding_id)
    with shut():
        assert Handoff.objects.get(id=sent.id).state == "QUESTION"
        assert Case.objects.get(id=case.id).balance == pytest.approx(2575.50)


def test_a_question_asked_before_the_case_is_accepted_still_waits_for_its_answer(sent, lawyer, officer):
    handoffs.ask(sent, text="Which annex?", by=lawyer, now=NOW)
    accepted = handoffs.accept(sent, by=lawyer, now=NOW)
    assert accepted.state == "QUESTION"
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    first = ProceedingStep.objects.filter(proceeding=order).order_by("position")[0]
    proceedings.report_step(first, done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    page = factories.client_of(officer).post(reverse("handoff-answer", args=[sent.id]), {"text": "The second."})
    assert page.status_code == 302
    assert Handoff.objects.get(id=sent.id).state == "IN_COURT"


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        (
            "cost",
            {"kind": "COURT_FEE", "amount": "75.50", "incurred_on": "2031-01-01", "note": "Stamp"},
            "not come yet",
        ),
        ("proceeding", {"kind": "LAWSUIT", "court": "Stamp", "opened_on": "2031-01-01"}, "not come yet"),
        ("proceeding", {"kind": "LAWSUIT", "court": "Stamp", "opened_on": "tomorrow"}, "Opened on"),
        ("share", {"kind": "COURT", "title": "Stamp"}, "required"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(accepted, lawyer, name, typed, why):
    refused = factories.client_of(lawyer).post(reverse(f"firm-handoff-{name}", args=[accepted.id]), typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert why in page
    assert 'value="Stamp"' in page


def test_a_proceeding_ends_between_its_opening_and_today(accepted, lawyer):
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(NotUnderstood):
            proceedings.end(order, state="WON", ended_on=day, by=lawyer, now=NOW)


def test_a_stopped_case_says_so_to_both_sides(accepted, lawyer, officer, case):
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    step = ProceedingStep.objects.get(proceeding=order, code="FILE_CLAIM")
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    for person, name in ((lawyer, "firm-handoff"), (officer, "handoff")):
        client = factories.client_of(person)
        assert (
            "Stopped: a hold is open (Debt disputed)." in client.get(reverse(name, args=[accepted.id])).content.decode()
        )
        refused = client.post(
            reverse(f"{name}-step", args=[accepted.id, step.id]), {"done_on": "2026-11-24"}, follow=True
        )
        assert refused.content.decode().count("Debt disputed") >= 2


def test_a_recall_shuts_every_door_of_the_firm(accepted, lawyer, officer, shut):
    document = accepted.dossier_id
    factories.client_of(officer).post(reverse("handoff-recall", args=[accepted.id]), {"note": "Another firm"})
    client = factories.client_of(lawyer)
    for name, args in (("firm-handoff", []), ("firm-handoff-document", [document])):
        assert client.get(reverse(name, args=[accepted.id, *args])).status_code == 404
    for name in ("ask", "cost", "share", "accept", "proceeding"):
        assert client.post(reverse(f"firm-handoff-{name}", args=[accepted.id]), {"text": "x"}).status_code == 404
    with shut():
        assert Handoff.objects.get(id=accepted.id).state == "RECALLED"


def test_the_officer_prepares_sends_answers_and_closes(case, officer, firm, lawyer, shut):
    decision = factories.approve_lawsuit(case)
    client = factories.client_of(officer)
    made = client.post(reverse("handoff-prepare", args=[decision.id]), {"firm": firm.id})
    page = client.get(made.url).content.decode()
    assert "Send to the firm" in page
    with shut():
        handoff = Handoff.objects.get()
    assert client.get(reverse("handoff-document", args=[handoff.id, handoff.summary_id])).content[:5] == b"%PDF-"
    client.post(reverse("handoff-repack", args=[handoff.id]))
    client.post(reverse("handoff-send", args=[handoff.id]))
    with shut():
        handoffs.accept(handoff, by=lawyer, now=NOW)
        handoffs.ask(handoff, text="Which annex?", by=lawyer, now=NOW)
    assert "Which annex?" in client.get(reverse("handoff", args=[handoff.id])).content.decode()
    client.post(reverse("handoff-answer", args=[handoff.id]), {"text": "Annex 2"})
    client.post(reverse("handoff-finish", args=[handoff.id]), {"note": "Title obtained"})
    assert "Title obtained" in client.get(reverse("handoff", args=[handoff.id])).content.decode()
    assert case.contract_no in client.get(reverse("handoffs") + "?state=DONE").content.decode()
    assert (
        client.post(reverse("handoff-send", args=[handoff.id]), follow=True).content.decode().count("cannot be done")
        == 1
    )


@pytest.mark.parametrize("role", ["COLLECTOR", "COORDINATOR", "CREDITOR_USER", "LEGAL_OFFICER", "AGENCY_ADMINISTRATOR"])
def test_the_firms_pages_are_for_firms_alone(sent, member, role):
    client = factories.client_of(member(role))
    assert client.get(reverse("firm-handoffs")).status_code == 403
    assert client.get(reverse("firm-handoff", args=[sent.id])).status_code == 403


def test_a_firms_user_is_invited_for_one_firm_and_joins_it(firm, member):
    admin = member("AGENCY_ADMINISTRATOR")
    with pytest.raises(invitations.LawFirmMissing):
        invitations.invite(email="a@lex.test", role="LAW_FIRM_USER", by=admin, now=NOW)
    with pytest.raises(invitations.LawFirmMissing):
        invitations.invite(email="a@lex.test", role="COLLECTOR", law_firm_id=firm.id, by=admin, now=NOW)
    with pytest.raises(invitations.LawFirmMissing):
        invitations.invite(email="a@lex.test", role="LAW_FIRM_USER", law_firm_id=10**9, by=admin, now=NOW)
    invitation, _secret = invitations.invite(
        email="a@lex.test", role="LAW_FIRM_USER", law_firm_id=firm.id, by=admin, now=NOW
    )
    joined = invitations.accept_as_new(invitation, full_name="Ana Lex", password="a long phrase of words", now=NOW)
    assert LawFirmMember.objects.get(membership=joined).firm == firm
    assert Membership.objects.get(id=joined.id).role == "LAW_FIRM_USER"


def test_the_administrator_invites_over_the_page(firm, member, shut):
    sent = {"email": "b@lex.test", "role": "LAW_FIRM_USER", "law_firm": firm.id}
    client = factories.client_of(member("AGENCY_ADMINISTRATOR"))
    assert client.post(reverse("people"), {**sent, "law_firm": ""}).status_code == 422
    assert client.post(reverse("people"), sent).status_code == 302
    with shut():
        assert Invitation.objects.get(email="b@lex.test").law_firm_id == firm.id


def test_firms_are_entered_and_changed_on_their_page(officer, firm, shut):
    client = factories.client_of(officer)
    new = {"name": "Kancelář Novák", "country": "cz", "contact_email": "jan@novak.test", "is_active": "on"}
    assert client.post(reverse("law-firms"), new).status_code == 302
    assert "Kancelář Novák" in client.get(reverse("law-firms")).content.decode()
    twice = client.post(reverse("law-firms"), new)
    assert twice.status_code == 422
    assert "of this name already" in twice.content.decode()
    client.post(reverse("law-firm", args=[firm.id]), {"name": firm.name, "country": "MD"})
    with shut():
        assert not LawFirm.objects.get(id=firm.id).is_active
        assert dict(firms.choices()) == {LawFirm.objects.get(country="CZ").id: "Kancelář Novák"}


def test_the_calendar_and_lists_cost_as_many_queries_for_many_as_for_one(accepted, officer, lawyer):
    client, counts = factories.client_of(officer), []
    client.get(reverse("legal-calendar"))
    for _ in range(2):
        order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
        for step in ProceedingStep.objects.filter(proceeding=order):
            proceedings.set_due(step, due_on=TODAY, by=lawyer, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("legal-calendar"))
            client.get(reverse("handoffs"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
