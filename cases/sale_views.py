"""Pages of sold debts: record a sale of ticked cases, the list of sales, one sale with its cases and notices."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from agencies.views.answers import told
from cases import queries, sales
from cases.case_forms import MONEY, Plain, day_field
from cases.document_pages import download
from cases.models import DebtSale, SoldCase
from cases.next_actions import local_day
from common.refusals import Refused

ROWS = 50


class SaleForm(Plain):
    buyer = forms.CharField(label=gettext_lazy("Bought by"), max_length=160)
    buyer_details = forms.CharField(
        label=gettext_lazy("Registration number, address, account"), max_length=240, required=False,
        help_text=gettext_lazy("What the debtor must know to pay the buyer."),
    )  # fmt: skip
    sold_on = day_field(gettext_lazy("Sold on"))
    price = forms.DecimalField(
        label=gettext_lazy("Price"), required=False, min_value=0, widget=forms.TextInput(attrs=MONEY), localize=True
    )
    file = forms.FileField(
        label=gettext_lazy("Notice of assignment"),
        help_text=gettext_lazy("Kept as a document of every case. PDF, JPEG, PNG or WebP, up to 15 MB."),
        widget=forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )  # fmt: skip


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


@require_GET
@requires(Permission.CASES_MOVE)
def sale_list(request: HttpRequest) -> HttpResponse:
    """Every sale, newest first."""
    page = Paginator(DebtSale.objects.select_related("mandate__creditor").order_by("-id"), ROWS).get_page(
        request.GET.get("page")
    )
    counted = SoldCase.objects.filter(sale__in=list(page)).values_list("sale_id").annotate(Count("id"))
    cases = dict(counted.order_by())
    return render(request, "cases/sales/list.html", {"page": page, "rows": [(one, cases[one.id]) for one in page]})


@require_http_methods(["GET", "POST"])
@requires(Permission.CASES_MOVE)
def sale_new(request: HttpRequest) -> HttpResponse:
    """Record a sale of the cases ticked in the list (`start`); the creditor is asked before anything closes."""
    member, now = _member(request), timezone.now()
    as_of = local_day(member.agency, now)
    asked = [int(pk) for pk in (request.POST or request.GET).getlist("case") if pk.isdecimal()][: sales.MOST_CASES + 1]
    ids = list(queries.visible_to(member).filter(id__in=asked).values_list("id", flat=True))
    sent = request.method == "POST" and "start" not in request.POST
    form = SaleForm(request.POST if sent else None, request.FILES if sent else None, initial={"sold_on": as_of})
    cases, why_not = [], ""
    try:
        cases = sales.chosen(ids)
    except Refused as refusal:
        why_not = refusal.sentence
    if sent and not why_not and form.is_valid():
        try:
            made = sales.record_sale(ids, by=member, as_of=as_of, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _("The sale is recorded. The cases close once the creditor confirms it."))
            return redirect("sale", made.id)
    context = {
        "form": form, "cases": cases, "why_not": why_not, "total": sum(one.balance for one in cases),
        "currency": cases[0].currency if cases else "", "creditor": cases[0].mandate.creditor if cases else None,
    }  # fmt: skip
    return render(request, "cases/sales/new.html", context, status=422 if form.errors or why_not else 200)


@require_GET
@requires(Permission.CASES_MOVE)
def sale(request: HttpRequest, sale_id: int) -> HttpResponse:
    """One sale: buyer, state, and its cases with their notices."""
    one = get_object_or_404(DebtSale.objects.select_related("mandate__creditor", "recorded_by"), id=sale_id)
    page = Paginator(sales.lines_of(one), ROWS).get_page(request.GET.get("page"))
    return render(request, "cases/sales/sale.html", {"sale": one, "page": page, "cases": page.paginator.count})


@require_POST
@requires(Permission.CASES_MOVE)
def sale_withdraw(request: HttpRequest, sale_id: int) -> HttpResponse:
    one = get_object_or_404(DebtSale.objects, id=sale_id)
    with told(request, _("The sale is withdrawn; its cases stay as they are.")):
        sales.withdraw(one, note=request.POST.get("note", ""), by=_member(request), now=timezone.now())
    return redirect("sale", one.id)


@require_POST
@requires(Permission.CASES_MOVE)
def sale_notice(request: HttpRequest, sold_case_id: int) -> HttpResponse:
    """Write the notice to the debtor of one case, keep it there, and give it out."""
    found: Any = SoldCase.objects.select_related(
        "sale__mandate__creditor", "case__debtor", "case__creditor", "case__agency", "case__account"
    )
    line = get_object_or_404(found, id=sold_case_id)
    try:
        made = sales.write_notice(line, by=_member(request), now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("sale", line.sale_id)
    return download(made)
