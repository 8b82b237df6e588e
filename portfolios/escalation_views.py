"""The page of rules for visits and experts: what is in force for each portfolio, and a new rule."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from portfolios import escalation, terms
from portfolios.escalation_forms import EscalationForm, labels_of
from portfolios.models import EscalationRule, Portfolio


@require_http_methods(["GET", "POST"])
@requires(Permission.STRATEGIES_MANAGE)
def escalation_list(request: MemberRequest) -> HttpResponse:
    today = timezone.localdate()
    form = EscalationForm(request.POST or None, initial={"effective_on": today})
    if request.method == "POST" and form.is_valid():
        terms.save(form.instance, by=request.membership, changed=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("escalation")
    found = escalation.in_force_by_portfolio(today)
    portfolios = Portfolio.objects.filter(closed_on=None).select_related("creditor").order_by("creditor__name", "name")
    context = {
        "form": form, "today": today, "in_force": [(one, _told(found.get(one.id))) for one in portfolios],
        "rules": [
            (rule, _told(rule))
            for rule in EscalationRule.objects.select_related("creditor", "portfolio__creditor").order_by(
                "-effective_on", "-id"
            )
        ],
    }  # fmt: skip
    return render(request, "portfolios/escalation.html", context, status=422 if form.errors else 200)


def _told(rule: EscalationRule | None) -> list[str]:
    """What a rule says, in sentences; empty where nothing is ruled."""
    if rule is None:
        return []
    said = []
    if rule.soft_visit_in:
        said.append(_("Soft visits: %(statuses)s.") % {"statuses": ", ".join(labels_of(rule.soft_visit_in))})
    if rule.hard_visit_in:
        said.append(
            _("Hard visits: %(statuses)s, after softer visits in vain: %(count)s.")
            % {"statuses": ", ".join(labels_of(rule.hard_visit_in)), "count": rule.hard_visit_after}
        )
    if rule.expert_calls is not None:
        said.append(
            _("Experts before termination: %(calls)s calls and %(visits)s visits in vain.")
            % {"calls": rule.expert_calls, "visits": rule.expert_visits}
        )
    if rule.expert_after_visits is not None:
        said.append(_("Experts after %(visits)s visits in vain.") % {"visits": rule.expert_after_visits})
    if rule.expert_accelerated:
        said.append(_("Experts once the contract is accelerated."))
    return said
