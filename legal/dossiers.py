"""The dossier that goes to a law firm: one PDF, and a ZIP of everything with a list of hashes."""

import zipfile
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.actors import Actor
from agencies.models import Agency
from cases import documents, dossier
from cases.dossier import File
from cases.models import Case, Document, DocumentKind
from common import pdf
from legal import checklists, lawsuits
from legal.models import CourtReason, Handoff

SUMS = "SHA256SUMS"
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Every entry carries it, so that the same content gives the same archive."""


def build(handoff: Handoff, *, by: Actor, now: datetime) -> tuple[Document, Document]:
    """Make and keep the PDF and the ZIP of a handoff, in the agency's language. Returns (pdf, zip)."""
    case: Case = Case.objects.select_related("debtor", "creditor", "mandate", "portfolio", "account").get(
        id=handoff.case_id
    )
    agency: Agency = case.agency
    name = f"dossier-{case.contract_no}"
    with translation.override(agency.language), timezone.override(agency.time_zone):
        title = _("Dossier of contract %(contract)s") % {"contract": case.contract_no}
        printed = pdf.document("documents/dossier.html", _context(handoff, case, now), language=agency.language)
        files = dossier.files_of(case)
    summary = documents.add(
        case, kind=DocumentKind.DOSSIER, title=title, filename=f"{name}.pdf", content=printed.pdf,
        mime="application/pdf", by=by, now=now, language=agency.language, subject_id=handoff.id,
    )  # fmt: skip
    archive = documents.add(
        case, kind=DocumentKind.DOSSIER, title=f"{title} (ZIP)", filename=f"{name}.zip",
        content=packed([File("dossier.pdf", printed.pdf), *files]), mime="application/zip", by=by, now=now,
        language=agency.language, subject_id=handoff.id,
    )  # fmt: skip
    return summary, archive


def packed(files: Iterable[File]) -> bytes:
    """The files and `SHA256SUMS`, in the order of their names; the same files give the same bytes.

    The list has the form that `sha256sum -c` reads.
    """
    ordered = sorted(files, key=lambda file: file.name)
    sums = "".join(f"{sha256(file.content).hexdigest()}  {file.name}\n" for file in ordered)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in (*ordered, File(SUMS, sums.encode())):
            entry = zipfile.ZipInfo(file.name, _SAME_MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.content)
    return out.getvalue()


def _context(handoff: Handoff, case: Case, now: datetime) -> dict[str, object]:
    decision = handoff.decision
    return {
        "agency": case.agency, "case": case, "handoff": handoff, "decision": decision, "now": now,
        "reasons": [CourtReason(code).label for code in decision.reasons],
        "checks": [(checklists.LABELS[one.code], one) for one in lawsuits.checks_of(decision)],
        "claim": [
            (label, getattr(decision, name)) for name, label in _buckets() if getattr(decision, name)
        ],
        "parts": dossier.parts_of(case),
    }  # fmt: skip


def _buckets() -> list[tuple[str, str]]:
    return [
        ("principal", _("Principal")), ("interest", _("Interest")), ("penalty", _("Penalty")), ("fees", _("Fees")),
        ("costs", _("Costs")),
    ]  # fmt: skip
