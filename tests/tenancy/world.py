"""One agency with a row in every table that a probe or an address may need."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from agencies.invitations import invite
from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from tests import factories

EVERYTHING = "MANAGER"


@dataclass(frozen=True)
class House:
    """`ids` holds the id of one row by the name addresses use for it: case_id, team_id, …"""

    agency: Agency
    member: Membership
    secret: str
    ids: dict[str, int] = field(default_factory=dict)


def build(name: str, country: str) -> House:
    agency = factories.make_agency(name=name, country=country)
    member = factories.make_member(agency, EVERYTHING)
    with agency_scope(agency.id):
        team = factories.make_team("North")
        creditor = factories.make_creditor(name="First Bank", country=country)
        mandate = factories.make_mandate(creditor)
        portfolio = factories.make_portfolio(mandate)
        debtor = factories.make_debtor(country=country)
        case = factories.make_case(portfolio=portfolio, debtor=debtor, contract_no="SAME-1")
        invitation, _link = invite(email=f"new@{agency.slug}.test", role="COLLECTOR", by=member, now=timezone.now())
        token, secret = issue_token(member, name="robot", by=member.user)
    ids: dict[str, Any] = {
        "agency_id": agency.id, "membership_id": member.id, "team_id": team.id, "creditor_id": creditor.id,
        "mandate_id": mandate.id, "portfolio_id": portfolio.id, "debtor_id": debtor.id, "case_id": case.id,
        "account_id": case.account_id, "invitation_id": invitation.id, "token_id": token.id,
    }  # fmt: skip
    return House(agency, member, secret, ids)
