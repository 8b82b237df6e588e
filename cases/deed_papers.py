"""The papers of a notarial deed: the wording for the notary, and the same in the debtor's language to read."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from agencies.actors import Actor
from cases import documents
from cases.agreement_papers import PDF, about
from cases.deed_law import DeedLaw
from cases.models import Deed, Document, DocumentKind, Instalment
from common import pdf


def deed_papers(deed: Deed, law: DeedLaw, *, by: Actor, now: datetime) -> tuple[Document, Document | None]:
    """(in the deed's language, in the debtor's language or None where it is the same)."""
    spoken = deed.case.debtor.language
    draft = _paper(deed, law, language=deed.language, reading=False, by=by, now=now)
    if spoken == deed.language:
        return draft, None
    return draft, _paper(deed, law, language=spoken, reading=True, by=by, now=now)


def _paper(deed: Deed, law: DeedLaw, *, language: str, reading: bool, by: Actor, now: datetime) -> Document:
    case = deed.case
    rows = list(Instalment.objects.filter(plan_id=deed.plan_id, number__gt=0).order_by("number"))
    context = {"deed": deed, "law": law, "plan": deed.plan, "rows": rows, "reading": reading, **about(case, now)}
    printed = pdf.document("documents/deed.html", context, language=language)
    with translation.override(language):
        title = _("Translation of the notarial deed, to read") if reading else _("Draft of the notarial deed")
    return documents.add(
        case, kind=DocumentKind.DEED, title=title, filename=f"deed-{deed.id}-{language}.pdf", content=printed.pdf,
        mime=PDF, by=by, now=now, language=language, subject_id=deed.id,
    )  # fmt: skip
