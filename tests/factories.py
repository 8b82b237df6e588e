"""Small makers of valid rows, with defaults of the trade. Each opens the agency's scope by itself where it must."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.test import Client
from django.utils import timezone

from agencies.middleware import SESSION_KEY
from agencies.models import Agency, Membership, Team, User
from agencies.scope import agency_in_scope, agency_scope
from cases import approvals, plan_formats
from cases.models import Approval, Case, DispositionCode, PlanFormat, Stage
from common.folding import fold, tokens
from contacts.models import Decision, Permit
from debtors.models import ContactPoint, Debtor, NameToken
from ledger.models import Account, Due, Entry, Line, Payment
from legal import lawsuits
from legal.checklists import items_of
from legal.lawsuits import Tick
from legal.models import LawFirm, LawFirmMember, LawsuitDecision
from portfolios.models import Creditor, CreditorUser, Mandate, Portfolio

_n = count(1)
TODAY = date(2026, 11, 24)


def agency_day() -> date:
    """The day it is now for the agency of the tests: from ten in the evening, by the clock of Greenwich, tomorrow."""
    return timezone.now().astimezone(ZoneInfo("Europe/Chisinau")).date()


ZONES = {
    "MD": "Europe/Chisinau",
    "RO": "Europe/Bucharest",
    "IT": "Europe/Rome",
    "CZ": "Europe/Prague",
    "LT": "Europe/Vilnius",
}
CURRENCIES = {"MD": "MDL", "RO": "RON", "IT": "EUR", "CZ": "CZK", "LT": "EUR"}


def make_agency(*, name: str = "", country: str = "MD", **fields: Any) -> Agency:
    n = next(_n)
    return Agency.objects.create(
        name=name or f"Agency {n}", slug=f"agency-{n}", country=country, time_zone=ZONES[country],
        currency=CURRENCIES[country], sms_sender="+37360000001", voice_caller="+37360000001", **fields,
    )  # fmt: skip


def make_user(**fields: Any) -> User:
    n = next(_n)
    fields = {"full_name": f"Person {n}", "email": f"person{n}@example.test", "language": "en"} | fields
    return User.objects.create_user(password="correct horse battery", **fields)


def make_member(
    agency: Agency, role: str, *, team: Team | None = None, creditor: Creditor | None = None, **user: Any
) -> Membership:
    with agency_scope(agency.id):
        membership = Membership.objects.create(user=make_user(**user), role=role, team=team)
        membership.agency = agency
        if creditor is not None:
            CreditorUser.objects.create(membership=membership, creditor=creditor)
    return membership


def client_of(membership: Membership) -> Client:
    """A browser in which this member is signed in."""
    client = Client()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SESSION_KEY] = membership.id
    session.save()
    return client


def make_team(name: str = "", **fields: Any) -> Team:
    return Team.objects.create(name=name or f"Team {next(_n)}", **fields)


def make_creditor(**fields: Any) -> Creditor:
    return Creditor.objects.create(**({"name": f"Creditor {next(_n)}", "country": "MD"} | fields))


def make_mandate(creditor: Creditor | None = None, **fields: Any) -> Mandate:
    creditor = creditor or make_creditor()
    values = {
        "name": f"Mandate {next(_n)}", "starts_on": date(2026, 1, 1), "jurisdiction": creditor.country,
        "currency": CURRENCIES.get(creditor.country, "EUR"),
    }  # fmt: skip
    return Mandate.objects.create(creditor=creditor, **(values | fields))


def make_portfolio(mandate: Mandate | None = None, **fields: Any) -> Portfolio:
    mandate = mandate or make_mandate()
    values = {"name": f"Portfolio {next(_n)}", "received_on": date(2026, 6, 1)}
    return Portfolio.objects.create(creditor=mandate.creditor, mandate=mandate, **(values | fields))


def make_debtor(*, phone: str | None = "", address: bool = True, national_id: str = "", **fields: Any) -> Debtor:
    n = next(_n)
    values: dict[str, Any] = {"name": f"Ion Țurcanu {n}", "country": "MD", "language": "ro"} | fields
    debtor = Debtor(name_key=fold(values["name"]), **values)
    if national_id:
        debtor.set_national_id(national_id, agency_id=agency_in_scope() or 0)
    debtor.save()
    NameToken.objects.bulk_create([NameToken(debtor=debtor, token=token) for token in tokens(debtor.name)])
    if phone is not None:
        ContactPoint.objects.create(
            debtor=debtor, kind="PHONE", value=phone or f"+3736{n:07d}", place="MOBILE", country=debtor.country
        )
    if address:
        ContactPoint.objects.create(
            debtor=debtor, kind="ADDRESS", value=f"Strada Florilor {n}, Chișinău", street=f"Strada Florilor {n}",
            city="Chișinău", postal_code="MD-2001", country=debtor.country,
        )  # fmt: skip
    return debtor


def make_account(*, principal: Decimal = Decimal(1000), currency: str = "MDL", due_on: date | None = None) -> Account:
    account = Account.objects.create(currency=currency, opened_on=TODAY, principal=principal, balance=principal)
    entry = Entry.objects.create(account=account, kind="OPENING", value_on=TODAY, posted_at=timezone.now())
    Line.objects.bulk_create(
        [
            Line(entry=entry, account=account, bucket="PRINCIPAL", amount=principal),
            Line(entry=entry, account=account, bucket="OPENING", amount=-principal),
        ]
    )
    Due.objects.create(account=account, due_on=due_on or TODAY, amount=principal)
    return account


def make_case(
    *, portfolio: Portfolio | None = None, debtor: Debtor | None = None, days_past_due: int = 40,
    amount: Decimal | int = 1000, stage: str = Stage.PRE_SOFT, as_of: date = TODAY, **fields: Any,
) -> Case:  # fmt: skip
    portfolio = portfolio or make_portfolio()
    debtor = debtor or make_debtor(country=portfolio.mandate.jurisdiction)
    amount = Decimal(amount)
    oldest = as_of - timedelta(days=days_past_due)
    account = make_account(principal=amount, currency=portfolio.mandate.currency, due_on=oldest)
    values: dict[str, Any] = {
        "contract_no": f"C-{next(_n):06d}", "debt_kind": portfolio.mandate.debt_kind,
        "ownership": portfolio.mandate.ownership, "jurisdiction": portfolio.mandate.jurisdiction,
        "currency": portfolio.mandate.currency, "balance": amount, "overdue": amount, "oldest_due_on": oldest,
        "opened_on": as_of - timedelta(days=10), "stage_since": as_of - timedelta(days=5),
        "next_action_at": timezone.now() - timedelta(hours=1),
    }  # fmt: skip
    return Case.objects.create(
        portfolio=portfolio, creditor=portfolio.creditor, mandate=portfolio.mandate, debtor=debtor, account=account,
        stage=stage, **(values | fields),
    )  # fmt: skip


def make_disposition_code(**fields: Any) -> DispositionCode:
    n = next(_n)
    values = {"code": f"CODE_{n}", "label": f"Code {n}", "key": str(n % 10), "outcome": "NO_ANSWER"}
    return DispositionCode.objects.create(**(values | fields))


def make_address(debtor: Debtor, *, town: str = "Orhei", postal_code: str = "", **fields: Any) -> ContactPoint:
    street = f"Strada Păcii {next(_n)}"
    values = {"place": "HOME", "street": street, "city": town, "postal_code": postal_code, "country": debtor.country}
    return ContactPoint.objects.create(debtor=debtor, kind="ADDRESS", value=f"{street}, {town}", **(values | fields))


def raise_principal(account: Account, amount: Decimal) -> None:
    """More is owed, as a creditor's correction makes it."""
    entry = Entry.objects.create(account=account, kind="ADJUSTMENT", value_on=TODAY, posted_at=timezone.now())
    Line.objects.bulk_create(
        [
            Line(entry=entry, account=account, bucket="PRINCIPAL", amount=amount),
            Line(entry=entry, account=account, bucket="ADJUSTED", amount=-amount),
        ]
    )
    Account.objects.filter(id=account.id).update(principal=F("principal") + amount, balance=F("balance") + amount)
    account.refresh_from_db()


