"""Documents of a case: kept by their hash, opened only unchanged."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from audit import record
from cases.models import Case, Document, DocumentKind
from common import kept_files

ADDED = record.kind(
    "case.document_added", gettext_lazy("Document added: %(document_kind)s."), document_kind=DocumentKind.choices
)

REPLACING = (DocumentKind.FINAL_REPORT,)
"""Kinds of which a case has one: a newer document stands in the place of the one before, which is kept."""

_UNSAFE = re.compile(r"[^\w.\-]+")


def add(
    case: Case,
    *,
    kind: DocumentKind | str,
    title: str,
    filename: str,
    content: bytes,
    mime: str,
    by: Actor,
    now: datetime,
    language: str = "",
    subject_id: int | None = None,
) -> Document:
    """Keep `content` as a document of the case."""
    suffix = "." + filename.rpartition(".")[2].lower()[:5] if "." in filename else ""
    kept = kept_files.keep(content, agency_id=case.agency_id, folder="documents", suffix=_UNSAFE.sub("", suffix))
    with transaction.atomic():
        document: Document = Document.objects.create(
            case=case, kind=kind, title=title[:160], filename=_UNSAFE.sub("-", filename)[-120:], mime=mime[:80],
            path=kept.path, sha256=kept.sha256, size=kept.size, language=language, subject_id=subject_id,
            made_by=user_of(by), made_at=now,
        )  # fmt: skip
        record.record(
            ADDED, by=user_of(by), case_id=case.id, subject_id=document.id, at=now, document_kind=str(kind),
            sha256=kept.sha256,
        )  # fmt: skip
    return document


def current(case: Case) -> Any:
    """The documents of a case without those that a newer one replaced."""
    newer = Document.objects.filter(case_id=OuterRef("case_id"), kind=OuterRef("kind"), id__gt=OuterRef("id"))
    return Document.objects.filter(case=case).exclude(Q(kind__in=REPLACING) & Exists(newer))


def content_of(document: Document) -> bytes:
    """The bytes as they were kept.

    Raises:
        kept_files.FileIsNotAsKept
    """
    return kept_files.read(document.path, document.sha256)
