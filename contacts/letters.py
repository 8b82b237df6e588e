"""Letters: rendered once, kept by their hash, handed to the print house in batches.

The hash of the PDF and the print batch are the claim: a letter is in one batch, a batch is one document.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pypdf import PdfReader, PdfWriter

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import agency_scope, current_agency_id
from audit import record
from common.pdf_press import NotRendered, PdfPress, Printed
from common.refusals import Refused
from contacts import letter_layout, outbox, outcomes, wording
from contacts.channels.base import Leaving
from contacts.facts import NOT_PLACED
from contacts.models import Campaign, CampaignRun, Contact, Message, PrintBatch
from debtors.models import ContactPoint

State = Message.State

BATCH_MADE = record.kind("letters.batch_made", _lazy("A print batch of %(letters)s letters was made"))
HANDED_OVER = record.kind("letters.batch_handed_over", _lazy("A print batch of %(letters)s letters was handed over"))

RENDERED_AT_ONCE = 100
MOST_PER_BATCH = 2000


class NoLettersWaiting(Refused):
    """There is nothing to print."""


class BatchNotReady(Refused):
    """The document of this batch was not made yet, or the batch was handed over before."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    leaving: Leaving
    html: str


def render_due(
    agency_id: int,
    *,
    clock: Callable[[], datetime],
    most: int | None = None,
    workers: int = 2,
    press: PdfPress | None = None,
) -> int:
    """Claim letters that are due, ask the gate for each, render them, keep the PDFs. Returns how many were rendered.

    Without `press` one of `workers` processes is started as soon as there is a letter.
    """
    done = 0
    with ExitStack() as stack:
        while most is None or done < most:
            limit = RENDERED_AT_ONCE if most is None else min(RENDERED_AT_ONCE, most - done)
            with agency_scope(agency_id):
                sheets = _sheets(outbox.claim(limit=limit, now=clock(), channels=["LETTER"]), now=clock())
            if not sheets:
                break
            if press is None:
                press = stack.enter_context(PdfPress(workers))
            answers = []
            for answer in press.render_all(sheet.html for sheet in sheets):
                answers.append(answer)
                if isinstance(answer, Printed):
                    _keep(agency_id, answer)
            with agency_scope(agency_id):
                for sheet, answer in zip(sheets, answers, strict=True):
                    _note(sheet.leaving, answer, now=clock())
            done += len(sheets)
    return done


def _sheets(claimed: Sequence[Leaving], *, now: datetime) -> list[_Sheet]:
    facts = wording.collect({one.case_id for one in claimed}, now=now)
    addresses = ContactPoint.objects.in_bulk({one.contact_point_id for one in claimed})
    return [
        _Sheet(
            one,
            letter_layout.letter_html(
                facts[one.case_id], subject=one.subject, body=one.body, language=one.language,
                address=address_lines(addresses[one.contact_point_id], home=facts[one.case_id].agency.country),
            ),
        )
        for one in claimed
    ]  # fmt: skip


def address_lines(point: ContactPoint, *, home: str = "") -> list[str]:
    """Street, postal code and town; abroad of `home` the country too, as the post of any land reads it. The whole line
    when it was never taken apart."""
    abroad = point.country and point.country != home
    country = str(Locale("en").territories.get(point.country, point.country)).upper() if abroad else ""
    if not point.street:
        return [line for line in (point.value, country) if line]
    return [line for line in (point.street, f"{point.postal_code} {point.city}".strip(), country) if line]


def folder(agency_id: int) -> Path:
    return Path(settings.MEDIA_ROOT) / str(agency_id) / "letters"


def path_of(agency_id: int, digest: str) -> Path:
    """Where a PDF of this hash is kept."""
    return folder(agency_id) / f"{digest}.pdf"


