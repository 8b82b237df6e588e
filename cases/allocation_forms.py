"""The coordinator's rule, as typed: which cases go to whom."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Language, Membership, Team
from cases import experts
from cases.assignment import Rule
from cases.filters import WORKERS
from cases.models import Stage
from portfolios.models import Portfolio

STAGES = [choice for choice in Stage.choices if choice[0] != Stage.CLOSED]


class RuleForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Give cases to"),
        choices=[("COLLECTOR", _("Collectors")), ("TEAM", _("Teams"))],
        widget=forms.RadioSelect,
    )
    portfolio = forms.MultipleChoiceField(label=_("Portfolios"), required=False, help_text=_("None chosen: all."))
    stage = forms.MultipleChoiceField(
        label=_("Stages"), choices=STAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    dpd_from = forms.IntegerField(label=_("Days past due from"), min_value=0, required=False)
    dpd_to = forms.IntegerField(label=_("Days past due to"), min_value=0, required=False)
    balance_from = forms.DecimalField(label=_("Balance from"), min_value=0, required=False)
    balance_to = forms.DecimalField(label=_("Balance to"), min_value=0, required=False)
    language = forms.MultipleChoiceField(
        label=_("Debtor's language"), choices=[*Language.choices, ("ru", "Русский")], required=False
    )
    not_worked_days = forms.IntegerField(label=_("Not worked in the last … days"), min_value=1, required=False)
    from_collector = forms.MultipleChoiceField(
        label=_("Take from"), required=False, help_text=_("None chosen: cases that nobody has yet.")
    )
    limit = forms.IntegerField(label=_("At most … cases"), min_value=1, required=False)
    spread = forms.ChoiceField(
        label=_("Spread"),
        choices=[
            ("BALANCE", _("Even sums and counts")),
            ("DPD", _("Even days past due and counts")),
            ("COUNT", _("Whoever has least gets first")),
        ],
    )
    experts_only = forms.BooleanField(
        label=_("Only cases for experts"), required=False,
        help_text=_("Cases marked for experts go to experts and expert teams alone, ticked or not."),
    )  # fmt: skip
    match_language = forms.BooleanField(label=_("Only to those who speak the debtor's language"), required=False)
    team = forms.MultipleChoiceField(label=_("To teams"), required=False, widget=forms.CheckboxSelectMultiple)
    collector = forms.MultipleChoiceField(label=_("To collectors"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.member = member
        fields: dict[str, Any] = self.fields
        fields["portfolio"].choices = [(str(p.id), p.name) for p in Portfolio.objects.order_by("name")]
        fields["team"].choices = [(str(t.id), t.name) for t in Team.objects.order_by("name")]
        able = collectors_of(member)
        skilled = experts.skilled_people(able)
        people = [(str(p.id), _named(p, is_expert=p.id in skilled)) for p in able]
        fields["collector"].choices = people
        fields["from_collector"].choices = people

    def rule(self, *, as_of: date, now: datetime) -> Rule:
        """The rule of a valid form. A coordinator deals out what their own team has."""
        data = self.cleaned_data
        own_team = self.member.team_id if self.member.role == "COORDINATOR" else None
        to_team = data["kind"] == "TEAM"
        return Rule(
            kind=data["kind"], targets=_ids(data["team"] if to_team else data["collector"]), as_of=as_of, now=now,
            spread=data["spread"], portfolio_ids=_ids(data["portfolio"]), stages=tuple(data["stage"]),
            team_ids=() if to_team or own_team is None else (own_team,), from_collectors=_ids(data["from_collector"]),
            dpd_from=data["dpd_from"], dpd_to=data["dpd_to"], balance_from=data["balance_from"],
            balance_to=data["balance_to"], languages=tuple(data["language"]), match_language=data["match_language"],
            not_worked_days=data["not_worked_days"], only_unassigned=not data["from_collector"], limit=data["limit"],
            experts_only=data["experts_only"],
        )  # fmt: skip


def collectors_of(member: Membership) -> list[Membership]:
    """Whom a member may give cases to: a coordinator their own team's people, a manager everybody who works cases."""
    people = Membership.objects.filter(role__in=WORKERS, is_active=True).select_related("user", "team")
    if member.role == "COORDINATOR":
        people = people.filter(team_id=member.team_id).exclude(id=member.id)
    return sorted(people, key=lambda person: (str(person.team or ""), str(person.user)))


def _named(person: Membership, *, is_expert: bool) -> str:
    return str(_("%(name)s (expert)") % {"name": person.user}) if is_expert else str(person.user)


def _ids(values: list[str]) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
