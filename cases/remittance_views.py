"""Pages of remittance: what waits for a statement, its preview, the statements, and the creditor's own."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import remittances
from cases.models import Remittance
from cases.next_actions import local_day
from common import kept_files
from common.refusals import Refused
from portfolios.models import Mandate
from portfolios.visible import creditor_of

PAGE_SIZE = 50


class PreviewForm(forms.Form):
    mandate = forms.ModelChoiceField(Mandate.objects.none(), label=gettext_lazy("Mandate"))
    currency = forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3)
    through = forms.DateField(
        label=gettext_lazy("Payments received through"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["mandate"]
        choice.queryset = Mandate.objects.select_related("creditor").order_by("creditor__name", "name")
        choice.label_from_instance = lambda one: f"{one.creditor.name}: {one.name}"

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


@require_GET
@requires(Permission.REMITTANCE)
def remittance_list(request: HttpRequest) -> HttpResponse:
    """What waits, by mandate and currency, and the statements issued so far."""
    agency = cast(MemberRequest, request).agency
    yesterday = local_day(agency, timezone.now()) - timedelta(days=1)
    mandates = Mandate.objects.select_related("creditor").in_bulk()
    waiting = [(mandates[row[0]], *row[1:]) for row in remittances.waiting()]
    issued = Remittance.objects.select_related("creditor", "mandate").order_by("-number")
    page = Paginator(issued, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "cases/remittances/list.html", {"waiting": waiting, "page": page, "through": yesterday}
    )  # fmt: skip


@require_GET
@requires(Permission.REMITTANCE)
def remittance_preview(request: HttpRequest) -> HttpResponse:
    form = PreviewForm(request.GET)
    if not form.is_valid():
        return render(request, "cases/remittances/preview.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    totals, rows = remittances.preview(chosen["mandate"], currency=chosen["currency"], through=chosen["through"])
    return render(
        request, "cases/remittances/preview.html",
        {"form": form, "totals": totals, "rows": rows, "chosen": chosen, "more": totals.payments - len(rows)},
    )  # fmt: skip


@require_POST
@requires(Permission.REMITTANCE)
def remittance_issue(request: HttpRequest) -> HttpResponse:
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/remittances/preview.html", {"form": form}, status=422)
    member = cast(MemberRequest, request).membership
    try:
        made = remittances.issue(
            form.cleaned_data["mandate"], currency=form.cleaned_data["currency"],
            through=form.cleaned_data["through"], by=member, now=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return render(request, "cases/remittances/preview.html", {"form": form}, status=refusal.status)
    messages.success(request, _("Statement %(number)s was issued.") % {"number": made})
    return redirect("remittance", made.id)


@require_GET
@requires(Permission.REMITTANCE)
def remittance(request: HttpRequest, remittance_id: int) -> HttpResponse:
    found = get_object_or_404(Remittance.objects.select_related("creditor", "mandate", "issued_by"), id=remittance_id)
    page = Paginator(remittances.rows_of(found), PAGE_SIZE).get_page(request.GET.get("page"))
    today = local_day(cast(MemberRequest, request).agency, timezone.now())
    return render(request, "cases/remittances/one.html", {"remittance": found, "page": page, "today": today})


@require_POST
@requires(Permission.REMITTANCE)
def remittance_paid(request: HttpRequest, remittance_id: int) -> HttpResponse:
    found = get_object_or_404(Remittance.objects, id=remittance_id)
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
        remittances.mark_paid_over(found, on=on, by=cast(MemberRequest, request).membership, now=timezone.now())
    except ValueError:
        messages.error(request, _("Give the day on which it was paid over."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("remittance", found.id)


@require_GET
@requires(Permission.REMITTANCE)
def remittance_file(request: HttpRequest, remittance_id: int, form: str) -> HttpResponse:
    return _file(get_object_or_404(Remittance.objects, id=remittance_id), form)


@require_GET
@requires(Permission.CREDITOR_CASES)
def creditor_remittances(request: HttpRequest) -> HttpResponse:
    """The statements of the creditor whose user asks."""
    member = cast(MemberRequest, request).membership
    found = Remittance.objects.filter(creditor_id=creditor_of(member) or 0).select_related("mandate")
    page = Paginator(found.order_by("-number"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portfolios/creditor_remittances.html", {"page": page})


@require_GET
@requires(Permission.CREDITOR_CASES)
def creditor_remittance_file(request: HttpRequest, remittance_id: int, form: str) -> HttpResponse:
    member = cast(MemberRequest, request).membership
    own = Remittance.objects.filter(creditor_id=creditor_of(member) or 0)
    return _file(get_object_or_404(own, id=remittance_id), form)


def _file(found: Remittance, form: str) -> HttpResponse:
    if form == "pdf":
        content, mime = kept_files.read(found.pdf_path, found.pdf_sha256), "application/pdf"
    elif form == "xlsx":
        content, mime = kept_files.read(found.xlsx_path, found.xlsx_sha256), remittances.XLSX
    else:
        raise Http404
    name = f"remittance-{str(found).replace('/', '-')}.{form}"
    return HttpResponse(content, mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})
