"""Runs of campaigns: started when due, planned (`contacts.planning`), finished when nothing is under way."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import record
from contacts.facts import NOT_PLACED
from contacts.models import Campaign, CampaignRun, Contact, Message
from contacts.planning import plan

__all__ = ["finish_done", "plan", "refuse_cancelled", "start_due", "start_now"]

State = Campaign.State

STARTED = record.kind("campaign.run_started", _("A campaign was started"))
FINISHED = record.kind("campaign.run_finished", _("A campaign's run is finished"))

_UNDER_WAY = ("PENDING", "SENDING", "UNKNOWN", "DECIDE")


def start_due(*, now: datetime) -> list[int]:
    """Start runs whose time has come, in scope. Returns the runs to be planned: the new ones, and interrupted ones.

    Two clocks at once start one run: the campaign is locked and the run's number is unique.
    """
    with transaction.atomic():
        due = (
            Campaign.objects.select_for_update(skip_locked=True)
            .filter(state__in=[State.APPROVED, State.RUNNING], starts_at__lte=now)
            .order_by("id")
        )
        for campaign in due:
            last = CampaignRun.objects.filter(campaign=campaign).order_by("-number").first()
            if last is None or _repeats(campaign, last, now):
                _start(campaign, last.number + 1 if last is not None else 1, now=now)
    planning = CampaignRun.objects.filter(planned_at=None, campaign__state=State.PLANNING)
    return list(planning.order_by("id").values_list("id", flat=True))


def start_now(campaign: Campaign, *, now: datetime) -> list[int]:
    """Start an approved campaign before its time, in scope; returns its runs that wait to be planned."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(id=campaign.id)
        if locked.state == State.APPROVED:
            _start(locked, 1, now=now)
    return list(CampaignRun.objects.filter(campaign=campaign, planned_at=None).values_list("id", flat=True))


def _repeats(campaign: Campaign, last: CampaignRun, now: datetime) -> bool:
    days = campaign.repeat_days
    return days > 0 and last.planned_at is not None and last.started_at + timedelta(days=days) <= now


def _start(campaign: Campaign, number: int, *, now: datetime) -> None:
    run = CampaignRun.objects.create(campaign=campaign, number=number, started_at=now)
    campaign.state = State.PLANNING
    campaign.save(update_fields=["state"])
    record.record(STARTED, subject_id=campaign.id, at=now, run=run.number)


def finish_done(*, now: datetime) -> int:
    """Close runs of which nothing is under way any more, in scope. Returns how many."""
    finished = 0
    runs = CampaignRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        finished_at=None, planned_at__isnull=False, campaign__state=State.RUNNING
    )
    with transaction.atomic():
        for run in runs.select_related("campaign").order_by("id"):
            if Message.objects.filter(campaign_run=run, state__in=_UNDER_WAY).exists():
                continue
            run.finished_at = now
            run.save(update_fields=["finished_at"])
            if run.campaign.repeat_days == 0:
                Campaign.objects.filter(id=run.campaign_id).update(state=State.DONE)
            record.record(FINISHED, subject_id=run.campaign_id, at=now, run=run.number)
            finished += 1
    return finished


def refuse_cancelled(*, now: datetime) -> int:
    """Settle what cancelled campaigns left behind, in scope: messages that wait, those a second person or a failed try
    sent back to wait, and rendered letters in no batch. What is with the carrier cannot be called back. Returns how
    many. Their state is read in the row itself, so that one claimed at this moment is left to its sender.
    """
    left = Message.objects.filter(campaign_run__in=CampaignRun.objects.filter(campaign__state=State.CANCELLED))
    settled = {"state": Message.State.REFUSED, "refusal_codes": ["CANCELLED"], "settled_at": now}
    with transaction.atomic():
        refused = left.filter(Q(state="PENDING") | Q(state="DECIDE", permit=None)).update(**settled)
        unprinted = left.filter(channel="LETTER", state="SENDING", print_batch=None).exclude(path="")
        letters = list(unprinted.select_for_update().order_by("id").values_list("id", "permit_id"))
        Contact.objects.filter(permit_id__in=[permit_id for _id, permit_id in letters]).update(
            outcome=NOT_PLACED, cost=0
        )
        Message.objects.filter(id__in=[one for one, _permit_id in letters]).update(**settled)
    return int(refused) + len(letters)
