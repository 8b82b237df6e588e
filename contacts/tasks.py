"""The clock and the wake-ups: what Celery starts. Work is found in rows, so that a lost or doubled task is harmless."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db import connections
from django.utils import timezone

from agencies.scope import agency_scope
from contacts import campaign_runs, campaigns, letters, plan_letters, reconciling, sending
from contacts.models import Campaign

log = structlog.get_logger(__name__)

_SWEEP_LOCK = 0x6F75_7462_6F78
_RUN_SECONDS = 240
"""After so long a sender lets its worker go; the sweep starts the next."""


@shared_task(name="contacts.tasks.sweep", queue="default")
def sweep() -> int:
    """Every 30 s: expire leases, reconcile, and wake senders, in each agency with something in its outbox.

    Returns the number of agencies looked after; 0 when another sweep is at work.
    """
    now = timezone.now()
    platform = connections["platform"]
    with platform.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            agencies = _agencies_at_work(cursor, now)
            for agency_id in agencies:
                _look_after(agency_id, now=now)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_SWEEP_LOCK])
    return len(agencies)


def _agencies_at_work(cursor: Any, now: datetime) -> list[int]:
    cursor.execute(
        """
        SELECT a.id FROM agencies_agency a
         WHERE EXISTS (SELECT 1 FROM contacts_message m WHERE m.agency_id = a.id AND m.state = 'PENDING'
                          AND m.not_before <= %s)
            OR EXISTS (SELECT 1 FROM contacts_message m WHERE m.agency_id = a.id AND m.state = 'SENDING'
                          AND m.lease_until < %s)
            OR EXISTS (SELECT 1 FROM contacts_message m WHERE m.agency_id = a.id AND m.state = 'UNKNOWN')
         ORDER BY a.id
        """,
        [now, now],
    )
    return [row[0] for row in cursor.fetchall()]


def _look_after(agency_id: int, *, now: datetime) -> None:
    with agency_scope(agency_id):
        expired = reconciling.expire_leases(now=now)
        letters.release_stuck(now=now)
        campaign_runs.refuse_cancelled(now=now)
    done = reconciling.reconcile(agency_id, now=now)
    log.info("outbox swept", agency_id=agency_id, expired=expired, found=done.found, again=done.again)
    send_pending.delay(agency_id)


@shared_task(name="contacts.tasks.send_pending", queue="sending")
def send_pending(agency_id: int) -> int:
    """Send what is due in one agency; letters are rendered. Any number of these at once is harmless."""
    began = timezone.now()
    sent = sending.send_due(agency_id, clock=timezone.now, most=20_000)
    rendered = 0
    if timezone.now() - began < timedelta(seconds=_RUN_SECONDS):
        rendered = letters.render_due(agency_id, clock=timezone.now)
    return sent.claimed + rendered


@shared_task(name="contacts.tasks.start_due_campaigns", queue="default")
def start_due_campaigns() -> int:
    """Every 30 s: start the runs that are due, and go on with those whose planning was interrupted."""
    now = timezone.now()
    with connections["platform"].cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT agency_id FROM contacts_campaign
             WHERE (state = 'APPROVED' AND starts_at <= %s) OR state IN ('PLANNING', 'RUNNING')
             ORDER BY agency_id
            """,
            [now],
        )
        agencies = [row[0] for row in cursor.fetchall()]
    started = 0
    for agency_id in agencies:
        with agency_scope(agency_id):
            runs = campaign_runs.start_due(now=now)
        for run_id in runs:
            plan_campaign.delay(agency_id, run_id)
        started += len(runs)
        with agency_scope(agency_id):
            campaign_runs.finish_done(now=now)
    return started


@shared_task(name="contacts.tasks.write_plan_letters", queue="default")
def write_plan_letters() -> int:
    """Every quarter of an hour: the letter after a broken payment plan, in each agency where one broke lately."""
    now = timezone.now()
    with connections["platform"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT agency_id FROM cases_plan WHERE state = 'BROKEN' AND ended_on >= %s ORDER BY agency_id",
            [now.date() - timedelta(days=plan_letters.DAYS)],
        )
        agencies = [row[0] for row in cursor.fetchall()]
    queued = 0
    for agency_id in agencies:
        with agency_scope(agency_id):
            queued += plan_letters.queue(now=now)
    return queued


@shared_task(name="contacts.tasks.plan_campaign", queue="default")
def plan_campaign(agency_id: int, run_id: int) -> int:
    """Plan a run in chunks, each its own transaction, from where it was left; then wake the sender."""
    planned = campaign_runs.plan(agency_id, run_id, clock=timezone.now)
    send_pending.delay(agency_id)
    return planned


@shared_task(name="contacts.tasks.forecast_campaign", queue="default")
def forecast_campaign(agency_id: int, campaign_id: int) -> int:
    """Forecast a campaign too large for a page. Returns the number of its cases; 0 when it is too late for one."""
    with agency_scope(agency_id):
        try:
            return int(campaigns.forecast(Campaign.objects.get(id=campaign_id), now=timezone.now())["cases"])
        except campaigns.NotPossibleNow:
            log.info("forecast not kept", agency_id=agency_id, campaign_id=campaign_id)
            return 0
