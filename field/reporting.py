"""Papers of the field: the protocol of a visit with its photos, of each step with the financed object, and the final
report that sums up a whole recovery (S003-13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor
from agencies.models import Membership
from cases import approvals, documents
from cases.models import Case, Document, DocumentKind, Promise, Stage
from cases.next_actions import local_day
from common import kept_files, pdf
from common.refusals import Refused
from contacts.models import Contact
from field import letters_left, photos
from field.models import (
    POSITIVE,
    Asset,
    Discrepancy,
    FinalReport,
    FinancedObject,
    Incident,
    ObjectStep,
    Photo,
    Recommendation,
    Signature,
    Visit,
)
from ledger.models import Payment
from portfolios.models import Channel

PDF = "application/pdf"
REPORT_PHOTOS = 12
"""Photos in a final report; all of them are in the protocols of the visits."""

_TITLES = {
    FinancedObject.State.FOUND: gettext_lazy("Protocol of inspection"),
    FinancedObject.State.BOOTED: gettext_lazy("Protocol of immobilisation"),
    FinancedObject.State.RELEASED: gettext_lazy("Protocol of release"),
    FinancedObject.State.SECURED: gettext_lazy("Protocol of seizure"),
    FinancedObject.State.TRANSPORTED: gettext_lazy("Protocol of transport"),
    FinancedObject.State.HANDED_OVER: gettext_lazy("Protocol of handover"),
    FinancedObject.State.NOT_FOUND: gettext_lazy("Protocol: the object cannot be traced"),
    FinancedObject.State.REFUSED: gettext_lazy("Protocol: handing over was refused"),
}


class CaseIsNotClosed(Refused):
    """A final report sums up a closed case."""


@dataclass(frozen=True)
class Pictured:
    """A photo as a document shows it."""

    photo: Photo
    url: str


def visit_protocol(visit: Visit, *, by: Membership, now: datetime, language: str = "") -> Document:
    """The protocol of a visit with its photos, in the agency's language unless another is given."""
    case = _case(visit.case_id)
    language = language or case.agency.language
    signature = Signature.objects.filter(visit=visit).select_related("document").first()
    context = {
        **_about(case, now),
        "visit": visit,
        "relation": letters_left.relation_label(visit.relation),
        "assets": list(Asset.objects.filter(visit=visit).order_by("id")),
        "differences": list(Discrepancy.objects.filter(visit=visit).order_by("id")),
        "incidents": list(Incident.objects.filter(visit=visit).order_by("id")),
        "recommendations": list(Recommendation.objects.filter(visit=visit).order_by("id")),
        "photos": _pictured(Photo.objects.filter(visit=visit).order_by("id")),
        "signature": signature,
        "signature_url": photos.data_url(documents.content_of(signature.document), "image/png") if signature else "",
    }
    with translation.override(language):
        title = _("Visit protocol")
        context["relation"] = letters_left.relation_label(visit.relation)
    return _keep(
        case, "documents/visit_protocol.html", context, kind=DocumentKind.VISIT_PROTOCOL, title=title,
        name=f"visit-{visit.id}.pdf", subject_id=visit.id, language=language, by=by, now=now,
    )  # fmt: skip


def object_protocol(step: ObjectStep, *, language: str = "", by: Membership, now: datetime) -> Document:
    """The protocol of one step with its photos, in the debtor's language unless another is given."""
    case = _case(step.case_id)
    language = language or case.debtor.language
    approval = approvals.of_case(case).filter(kind="BOOT", subject_id=step.id, state="GRANTED").first()
    shown = Photo.objects.filter(step=step).order_by("id")
    with translation.override(language):
        title = str(_TITLES[FinancedObject.State(step.step)])
    context = {
        **_about(case, now), "step": step, "object": step.object, "title": title, "approval": approval,
        "photos": _pictured(shown),
    }  # fmt: skip
    return _keep(
        case, "documents/object_protocol.html", context, kind=DocumentKind.OBJECT_PROTOCOL, title=title,
        name=f"object-{step.object_id}-{step.step.lower()}.pdf", subject_id=step.id, language=language, by=by, now=now,
    )  # fmt: skip


def make_wanted_report(case_id: int, *, now: datetime) -> Document | None:
    """Make the final report that the closing of a case asked for; None when it is made, or another worker makes it."""
    with transaction.atomic():
        wanted = FinalReport.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            case_id=case_id, document=None, case__stage=Stage.CLOSED
        )  # fmt: skip
        if wanted.first() is None:
            return None
        return final_report(Case(id=case_id), by=None, now=now)


