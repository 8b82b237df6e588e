"""A document of a case given to a browser: as it was kept, as a download, and nothing that would run."""

from django.http import Http404, HttpResponse

from cases.documents import content_of
from cases.models import Document
from common.kept_files import FileIsNotAsKept


def download(document: Document) -> HttpResponse:
    """The answer with the document. Whoever calls has checked who may open it.

    Raises:
        Http404: what is on disk is not what was kept.
    """
    try:
        content = content_of(document)
    except FileIsNotAsKept as error:
        raise Http404 from error
    name = document.filename.replace('"', "")
    return HttpResponse(
        content, document.mime,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )  # fmt: skip
