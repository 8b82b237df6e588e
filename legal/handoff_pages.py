"""A handoff as both sides work on it: the agency's legal people and the firm that has the case.

The deeds are the same; each side has its addresses, its permission, and sees only its handoffs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from agencies.views.answers import beside
from audit.once import KeyUsedForAnotherRequest, digest_of, once
from cases.document_pages import download
from cases.models import Document, DocumentKind
from cases.next_actions import local_day
from common.refusals import Refused
from legal import costs, handoffs, proceedings, step_corrections, stopping, uploads
from legal.case_pages import first_error
from legal.forms import (
    CorrectionForm,
    CostBackForm,
    CostForm,
    DueForm,
    EndForm,
    NoteForm,
    ProceedingForm,
    ShareForm,
    StepForm,
    WordForm,
)
from legal.models import Handoff, HandoffCost, HandoffDocument, Proceeding, ProceedingStep
from legal.proceeding_words import STEPS


@dataclass(frozen=True)
class Side:
    """Who works: the permission, the prefix of the addresses' names, whose handoffs."""

    name: str
    permission: Permission
    found: Callable[[Membership], Any]


AGENCY = Side("handoff", Permission.LEGAL_HANDOFF, handoffs.visible_to)
FIRM = Side("firm-handoff", Permission.LAW_FIRM, handoffs.of_firm)


@dataclass
class Doing:
    """One request to do something with a handoff."""

    request: HttpRequest
    handoff: Handoff
    by: Membership
    now: datetime
    today: date
    form: Form | None = None
    """What was typed: it is shown again when the deed is refused."""

    def read(self, form: Form) -> dict[str, Any]:
        self.form = form
        if not form.is_valid():
            raise FormNotFilled(first_error(form))
        return form.cleaned_data


Deed = Callable[..., str]


class FormNotFilled(Refused):
    """A field is missing or is not what it should be."""


def deed(side: Side, do: Deed) -> Callable[..., HttpResponse]:
    """The address of one deed: find the handoff, do it, say how it went, back to the handoff."""

    @require_POST
    @requires(side.permission)
    def view(request: HttpRequest, handoff_id: int, **kwargs: int) -> HttpResponse:
        member, now = cast(MemberRequest, request).membership, timezone.now()
        handoff = get_object_or_404(side.found(member), id=handoff_id)
        doing = Doing(request, handoff, member, now, local_day(cast(MemberRequest, request).agency, now))
        try:
            with transaction.atomic():
                said = do(doing, **kwargs)
        except Refused as refusal:
            if type(doing.form) in KEPT:
                return _shown_again(side, doing, refusal)
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, said)
        still_there = side.found(member).filter(id=handoff.id).exists()
        return redirect(side.name, handoff.id) if still_there else redirect(f"{side.name}s")

    return view  # type: ignore[return-value]


KEPT: dict[type[Form], str] = {
    WordForm: "word_form", NoteForm: "note_form", ShareForm: "share_form", CostForm: "cost_form",
    ProceedingForm: "proceeding_form",
}  # fmt: skip
"""The forms the page has once, by their names in it; those of a step or a proceeding stand there many times."""


def _shown_again(side: Side, doing: Doing, refusal: Refused) -> HttpResponse:
    """The page with what was typed and why it was refused."""
    form = cast(Form, doing.form)
    if form.is_valid():
        beside(form, refusal)
    if form.non_field_errors():
        messages.error(doing.request, refusal.sentence)
    if isinstance(form, CostForm):
        form.data = {**form.data.dict(), "key": uuid4().hex}  # type: ignore[attr-defined]
    handoff = side.found(doing.by).get(id=doing.handoff.id)
    return _page(side, Doing(doing.request, handoff, doing.by, doing.now, doing.today, form))


def page_of(side: Side) -> Callable[..., HttpResponse]:
    @require_GET
    @requires(side.permission)
    def view(request: HttpRequest, handoff_id: int) -> HttpResponse:
        member, now = cast(MemberRequest, request).membership, timezone.now()
        handoff = get_object_or_404(side.found(member), id=handoff_id)
        today = local_day(cast(MemberRequest, request).agency, now)
        return _page(side, Doing(request, handoff, member, now, today))

    return view  # type: ignore[return-value]