def make_payment(account: Account, *, amount: Decimal, received_on: date = TODAY, **fields: Any) -> Payment:
    """A payment with its entry; the account's cached balance is lowered, the case's copy is not."""
    entry = Entry.objects.create(account=account, kind="PAYMENT", value_on=received_on, posted_at=timezone.now())
    Line.objects.bulk_create(
        [
            Line(entry=entry, account=account, bucket="PRINCIPAL", amount=-amount),
            Line(entry=entry, account=account, bucket="CASH", amount=amount),
        ]
    )
    Account.objects.filter(id=account.id).update(
        principal=F("principal") - amount, balance=F("balance") - amount, paid=F("paid") + amount
    )
    return Payment.objects.create(
        account=account, entry=entry, received_on=received_on, amount=amount, currency=account.currency,
        **({"source": "MANUAL"} | fields),
    )  # fmt: skip


def make_plan_format(mandate: Mandate, *, approved: bool = True, **fields: Any) -> PlanFormat:
    """A format, by default approved by a user of the creditor."""
    agency = mandate.agency
    terms = plan_formats.FormatTerms(**({"name": f"Format {next(_n)}"} | fields))
    now = timezone.now()
    made = plan_formats.make(mandate, terms, by=make_member(agency, "MANAGER"), now=now)
    if approved:
        decider = make_member(agency, "CREDITOR_USER", creditor=mandate.creditor)
        approvals.decide(
            Approval.objects.get(kind="PLAN_FORMAT", subject_id=made.id, state="WAITING"), grant=True, by=decider,
            now=now,
        )  # fmt: skip
        made.refresh_from_db()
    return made