def _keep(agency_id: int, printed: Printed) -> None:
    target = path_of(agency_id, printed.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(printed.pdf)
    partial.replace(target)


def _note(leaving: Leaving, answer: Printed | NotRendered, *, now: datetime) -> None:
    """A rendered letter waits for its batch; one that could not be rendered waits for a person."""
    message = Message.objects.select_for_update().get(id=leaving.message_id)
    if message.state != State.SENDING:
        return
    message.lease_until = None
    if isinstance(answer, Printed):
        message.sha256, message.pages = answer.sha256, answer.pages
        message.path = f"{leaving.agency_id}/letters/{answer.sha256}.pdf"
    else:
        outcomes.take_back(message)
        message.state, message.error_code = State.DECIDE, "NOT_RENDERED"
    message.save(update_fields=["lease_until", "sha256", "pages", "path", "state", "error_code"])


def release_stuck(*, now: datetime) -> int:
    """Letters claimed by a renderer that died: nothing left the house, so they go back. In scope."""
    stuck = Message.objects.filter(channel="LETTER", state=State.SENDING, path="", lease_until__lt=now)
    Contact.objects.filter(permit_id__in=stuck.values("permit_id")).update(outcome=NOT_PLACED, cost=0)
    return stuck.update(state=State.PENDING, lease_until=None, not_before=now)


def waiting() -> int:
    """How many rendered letters wait for a batch. In scope."""
    return _ready().count()


def _ready() -> Any:
    """Rendered letters in no batch; those of a paused or cancelled campaign stay in the house."""
    ready = Message.objects.filter(channel="LETTER", state=State.SENDING, print_batch=None).exclude(path="")
    held = CampaignRun.objects.filter(campaign__state__in=[Campaign.State.PAUSED, Campaign.State.CANCELLED])
    return ready.exclude(campaign_run__isnull=False, campaign_run__in=held)


def make_batch(*, by: Actor, now: datetime, most: int = MOST_PER_BATCH) -> PrintBatch:
    """Take the rendered letters into one batch: one PDF with a list on top, its hash the claim.

    Raises:
        NoLettersWaiting
    """
    with transaction.atomic():
        ids = list(_ready().order_by("id").select_for_update(skip_locked=True).values_list("id", flat=True)[:most])
        if not ids:
            raise NoLettersWaiting(_("No letters wait for printing."))
        agency = Agency.objects.get(id=current_agency_id())
        batch: PrintBatch = PrintBatch.objects.create(
            made_at=now, letters=len(ids), pages=0, sha256="", path="", made_by=user_of(by)
        )
        letters = list(Message.objects.filter(id__in=ids).select_related("contact_point", "case").order_by("id"))
        document, pages = _merged(batch, agency, letters, now=now)
        batch.sha256, batch.pages = sha256(document).hexdigest(), pages
        batch.path = f"{agency.id}/letters/batch-{batch.id}.pdf"
        target = Path(settings.MEDIA_ROOT) / batch.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(document)
        batch.save(update_fields=["sha256", "pages", "path"])
        Message.objects.filter(id__in=ids).update(
            print_batch=batch, state=State.SENT, sent_at=now, cost=agency.letter_cost, provider_status="printed"
        )
        _charge(letters, agency.letter_cost)
        told = [(one.case_id, {"channel": "LETTER", "message": one.id}) for one in letters]
        record.record_many(outcomes.SENT, told, by=user_of(by), at=now)
        record.record(BATCH_MADE, by=user_of(by), subject_id=batch.id, at=now, letters=len(ids))
    return batch


def _charge(letters: Sequence[Message], cost: Decimal) -> None:
    Contact.objects.filter(permit_id__in=[one.permit_id for one in letters]).update(cost=cost)


def _merged(batch: PrintBatch, agency: Agency, letters: Sequence[Message], *, now: datetime) -> tuple[bytes, int]:
    """The list and all letters as one document."""
    rows = [
        {"contract_no": one.case.contract_no, "town": one.contact_point.city, "pages": one.pages, "sha256": one.sha256}
        for one in letters
    ]
    today = wording.day(now.date(), agency.language)
    html = letter_layout.cover_html(
        batch, agency=agency, rows=rows, pages=sum(one.pages for one in letters), today=today
    )
    with PdfPress(1) as press:
        cover = press.render(html)
    writer = PdfWriter()
    for document in (cover.pdf, *(path_of(agency.id, one.sha256).read_bytes() for one in letters)):
        writer.append(PdfReader(BytesIO(document)))
    merged = BytesIO()
    writer.write(merged)
    return merged.getvalue(), len(writer.pages)


def hand_over(batch: PrintBatch, *, by: Actor, now: datetime) -> PrintBatch:
    """Record that the print house has the batch.

    Raises:
        BatchNotReady
    """
    with transaction.atomic():
        changed = (
            PrintBatch.objects.filter(id=batch.id, handed_over_at=None).exclude(sha256="").update(handed_over_at=now)
        )
        if changed != 1:
            raise BatchNotReady(_("This batch was already handed over."))
        batch.handed_over_at = now
        Message.objects.filter(print_batch=batch).update(provider_status="handed over", settled_at=F("sent_at"))
        record.record(HANDED_OVER, by=user_of(by), subject_id=batch.id, at=now, letters=batch.letters)
    return batch
