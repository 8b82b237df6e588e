"""Campaigns: planned by one person with a forecast before their eyes, approved by another, then run by the clock."""

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from common.refusals import NotUnderstood, Refused
from contacts import campaign_runs, outcomes, selection, templating, wording
from contacts.models import Campaign, CampaignRun, Message, Template
from contacts.template_versions import Choices

State = Campaign.State

PLANNED = record.kind("campaign.planned", _lazy("A campaign was planned"))
APPROVED = record.kind("campaign.approved", _lazy("A campaign was approved"))
PAUSED = record.kind("campaign.paused", _lazy("A campaign was paused"))
RESUMED = record.kind("campaign.resumed", _lazy("A campaign goes on"))
CANCELLED = record.kind("campaign.cancelled", _lazy("A campaign was cancelled"))

SAMPLES = 50
"""So many cases are kept per reason of a forecast, to be looked at."""

_OPEN_TO_FORECAST = (State.DRAFT, State.FORECAST)


class SecondPersonNeeded(Refused):
    """Whoever planned a campaign may not approve it."""


class NotPossibleNow(Refused):
    """The campaign's state does not allow this."""


class NoTemplate(NotUnderstood):
    """There is no approved text of this name for this channel."""

    field = "template_name"


def plan(*, by: Actor, now: datetime, **fields: Any) -> Campaign:
    """Store a campaign as a draft; `forecast` comes next.

    Raises:
        NoTemplate
    """
    if not Choices(name=fields["template_name"], channel=fields["channel"]):
        raise NoTemplate(_("There is no approved text of this name for this channel."))
    with transaction.atomic():
        campaign: Campaign = Campaign.objects.create(created_by=user_of(by), created_at=now, **fields)
        record.record(PLANNED, by=user_of(by), subject_id=campaign.id, at=now)
    return campaign


def forecast(campaign: Campaign, *, now: datetime) -> dict[str, Any]:
    """What would happen if the campaign ran at its start (or now, when that has passed): how many go, wait, need
    approval or are stopped and why, and the cost. Nothing is reserved. Kept with the campaign until it is approved:
    what the second person saw stays.

    Raises:
        NotPossibleNow: the campaign was approved or cancelled, perhaps meanwhile; its forecast stays as it was.
    """
    _refuse_unless_open(campaign)
    at = max(now, campaign.starts_at)
    choices = Choices(name=campaign.template_name, channel=campaign.channel)
    rulings: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    texts: Counter[int] = Counter()
    samples: dict[str, list[int]] = defaultdict(list)
    for ids in selection.chunks(campaign, as_of=selection.today(at)):
        for one in selection.judge(campaign, ids, choices=choices, now=at):
            rulings[one.ruling] += 1
            if one.codes:
                reasons[one.codes[0]] += 1
            if one.ruling in ("GO", "DEFER") and one.template is not None:
                texts[one.template.id] += 1
            for key in {one.ruling, *one.codes[:1]}:
                if len(samples[key]) < SAMPLES:
                    samples[key].append(one.case_id)
    found = {
        "cases": rulings.total(),
        "go": rulings["GO"],
        "deferred": rulings["DEFER"],
        "approve": rulings["APPROVE"],
        "blocked": rulings["BLOCK"],
        "reasons": dict(reasons.most_common()),
        "samples": samples,
        "cost": _cost(campaign, texts, choices, samples, now=at),
        "at": at.isoformat(),
        "made_at": now.isoformat(),
    }
    Campaign.objects.filter(id=campaign.id, state__in=_OPEN_TO_FORECAST).update(forecast=found, state=State.FORECAST)
    _refuse_unless_open(campaign)
    return dict(campaign.forecast)


def _refuse_unless_open(campaign: Campaign) -> None:
    campaign.refresh_from_db(fields=["forecast", "state"])
    if campaign.state not in _OPEN_TO_FORECAST:
        raise NotPossibleNow(_("The campaign's state does not allow this now."))


def _cost(
    campaign: Campaign, texts: Counter[int], choices: Choices, samples: dict[str, list[int]], *, now: datetime
) -> dict[str, str]:
    """Each text is filled in for one case to see how many messages it makes."""
    agency = Agency.objects.get(id=current_agency_id())
    total = Decimal(0)
    sample = (samples["GO"] or samples["DEFER"])[:1]
    about = wording.collect(sample, now=now)
    for template in choices.all():
        if not texts[template.id] or not sample:
            continue
        try:
            body = preview(template, about[sample[0]])
        except templating.TextNotUnderstood:
            continue
        total += outcomes.cost_of(agency, campaign.channel, body) * texts[template.id]
    return {"amount": f"{total:.2f}", "currency": agency.currency}


