"""Documents of a case: kept by their hash, never changed, and not opened when they are not what was kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from cases import documents
from cases.models import Document
from common.kept_files import FileIsNotAsKept
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def document(in_agency: factories.Agency) -> Document:
    return documents.add(
        factories.make_case(), kind="PAYMENT_PROOF", title="Order", filename="../pla ta.pdf", content=b"%PDF-", by=None,
        mime="application/pdf", now=NOW,
    )  # fmt: skip


def test_a_document_is_read_back_as_it_was(document: Document) -> None:
    assert documents.content_of(document) == b"%PDF-"
    assert document.filename == "..-pla-ta.pdf"


def test_a_changed_file_is_not_opened(document: Document) -> None:
    (Path(settings.MEDIA_ROOT) / document.path).write_bytes(b"forged")

    with pytest.raises(FileIsNotAsKept):
        documents.content_of(document)
    (Path(settings.MEDIA_ROOT) / document.path).unlink()


def test_a_document_cannot_be_changed_or_deleted(document: Document) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(id=document.id).update(title="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(id=document.id).delete()
