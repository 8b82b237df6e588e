"""Which open cases will soon be time-barred, wherever they stand: with a collector, on the road or in the legal stage.

The last day is the one a person entered last with a reason (an interruption, another term), else the country's term
counted from the oldest open due day. Cases whose claim lies before a court, or whose enforcement was asked for, are
left out. All of it is one query over the cases of an agency.
"""

from datetime import date, timedelta
from typing import Any, cast

from django.core.cache import cache
from django.db.models import (
    Case as Choose,
)
from django.db.models import (
    DateField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from agencies.access import MemberRequest
from agencies.models import Membership
from cases.models import Case, Stage
from cases.next_actions import local_day
from cases.queries import visible_to
from legal import limitation
from legal.models import LawsuitDecision, Proceeding, ProceedingStep
from portfolios.models import Portfolio

BROUGHT = ("FILE_CLAIM", "BAILIFF_ASKED")
"""Steps after which the claim lies before a court or a bailiff."""
OPEN = [stage for stage in Stage.values if stage != Stage.CLOSED]
KEPT_SECONDS = 300
"""The navigation counts anew so often."""


class _YearsAfter(Func):
    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(years => "
    output_field = DateField()


def near(member: Membership, *, as_of: date) -> QuerySet[Case]:
    """Cases that can still be brought, but not for long; the most urgent first. Each has its `last_day`."""
    rows: QuerySet[Case] = _until(member, as_of + timedelta(days=limitation.NEAR_DAYS)).filter(last_day__gte=as_of)
    return rows


def passed(member: Membership, *, as_of: date) -> QuerySet[Case]:
    """Open cases whose last day went by without a claim, the latest first."""
    rows: QuerySet[Case] = _until(member, as_of - timedelta(days=1)).order_by("-last_day", "-id")
    return rows


def count_near(request: HttpRequest) -> int:
    """For the navigation: how many cases `near` finds, counted anew every five minutes."""
    member = cast(MemberRequest, request).membership
    key = _key(member)
    count = cache.get(key)
    return int(count) if count is not None else keep_count(member, near(member, as_of=_today(member)).count())


def keep_count(member: Membership, count: int) -> int:
    cache.set(_key(member), count, KEPT_SECONDS)
    return count


def _key(member: Membership) -> str:
    return f"legal-near:{member.agency_id}:{_today(member)}"


def _today(member: Membership) -> date:
    return local_day(member.agency, timezone.now())


def _until(member: Membership, until: date) -> Any:
    entered = LawsuitDecision.objects.filter(limitation_on__isnull=False).exclude(
        limitation_source__in=[source[:240] for source in limitation.sources()]
    )
    before_court = ProceedingStep.objects.filter(
        proceeding__case=OuterRef("id"), code__in=BROUGHT, done_on__isnull=False
    ).exclude(proceeding__state=Proceeding.State.ENDED)
    last_entered = entered.filter(case=OuterRef("id")).order_by("-id").values("limitation_on")[:1]
    found = visible_to(member).filter(_candidates(entered, until), oldest_due_on__isnull=False)
    return (
        found.annotate(last_day=Coalesce(Subquery(last_entered), _YearsAfter("oldest_due_on", _years())))
        .filter(~Exists(before_court), last_day__lte=until)
        .order_by("last_day", "id")
    )


def _candidates(entered: QuerySet[LawsuitDecision], until: date) -> Q:
    """Cases that may be meant, so that the index of portfolio, stage and due day serves a million of them."""
    by_hand = list(entered.filter(limitation_on__lte=until).values_list("case_id", flat=True))
    oldest = limitation.began_by(until)
    portfolios = list(Portfolio.objects.values_list("id", flat=True))
    return Q(stage__in=OPEN, portfolio__in=portfolios, oldest_due_on__lte=oldest) | Q(stage__in=OPEN, id__in=by_hand)


def _years() -> Choose:
    """The years of the term by country and kind of debt, or NULL where the agency enters the day itself."""
    whens = [When(_in(country) & _of(kind), then=Value(years)) for country, kind, years in limitation.all_terms()]
    return Choose(*whens, default=Value(None), output_field=IntegerField())


def _in(country: str) -> Q:
    return Q(jurisdiction=country) | Q(jurisdiction__startswith=f"{country}-")


def _of(kind: str) -> Q:
    return Q() if kind == "default" else Q(debt_kind=kind)


def with_decisions(cases: list[Case], *, as_of: date) -> list[tuple[Case, str, LawsuitDecision | None]]:
    """The cases of a page with their alarm and their last decision: one query."""
    last: dict[int, Any] = {one.case_id: one for one in LawsuitDecision.objects.filter(case__in=cases).order_by("id")}
    return [(case, limitation.alarm(cast(Any, case).last_day, as_of), last.get(case.id)) for case in cases]
