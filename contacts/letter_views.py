"""Letters: what waits for printing, the print batches, their documents."""

from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from common.refusals import Refused
from contacts import letters
from contacts.models import Message, PrintBatch


@require_GET
@requires(Permission.LETTERS_PRINT)
def print_batches(request: HttpRequest) -> HttpResponse:
    page = Paginator(PrintBatch.objects.select_related("made_by").order_by("-id"), 30).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "ready": letters.waiting(),
        "to_render": Message.objects.filter(channel="LETTER", state="PENDING").count(),
    }
    return render(request, "contacts/letters.html", context)


@require_POST
@requires(Permission.LETTERS_PRINT)
def print_batch_new(request: HttpRequest) -> HttpResponse:
    try:
        batch = letters.make_batch(by=cast(MemberRequest, request).membership, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Print batch %(number)s is ready.") % {"number": batch.id})
    return redirect("letters")


@require_POST
@requires(Permission.LETTERS_PRINT)
def print_batch_hand_over(request: HttpRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(PrintBatch.objects, id=batch_id)
    try:
        letters.hand_over(batch, by=cast(MemberRequest, request).membership, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("letters")


@require_GET
@requires(Permission.LETTERS_PRINT)
def print_batch_document(request: HttpRequest, batch_id: int) -> FileResponse:
    batch = get_object_or_404(PrintBatch.objects, id=batch_id)
    return _pdf(batch.path, f"batch-{batch.id}.pdf")


@require_GET
@requires(Permission.CASES_VIEW)
def letter_document(request: HttpRequest, message_id: int) -> FileResponse:
    """The very letter that was sent."""
    message = get_object_or_404(Message.objects.select_related("case"), id=message_id, channel="LETTER")
    return _pdf(message.path, f"letter-{message.case.contract_no}.pdf")


def _pdf(path: str, name: str) -> FileResponse:
    file = Path(settings.MEDIA_ROOT) / path
    if not path or not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), filename=name, content_type="application/pdf")
