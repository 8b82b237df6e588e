"""Which cases a campaign would reach, by which contact point, in which text, and what the gate says of each.

The forecast and the plan of a run take the very same step, set by set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from agencies.models import Agency
from agencies.scope import current_agency_id
from cases.models import Case
from contacts import facts, questions
from contacts.facts import CaseFacts, Point
from contacts.models import Campaign, Template
from contacts.questions import Question
from contacts.template_versions import Choices
from debtors.models import USABLE
from jurisdictions.intent import Event, Intent
from jurisdictions.verdict import Verdict

CHUNK = 2000

_KIND_OF_POINT = {"SMS": "PHONE", "IVM": "PHONE", "CALL": "PHONE", "EMAIL": "EMAIL", "LETTER": "ADDRESS"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One case of a campaign: `ruling` is GO, DEFER, APPROVE or BLOCK. Without contact point or text it is blocked."""

    case_id: int
    debtor_id: int
    ruling: str
    codes: tuple[str, ...]
    until: datetime | None
    point_id: int | None
    template: Template | None
    question: Question | None = None
    verdict: Verdict | None = None
    intent: Intent | None = None


def cases_of(campaign: Campaign, *, as_of: date) -> QuerySet[Case]:
    """The cases the campaign speaks of on that day, in the order of their ids."""
    cases = Case.objects.filter(stage=campaign.stage)
    if campaign.portfolio_id:
        cases = cases.filter(portfolio_id=campaign.portfolio_id)
    if campaign.creditor_id:
        cases = cases.filter(creditor_id=campaign.creditor_id)
    if campaign.min_dpd is not None:
        cases = cases.filter(oldest_due_on__lte=as_of - timedelta(days=campaign.min_dpd))
    if campaign.max_dpd is not None:
        cases = cases.filter(oldest_due_on__gte=as_of - timedelta(days=campaign.max_dpd))
    if campaign.min_balance is not None:
        cases = cases.filter(balance__gte=campaign.min_balance)
    found: QuerySet[Case] = cases.order_by("id")
    return found


def today(now: datetime) -> date:
    """The agency's day at `now`."""
    zone = Agency.objects.values_list("time_zone", flat=True).get(id=current_agency_id())
    return now.astimezone(ZoneInfo(zone)).date()


def chunks(campaign: Campaign, *, as_of: date, after: int = 0, size: int = CHUNK) -> Iterator[list[int]]:
    """Case ids in chunks, resumable after the last id."""
    while True:
        ids = list(cases_of(campaign, as_of=as_of).filter(id__gt=after).values_list("id", flat=True)[:size])
        if not ids:
            return
        yield ids
        after = ids[-1]


def judge(campaign: Campaign, case_ids: Iterable[int], *, choices: Choices, now: datetime) -> list[Judged]:
    """Ask the gate's rules about one set of cases. A person reached by one case is counted for the next ones."""
    return judge_facts(campaign, facts_of(case_ids, now=now), choices=choices, now=now)


def facts_of(case_ids: Iterable[int], *, now: datetime) -> dict[int, CaseFacts]:
    """What must be known to judge these cases: all that the database is asked for."""
    return facts.collect(case_ids, now=now, parties=False)


def judge_facts(campaign: Campaign, about: Mapping[int, CaseFacts], *, choices: Choices, now: datetime) -> list[Judged]:
    """The same as `judge` for facts already collected; a pure step."""
    return [_judge(campaign, about[case_id], choices, now) for case_id in sorted(about)]


def _judge(campaign: Campaign, about: CaseFacts, choices: Choices, now: datetime) -> Judged:
    point = best_point(about.debtor.points, campaign.channel)
    if point is None:
        return Judged(about.id, about.debtor_id, "BLOCK", ("CONTACT_POINT_MISSING",), None, None, None)
    template = choices.in_language(about.debtor.language)
    if template is None:
        return Judged(about.id, about.debtor_id, "BLOCK", ("TEMPLATE_MISSING",), None, point.id, None)
    question = Question(
        about.id, campaign.channel, point.id, message_kind=template.kind, elements=tuple(template.elements)
    )
    verdict, intent = questions.decide(question, about, now=now)
    ruling = "GO" if verdict.allowed else str(verdict.verdict).upper()
    if ruling == "GO":
        kind = "call_attempt" if campaign.channel == "CALL" else campaign.channel.lower()
        about.debtor.history.append(Event(kind, now, str(about.id)))
    return Judged(
        about.id, about.debtor_id, ruling, tuple(str(code) for code in verdict.codes), verdict.until, point.id,
        template, question, verdict, intent,
    )  # fmt: skip


def best_point(points: Sequence[Point], channel: str) -> Point | None:
    """The debtor's own contact point a message goes to: usable, proved before untried, a mobile before others."""
    kind = _KIND_OF_POINT[channel]
    own = [one for one in points if one.kind == kind and one.owner_role == "HOLDER" and one.validity in USABLE]
    return min(own, key=lambda one: (one.validity != "VALID", one.place != "MOBILE", one.id), default=None)
