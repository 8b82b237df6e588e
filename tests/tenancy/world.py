"""One agency with a row for every argument that an address may carry."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from agencies.invitations import invite
from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import documents
from cases.models import (
    AllocationBatch,
    Approval,
    Case,
    ConversationReview,
    DebtorComplaint,
    DebtSale,
    Deed,
    Disposition,
    Hold,
    ItemMark,
    Note,
    Plan,
    Promise,
    QualitySample,
    Remittance,
    ReportedPayment,
    ScoreCard,
    ScoreItem,
    Settlement,
    SoldCase,
    Waiver,
)
from common import kept_files
from contacts.models import ApprovalRequest, Campaign, CampaignRun, Decision, Message, Permit, PrintBatch, Template
from debtors.models import ContactPoint
from field.models import (
    Discrepancy,
    FinancedObject,
    Incident,
    Photo,
    Recommendation,
    Territory,
    Visit,
    VisitOrder,
    VisitStop,
)
from ledger.models import BankAccount, BankStatement, Entry, StatementFile, StatementLine
from legal.models import (
    Complaint,
    Handoff,
    HandoffCost,
    HandoffDocument,
    LawFirm,
    LawFirmMember,
    LawsuitDecision,
    Proceeding,
    ProceedingStep,
)
from portfolios.models import CaseFile, Creditor, Mapping, Strategy
from reports.models import CreditorReport, PayStatement, ReportDefinition, Target
from tests import factories

ROLE, OUTSIDE = "MANAGER", "CREDITOR_USER"
"""Somebody of the agency and somebody from outside; the walk through the addresses gives both every permission."""


@dataclass(frozen=True)
class House:
    """`ids` holds the id of one row by the name addresses use for it: case_id, team_id, …

    A key like "print-batch:batch_id" holds for the address of this name alone.
    """

    agency: Agency
    member: Membership
    outsider: Membership
    secret: str
    ids: dict[str, int] = field(default_factory=dict)


def build(name: str, country: str) -> House:
    agency = factories.make_agency(name=name, country=country)
    member = factories.make_member(agency, ROLE)
    with agency_scope(agency.id):
        ids = _intake(member, country) | _people(agency, member)
        token, secret = issue_token(member, name="robot", by=member.user)
        case = Case.objects.get(id=ids["case_id"])
        ids |= {"agency_id": agency.id, "membership_id": member.id, "token_id": token.id}
        ids |= _work(case, member) | _sending(case, member)
        outsider = factories.make_member(agency, OUTSIDE, creditor=case.creditor)
        ids |= _printed(case) | _field(case, member)
        ids |= _results(member, case)
        ids |= _bank(member)
        ids |= _agreements(case, member)
        ids |= _quality(case, member)
        ids |= _court(case, member, outsider)
    return House(agency, member, outsider, secret, ids)


def _intake(member: Membership, country: str) -> dict[str, int]:
    creditor = factories.make_creditor(name="First Bank", country=country)
    mandate = factories.make_mandate(creditor)
    portfolio = factories.make_portfolio(mandate)
    case = factories.make_case(
        portfolio=portfolio,
        debtor=factories.make_debtor(country=country),
        contract_no="SAME-1",
        collector=member,
        stage="FIELD",
    )
    mapping = Mapping.objects.create(creditor=creditor, fingerprint="f", spec={})
    case_file = CaseFile.objects.create(
        creditor=creditor, portfolio=portfolio, filename="debts.csv", sha256="0" * 64, size=1, path="none",
        uploaded_by=member.user, mapping=mapping,
    )  # fmt: skip
    strategy = Strategy.objects.create(effective_on=factories.TODAY)
    return {
        "creditor_id": creditor.id, "mandate_id": mandate.id, "portfolio_id": portfolio.id, "mapping_id": mapping.id,
        "debtor_id": case.debtor_id, "case_id": case.id, "account_id": case.account_id, "file_id": case_file.id,
        "case_file_id": case_file.id, "strategy_id": strategy.id,
    }  # fmt: skip


def _people(agency: Agency, member: Membership) -> dict[str, int]:
    invitation, _link = invite(email=f"new@{agency.slug}.test", role="COLLECTOR", by=member, now=timezone.now())
    return {"team_id": factories.make_team("North").id, "invitation_id": invitation.id}


def _work(case: Case, member: Membership) -> dict[str, int]:
    user, now = member.user, timezone.now()
    result = Disposition.objects.create(case=case, code=factories.make_disposition_code(), by=user, at=now)
    promise = Promise.objects.create(
        case=case, amount=10, currency=case.currency, made_on=now.date(), due_on=now.date() + timedelta(days=3),
        state="AWAITING_APPROVAL", made_by=user,
    )  # fmt: skip
    hold = Hold.objects.create(case=case, reason="DISPUTE", since=now.date())
    payment = factories.make_payment(case.account, amount=1)
    return {
        "result_id": result.id, "disposition_id": result.id, "promise_id": promise.id, "hold_id": hold.id,
        "note_id": Note.objects.create(case=case, text="x", by=user).id, "payment_id": payment.id,
        "entry_id": payment.entry_id or Entry.objects.first().id,
        "remittance_id": _remittance(case, member).id,
        "reported_id": ReportedPayment.objects.create(
            creditor=case.creditor, digest=b"x", contract_no="X", amount=1, currency="MDL", received_on=now.date(),
            state="OPEN", via="API", reported_by=user, reported_at=now,
        ).id,
        "approval_id": Approval.objects.create(
            kind="BOOT", subject_id=1, case=case, creditor=case.creditor, side="CREDITOR", asked_at=now, due_at=now
        ).id,
        "batch_id": AllocationBatch.objects.create(kind="TEAM", by=user).id,
        "point_id": ContactPoint.objects.filter(debtor=case.debtor, kind="PHONE").first().id,
    }  # fmt: skip


def _remittance(case: Case, member: Membership) -> Remittance:
    made: Remittance = Remittance.objects.create(
        number=1, creditor=case.creditor, mandate=case.mandate, currency=case.currency, through=factories.TODAY,
        payments=1, collected=1, direct=0, commission=0, to_pay_over=1, issued_by=member.user, issued_at=timezone.now(),
    )  # fmt: skip
    return made


def _field(case: Case, member: Membership) -> dict[str, int]:
    now, user = timezone.now(), member.user
    order = VisitOrder.objects.create(case=case, trigger="STAGE", opened_at=now, due_at=now)
    address = ContactPoint.objects.filter(debtor=case.debtor, kind="ADDRESS").first()
    stop = VisitStop.objects.create(order=order, address=address)
    return _visited(stop, case, member) | {
        "order_id": order.id, "stop_id": stop.id,
        "territory_id": Territory.objects.create(name="North", country="MD").id,
        "recommendation_id": Recommendation.objects.create(
            case=case, kind="PHONE", why="NO_CONTACT", made_by=user, made_at=now
        ).id,
        "discrepancy_id": Discrepancy.objects.create(
            case=case, what="Car", found="None", reported_by=user, reported_at=now
        ).id,
        "incident_id": Incident.objects.create(case=case, text="Threat", reported_by=user, reported_at=now).id,
    }  # fmt: skip


def _visited(stop: VisitStop, case: Case, member: Membership) -> dict[str, int]:
    now = timezone.now()
    decision = Decision.objects.create(
        case=case, debtor=case.debtor, channel="VISIT", party="debtor", place="home", message_kind="REMINDER",
        purpose="SEND", verdict="ALLOW", decided_at=now,
    )  # fmt: skip
    permit = Permit.objects.create(
        decision=decision, case=case, debtor=case.debtor, contact_point=stop.address, channel="VISIT",
        content_digest=b"", granted_at=now, expires_at=now + timedelta(minutes=5),
    )  # fmt: skip
    visit = Visit.objects.create(
        order=stop.order, stop=stop, case=case, address=stop.address, collector=member, permit=permit,
        draft_key=uuid4(), started_at=now, entered_at=now, outcome="NOBODY",
    )  # fmt: skip
    kept = kept_files.keep(b"photo", agency_id=case.agency_id, folder="photos", suffix=".jpg")
    photo = Photo.objects.create(
        visit=visit, case=case, kind="RESIDENCE", original_path=kept.path, original_sha256=kept.sha256,
        shown_path=kept.path, shown_sha256=kept.sha256, size=kept.size,
    )  # fmt: skip
    attorney = documents.add(
        case, kind="POWER_OF_ATTORNEY", title="Power", filename="power.pdf", content=b"%PDF-2", mime="application/pdf",
        by=member, now=now,
    )  # fmt: skip
    return {
        "visit_id": visit.id, "photo_id": photo.id, "field-paper-term:document_id": attorney.id,
        "object_id": FinancedObject.objects.create(case=case, description="Car").id,
    }  # fmt: skip


def _results(member: Membership, case: Case) -> dict[str, int]:
    today = timezone.localdate()
    target = Target.objects.create(
        member=member, period="MONTH", starts_on=today.replace(day=1), currency="MDL", amount=100,
        set_by=member.user, set_at=timezone.now(),
    )  # fmt: skip
    statement = PayStatement.objects.create(
        member=member, month=today.replace(month=1, day=1), currency="MDL", salary=10, issued_by=member.user,
        issued_at=timezone.now(),
    )  # fmt: skip
    return {"target_id": target.id, "pay_statement_id": statement.id} | _reported(member, case.creditor)


def _reported(member: Membership, creditor: Creditor) -> dict[str, int]:
    """The shape of a creditor's report, and one month of it."""
    shape = ReportDefinition.objects.create(
        creditor=creditor, name="Monthly", columns=["contract"], language="en", form="csv", made_by=member.user,
        made_at=timezone.now(),
    )  # fmt: skip
    kept = kept_files.keep(b"report", agency_id=creditor.agency_id, folder="creditor-reports", suffix=".csv")
    made = CreditorReport.objects.create(
        definition=shape, creditor=creditor, name="Monthly", month=timezone.localdate().replace(month=1, day=1),
        form="csv", rows=0, path=kept.path, sha256=kept.sha256, size=kept.size, made_at=timezone.now(),
    )  # fmt: skip
    return {"definition_id": shape.id, "creditor_report_id": made.id}


