"""What is true of a person, and what they do not want: effective at once on all their cases."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from audit import record
from common.refusals import NotUnderstood
from debtors.models import ContactPoint, Debtor, OptOut, PersonStatus

RECORDED = record.kind(
    "debtor.status_recorded", gettext_lazy("A status of the person was recorded: %(status)s."),
    status=PersonStatus.Code.choices,
)  # fmt: skip
ENDED = record.kind(
    "debtor.status_ended", gettext_lazy("A status of the person ended: %(status)s."), status=PersonStatus.Code.choices
)
OPTED_OUT = record.kind(
    "debtor.opted_out", gettext_lazy("The person does not want to be reached by %(channel)s any more.")
)
OPT_OUT_WITHDRAWN = record.kind(
    "debtor.opt_out_withdrawn", gettext_lazy("The person may be reached by %(channel)s again.")
)


class StatusUnknown(NotUnderstood):
    field = "code"


def record_status(
    debtor: Debtor, *, code: str, since: date, by: Actor, now: datetime, note: str = "", case_id: int | None = None
) -> PersonStatus:
    """Record a status from `since` on; one that is open already stays as it is.

    Raises:
        StatusUnknown: there is no such code.
    """
    if code not in PersonStatus.Code.values:
        raise StatusUnknown(_("There is no such status."))
    with transaction.atomic():
        status: PersonStatus
        status, made = PersonStatus.objects.get_or_create(
            agency_id=debtor.agency_id, debtor=debtor, code=code, ended_at=None,
            defaults={"since": since, "note": note, "recorded_by": user_of(by)},
        )  # fmt: skip
        if made:
            record.record(RECORDED, by=user_of(by), case_id=case_id, subject_id=debtor.id, at=now, status=str(code))
    return status


def end_status(status: PersonStatus, *, by: Actor, now: datetime, case_id: int | None = None) -> PersonStatus:
    """End a status: it no longer stops anything. Ending it twice changes nothing."""
    with transaction.atomic():
        if PersonStatus.objects.filter(id=status.id, ended_at=None).update(ended_at=now):
            status.ended_at = now
            record.record(
                ENDED, by=user_of(by), case_id=case_id, subject_id=status.debtor_id, at=now, status=status.code
            )
    return status


def opt_out(
    debtor: Debtor,
    *,
    channel: str,
    source: str,
    by: Actor,
    now: datetime,
    contact_point: ContactPoint | None = None,
    case_id: int | None = None,
) -> OptOut:
    """Record that a channel, or one contact point of it, is not to be used any more; twice is once."""
    with transaction.atomic():
        known: OptOut | None = OptOut.objects.filter(
            debtor=debtor, channel=channel, contact_point=contact_point, withdrawn_at=None
        ).first()
        if known is not None:
            return known
        row: OptOut = OptOut.objects.create(
            debtor=debtor, channel=channel, contact_point=contact_point, source=source, at=now
        )
        record.record(OPTED_OUT, by=user_of(by), case_id=case_id, subject_id=debtor.id, at=now, channel=str(channel))
    return row


def withdraw_opt_out(row: OptOut, *, by: Actor, now: datetime, case_id: int | None = None) -> OptOut:
    """The person changed their mind."""
    row.withdrawn_at = now
    with transaction.atomic():
        row.save(update_fields=["withdrawn_at"])
        record.record(
            OPT_OUT_WITHDRAWN, by=user_of(by), case_id=case_id, subject_id=row.debtor_id, at=now, channel=row.channel
        )
    return row
