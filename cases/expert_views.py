"""The panel of experts on the case: the mark with its reason, and the debtor's adviser who is to be called."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from agencies.views.answers import told
from cases import experts
from cases.case_forms import Plain
from cases.case_views import case_or_404
from cases.models import Case, Stage
from common.panels import Panel, register_panel


class AdviserForm(Plain):
    name = forms.CharField(label=gettext_lazy("Name of the lawyer or consultant"), max_length=200)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)


def experts_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The mark, who speaks for the debtor, and what the member may do about both."""
    member = cast(MemberRequest, request).membership
    if case.stage == Stage.CLOSED:
        return None
    return {
        "advisers": experts.advisers_of(case, request.__dict__.get("parties", {}).get(case.id)), "form": AdviserForm(),
        "may_mark": member.may(Permission.CASES_ALLOCATE), "may_name": member.may(Permission.DEBTORS_EDIT),
    }  # fmt: skip


def register() -> None:
    register_panel(Panel("case-rail", "experts", "cases/panels/experts.html", experts_panel, order=20))


@require_POST
@requires(Permission.CASES_ALLOCATE)
def mark(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give the case to the experts, or take it from them."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(member, case_id)
    if request.POST.get("do") == "release":
        with told(request, _("The case is not for experts any more.")):
            experts.release(case, by=member, now=now)
    else:
        with told(request, _("The case is for experts now. Allocation gives it to them.")):
            experts.mark(case, by=member, now=now)
    return redirect("case", case.id)


@require_POST
@requires(Permission.DEBTORS_EDIT)
def adviser(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep the debtor's adviser on the case."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(member, case_id)
    form = AdviserForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter the adviser's name, and a phone or an e-mail."))
        return redirect("case", case.id)
    with told(request, _("The adviser is kept; the number stands among those to be called.")):
        experts.name_adviser(case, by=member, now=now, **form.cleaned_data)
    return redirect("case", case.id)
