"""Pages of creditors' own reports: a coordinator shapes, previews and makes them; the creditor finds them."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.desk_day import today_of
from common import kept_files
from common.refusals import Refused
from portfolios.models import Creditor, Portfolio
from portfolios.visible import creditor_of
from reports import catalogue, tables, tailored
from reports.forms import MonthField
from reports.models import CreditorReport, Period, ReportDefinition

PAGE_SIZE = 50


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The shape of a report; `month` is what the preview shows."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"), choices=catalogue.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
        help_text=gettext_lazy("Grouped reports show the group, the number of cases, and the columns that add up."),
    )  # fmt: skip
    month = MonthField(label=gettext_lazy("Month of the preview"), required=False)

    class Meta:
        model = ReportDefinition
        fields = [
            "creditor", "name", "which", "portfolio", "stage", "group_by", "columns", "language", "form",
            "day_of_month", "is_active",
        ]  # fmt: skip
        labels = {
            "creditor": gettext_lazy("Creditor"), "name": gettext_lazy("Name of the report"),
            "which": gettext_lazy("Which cases"), "portfolio": gettext_lazy("Portfolio"),
            "stage": gettext_lazy("Stage"), "group_by": gettext_lazy("Group by"),
            "language": gettext_lazy("Language"), "form": gettext_lazy("File"),
            "day_of_month": gettext_lazy("Day of the month on which it is made"),
            "is_active": gettext_lazy("In use"),
        }  # fmt: skip
        help_texts = {
            "day_of_month": gettext_lazy("1 to 28; the month before is made. Empty: only by hand."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        creditor: Any = self.fields["creditor"]
        portfolio: Any = self.fields["portfolio"]
        creditor.queryset = Creditor.objects.order_by("name", "id")
        portfolio.queryset = Portfolio.objects.select_related("creditor").order_by("creditor__name", "name", "id")
        portfolio.label_from_instance = lambda one: f"{one.creditor.name}: {one.name}"
        portfolio.empty_label = _("All")
        for name in ("stage", "group_by"):
            field: Any = self.fields[name]
            field.choices = [("", _("All") if name == "stage" else _("A row for each case")), *field.choices[1:]]
        days: Any = self.fields["day_of_month"]
        days.min_value, days.max_value = 1, 28
        days.widget.attrs |= {"min": 1, "max": 28}

    def clean_day_of_month(self) -> int | None:
        day: int | None = self.cleaned_data["day_of_month"]
        if day is not None and not 1 <= day <= 28:
            raise forms.ValidationError(_("Choose a day from 1 to 28, which every month has."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        creditor, portfolio = data.get("creditor"), data.get("portfolio")
        if creditor and portfolio and portfolio.creditor_id != creditor.id:
            self.add_error("portfolio", _("This portfolio is another creditor's."))
        return data


@require_GET
@requires(Permission.REPORTS_TAILOR)
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports of all creditors, and what was made last."""
    definitions = ReportDefinition.objects.select_related("creditor").order_by("creditor__name", "name", "id")
    made = CreditorReport.objects.select_related("creditor").order_by("-id")
    page = Paginator(made, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reports/tailored_list.html", {"definitions": definitions, "page": page})


@require_http_methods(["GET", "POST"])
@requires(Permission.REPORTS_TAILOR)
def report_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, ReportDefinition())


@require_http_methods(["GET", "POST"])
@requires(Permission.REPORTS_TAILOR)
def report_edit(request: HttpRequest, definition_id: int) -> HttpResponse:
    found = ReportDefinition.objects.select_related("creditor", "portfolio", "agency")
    return _edit(request, get_object_or_404(found, id=definition_id))


def _edit(request: HttpRequest, definition: ReportDefinition) -> HttpResponse:
    """The form with its preview; `save` keeps the shape, `preview` only shows it."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    today = today_of(member, now)
    month = Period.MONTH.shift(Period.MONTH.begin(today), -1)
    status = 200
    if request.method == "POST":
        form = DefinitionForm(request.POST, instance=definition)
        if not form.is_valid():
            status = 422
        elif "save" in request.POST:
            try:
                tailored.save(form.instance, by=member, now=now)
            except Refused as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("The report was saved."))
                return redirect("tailored-report", form.instance.id)
        month = form.cleaned_data.get("month") or month
        shown = form.instance if form.is_valid() else None
    else:
        initial = {"month": month} if definition.id else {"month": month, "language": member.agency.language}
        form = DefinitionForm(instance=definition, initial=initial)
        shown = definition if definition.id else None
    context: dict[str, Any] = {"form": form, "definition": definition, "month": month}
    if shown is not None:
        context["preview"] = _preview(shown, month, today, member.agency)
    if definition.id:
        context["made"] = CreditorReport.objects.filter(definition_id=definition.id).order_by("-month")[:24]
        context["last_month"] = Period.MONTH.shift(Period.MONTH.begin(today), -1)
    return render(request, "reports/tailored.html", context, status=status)


def _preview(definition: ReportDefinition, month: date, today: date, agency: Any) -> dict[str, Any]:
    found = tailored.preview(definition, month=month, today=today, agency=agency)
    rows = [list(zip(found.columns, row, strict=True)) for row in found.rows]
    return {"columns": found.columns, "rows": rows, "total": found.total, "shown": len(rows)}


@require_POST
@requires(Permission.REPORTS_TAILOR)
def report_run(request: HttpRequest, definition_id: int) -> HttpResponse:
    """Make the report of a month now."""
    definition = get_object_or_404(ReportDefinition.objects, id=definition_id)
    member, now = cast(MemberRequest, request).membership, timezone.now()
    try:
        month = MonthField().clean(request.POST.get("month", ""))
        made = tailored.make(definition, month=month, by=member, today=today_of(member, now), now=now)
    except forms.ValidationError:
        messages.error(request, _("Give a month, for example 2026-10."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        if made.made_at == now:
            messages.success(request, _("The report was made; the creditor finds it on its pages."))
        else:
            messages.info(request, _("This month was made before and stays as it was."))
    return redirect("tailored-report", definition.id)


@require_GET
@requires(Permission.REPORTS_TAILOR)
def report_file(request: HttpRequest, creditor_report_id: int) -> HttpResponse:
    return _file(get_object_or_404(CreditorReport.objects, id=creditor_report_id))


@require_GET
@requires(Permission.CREDITOR_CASES)
def creditor_reports(request: HttpRequest) -> HttpResponse:
    """The reports of the creditor whose user asks."""
    page = Paginator(_own(request).order_by("-month", "-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reports/creditor_reports.html", {"page": page})


@require_GET
@requires(Permission.CREDITOR_CASES)
def creditor_report_file(request: HttpRequest, creditor_report_id: int) -> HttpResponse:
    return _file(get_object_or_404(_own(request), id=creditor_report_id))


def _own(request: HttpRequest) -> Any:
    return CreditorReport.objects.filter(creditor_id=creditor_of(cast(MemberRequest, request).membership) or 0)


def _file(report: CreditorReport) -> HttpResponse:
    try:
        content = kept_files.read(report.path, report.sha256)
    except kept_files.FileIsNotAsKept as error:
        raise Http404 from error
    return tables.download(content, name=f"report-{report.month:%Y-%m}-{report.id}", form=report.form)
