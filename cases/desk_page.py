"""What the desk shows: the queue, one case from every side, the script, the day. Views fill it, templates show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.access import MemberRequest
from agencies.models import Membership
from agencies.permissions import Permission
from agencies.shortcuts import keys_of
from cases import holds, queries, queue, suspicions
from cases.arguments import last_reached, steps_for
from cases.desk_day import day_of, today_of
from cases.desk_forms import (
    ContactPointForm,
    NoteForm,
    PaidForm,
    PaymentForm,
    PromiseForm,
    RecallForm,
    StatusForm,
    WayForm,
)
from cases.desk_lists import words_for
from cases.desk_script import CHECKS_NEEDED, script_of
from cases.desk_visit import Visit
from cases.models import Case, DispositionCode, Party, PartyRole, Promise, ReasonForNonPayment
from cases.promises import PromiseLimits, limits, open_promise
from common.panels import panels_for
from debtors.contact_points import are_dead, points_of
from debtors.models import PersonStatus
from ledger.models import Payment

TIMELINE = 30
COMMENTS = 3
GROUPS = [
    ("", _("All")),
    ("case", _("Work")),
    ("contact", _("Contacts")),
    ("ledger", _("Money")),
    ("debtor", _("Person")),
]
ICONS = {
    "case.disposition": "call", "case.note": "note", "case.promise": "promise", "case.stage": "stage",
    "case.hold": "hold", "case.recall": "clock", "case.allocated": "allocate", "contact": "send", "ledger": "money",
    "debtor": "person", "case": "cases",
}  # fmt: skip
FORMS = {"PROMISE": "act-promise", "CLAIMS_PAID": "act-paid", "FRAUD": "act-states"}
"""Effects that ask for more than a key: the result opens this form."""
SPECIAL = frozenset({"FRAUD", "DECEASED", "CEASE", "HARDSHIP", "REPRESENTED", "SKIP_TRACE"})
"""Effects that stop contact or change hands: they wait in the menu of special states."""
RECALLS = frozenset({"CONVERSATION", "NO_CONTACT"})


@dataclass(frozen=True)
class Result:
    """One result a collector may record, and what will follow from it."""

    code: DispositionCode
    follows: str

    @property
    def opens(self) -> str:
        return FORMS.get(self.code.effect, "")

    @property
    def special(self) -> bool:
        return self.code.effect in SPECIAL


@dataclass(frozen=True)
class TimelineDay:
    on: date
    entries: Sequence[tuple[str, queries.TimelineEntry]]


NOT_ASKED = Case()
"""Stands for a case at hand that nobody has looked up yet."""


def frame(
    request: HttpRequest, *, now: datetime, case: Case | None, at_hand: Case | None = NOT_ASKED
) -> dict[str, Any]:
    """The parts around a case: queue, day, keys, the way back. Case None: nobody is at hand.

    `at_hand` is the member's unfinished case when the view has looked it up already.
    """
    member = cast(MemberRequest, request).membership
    works = member.may(Permission.CASES_WORK)
    visit = Visit(request.session, member)
    if case is not None:
        visit.see(case)
    if request.GET.get("experts") in {"0", "1"}:
        visit.show_experts(only=request.GET["experts"] == "1")
    if at_hand is NOT_ASKED:
        at_hand = queue.unfinished(member) if works else None
    rows = queue.page(member, now=now, limit=50, filters={"experts": visit.experts_only}) if works else []
    return {
        "works": works,
        "keys": keys_of(request.user),
        "queue": rows,
        "some_for_experts": any(row.for_experts for row in rows),
        "experts_only": visit.experts_only,
        "counts": queue.counts(member, now) if works else None,
        "day": day_of(member, now=now) if works else None,
        "unfinished": at_hand,
        "previous_id": visit.before(case),
        "undo_id": visit.last_result,
        "now": now,
    }


def about(request: HttpRequest, case: Case, *, now: datetime, forms: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything about one case. `forms` replaces fresh forms by ones that were refused, by name."""
    member = cast(MemberRequest, request).membership
    as_of = today_of(member, now)
    entries = queries.timeline(case, limit=TIMELINE)
    coded, bounds = results(), limits(case, as_of)
    promise = request.__dict__.setdefault("open_promises", {})[case.id] = open_promise(case)
    points = request.__dict__.setdefault("contact_points", {})[case.id] = points_of(case.debtor_id)
    own = [point for point in points if point.owner_role == "HOLDER"]
    towns = [point for point in own if point.kind == "ADDRESS" and point.city]
    city = next((point.city for point in sorted(towns, key=lambda point: point.verified_at is None)), "")
    words, parties = words_for(request), list(Party.objects.filter(case=case).select_related("person").order_by("id"))
    request.__dict__.setdefault("parties", {})[case.id] = parties
    steps, reached = steps_for(words, [party.role for party in parties]), last_reached(case)
    paid = Payment.objects.filter(account_id=case.account_id, reversed_at=None).order_by("-received_on", "-id")
    return {
        "case": case,
        "as_of": as_of,
        "dpd": case.dpd(as_of),
        "legal_dpd": max((as_of - case.accelerated_on).days, 0) if case.accelerated_on else None,
        "holds": holds.open_holds(case) if case.on_hold else [],
        "statuses": list(PersonStatus.objects.filter(debtor_id=case.debtor_id, ended_at=None).order_by("id")),
        "promise": promise,
        "fraud_details": suspicions.of(words).items(),
        "suspicions": suspicions.of(words, retired=True),
        "numbers_dead": are_dead([point.validity for point in own if point.kind == "PHONE"]),
        "limits": bounds,
        "payments": list(paid[:3]),
        "parties": parties,
        "siblings": list(_siblings(case)),
        "pinned": queries.pinned_notes(case),
        "comments": [entry for entry in entries if entry.text and not entry.pinned][:COMMENTS],
        "timeline": by_day(entries, member),
        "older": entries[-1].id if len(entries) == TIMELINE else None,
        "groups": GROUPS,
        "group": "",
        "results": [result for result in coded if not result.special],
        "states": [result for result in coded if result.special],
        "recall_codes": [
            result.code for result in coded if result.code.effect == "NONE" and result.code.outcome in RECALLS
        ],
        "reasons": ReasonForNonPayment.choices,
        "party_roles": PartyRole.choices,
        "script": script_of(case, city=city, member=member, as_of=as_of, steps=steps, reached=reached),
        "checks_needed": CHECKS_NEEDED,
        "collision": _collision(case, member, now),
        "forms": _forms(case, bounds, promise, member, now, request.POST.dict()) | (forms or {}),
        "contact_panels": panels(request, "desk-contact", case),
        "limit_panels": panels(request, "desk-limits", case),
        "case_panels": panels(request, "case", case),
        "rail_panels": panels(request, "case-rail", case),
    }


