"""The visit sheet as a PDF, and the papers a visitor shows at the door: they must be there and valid on that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import documents
from cases.models import Case, Document, DocumentKind
from common import pdf
from common.refusals import NotUnderstood
from common.templatetags.trade import day as said_day
from field import queries
from field.models import PaperTerm, VisitOrder

TERM_SET = record.kind(
    "field.paper_term_set", gettext_lazy("It was recorded on which days this paper is valid: %(paper)s."),
    paper=DocumentKind.choices,
)  # fmt: skip

PACK: dict[str, str | Promise] = {
    DocumentKind.POWER_OF_ATTORNEY: gettext_lazy("Power of attorney of %(creditor)s"),
    DocumentKind.CONTRACT: gettext_lazy("Documents that prove the claim"),
}
"""What a collector proves himself with (S003-14)."""


class NoSuchTerm(NotUnderstood):
    """It ends before it begins."""

    field = "valid_until"


class State(StrEnum):
    READY = "READY"
    MISSING = "MISSING"
    NOT_VALID = "NOT_VALID"
    MANDATE_OVER = "MANDATE_OVER"


@dataclass(frozen=True)
class Paper:
    """One part of the pack on a day; `document` is the one to take along, or the newest of those that are not valid."""

    kind: str
    label: str
    state: State
    day: date
    document: Document | None = None
    term: PaperTerm | None = None

    @property
    def is_ready(self) -> bool:
        return self.state is State.READY

    @property
    def sentence(self) -> str:
        """What to do, or until when it is valid."""
        if self.state is State.MISSING:
            return _("Missing: ask the coordinator to add it to the documents of the case.")
        if self.state is State.MANDATE_OVER:
            return _("The mandate is not in force on %(day)s: ask the creditor for a new power of attorney.") % {
                "day": said_day(self.day)
            }
        if self.state is State.NOT_VALID:
            return _("Not valid on %(day)s: ask the coordinator for a new one.") % {"day": said_day(self.day)}
        if self.term is not None and self.term.valid_until is not None:
            return _("Valid until %(day)s.") % {"day": said_day(self.term.valid_until)}
        return _("Among the documents of the case.")


def pack_of(case: Case, *, day: date) -> list[Paper]:
    """The papers to show at the door on `day`, each ready or with what is wrong. Two queries.

    A paper whose days nobody recorded is taken as valid; a power of attorney ends with the mandate all the same.
    """
    found = list(Document.objects.filter(case=case, kind__in=list(PACK)).order_by("-id"))
    terms = {term.document_id: term for term in PaperTerm.objects.filter(document__in=found)} if found else {}
    return [_paper(kind, [(one, terms.get(one.id)) for one in found if one.kind == kind], case, day) for kind in PACK]


def _paper(kind: str, found: Sequence[tuple[Document, PaperTerm | None]], case: Case, day: date) -> Paper:
    label, mandate = str(PACK[kind]) % {"creditor": case.creditor.name}, case.mandate
    if not found:
        return Paper(kind, label, State.MISSING, day)
    valid = next((pair for pair in found if _holds(pair[1], day)), None)
    if valid is None:
        return Paper(kind, label, State.NOT_VALID, day, *found[0])
    over = mandate.starts_on > day or (mandate.ends_on is not None and mandate.ends_on < day)
    if kind == DocumentKind.POWER_OF_ATTORNEY and over:
        return Paper(kind, label, State.MANDATE_OVER, day, *valid)
    return Paper(kind, label, State.READY, day, *valid)


def _holds(term: PaperTerm | None, day: date) -> bool:
    if term is None:
        return True
    return (term.valid_from is None or term.valid_from <= day) and (term.valid_until is None or term.valid_until >= day)


def set_term(
    document: Document, *, valid_from: date | None, valid_until: date | None, by: Membership, now: datetime
) -> PaperTerm:
    """Record on which days a paper is valid; an earlier record of the same paper is replaced.

    Raises:
        NoSuchTerm
    """
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise NoSuchTerm(_("The last day cannot lie before the first."))
    with transaction.atomic():
        term: PaperTerm
        term, _made = PaperTerm.objects.update_or_create(
            document=document,
            defaults={"valid_from": valid_from, "valid_until": valid_until, "set_by": by.user, "set_at": now},
        )
        record.record(
            TERM_SET, by=by.user, case_id=document.case_id, subject_id=document.id, at=now, paper=document.kind
        )
    return term


def sheet_pdf(case: Case, *, day: date, by: Membership, now: datetime) -> Document:
    """The sheet for a visit on `day`, in the agency's language, kept as a document of the case (S004-29, S004-30)."""
    agency = case.agency
    with translation.override(agency.language):
        title = _("Visit sheet")
    context = {
        "case": case, "agency": agency, "creditor": case.creditor, "debtor": case.debtor, "day": day, "made_at": now,
        "sheet": queries.sheet(case, as_of=day), "pack": pack_of(case, day=day), "visitor": by.user,
        "order": VisitOrder.objects.filter(case=case, state=VisitOrder.State.OPEN).first(),
    }  # fmt: skip
    printed = pdf.document("documents/visit_sheet.html", context, language=agency.language)
    return documents.add(
        case, kind=DocumentKind.VISIT_SHEET, title=title, filename=f"visit-sheet-{case.id}-{day:%Y%m%d}.pdf",
        content=printed.pdf, mime="application/pdf", by=by, now=now, language=agency.language,
    )  # fmt: skip
