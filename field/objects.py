"""The financed object: sought, found, immobilised only after the creditor's yes, secured, transported, handed over.

Each step that is done leaves its protocol (S003-11, S003-22, S003-23). Without the object, or when it is not handed
over, a criminal complaint can be prepared by the legal officer (S003-20).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import approvals
from cases.models import Approval, ApprovalKind, Case, Stage
from common.refusals import NotUnderstood, Refused
from field import going, photos, reporting
from field.models import FinancedObject, ObjectStep, Visit

State, StepState = FinancedObject.State, ObjectStep.State

REGISTERED = record.kind("field.object_registered", gettext_lazy("A financed object was registered."))
BOOT_ASKED = record.kind("field.boot_asked", gettext_lazy("A wheel boot was asked for."))
BOOT_ANSWERED = record.kind(
    "field.boot_answered", gettext_lazy("The wheel boot: %(boot_state)s."), boot_state=StepState.choices
)
STEP_DONE = record.kind(
    "field.object_step", gettext_lazy("Financed object: %(object_state)s."), object_state=State.choices
)

FOLLOWS: Mapping[str, tuple[FinancedObject.State, ...]] = {
    State.SOUGHT: (State.FOUND, State.NOT_FOUND, State.REFUSED),
    State.FOUND: (State.BOOTED, State.SECURED, State.REFUSED, State.NOT_FOUND),
    State.BOOTED: (State.SECURED, State.RELEASED, State.REFUSED),
    State.SECURED: (State.TRANSPORTED, State.HANDED_OVER, State.RELEASED),
    State.TRANSPORTED: (State.HANDED_OVER, State.RELEASED),
    State.RELEASED: (State.FOUND, State.NOT_FOUND, State.REFUSED),
    State.HANDED_OVER: (),
    State.NOT_FOUND: (State.FOUND,),
    State.REFUSED: (State.FOUND,),
}
"""What may follow a state; a boot that is on lets the object be secured or released also after a refusal.