def _printed(case: Case) -> dict[str, int]:
    path = f"{case.agency_id}/proof.pdf"
    file = Path(settings.MEDIA_ROOT) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF")
    batch = PrintBatch.objects.create(made_at=timezone.now(), letters=1, pages=1, sha256="0" * 64, path=path)
    letter = Message.objects.create(
        case=case, debtor=case.debtor, contact_point=ContactPoint.objects.filter(debtor=case.debtor).first(),
        channel="LETTER", template=Template.objects.first(), dedupe_key="letter", not_before=timezone.now(), path=path,
    )  # fmt: skip
    return {
        "print_batch_id": batch.id, "print-batch:batch_id": batch.id, "print-batch-hand-over:batch_id": batch.id,
        "letter_id": letter.id, "message_id": letter.id,
    }  # fmt: skip


def _sending(case: Case, member: Membership) -> dict[str, int]:
    now, user = timezone.now(), member.user
    template = Template.objects.create(name="Reminder", channel="SMS", language="ro", body="x", created_by=user)
    campaign = Campaign.objects.create(
        name="Reminders", channel="SMS", template_name="Reminder", stage="PRE_SOFT", starts_at=now, created_by=user,
        portfolio=case.portfolio,
    )  # fmt: skip
    run = CampaignRun.objects.create(campaign=campaign, number=1, started_at=now)
    point = ContactPoint.objects.filter(debtor=case.debtor, kind="PHONE").first()
    message = Message.objects.create(
        case=case, debtor=case.debtor, contact_point=point, channel="SMS", template=template, dedupe_key="once",
        not_before=now,
    )  # fmt: skip
    decision = Decision.objects.create(
        case=case, debtor=case.debtor, channel="CALL", party="debtor", place="home", message_kind="REMINDER",
        purpose="ASK", verdict="APPROVE", decided_at=now,
    )  # fmt: skip
    request = ApprovalRequest.objects.create(decision=decision, case=case, asked_by=user)
    return {
        "template_id": template.id, "campaign_id": campaign.id, "run_id": run.id, "message_id": message.id,
        "request_id": request.id,
    }  # fmt: skip