def approve_lawsuit(case: Case, **fields: Any) -> LawsuitDecision:
    """Everything that lets a case go to court: drafted, every gap explained, asked, and every side said yes."""
    now = timezone.now()
    ticks = {item.code: Tick(explanation="Known and accepted") for item in items_of(case.jurisdiction)}
    values = {"reasons": ["USELESS"], "text": "", "ticks": ticks, "as_of": TODAY, "now": now} | fields
    decision = lawsuits.save_draft(case, by=make_member(case.agency, "LEGAL_OFFICER"), **values)
    lawsuits.ask(decision, by=make_member(case.agency, "LEGAL_OFFICER"), as_of=TODAY, now=now)
    for approval in Approval.objects.filter(kind="LAWSUIT", subject_id=decision.id).order_by("id"):
        role = {"COORDINATOR": "COORDINATOR", "CREDITOR": "CREDITOR_USER"}[approval.side]
        creditor = case.creditor if approval.side == "CREDITOR" else None
        approvals.decide(approval, grant=True, by=make_member(case.agency, role, creditor=creditor), now=now)
    case.refresh_from_db(fields=["court_decision_id"])
    decision.refresh_from_db()
    return decision


def make_law_firm(**fields: Any) -> LawFirm:
    n = next(_n)
    return LawFirm.objects.create(**({"name": f"Law firm {n}", "country": "MD"} | fields))


def make_lawyer(agency: Agency, firm: LawFirm, **user: Any) -> Membership:
    """A law firm's user."""
    lawyer = make_member(agency, "LAW_FIRM_USER", **user)
    with agency_scope(agency.id):
        LawFirmMember.objects.create(membership=lawyer, firm=firm)
    return lawyer


def make_permit(case: Case, point: ContactPoint, *, channel: str = "VISIT") -> Permit:
    """What the gate gave for one contact, already decided."""
    decision = Decision.objects.create(
        case=case, debtor=case.debtor, channel=channel, party="debtor", place="home", message_kind="REMINDER",
        purpose="SEND", verdict="ALLOW", decided_at=timezone.now(),
    )  # fmt: skip
    return Permit.objects.create(
        decision=decision, case=case, debtor=case.debtor, contact_point=point, channel=channel, content_digest=b"",
        granted_at=timezone.now(), expires_at=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
