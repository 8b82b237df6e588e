"""Pages of creditors with their mandates and portfolios, and of stage limits."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from portfolios import strategies, terms
from portfolios.models import CaseFile, Creditor, CreditorUser, Mandate, Portfolio, Strategy
from portfolios.terms_forms import CreditorForm, MandateForm, PortfolioForm, StrategyForm


@require_GET
@requires(Permission.MANDATES_MANAGE)
def creditor_list(request: MemberRequest) -> HttpResponse:
    portfolios: dict[int, int] = {}
    for creditor_id in Portfolio.objects.values_list("creditor_id", flat=True):
        portfolios[creditor_id] = portfolios.get(creditor_id, 0) + 1
    creditors = [(creditor, portfolios.get(creditor.id, 0)) for creditor in Creditor.objects.order_by("name", "id")]
    return render(request, "portfolios/creditors.html", {"creditors": creditors})


@require_GET
@requires(Permission.MANDATES_MANAGE)
def creditor_page(request: MemberRequest, creditor_id: int) -> HttpResponse:
    creditor = get_object_or_404(Creditor.objects, id=creditor_id)
    today = timezone.localdate()
    portfolios = Portfolio.objects.filter(creditor=creditor).select_related("mandate").order_by("-received_on", "-id")
    context = {
        "creditor": creditor,
        "mandates": Mandate.objects.filter(creditor=creditor).order_by("-starts_on", "-id"),
        "portfolios": [(portfolio, strategies.in_force(portfolio, today)) for portfolio in portfolios],
        "users": CreditorUser.objects.filter(creditor=creditor).select_related("membership__user").order_by("id"),
        "files": CaseFile.objects.filter(creditor=creditor).order_by("-id")[:5],
    }
    return render(request, "portfolios/creditor.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANDATES_MANAGE)
def creditor_edit(request: MemberRequest, creditor_id: int = 0) -> HttpResponse:
    creditor = get_object_or_404(Creditor.objects, id=creditor_id) if creditor_id else None
    form = CreditorForm(request.POST or None, instance=creditor)
    return _edited(request, form, _("Creditor"), back=("creditors", []))


@require_http_methods(["GET", "POST"])
@requires(Permission.MANDATES_MANAGE)
def mandate_edit(request: MemberRequest, creditor_id: int, mandate_id: int = 0) -> HttpResponse:
    creditor = get_object_or_404(Creditor.objects, id=creditor_id)
    mandate = get_object_or_404(Mandate.objects, id=mandate_id, creditor=creditor) if mandate_id else None
    form = MandateForm(request.POST or None, instance=mandate or Mandate(creditor=creditor))
    return _edited(request, form, _("Mandate"), back=("creditor", [creditor.id]))


@require_http_methods(["GET", "POST"])
@requires(Permission.MANDATES_MANAGE)
def portfolio_edit(request: MemberRequest, creditor_id: int, portfolio_id: int = 0) -> HttpResponse:
    creditor = get_object_or_404(Creditor.objects, id=creditor_id)
    portfolio = get_object_or_404(Portfolio.objects, id=portfolio_id, creditor=creditor) if portfolio_id else None
    form = PortfolioForm(request.POST or None, instance=portfolio, creditor=creditor)
    return _edited(request, form, _("Portfolio"), back=("creditor", [creditor.id]))


@require_http_methods(["GET", "POST"])
@requires(Permission.STRATEGIES_MANAGE)
def strategy_list(request: MemberRequest) -> HttpResponse:
    form = StrategyForm(request.POST or None, initial={"effective_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        terms.save(form.instance, by=request.membership, changed=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("strategies")
    today = timezone.localdate()
    rows = Strategy.objects.select_related("creditor", "portfolio__creditor").order_by("-effective_on", "-id")
    portfolios = Portfolio.objects.filter(closed_on=None).select_related("creditor").order_by("creditor__name", "name")
    found = strategies.in_force_by_portfolio(today)
    context = {
        "form": form, "strategies": rows, "today": today,
        "in_force": [(portfolio, found[portfolio.id]) for portfolio in portfolios],
    }  # fmt: skip
    return render(request, "portfolios/strategies.html", context, status=422 if form.errors else 200)


def _edited(request: MemberRequest, form: Any, title: str, *, back: tuple[str, list[int]]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        terms.save(form.instance, by=request.membership, changed=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect(back[0], *back[1])
    context = {"form": form, "title": title, "back": back[0], "back_id": back[1][0] if back[1] else None}
    return render(request, "portfolios/edit.html", context, status=422 if form.errors else 200)