def _bank(member: Membership) -> dict[str, int]:
    account = BankAccount.objects.create(number="SAMEACCOUNT1", currency="MDL")
    file = StatementFile.objects.create(
        form="MT940", filename="day.sta", path="none", sha256="1" * 64, size=1, uploaded_by=member.user,
        uploaded_at=timezone.now(), state="MATCHED",
    )  # fmt: skip
    day = factories.TODAY
    statement = BankStatement.objects.create(
        file=file, account=account, opening=0, opened_on=day, closing=10, closed_on=day, lines=1
    )
    line = StatementLine.objects.create(
        statement=statement, account=account, at_line=1, booked_on=day, value_on=day, amount=10, currency="MDL",
        digest=b"1",
    )  # fmt: skip
    return {"bank_account_id": account.id, "statement_id": statement.id, "statement_line_id": line.id}


def _agreements(case: Case, member: Membership) -> dict[str, int]:
    now = timezone.now()
    kind = factories.make_plan_format(case.mandate, approved=False)
    plan = Plan.objects.create(
        case=case, format=kind, currency=case.currency, advance=1, advance_by=factories.TODAY, asked_by=member.user,
        asked_at=now,
    )  # fmt: skip
    settlement = Settlement.objects.create(
        case=case, currency=case.currency, balance=10, discount_percent=10, amount=9, pay_by=factories.TODAY,
        made_by=member.user, made_at=now,
    )  # fmt: skip
    document = documents.add(
        case, kind="OTHER", title="Proof", filename="proof.pdf", content=b"%PDF-1", mime="application/pdf",
        by=member, now=now,
    )  # fmt: skip
    waiver = Waiver.objects.create(
        case=case, currency=case.currency, principal=1, reason="Error", made_by=member.user, made_at=now
    )
    deed = Deed.objects.create(
        case=case, plan=plan, country="MD", language="ro", currency=case.currency, amount=1, drafted_by=member.user,
        drafted_at=now,
    )  # fmt: skip
    return {
        "deed_id": deed.id, "waiver_id": waiver.id, **_sold(case, member),
        "format_id": kind.id, "plan_id": plan.id, "settlement_id": settlement.id, "document_id": document.id,
    }  # fmt: skip


