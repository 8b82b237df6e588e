"""What is attached on the legal pages is what its name says, and what is not as it was kept is not given out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from cases import documents
from cases.document_pages import download
from legal import uploads
from tests import factories

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("judgment.pdf", b"%PDF-1.7 x"), ("scan.jpg", b"\xff\xd8\xff x"), ("letter.docx", b"PK\x03\x04 x"),
        ("signed.p7m", b"0\x82 x"),
    ],
)  # fmt: skip
def test_a_file_of_a_known_kind_is_taken(name: str, content: bytes) -> None:
    assert uploads.read(SimpleUploadedFile(name, content)).content == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("judgment.pdf", b"MZ program"), ("scan.jpg", b"<svg onload=alert(1)>"), ("letter.docx", b"<html>"),
        ("scan.png", b"%PDF-1.7"), ("signed.p7m", b"%PDF-1.7"), ("run.exe", b"MZ"), ("empty.pdf", b""),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(uploads.FileNotTaken):
        uploads.read(SimpleUploadedFile(name, content))


@pytest.mark.django_db
def test_a_document_is_a_download_and_a_changed_one_is_not_given_out(in_agency: factories.Agency) -> None:
    document = documents.add(
        factories.make_case(), kind="COURT", title="Judgment", filename='a"b.pdf', content=b"%PDF-1.7 kept", by=None,
        mime="application/pdf", now=NOW,
    )  # fmt: skip
    answer = download(document)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"

    (Path(settings.MEDIA_ROOT) / document.path).write_bytes(b"%PDF-1.7 forged")
    with pytest.raises(Http404):
        download(document)