def _page(side: Side, doing: Doing) -> HttpResponse:
    handoff, today = doing.handoff, doing.today
    stops = stopping.stops(handoff)
    codes = {stop.code for stop in stops}
    shown = proceedings.shown(handoff, as_of=today)
    works, goes_on = handoff.state in handoffs.WITH_FIRM, handoffs.goes_on(handoff, doing.by)
    context = {
        "handoff": handoff, "case": handoff.case, "side": side.name, "firm_side": side is FIRM, "today": today,
        "stops": stops, "held": "HOLD" in codes, "paid": "PAYMENT" in codes,
        "words": handoffs.words_of(handoff), "shared": handoffs.shared(handoff),
        "costs": costs.shown(handoff), "proceedings": shown, "works": works, "goes_on": goes_on,
        "follows": works or goes_on, "live": handoff.state not in handoffs.ENDED,
        "corrections": step_corrections.of_steps(one.step.id for _p, _k, steps in shown for one in steps),
        "word_form": WordForm(), "note_form": NoteForm(), "share_form": ShareForm(),
        "cost_form": CostForm(initial={"incurred_on": today, "key": uuid4().hex}),
        "step_form": StepForm(initial={"done_on": today}),
        "due_form": DueForm(), "end_form": EndForm(initial={"ended_on": today}),
        "proceeding_form": ProceedingForm(proceedings.kinds_for(handoff), initial={"opened_on": today}),
    }  # fmt: skip
    if doing.form is not None:
        context[KEPT[type(doing.form)]] = doing.form
    return render(doing.request, "legal/handoff.html", context, status=422 if doing.form is not None else 200)


def document_of(side: Side) -> Callable[..., HttpResponse]:
    """A shared document; the agency also opens the dossier before it is sent."""

    @require_GET
    @requires(side.permission)
    def view(request: HttpRequest, handoff_id: int, document_id: int) -> HttpResponse:
        handoff = get_object_or_404(side.found(cast(MemberRequest, request).membership), id=handoff_id)
        if side is AGENCY and document_id in {handoff.summary_id, handoff.dossier_id}:
            return download(get_object_or_404(Document.objects, id=document_id))
        row = get_object_or_404(
            HandoffDocument.objects.select_related("document"), handoff=handoff, document_id=document_id
        )
        return download(row.document)

    return view  # type: ignore[return-value]


def send(doing: Doing) -> str:
    handoffs.send(doing.handoff, by=doing.by, now=doing.now)
    return _("The firm sees the case now.")


def repack(doing: Doing) -> str:
    handoffs.repack(doing.handoff, by=doing.by, now=doing.now)
    return _("The dossier was made anew.")


def accept(doing: Doing) -> str:
    handoffs.accept(doing.handoff, by=doing.by, now=doing.now)
    return _("The case is yours now.")


def ask(doing: Doing) -> str:
    handoffs.ask(doing.handoff, by=doing.by, now=doing.now, **doing.read(WordForm(doing.request.POST)))
    return _("Your question was sent.")


def answer(doing: Doing) -> str:
    handoffs.answer(doing.handoff, by=doing.by, now=doing.now, **doing.read(WordForm(doing.request.POST)))
    return _("Your answer was sent.")


def recall(doing: Doing) -> str:
    handoffs.recall(doing.handoff, by=doing.by, now=doing.now, **doing.read(NoteForm(doing.request.POST)))
    return _("The case was recalled: the firm sees it no more.")


def finish(doing: Doing) -> str:
    handoffs.finish(doing.handoff, by=doing.by, now=doing.now, **doing.read(NoteForm(doing.request.POST)))
    return _("The firm's work on the case is closed.")


def clear(doing: Doing) -> str:
    handoffs.resolve_stop(doing.handoff, by=doing.by, now=doing.now, **doing.read(NoteForm(doing.request.POST)))
    return _("Enforcement goes on.")


