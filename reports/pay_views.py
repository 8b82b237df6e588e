"""Pages of pay: what everybody earned in a month, the rule, the statements; and everybody's own statements."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases.desk_day import today_of
from common.refusals import Refused
from reports import pay, tables
from reports.forms import MonthField
from reports.models import PayStatement
from reports.models.targets import Period
from reports.target_forms import WORKING_ROLES

HEADER = (
    gettext_lazy("Received"), gettext_lazy("Case"), gettext_lazy("Kind"), gettext_lazy("Amount"),
    gettext_lazy("Currency"), gettext_lazy("Per cent"), gettext_lazy("Share"),
)  # fmt: skip


class RuleForm(forms.Form):
    """What a person earns from a month on."""

    member: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Person"))
    valid_from = MonthField(label=gettext_lazy("From the month"))
    salary = forms.DecimalField(label=gettext_lazy("Salary by month"), min_value=0, max_digits=14, decimal_places=2)
    currency = forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3)
    percent = forms.DecimalField(
        label=gettext_lazy("Share of what is recovered, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        people = Membership.objects.filter(role__in=WORKING_ROLES, is_active=True).select_related("user")
        field.queryset = people.order_by("user__full_name", "id")
        field.label_from_instance = lambda one: str(one.user)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class PayMonthForm(forms.Form):
    month = MonthField(label=gettext_lazy("Month"), required=False)


def _today(request: HttpRequest) -> date:
    return today_of(cast(MemberRequest, request).membership, timezone.now())


def _month(request: HttpRequest) -> date:
    """The chosen month; without one the last that is over."""
    form = PayMonthForm(request.GET)
    chosen = form.cleaned_data.get("month") if form.is_valid() else None
    return chosen or Period.MONTH.shift(Period.MONTH.begin(_today(request)), -1)


@require_GET
@requires(Permission.PAY_MANAGE)
def pay_page(request: HttpRequest) -> HttpResponse:
    """What everybody earned in a month: issued, or as it would be issued now."""
    month = _month(request)
    currency = cast(MemberRequest, request).agency.currency
    form = RuleForm(initial={"currency": currency, "valid_from": Period.MONTH.begin(_today(request))})
    return render(request, "reports/pay.html", _context(request, month) | {"form": form})


@require_POST
@requires(Permission.PAY_MANAGE)
def pay_rule(request: HttpRequest) -> HttpResponse:
    form = RuleForm(request.POST)
    if form.is_valid():
        deed = dict(form.cleaned_data)
        by = cast(MemberRequest, request).membership
        try:
            rule = pay.set_rule(deed.pop("member"), **deed, by=by, now=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("What %(who)s earns was set.") % {"who": rule.member.user})
            return redirect(f"{reverse('pay')}?month={rule.valid_from:%Y-%m}")
    return render(request, "reports/pay.html", _context(request, _month(request)) | {"form": form}, status=422)


def _context(request: HttpRequest, month: date) -> dict[str, Any]:
    issued = {
        one.member_id: one
        for one in PayStatement.objects.filter(month=month).select_related("member__user").order_by("id")
    }
    rows = [
        {
            "member": earned.rule.member, "rule": earned.rule, "earned": earned, "statement": issued.get(member_id),
            "link": f"{reverse('pay-preview', args=[member_id])}?month={month:%Y-%m}",
        }
        for member_id, earned in pay.earned(month).items()
    ]  # fmt: skip
    rows.sort(key=lambda row: str(row["member"].user))
    return {
        "month": month, "rows": rows, "over": Period.MONTH.end(month) < _today(request),
        "filter": PayMonthForm(initial={"month": month}),
    }  # fmt: skip


@require_GET
@requires(Permission.PAY_MANAGE)
def pay_preview(request: HttpRequest, membership_id: int) -> HttpResponse:
    """The lines a statement would have, before it is issued."""
    member = get_object_or_404(Membership.objects.select_related("user"), id=membership_id)
    month = _month(request)
    return render(request, "reports/pay_preview.html", _preview(request, member, month))


def _preview(request: HttpRequest, member: Membership, month: date) -> dict[str, Any]:
    earned = pay.earned(month).get(member.id)
    lines = pay.preview(member, month) if earned else []
    return {
        "who": member, "month": month, "earned": earned, "lines": lines,
        "over": Period.MONTH.end(month) < _today(request),
        "more": earned.lines - len(lines) if earned else 0, "back": f"{reverse('pay')}?month={month:%Y-%m}",
    }  # fmt: skip


@require_POST
@requires(Permission.PAY_MANAGE)
def pay_issue(request: HttpRequest, membership_id: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.select_related("user"), id=membership_id)
    form = PayMonthForm(request.POST)
    month = (form.cleaned_data.get("month") if form.is_valid() else None) or _month(request)
    by = cast(MemberRequest, request).membership
    try:
        made = pay.issue(member, month=month, by=by, as_of=_today(request), now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return render(request, "reports/pay_preview.html", _preview(request, member, month), status=refusal.status)
    messages.success(request, _("The statement was issued; %(who)s sees it now.") % {"who": member.user})
    return redirect("pay-statement", made.id)


@require_GET
@requires(Permission.PAY_MANAGE)
def pay_statement(request: HttpRequest, pay_statement_id: int) -> HttpResponse:
    found = PayStatement.objects.select_related("member__user", "issued_by")
    return _statement(request, get_object_or_404(found, id=pay_statement_id), reverse("pay"))


@require_GET
@requires(Permission.PAY_OWN)
def my_pay(request: HttpRequest) -> HttpResponse:
    """The statements of the person who asks, the newest first."""
    statements = list(_own(request).order_by("-month")[:60])
    return render(request, "reports/my_pay.html", {"rows": pay.summed(statements)})


@require_GET
@requires(Permission.PAY_OWN)
def my_pay_statement(request: HttpRequest, pay_statement_id: int) -> HttpResponse:
    found = get_object_or_404(_own(request).select_related("member__user", "issued_by"), id=pay_statement_id)
    return _statement(request, found, reverse("my-pay"))


def _own(request: HttpRequest) -> QuerySet[PayStatement]:
    own: QuerySet[PayStatement] = PayStatement.objects.filter(member=cast(MemberRequest, request).membership)
    return own


def _statement(request: HttpRequest, statement: PayStatement, back: str) -> HttpResponse:
    lines = pay.lines_of(statement)
    if (ending := request.GET.get("format")) in ("csv", "xlsx"):
        return _file(statement, lines, ending)
    context = {
        "statement": statement, "lines": lines, "total": pay.total_of(statement, lines), "back": back,
        "files": [(each.upper(), f"?format={each}") for each in ("csv", "xlsx")],
    }  # fmt: skip
    return render(request, "reports/pay_statement.html", context)


def _file(statement: PayStatement, lines: list[pay.Line], ending: str) -> HttpResponse:
    rows: list[list[Any]] = [
        [line.received_on, line.contract_no, line.kind_label, line.amount, line.currency, line.percent, line.share]
        for line in lines
    ]
    rows.append([None, _("Salary"), None, None, statement.currency, None, statement.salary])
    rows += [
        [None, _("Total"), None, None, currency, None, total]
        for currency, total in pay.total_of(statement, lines).items()
    ]
    title = _("Pay statement")
    content = tables.as_csv(HEADER, rows) if ending == "csv" else tables.as_xlsx(HEADER, rows, title=title)
    return tables.download(content, name=f"pay-{statement.month:%Y-%m}", form=ending)