An object handed over by its holder is secured without a boot; who handed it over is then written down.
"""

FORCED = (State.BOOTED, State.SECURED, State.TRANSPORTED)
"""Steps that a closed case, a hold or a payment nobody looked at stops (`field.going`); releasing is never stopped."""

_BOOT_ENDS = (State.RELEASED, State.SECURED, State.TRANSPORTED, State.HANDED_OVER, State.NOT_FOUND)
"""Steps after which no boot is on the object any more."""

COMPLAINT_LIKELY = (State.NOT_FOUND, State.REFUSED)
"""States after which a criminal complaint may be prepared (S003-20)."""


class StepNotPossible(Refused):
    """It does not follow from where the object stands."""


class BootNotApproved(Refused):
    """The creditor has not said yes (S003-11)."""


class BootAlreadyAsked(Refused):
    """One request at a time."""


class DescriptionMissing(NotUnderstood):
    field = "description"


class GiverMissing(NotUnderstood):
    """Without a boot an object is secured only when somebody hands it over."""

    field = "note"


class CaseIsClosed(Refused):
    """Nothing new is sought for a closed case."""


def register(
    case: Case, *, description: str, plate: str = "", vin: str = "", place: str = "", by: Membership, now: datetime
) -> FinancedObject:
    """Note what the credit paid for, as it is to be found.

    Raises:
        DescriptionMissing, CaseIsClosed
    """
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    if not description.strip():
        raise DescriptionMissing(_("Say what the object is."))
    with transaction.atomic():
        made: FinancedObject = FinancedObject.objects.create(
            case=case, description=description.strip()[:160], plate=plate.strip().upper()[:20],
            vin=vin.strip().upper()[:20], place=place.strip()[:160],
        )  # fmt: skip
        record.record(REGISTERED, by=by.user, case_id=case.id, subject_id=made.id, at=now)
    return made


def ask_for_boot(
    found: FinancedObject, *, note: str = "", pictures: Sequence[photos.Picture] = (), sent_key: UUID | None = None,
    by: Membership, now: datetime,
) -> ObjectStep:  # fmt: skip
    """Ask the creditor whether the found object may be immobilised; its photos wait with the step. The same `sent_key`
    again gives the first step.

    Raises:
        StepNotPossible: it was not found, or is secured already; BootAlreadyAsked; going.StepHalted;
        photos.TooManyPhotos.
    """
    with transaction.atomic():
        locked = _locked(found)
        known = _sent(locked, sent_key)
        if known is not None:
            return known
        _check_follows(locked, State.BOOTED)
        case = Case.objects.select_related("mandate").get(id=locked.case_id)
        going.check_step(locked, case)
        if _boot_of(locked, StepState.REQUESTED, StepState.APPROVED) is not None:
            raise BootAlreadyAsked(_("The creditor was already asked about a boot on this object."))
        step: ObjectStep = ObjectStep.objects.create(
            object=locked, case_id=locked.case_id, step=State.BOOTED, state=StepState.REQUESTED, note=note[:400],
            sent_key=sent_key, asked_by=by.user, asked_at=now,
        )  # fmt: skip
        _add(step, pictures, by=by, now=now)
        approvals.ask(
            ApprovalKind.BOOT, step.id, mandate=case.mandate, case=case, by=by, now=now,
            facts={"object": locked.id},
        )  # fmt: skip
        record.record(BOOT_ASKED, by=by.user, case_id=case.id, subject_id=step.id, at=now)
    return step


def take_step(
    found: FinancedObject, step: str, *, note: str = "", place: str = "", language: str = "",
    visit: Visit | None = None, pictures: Sequence[photos.Picture] = (), sent_key: UUID | None = None, by: Membership,
    now: datetime,
) -> ObjectStep:  # fmt: skip
    """Record that a step was done, with its photos and its protocol in `language` (the debtor's unless given). The same
    `sent_key` again gives the first step.

    Raises:
        StepNotPossible: it does not follow; BootNotApproved: a boot without the creditor's yes; GiverMissing: secured
        without a boot and without a word on who handed it over; going.StepHalted: closed, held or paid since;
        photos.TooManyPhotos.
    """
    with transaction.atomic():
        locked = _locked(found)
        known = _sent(locked, sent_key)
        if known is not None:
            return known
        _check_follows(locked, step)
        if step in FORCED:
            going.check_step(locked, Case.objects.get(id=locked.case_id))
        if step == State.SECURED and not note.strip() and not has_boot(locked):
            raise GiverMissing(_("Without a boot the object is secured only when it is handed over. Write by whom."))
        done = _approved_boot(locked) if step == State.BOOTED else None
        if done is None:
            _let_lapse(locked, by=by, now=now)
        if done is None:
            done = ObjectStep(object=locked, case_id=locked.case_id, step=step, asked_by=by.user, asked_at=now)
        done.state, done.done_by, done.done_at, done.visit = StepState.DONE, by.user, now, visit
        done.note = note.strip()[:400] or done.note
        done.sent_key = sent_key or done.sent_key
        done.save()
        _add(done, pictures, by=by, now=now)
        locked.state = State(step)
        locked.place = place.strip()[:160] or locked.place
        locked.save(update_fields=["state", "place"])
        done.protocol = reporting.object_protocol(done, language=language, by=by, now=now)
        done.save(update_fields=["protocol"])
        record.record(STEP_DONE, by=by.user, case_id=locked.case_id, subject_id=done.id, at=now, object_state=step)
    return done


def _add(step: ObjectStep, pictures: Sequence[photos.Picture], *, by: Membership, now: datetime) -> None:
    for picture in pictures:
        photos.add(step, picture, by=by, now=now)


def _sent(found: FinancedObject, sent_key: UUID | None) -> ObjectStep | None:
    """The step that the same form recorded before, when its answer got lost."""
    step: ObjectStep | None = ObjectStep.objects.filter(object=found, sent_key=sent_key).first() if sent_key else None
    return step


def possible(found: FinancedObject, *, stopped: bool = False) -> list[FinancedObject.State]:
    """The steps that may be recorded now: a boot only once it is approved, nothing against its holder while stopped."""
    follow = _follows(found)
    shut = set(FORCED) if stopped else set()
    if State.BOOTED in follow and _boot_of(found, StepState.APPROVED) is None:
        shut.add(State.BOOTED)
    return [step for step in follow if step not in shut]


def may_ask_for_boot(found: FinancedObject) -> bool:
    asked = _boot_of(found, StepState.REQUESTED, StepState.APPROVED)
    return State.BOOTED in _follows(found) and asked is None


def has_boot(found: FinancedObject) -> bool:
    """Whether a boot is on the object."""
    last = ObjectStep.objects.filter(object=found, state=StepState.DONE, step__in=(State.BOOTED, *_BOOT_ENDS))
    return bool(last.order_by("-id").values_list("step", flat=True).first() == State.BOOTED)


def _follows(found: FinancedObject) -> tuple[FinancedObject.State, ...]:
    follow = FOLLOWS[found.state]
    if found.state in (State.FOUND, State.REFUSED) and has_boot(found):
        with_boot = [step for step in (*follow, State.SECURED, State.RELEASED) if step != State.BOOTED]
        return tuple(dict.fromkeys(with_boot))
    return follow


def _locked(found: FinancedObject) -> FinancedObject:
    locked: FinancedObject = FinancedObject.objects.select_for_update(no_key=True).get(id=found.id)
    return locked


def _check_follows(found: FinancedObject, step: str) -> None:
    if step not in _follows(found):
        label = State(step).label if step in State.values else step
        raise StepNotPossible(
            _("“%(step)s” does not follow “%(state)s”.") % {"step": label, "state": found.get_state_display()}
        )


def _boot_of(found: FinancedObject, *states: str) -> ObjectStep | None:
    step: ObjectStep | None = ObjectStep.objects.filter(object=found, step=State.BOOTED, state__in=states).first()
    return step


def _approved_boot(found: FinancedObject) -> ObjectStep:
    step = _boot_of(found, StepState.APPROVED)
    if step is None or not approvals.is_granted(ApprovalKind.BOOT, step.id):
        raise BootNotApproved(_("A boot is put on only after the creditor approved it. Ask for it first."))
    return step


def _let_lapse(found: FinancedObject, *, by: Membership, now: datetime) -> None:
    """The object does not stand where it stood when a boot was asked for: the answer holds no more."""
    for step in ObjectStep.objects.filter(
        object=found, step=State.BOOTED, state__in=(StepState.REQUESTED, StepState.APPROVED)
    ).order_by("id"):
        approvals.withdraw(ApprovalKind.BOOT, step.id, by=by, now=now)
        ObjectStep.objects.filter(id=step.id).update(state=StepState.LAPSED)
        record.record(
            BOOT_ANSWERED, by=by.user, case_id=found.case_id, subject_id=step.id, at=now,
            boot_state=str(StepState.LAPSED),
        )  # fmt: skip


def _granted(approval: Approval, by: Membership, now: datetime) -> None:
    _answer(approval, StepState.APPROVED, by, now)


def _refused(approval: Approval, by: Membership, now: datetime) -> None:
    _answer(approval, StepState.REFUSED, by, now)


def _answer(approval: Approval, state: ObjectStep.State, by: Membership, now: datetime) -> None:
    if ObjectStep.objects.filter(id=approval.subject_id, state=StepState.REQUESTED).update(state=state):
        record.record(
            BOOT_ANSWERED, by=by.user, case_id=approval.case_id, subject_id=approval.subject_id, at=now,
            boot_state=str(state),
        )  # fmt: skip


def _shown(approval: Approval) -> list[approvals.Fact]:
    step = ObjectStep.objects.select_related("object").filter(id=approval.subject_id).first()
    if step is None:
        return []
    found = step.object
    lines = [(_("Object"), found.description), (_("Plate"), found.plate), ("VIN", found.vin)]
    lines += [(_("Place"), found.place), (_("Note"), step.note)]
    return [approvals.Fact(label, value) for label, value in lines if value]


def _closed(step_ids: Sequence[int], _now: datetime) -> None:
    """No boot is put on for a case that was closed."""
    ObjectStep.objects.filter(id__in=step_ids, state=StepState.REQUESTED).update(state=StepState.LAPSED)


BOOT = approvals.Kind(ApprovalKind.BOOT, granted=_granted, refused=_refused, shown=_shown, closed=_closed)