def final_report(case: Case, *, by: Actor, now: datetime, language: str = "") -> Document:
    """Sum up the whole recovery of a closed case, in the agency's language unless another is given. It stands in the
    place of an earlier one (`cases.documents.current`).

    Raises:
        CaseIsNotClosed
    """
    with transaction.atomic():
        document = _final_report(_case(case.id), by=by, now=now, language=language)
        FinalReport.objects.update_or_create(
            case_id=case.id, defaults={"document": document}, create_defaults={"document": document, "wanted_at": now}
        )
    return document


def _final_report(case: Case, *, by: Actor, now: datetime, language: str) -> Document:
    if case.stage != Stage.CLOSED:
        raise CaseIsNotClosed(_("A final report is made when the case is closed."))
    language = language or case.agency.language
    with translation.override(language):
        title = _("Final report")
        context = {**_about(case, now), **_recovery(case)}
    return _keep(
        case, "documents/final_report.html", context, kind=DocumentKind.FINAL_REPORT, title=title,
        name=f"final-report-{case.id}.pdf", subject_id=case.id, language=language, by=by, now=now,
    )  # fmt: skip


def _recovery(case: Case) -> dict[str, Any]:
    visits = list(Visit.objects.filter(case=case).select_related("address", "collector__user").order_by("id"))
    payments = Payment.objects.filter(account_id=case.account_id, reversed_at=None).order_by("received_on", "id")
    counted = Contact.objects.filter(case=case).order_by().values("channel", "direction").annotate(n=Count("id"))
    by_channel: dict[str, dict[str, int]] = {}
    for row in counted:
        by_channel.setdefault(row["channel"], {"OUT": 0, "IN": 0})[row["direction"]] = row["n"]
    pictures = Photo.objects.filter(case=case).order_by("-id")
    steps = ObjectStep.objects.filter(case=case, state=ObjectStep.State.DONE).select_related("object").order_by("id")
    return {
        "contacts": [(Channel(code).label, counts["OUT"], counts["IN"]) for code, counts in sorted(by_channel.items())],
        "promises": list(Promise.objects.filter(case=case).order_by("id")),
        "payments": list(payments),
        "paid": sum((payment.amount for payment in payments), start=case.balance * 0),
        "visits": [(one, letters_left.relation_label(one.relation)) for one in visits],
        "negative": sum(1 for one in visits if not one.is_positive),
        "decisions": list(approvals.of_case(case).exclude(state="WAITING").reverse()),
        "recommendations": list(Recommendation.objects.filter(case=case).select_related("decided_by").order_by("id")),
        "incidents": list(Incident.objects.filter(case=case).order_by("id")),
        "assets": list(Asset.objects.filter(case=case).order_by("id")),
        "steps": list(steps),
        "photos": _pictured(pictures[:REPORT_PHOTOS]),
        "photos_total": pictures.count(),
    }  # fmt: skip


def negative_count(case: Case) -> int:
    """Visits that did not meet the debtor (S002-14)."""
    return int(Visit.objects.filter(case=case).exclude(outcome__in=POSITIVE).count())


def _pictured(rows: Iterable[Photo]) -> list[Pictured]:
    """Photos with their shown copies; one that is no longer as it was kept is named without its picture."""
    found = []
    for photo in rows:
        try:
            url = photos.data_url(photos.shown_content(photo))
        except kept_files.FileIsNotAsKept:
            url = ""
        found.append(Pictured(photo, url))
    return found


def _case(case_id: int) -> Case:
    case: Case = Case.objects.select_related("agency", "creditor", "debtor", "account", "mandate", "portfolio").get(
        id=case_id
    )
    return case


def _about(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "case": case, "agency": case.agency, "creditor": case.creditor, "debtor": case.debtor,
        "today": local_day(case.agency, now), "made_at": now,
    }  # fmt: skip


def _keep(
    case: Case, template: str, context: dict[str, Any], *, kind: DocumentKind, title: str, name: str, subject_id: int,
    language: str, by: Actor, now: datetime,
) -> Document:  # fmt: skip
    with timezone.override(ZoneInfo(case.agency.time_zone)):
        printed = pdf.document(template, context, language=language)
    return documents.add(
        case, kind=kind, title=title, filename=name, content=printed.pdf, mime=PDF, by=by, now=now, language=language,
        subject_id=subject_id,
    )  # fmt: skip