def preview(template: Template, about: wording.Facts) -> str:
    """A text filled in for one case.

    Raises:
        templating.TextNotUnderstood
    """
    return templating.read(template.body).render(wording.values(about, language=template.language))


def approve(campaign: Campaign, *, by: Actor, now: datetime) -> Campaign:
    """Let a forecast campaign start when its time comes.

    Raises:
        SecondPersonNeeded, NotPossibleNow
    """
    user = user_of(by)
    if user is not None and campaign.created_by_id == user.pk:
        raise SecondPersonNeeded(_("Somebody else must approve the campaign you planned."))
    return _move(
        campaign, [State.FORECAST], State.APPROVED, APPROVED, by=by, now=now, approved_by=user, approved_at=now
    )


def pause(campaign: Campaign, *, by: Actor, now: datetime) -> Campaign:
    """Stop sending: what waits in the outbox waits on, what is with the carrier cannot be called back."""
    return _move(campaign, [State.APPROVED, State.PLANNING, State.RUNNING], State.PAUSED, PAUSED, by=by, now=now)


def resume(campaign: Campaign, *, by: Actor, now: datetime) -> Campaign:
    """Go on where a pause stopped it."""
    run = CampaignRun.objects.filter(campaign=campaign).order_by("-number").first()
    goes_on = State.APPROVED if run is None else State.RUNNING if run.planned_at else State.PLANNING
    return _move(campaign, [State.PAUSED], goes_on, RESUMED, by=by, now=now)


def cancel(campaign: Campaign, *, by: Actor, now: datetime) -> Campaign:
    """End it: what waits in the outbox, for a second person or for the printer will not leave."""
    open_states = [
        State.DRAFT, State.FORECAST, State.APPROVED, State.PLANNING, State.RUNNING, State.PAUSED,
    ]  # fmt: skip
    with transaction.atomic():
        _move(campaign, open_states, State.CANCELLED, CANCELLED, by=by, now=now)
        campaign_runs.refuse_cancelled(now=now)
    return campaign


def _move(
    campaign: Campaign, sources: list[Any], target: Any, kind: str, *, by: Actor, now: datetime, **fields: Any
) -> Campaign:
    with transaction.atomic():
        changed = Campaign.objects.filter(id=campaign.id, state__in=sources).update(state=target, **fields)
        if changed != 1:
            raise NotPossibleNow(_("The campaign's state does not allow this now."))
        campaign.refresh_from_db()
        record.record(kind, by=user_of(by), subject_id=campaign.id, at=now)
    return campaign


def progress(campaign: Campaign) -> dict[str, Any]:
    """What became of its messages so far: by state, by reason, by pressed digit, and the cost."""
    runs = list(CampaignRun.objects.filter(campaign=campaign).order_by("-number"))
    messages = Message.objects.filter(campaign_run__in=runs)
    states: dict[str, int] = dict(messages.values_list("state").annotate(n=Count("id")).order_by())
    total = sum(states.values())
    settled = sum(states.get(state, 0) for state in ("SENT", "DELIVERED", "FAILED", "REFUSED"))
    missing = sum(int(run.counts.get("missing", 0)) for run in runs)
    return {
        "runs": runs,
        "total": total,
        "settled": settled,
        "states": [(Message.State(code), n) for code, n in sorted(states.items())],
        "reasons": _reasons([run.id for run in runs]),
        "digits": list(messages.exclude(pressed="").values_list("pressed").annotate(n=Count("id")).order_by("pressed")),
        "cost": messages.aggregate(sum=Sum("cost"))["sum"] or Decimal(0),
        "missing": missing,
        "planning": campaign.state == State.PLANNING,
    }


def _reasons(run_ids: list[int]) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT refusal_codes[1], count(*) FROM contacts_message WHERE agency_id = %s AND campaign_run_id = ANY(%s)"
            " AND cardinality(refusal_codes) > 0 GROUP BY 1 ORDER BY 2 DESC, 1",
            [current_agency_id(), run_ids],
        )
        return [(code, n) for code, n in cursor.fetchall()]
