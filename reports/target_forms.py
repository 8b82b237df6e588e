"""The form of a target: for whom, for which month or quarter, how much."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from agencies.permissions import Permission
from agencies.roles import ROLES
from common.charts import Text
from reports.forms import MonthField
from reports.models.targets import Period

WORKING_ROLES = [code for code, role in ROLES.items() if Permission.CASES_WORK in role.permissions]


class TargetForm(forms.Form):
    """`who` holds "member:1" or "team:1"; only those whose targets `by` sets are offered."""

    who = forms.ChoiceField(label=_("For"))
    period = forms.ChoiceField(label=_("Period"), choices=Period.choices)
    starts_on = MonthField(label=_("Month, or any month of the quarter"))
    amount = forms.DecimalField(label=_("To recover"), min_value=1, max_digits=14, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    promises_kept = forms.IntegerField(label=_("Promises kept"), min_value=1, required=False)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Membership.objects.filter(role__in=WORKING_ROLES, is_active=True).select_related("user")
        teams = Team.objects.order_by("name", "id")
        if by.role == "COORDINATOR":
            people, teams = people.filter(team_id=by.team_id or 0), teams.filter(id=by.team_id or 0)
        self._known: dict[str, Membership | Team] = {
            f"member:{one.id}": one for one in people.order_by("user__full_name")
        }
        self._known |= {f"team:{team.id}": team for team in teams}
        choice: Any = self.fields["who"]
        persons = [(key, str(one.user)) for key, one in self._known.items() if isinstance(one, Membership)]
        groups = [(key, str(one)) for key, one in self._known.items() if isinstance(one, Team)]
        choices: list[tuple[Text, list[tuple[str, str]]]] = [(_("People"), persons), (_("Teams"), groups)]
        choice.choices = choices

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def deed(self) -> dict[str, Any]:
        """What `targets.set_target` takes, of a form that is valid."""
        data: dict[str, Any] = dict(self.cleaned_data)
        return {
            "who": self._known[data["who"]], "period": Period(data["period"]), "starts_on": data["starts_on"],
            "amount": data["amount"], "currency": data["currency"], "promises_kept": data["promises_kept"],
        }  # fmt: skip


class PeriodForm(forms.Form):
    """Which month or quarter is looked at."""

    period = forms.ChoiceField(label=_("Period"), choices=Period.choices, required=False)
    month = MonthField(label=_("Month, or any month of the quarter"), required=False)

    def chosen(self, today: date) -> tuple[Period, date]:
        """Kind and first day of the period; what is wrong or left out is the current month."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        period = Period(data.get("period") or Period.MONTH)
        return period, period.begin(data.get("month") or today)
