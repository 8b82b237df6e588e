"""The list of cases: filtered by its address, counted and summed, with hand-picked cases given to a collector.

Counting ends at COUNTED, so that a list of a million cases costs what a short one does; sums are shown of lists that
were counted to their end.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import assignment
from cases.filters import SORTS, WORKERS, CaseFilterForm, chosen
from cases.models import Case, ExpertReason, NextAction, Stage
from cases.models.case import CloseReason
from cases.next_actions import local_day
from common.refusals import Refused
from common.templatetags.trade import moment, money

PER_PAGE = 50
COUNTED = 10_000
"""So many cases are counted and leafed through; filters lead to the others."""
COLUMNS = (
    ("contract", gettext_lazy("Contract")),
    ("name", gettext_lazy("Debtor")),
    ("", gettext_lazy("Stage")),
    ("dpd", gettext_lazy("Days past due")),
    ("balance", gettext_lazy("Balance")),
    ("", gettext_lazy("Creditor")),
    ("", gettext_lazy("Collector")),
    ("next", gettext_lazy("Next action")),
    ("worked", gettext_lazy("Last worked")),
)


class Counted(Paginator):  # type: ignore[type-arg]
    """A paginator that is told how many there are: the header has counted them already."""

    def __init__(self, rows: Any, per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total


@require_GET
@requires(Permission.CASES_VIEW)
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases as the address asks for them, with their count and their sums by currency."""
    member, as_of = _member(request), local_day(cast(MemberRequest, request).agency, timezone.now())
    form = CaseFilterForm(request.GET)
    cases = chosen(form, member=member, as_of=as_of)
    total, sums = _counted(cases)
    sort = request.GET.get("sort", "")
    ids = cases.order_by(*SORTS.get(sort, SORTS["-balance"])).values_list("id", flat=True)
    page = Counted(ids, PER_PAGE, min(total, COUNTED)).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": _rows(list(page), as_of),
        "total": page.paginator.count,
        "capped": total > COUNTED,
        "sums": sums,
        "columns": _columns(sort if sort in SORTS else "-balance"),
        "sort": sort,
        "open": _opened(form),
        "collectors": _collectors(member) if member.may(Permission.CASES_ALLOCATE) else [],
        "may_sell": member.may(Permission.CASES_MOVE),
        "more": len(request.GET) > 0,
    }
    return render(request, "cases/list.html", context)


def _counted(cases: QuerySet[Case]) -> tuple[int, list[tuple[str, Any]]]:
    """How many cases there are, at most COUNTED + 1, and their balances by currency when that is all of them."""
    try:
        first, values = cases.order_by().values("currency", "balance")[: COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return 0, []
    sql = f"SELECT currency, count(*), sum(balance) FROM ({first}) AS first GROUP BY 1 ORDER BY 1"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    total = sum(number for _currency, number, _sum in found)
    return total, [(currency, balance) for currency, _number, balance in found] if total <= COUNTED else []


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, ready to be shown."""

    id: int
    url: str
    contract_no: str
    name: str
    stage: str
    stage_label: str
    on_hold: bool
    for_experts: str
    dpd: int
    balance: str
    creditor: str
    portfolio: str
    collector: str
    closed_as: str
    next_action: str
    next_at: str
    worked: str


_COLUMNS = (
    "id", "contract_no", "debtor__name", "stage", "on_hold", "oldest_due_on", "balance", "currency", "creditor__name",
    "portfolio__name", "collector__user__full_name", "collector__user__email", "close_reason", "next_action",
    "next_action_at", "last_worked_at", "for_experts",
)  # fmt: skip
_EXPERTS = dict(ExpertReason.choices)
_STAGES, _ACTIONS, _REASONS = dict(Stage.choices), dict(NextAction.choices), dict(CloseReason.choices)


def _rows(ids: list[int], as_of: date) -> list[Row]:
    """What the table shows of the cases of one page; sorting has touched the ids alone."""
    found = {values[0]: values for values in Case.objects.filter(id__in=ids).values_list(*_COLUMNS)}
    return [_row(found[pk], as_of) for pk in ids if pk in found]


def _row(values: tuple[Any, ...], as_of: date) -> Row:
    (case_id, contract_no, name, stage, on_hold, oldest, balance, currency, creditor, portfolio, collector, email,
     reason, action, at, worked, experts) = values  # fmt: skip
    return Row(
        id=case_id, url=reverse("case", args=[case_id]), contract_no=contract_no, name=name, stage=stage,
        stage_label=str(_STAGES[stage]), on_hold=on_hold, for_experts=str(_EXPERTS.get(experts, "")),
        dpd=max((as_of - oldest).days, 0) if oldest else 0,
        balance=money(balance, currency), creditor=creditor, portfolio=portfolio, collector=collector or email or "",
        closed_as=str(_REASONS.get(reason, reason)), next_action=str(_ACTIONS[action]), next_at=moment(at),
        worked=moment(worked),
    )  # fmt: skip


def _columns(sort: str) -> list[dict[str, Any]]:
    """Heads of the table: what a click sorts by next, and how it is sorted now."""
    heads = []
    for name, label in COLUMNS:
        down = sort == f"-{name}"
        state = "descending" if down else "ascending" if name and sort == name else "none"
        heads.append({"label": label, "sort": name and (name if down else f"-{name}"), "state": state if name else ""})
    return heads


def _opened(form: CaseFilterForm) -> bool:
    """Whether the rarer filters are in use and must be seen."""
    rarer = ("dpd_from", "dpd_to", "balance_from", "balance_to", "hold", "team", "experts")
    return any(form.data.get(name) for name in rarer)


def _collectors(member: Membership) -> list[Membership]:
    people = Membership.objects.filter(role__in=WORKERS, is_active=True).select_related("user")
    if member.role == "COORDINATOR":
        people = people.filter(team_id=member.team_id)
    return sorted(people, key=lambda person: str(person.user))


@require_POST
@requires(Permission.CASES_ALLOCATE)
def assign_chosen(request: HttpRequest) -> HttpResponse:
    """Give the ticked cases to one collector."""
    now = timezone.now()
    ids = tuple(int(value) for value in request.POST.getlist("case") if value.isdecimal())
    target = request.POST.get("collector", "")
    rule = assignment.Rule(
        kind="COLLECTOR", targets=(int(target),) if target.isdecimal() else (), case_ids=ids, spread="COUNT", now=now,
        as_of=local_day(cast(MemberRequest, request).agency, now),
    )  # fmt: skip
    try:
        if not ids:
            raise assignment.NothingChosen(_("Tick the cases first."))
        if Case.objects.filter(id__in=ids).count() < len(set(ids)):
            raise assignment.NothingChosen(_("Some of the ticked cases do not exist. Load the list again."))
        batch = assignment.allocate(rule, by=_member(request), now=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        told = ngettext("%(count)s case was assigned.", "%(count)s cases were assigned.", batch.cases)
        messages.success(request, told % {"count": batch.cases})
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else reverse("case-list")


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership
