"""The gate's parts of a case page: whom to call, its answer beside each number, how much of each limit is used."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from agencies.access import MemberRequest
from cases.desk_visit import Visit
from cases.models import Case
from contacts import facts, gate, waterfall
from contacts.models import Permit
from contacts.questions import Question
from contacts.waterfall import Ranked
from debtors.models import ContactPoint
from portfolios.models import Channel

SHOWN = 9
OTHER_CHANNELS = ("SMS", "LETTER", "VISIT")


@dataclass(frozen=True)
class Line:
    """One number as the desk shows it: its key after `c`, what stands against it."""

    number: int
    point: Ranked
    best: bool
    under_way: bool


def numbers(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Every phone in the order of trying, the best one first, and the other ways to reach the debtor."""
    ranked = waterfall.best_points(case, now=timezone.now(), about=_facts(request, case))[:SHOWN]
    best = next((one for one in ranked if one.allowed), None)
    call = _call(request, case)
    lines = [
        Line(number, one, best is not None and one.point_id == best.point_id, call.get("point") == one.point_id)
        for number, one in enumerate(ranked, start=1)
    ]
    others = ContactPoint.objects.filter(debtor_id=case.debtor_id).exclude(kind__in=("PHONE", "ACCOUNT"))
    return {"lines": lines, "best": best, "others": list(others.order_by("kind", "id")[:4])}


def limits(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Bars of each channel's counts and the debtor's clock."""
    now, about = timezone.now(), _facts(request, case)
    ranked = [point for point in about.debtor.points if point.kind == "PHONE"]
    phone = ranked[0].id if ranked else None
    answers = {"CALL": gate.answer(Question(case.id, "CALL", phone), about, now=now)} | {
        channel: gate.answer(Question(case.id, channel, _point(about, channel)), about, now=now)
        for channel in OTHER_CHANNELS
    }
    shown = [(Channel(channel).label, answer) for channel, answer in answers.items()]
    return {"answers": shown, "call_meter": answers["CALL"].meter}


def _facts(request: HttpRequest, case: Case) -> facts.CaseFacts:
    """What the gate must know of the case, collected once for all panels of one page."""
    known: dict[int, facts.CaseFacts] = request.__dict__.setdefault("facts_of_case", {})
    if case.id not in known:
        known[case.id] = facts.collect([case.id], now=timezone.now())[case.id]
    return known[case.id]


def _point(about: facts.CaseFacts, channel: str) -> int | None:
    kind = "PHONE" if channel == "SMS" else "ADDRESS"
    return next((point.id for point in about.debtor.points if point.kind == kind), None)


def _call(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The call under way on this case, while its permit is the desk's."""
    call = Visit(request.session, cast(MemberRequest, request).membership).call_on(case)
    return call if call and Permit.objects.filter(id=call["permit"]).exists() else {}