def panels(request: HttpRequest, slot: str, case: Case) -> list[SafeString]:
    """The parts other floors hang into a slot, for whoever may see them."""
    member = cast(MemberRequest, request).membership
    found = []
    for panel in panels_for(slot):
        if panel.permission and not member.may(panel.permission):
            continue
        context = panel.context(request, case)
        if context is not None:
            shown = {"case": case, "member": member, "keys": keys_of(request.user)} | context
            found.append(SafeString(render_to_string(panel.template, shown, request)))
    return found


def by_day(entries: Sequence[queries.TimelineEntry], member: Membership) -> list[TimelineDay]:
    """Entries under the day of the agency on which they happened."""
    days = groupby(entries, key=lambda entry: today_of(member, entry.at))
    return [TimelineDay(on, [(icon_of(entry.kind), entry) for entry in each]) for on, each in days]


def icon_of(kind: str) -> str:
    return next((icon for prefix, icon in ICONS.items() if kind.startswith(prefix)), "cases")


def results() -> list[Result]:
    """The agency's results in their order."""
    codes = DispositionCode.objects.filter(is_active=True).order_by("order", "id")
    return [Result(code, _follows(code)) for code in codes]


def _follows(code: DispositionCode) -> str:
    """What the key will do, said before it is pressed."""
    parts = [] if code.effect == DispositionCode.Effect.NONE else [code.get_effect_display()]
    if code.recall_days:
        parts.append(
            ngettext("back in %(days)d day", "back in %(days)d days", code.recall_days) % {"days": code.recall_days}
        )
    return " · ".join(parts)


def _forms(
    case: Case, bounds: PromiseLimits, promise: Promise | None, member: Membership, now: datetime, typed: dict[str, str]
) -> dict[str, Any]:
    """Fresh forms; `typed` is what a claimed payment that was refused said."""
    on = promise.due_on if promise else None
    return {
        "note": NoteForm(),
        "promise": PromiseForm(initial={"amount": bounds.due_sum, "due_on": bounds.latest_on}),
        "way": WayForm(initial={"way": case.debtor.pays_by}),
        "paid": PaidForm(initial=typed),
        "recall": RecallForm(initial=RecallForm.proposed(now=now, promised_on=on, zone=member.agency.time_zone)),
        "contact_point": ContactPointForm(),
        "status": StatusForm(),
        "payment": PaymentForm(initial={"received_on": today_of(member, now)}),
    }


def _siblings(case: Case) -> Any:
    """Other open cases of the same debtor."""
    others = Case.objects.filter(debtor_id=case.debtor_id).exclude(id=case.id).exclude(stage="CLOSED")
    return others.select_related("creditor").order_by("-balance", "id")[:5]


def _collision(case: Case, member: Membership, now: datetime) -> Any:
    """Who else has the case in hand, while the claim lasts."""
    if case.claimed_by_id in (None, member.id) or case.claimed_until is None or case.claimed_until < now:
        return None
    return Membership.objects.select_related("user").filter(id=case.claimed_by_id).first()
