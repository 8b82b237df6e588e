"""The papers of agreements, in the debtor's language: the plan to be signed, and the offer of a settlement."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from agencies.actors import Actor
from cases import documents
from cases.models import Case, Document, DocumentKind, Instalment, Plan, Settlement
from cases.next_actions import local_day
from common import pdf
from debtors.models import ContactPoint

PDF = "application/pdf"


def plan_paper(one: Plan, *, by: Actor, now: datetime) -> Document:
    """The agreement: schedule, total, interest and fee (S001-15), what follows from a missed instalment (S004-51,
    S004-52, S001-16), and the lines for both signatures."""
    case = one.case
    rows = list(Instalment.objects.filter(plan=one).order_by("number"))
    context = {"plan": one, "advance": rows[0], "rows": rows[1:], **about(case, now)}
    with translation.override(case.debtor.language):
        title = _("Payment plan agreement")
    return _keep(
        case, "documents/plan.html", context, kind=DocumentKind.AGREEMENT, title=title, name=f"plan-{one.id}.pdf",
        subject_id=one.id, by=by, now=now,
    )  # fmt: skip


def settlement_paper(one: Settlement, *, by: Actor, now: datetime) -> Document:
    case = one.case
    context = {"settlement": one, "waived": one.balance - one.amount, **about(case, now)}
    with translation.override(case.debtor.language):
        title = _("Settlement offer")
    return _keep(
        case, "documents/settlement.html", context, kind=DocumentKind.SETTLEMENT, title=title,
        name=f"settlement-{one.id}.pdf", subject_id=one.id, by=by, now=now,
    )  # fmt: skip


def about(case: Case, now: datetime) -> dict[str, object]:
    """Who stands on a paper of the case, and the day."""
    address = (
        ContactPoint.objects.filter(debtor_id=case.debtor_id, kind="ADDRESS", owner_role="HOLDER")
        .exclude(validity="INVALID")
        .order_by("-verified_at", "id")
        .first()
    )
    return {
        "case": case, "agency": case.agency, "creditor": case.creditor, "debtor": case.debtor,
        "address": address.value if address else "", "today": local_day(case.agency, now),
    }  # fmt: skip


def _keep(
    case: Case, template: str, context: dict[str, object], *, kind: DocumentKind, title: str, name: str,
    subject_id: int, by: Actor, now: datetime,
) -> Document:  # fmt: skip
    language = case.debtor.language
    printed = pdf.document(template, context, language=language)
    return documents.add(
        case, kind=kind, title=title, filename=name, content=printed.pdf, mime=PDF, by=by, now=now, language=language,
        subject_id=subject_id,
    )  # fmt: skip