def share(doing: Doing) -> str:
    data = doing.read(ShareForm(doing.request.POST, doing.request.FILES))
    sent = uploads.read(data["file"])
    handoffs.share(
        doing.handoff, kind=data["kind"], title=data["title"], filename=sent.filename, content=sent.content,
        mime=sent.mime, by=doing.by, now=doing.now,
    )  # fmt: skip
    return _("The document was shared.")


def cost(doing: Doing) -> str:
    """Once, however often the button is pressed: the page brings a key."""
    data = doing.read(CostForm(doing.request.POST))
    key = data.pop("key") or uuid4().hex

    def act() -> tuple[int, Any]:
        made = costs.report(doing.handoff, by=doing.by, now=doing.now, **data)
        return 201, {"charged": made.entry_id is not None}

    digest = digest_of(*(str(data[name]) for name in sorted(data)))
    try:
        answer = once(f"handoff-cost:{doing.handoff.id}:{doing.by.id}", key, digest, act)
    except KeyUsedForAnotherRequest:
        raise FormNotFilled(_("This page was used for other costs before. Report these here anew.")) from None
    if answer.body["charged"]:
        return _("The costs were charged to the debt.")
    return _("The costs were kept. They were not charged, because the case is closed.")


def cost_back(doing: Doing, cost_id: int) -> str:
    found = get_object_or_404(
        HandoffCost.objects.select_related("handoff", "entry__account"), id=cost_id, handoff=doing.handoff
    )
    costs.take_back(found, by=doing.by, now=doing.now, **doing.read(CostBackForm(doing.request.POST)))
    return _("The costs were taken back: the debtor owes them no more.")


def proceeding(doing: Doing) -> str:
    data = doing.read(ProceedingForm(proceedings.kinds_for(doing.handoff), doing.request.POST))
    proceedings.open_proceeding(doing.handoff, by=doing.by, now=doing.now, **data)
    return _("The proceeding was opened.")


def step(doing: Doing, step_id: int) -> str:
    found = get_object_or_404(ProceedingStep.objects, id=step_id, proceeding__handoff=doing.handoff)
    data = doing.read(StepForm(doing.request.POST, doing.request.FILES))
    document = None
    if data["file"]:
        sent = uploads.read(data["file"])
        document = handoffs.share(
            doing.handoff, kind=DocumentKind.COURT, title=str(STEPS[found.code]), filename=sent.filename,
            content=sent.content, mime=sent.mime, by=doing.by, now=doing.now,
        )  # fmt: skip
    proceedings.report_step(
        found, done_on=data["done_on"], note=data["note"], document=document, by=doing.by, as_of=doing.today,
        now=doing.now,
    )  # fmt: skip
    return _("The step was reported.")


def correct(doing: Doing, step_id: int) -> str:
    found = get_object_or_404(ProceedingStep.objects, id=step_id, proceeding__handoff=doing.handoff)
    data = doing.read(CorrectionForm(doing.request.POST))
    undo = "undo" in doing.request.POST
    if not undo and data["done_on"] is None:
        raise FormNotFilled(_("Enter the right day, or take the report back."))
    step_corrections.correct(
        found, done_on=None if undo else data["done_on"], reason=data["reason"], by=doing.by, as_of=doing.today,
        now=doing.now,
    )  # fmt: skip
    return _("The report was taken back.") if undo else _("The day was corrected.")


def due(doing: Doing, step_id: int) -> str:
    found = get_object_or_404(ProceedingStep.objects, id=step_id, proceeding__handoff=doing.handoff)
    proceedings.set_due(found, by=doing.by, now=doing.now, **doing.read(DueForm(doing.request.POST)))
    return _("The day was entered.")


def end(doing: Doing, proceeding_id: int) -> str:
    found = get_object_or_404(Proceeding.objects, id=proceeding_id, handoff=doing.handoff)
    proceedings.end(found, by=doing.by, now=doing.now, **doing.read(EndForm(doing.request.POST)))
    return _("The end of the proceeding was recorded.")
