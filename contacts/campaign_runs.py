"""Runs of campaigns: started when due, planned in chunks that can be resumed, finished when nothing is under way."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.scope import agency_scope, current_agency_id
from audit import record
from contacts import gate, selection
from contacts.facts import NOT_PLACED
from contacts.models import Campaign, CampaignRun, Contact, Message
from contacts.selection import Judged
from contacts.template_versions import Choices

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


def plan(agency_id: int, run_id: int, *, clock: Callable[[], datetime], size: int = selection.CHUNK) -> int:
    """Put the run's messages into the outbox, chunk by chunk, each its own transaction. Returns how many cases were
    judged. A planner that dies is continued from the last whole chunk; two at once take turns.
    """
    judged = 0
    while True:
        with agency_scope(agency_id):
            done = _plan_chunk(run_id, now=clock(), size=size)
        if done is None:
            return judged
        judged += done


def _plan_chunk(run_id: int, *, now: datetime, size: int) -> int | None:
    run = CampaignRun.objects.select_for_update().select_related("campaign").get(id=run_id)
    campaign = run.campaign
    if run.planned_at is not None or campaign.state != State.PLANNING:
        return None
    ids = next(selection.chunks(campaign, as_of=selection.today(now), after=run.planned_up_to, size=size), [])
    if not ids:
        run.planned_at = now
        run.save(update_fields=["planned_at"])
        Campaign.objects.filter(id=campaign.id, state=State.PLANNING).update(state=State.RUNNING)
        return None
    choices = Choices(name=campaign.template_name, channel=campaign.channel)
    judged = selection.judge(campaign, ids, choices=choices, now=now)
    _insert(run, judged, now=now)
    gate.keep_refusals([one for one in judged if one.ruling == "BLOCK"], run=run, now=now)
    counts = Counter(run.counts)
    counts.update(one.ruling for one in judged)
    counts["missing"] += sum(one.template is None for one in judged)
    run.counts, run.planned_up_to = dict(counts), ids[-1]
    run.save(update_fields=["counts", "planned_up_to"])
    return len(judged)


def _insert(run: CampaignRun, judged: Sequence[Judged], *, now: datetime) -> None:
    """One statement for a chunk; a row that is there already stays. What must wait carries its first lawful moment."""
    rows = [one for one in judged if one.template is not None and one.point_id is not None]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_message
                (agency_id, case_id, debtor_id, contact_point_id, channel, template_id, campaign_run_id, dedupe_key,
                 body, state, not_before, attempts, refusal_codes, provider_sid, provider_status, error_code, pressed,
                 cost, pages, sha256, path, created_by_id, created_at, settled_at)
            SELECT %s, v.case_id, v.debtor_id, v.point_id, %s, v.template_id, %s,
                   'run:' || %s || ':case:' || v.case_id,
                   '', v.state, v.not_before, 0, string_to_array(v.codes, ' '), '', '', '', '', 0, 0, '', '', %s, %s,
                   CASE WHEN v.state = 'REFUSED' THEN %s::timestamptz END
              FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[],
                          %s::text[]) AS v (case_id, debtor_id, point_id, template_id, state, not_before, codes)
                ON CONFLICT (agency_id, dedupe_key) DO NOTHING
            """,
            [
                current_agency_id(),
                run.campaign.channel,
                run.id,
                str(run.id),
                run.campaign.created_by_id,
                now,
                now,
                [one.case_id for one in rows],
                [one.debtor_id for one in rows],
                [one.point_id for one in rows],
                [one.template.id for one in rows if one.template is not None],
                ["REFUSED" if one.ruling == "BLOCK" else "PENDING" for one in rows],
                [one.until if one.ruling == "DEFER" and one.until is not None else now for one in rows],
                [" ".join(one.codes) for one in rows],
            ],
        )


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
