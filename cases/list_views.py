"""The list of cases: filtered by its address, counted and summed, with hand-picked cases given to a collector."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
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
from cases.models import Case
from cases.next_actions import local_day
from common.refusals import Refused

PER_PAGE = 50
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
    form = CaseFilterForm(request.GET or None)
    cases = (
        chosen(form, member=member, as_of=as_of)
        if form.is_bound
        else chosen(CaseFilterForm({}), member=member, as_of=as_of)
    )
    sums = list(cases.values("currency").annotate(cases=Count("id"), balance=Sum("balance")).order_by("currency"))
    sort = request.GET.get("sort", "")
    ids = cases.order_by(*SORTS.get(sort, SORTS["-balance"])).values_list("id", flat=True)
    page = Counted(ids, PER_PAGE, sum(row["cases"] for row in sums)).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(case, case.dpd(as_of)) for case in _rows(list(page))],
        "total": page.paginator.count,
        "sums": [(row["currency"], row["balance"]) for row in sums],
        "columns": _columns(sort if sort in SORTS else "-balance"),
        "sort": sort,
        "open": _opened(form),
        "collectors": _collectors(member) if member.may(Permission.CASES_ALLOCATE) else [],
        "more": len(request.GET) > 0,
    }
    return render(request, "cases/list.html", context)


def _rows(ids: list[int]) -> list[Case]:
    """The cases of one page with what the table shows of them; sorting has touched the ids alone."""
    related = ("debtor", "creditor", "portfolio", "collector__user")
    cases = Case.objects.select_related(*related).in_bulk(ids)
    return [cases[pk] for pk in ids if pk in cases]


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
    return any(form.data.get(name) for name in ("dpd_from", "dpd_to", "balance_from", "balance_to", "hold", "team"))


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
    ids = tuple(int(value) for value in request.POST.getlist("case") if value.isdigit())
    target = request.POST.get("collector", "")
    rule = assignment.Rule(
        kind="COLLECTOR", targets=(int(target),) if target.isdigit() else (), case_ids=ids, spread="COUNT", now=now,
        as_of=local_day(cast(MemberRequest, request).agency, now),
    )  # fmt: skip
    try:
        if not ids:
            raise assignment.NothingChosen(_("Tick the cases first."))
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