def _quality(case: Case, member: Membership) -> dict[str, int]:
    complaint = DebtorComplaint.objects.create(
        number=1, case=case, kind="TONE", source="DEBTOR", way="PHONE", received_on=factories.TODAY, text="x",
        answer_due_on=factories.TODAY, recorded_by=member.user, recorded_at=timezone.now(),
    )  # fmt: skip
    card = ScoreCard.objects.create(version=1, name="x", made_at=timezone.now())
    item = ScoreItem.objects.create(card=card, code="TONE", weight=1, order=1)
    sample = QualitySample.objects.create(
        card=card, starts_on=factories.TODAY, ends_on=factories.TODAY, per_person=1, third_parties=False, seed=1,
        drawn=1, drawn_by=member.user, drawn_at=timezone.now(),
    )  # fmt: skip
    review = ConversationReview.objects.create(
        sample=sample, card=card, disposition=Disposition.objects.first(), case=case, collector=member,
        held_at=timezone.now(),
    )  # fmt: skip
    ids = {"debtor_complaint_id": complaint.id, "sample_id": sample.id, "review_id": review.id}
    return ids | {"quality-own-review:review_id": _judged_of(member, case, item, review).id}


def _judged_of(member: Membership, case: Case, item: ScoreItem, like: ConversationReview) -> ConversationReview:
    """A conversation of the member that somebody else judged."""
    result = Disposition.objects.create(
        case=case, code=factories.make_disposition_code(), by=member.user, at=timezone.now()
    )
    review = ConversationReview.objects.create(
        sample=like.sample, card=like.card, disposition=result, case=case, collector=member, held_at=timezone.now()
    )
    ItemMark.objects.create(review=review, item=item, points=2)
    review.state, review.judge, review.score = "CLOSED", factories.make_member(member.agency, "MANAGER"), 100
    review.judged_at = timezone.now()
    review.save()
    return review


def _sold(case: Case, member: Membership) -> dict[str, int]:
    sale = DebtSale.objects.create(
        mandate=case.mandate, buyer="Buyer", sold_on=factories.TODAY, currency=case.currency, balance=1,
        recorded_by=member.user, recorded_at=timezone.now(),
    )  # fmt: skip
    return {"sale_id": sale.id, "sold_case_id": SoldCase.objects.create(sale=sale, case=case, balance=1).id}


def _court(case: Case, member: Membership, outsider: Membership) -> dict[str, int]:
    """A case in the hands of the law firm that the person from outside works for."""
    now = timezone.now()
    firm = LawFirm.objects.create(name="Lex", country=case.agency.country)
    LawFirmMember.objects.create(membership=outsider, firm=firm)
    decision = LawsuitDecision.objects.create(case=case, currency=case.currency, drafted_at=now)
    asked = Approval.objects.create(
        kind="LAWSUIT", subject_id=decision.id, case=case, creditor=case.creditor, side="COORDINATOR", asked_at=now,
        due_at=now,
    )  # fmt: skip
    Approval.objects.filter(id=asked.id).update(state="GRANTED", decided_by=member.user, decided_at=now)
    LawsuitDecision.objects.filter(id=decision.id).update(state="APPROVED")
    document = documents.add(
        case, kind="DOSSIER", title="D", filename="d.pdf", content=b"%PDF", mime="application/pdf", by=None, now=now
    )
    report = documents.add(
        case, kind="FINAL_REPORT", title="R", filename="r.pdf", content=b"%PDF", mime="application/pdf", by=None,
        now=now,
    )  # fmt: skip
    handoff = Handoff.objects.create(
        case=case, decision=decision, firm=firm, state="ACCEPTED", prepared_at=now, sent_at=now, cleared_at=now,
        dossier=document, summary=document,
    )  # fmt: skip
    HandoffDocument.objects.create(handoff=handoff, document=document, from_firm=False)
    proceeding = Proceeding.objects.create(
        case=case, handoff=handoff, country="MD", kind="LAWSUIT", opened_on=factories.TODAY
    )
    step = ProceedingStep.objects.create(proceeding=proceeding, code="FILE_CLAIM", position=0)
    cost = HandoffCost.objects.create(
        handoff=handoff, kind="OTHER", amount=1, currency=case.currency, incurred_on=factories.TODAY, reported_at=now
    )
    complaint = Complaint.objects.create(case=case, reason="OTHER", place="x", wording="x", requested_at=now)
    ids = {
        "firm_id": firm.id, "decision_id": decision.id, "handoff_id": handoff.id, "proceeding_id": proceeding.id,
        "step_id": step.id, "cost_id": cost.id, "complaint_id": complaint.id, "legal-document:document_id": document.id,
        "creditor-case-document:document_id": report.id,
    }  # fmt: skip
    return ids | {f"{name}-document:document_id": document.id for name in ("handoff", "firm-handoff", "api-handoff")}
