"""Every POST whose body names rows by id: the fields, and the rest of a body that is right.

`BODIES` is walked by `test_bodies.py`. A form in which a row is chosen stands in `reads` of a body, or in `READ_ONLY`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.scope import agency_scope
from cases.models import Approval, Case, Promise
from contacts.models import Template
from debtors.models import ContactPoint
from field.models import VisitOrder, VisitStop
from ledger.models import StatementLine
from tests import factories
from tests.tenancy.world import House

DAY = factories.TODAY.isoformat()
Rest = Callable[[House], dict[str, Any]]


@dataclass(frozen=True)
class Body:
    """A POST to `address`.

    `ids`: field -> (name of the row in `House.ids` or `more`, how the field writes the id).
    `rest`: the other fields. `reads`: the form class that reads it, as module and name.
    """

    address: str
    ids: dict[str, tuple[str, str]]
    rest: Rest = field(default=lambda house: {})
    reads: str = ""
    path: dict[str, str] = field(default_factory=dict)
    """Arguments of the address that another row than the usual one must have: argument -> its name in `House.ids`."""
    api: bool = False
    by_the_clock: bool = False
    """Whether the deed is allowed depends on the hour; then the control looks at the fields alone."""

    def __str__(self) -> str:
        return self.address


def one(**fields: str) -> dict[str, tuple[str, str]]:
    """Fields that hold a bare id."""
    return {name: (row, "{}") for name, row in fields.items()}


def _report_shape(_house: House) -> dict[str, Any]:
    return {
        "name": "Shape", "which": "ALL", "columns": ["contract"], "language": "en", "form": "csv", "is_active": "on",
        "save": "1",
    }  # fmt: skip


def _person(house: House, **more: Any) -> dict[str, Any]:
    return {"role": "COLLECTOR", "email": f"somebody@{house.agency.slug}.test", **more}


def _limits(_house: House) -> dict[str, Any]:
    limits = {"pre_soft_from": 11, "soft_from": 22, "field_from": 33, "broken_promises_to_field": 2}
    return limits | {"effective_on": "2026-01-01"}


def _campaign(house: House) -> dict[str, Any]:
    later = timezone.now() + timedelta(days=2)
    return {
        "name": "Autumn", "stage": "FIELD", "channel": "SMS", "template_name": "approved", "repeat_days": 0,
        "starts_at": later.strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip


def _deal(_house: House) -> dict[str, Any]:
    return {"kind": "COLLECTOR", "spread": "COUNT"}


def _visit(_house: House) -> dict[str, Any]:
    return {
        "draft_key": str(uuid4()), "started_at": timezone.now().isoformat(), "outcome": "MET_DEBTOR", "letter": "NONE"
    }  # fmt: skip


BODIES = (
    Body(
        "debtor-complaint-record", one(about="membership_id"),
        lambda house: {"kind": "TONE", "source": "DEBTOR", "way": "EMAIL", "received_on": DAY, "text": "Shouted."},
        reads="cases.complaint_forms.ReceivedForm",
    ),
    Body("debtor-complaint-give", one(owner="membership_id"), reads="cases.complaint_forms.GiveForm"),
    Body(
        "case-file-upload", one(portfolio="portfolio_id"),
        lambda house: {"file": SimpleUploadedFile("a.csv", b"Contract;Sold\nA;1\n")},
    ),
    Body(
        "api-case-files", one(portfolio="portfolio_id"),
        lambda house: {"file": SimpleUploadedFile("b.csv", b"Contract;Sold\nB;1\n")}, api=True,
    ),
    Body(
        "portfolio-new", one(mandate="mandate_id"), lambda house: {"name": "Spring", "received_on": DAY},
        reads="portfolios.terms_forms.PortfolioForm",
    ),
    Body("strategies", {"level": ("portfolio_id", "portfolio-{}")}, _limits),
    Body("strategies", {"level": ("creditor_id", "creditor-{}")}, _limits),
    Body("people", one(team="team_id"), _person, reads="agencies.forms.InviteForm"),
    Body("people", one(creditor="creditor_id"), lambda house: _person(house, role="CREDITOR_USER")),
    Body("people", one(law_firm="firm_id"), lambda house: _person(house, role="LAW_FIRM_USER")),
    Body(
        "person", one(team="team_id"), lambda house: {"role": "MANAGER", "capacity": 5},
        reads="agencies.forms.PlaceForm",
    ),
    Body(
        "api-tokens", one(membership="membership_id"),
        lambda house: {"name": "robot two", "scopes": ["cases:read"], "days": "90"},
        reads="agencies.forms.TokenForm",
    ),
    Body(
        "bank-accounts", one(creditor="creditor_id"),
        lambda house: {"number": "MD24AG000225100013104168", "currency": "MDL"},
        reads="ledger.bank_account_forms.BankAccountForm",
    ),
    Body(
        "campaign-new", one(portfolio="portfolio_id", creditor="creditor_id"), _campaign,
        reads="contacts.forms.CampaignForm",
    ),
    Body(
        "tailored-report-new", one(creditor="creditor_id", portfolio="portfolio_id"), _report_shape,
        reads="reports.tailored_views.DefinitionForm",
    ),
    Body(
        "tailored-report", one(creditor="creditor_id", portfolio="portfolio_id"), _report_shape,
        reads="reports.tailored_views.DefinitionForm",
    ),
    Body(
        "pay-rule", one(member="collector_id"),
        lambda house: {"valid_from": "2026-10", "salary": "10", "currency": "MDL", "percent": "1"},
        reads="reports.pay_views.RuleForm",
    ),
    Body(
        "target-set", {"who": ("collector_id", "member:{}")},
        lambda house: {
            "period": "MONTH", "starts_on": f"{timezone.localdate():%Y-%m}", "amount": "10", "currency": "MDL",
        },
    ),
    Body(
        "remittance-issue", one(mandate="mandate_id"), lambda house: {"currency": "MDL", "through": DAY},
        reads="cases.remittance_views.PreviewForm",
    ),
    Body("case-list-assign", one(case="case_id", collector="collector_id")),
    Body("allocation-apply", one(collector="collector_id", portfolio="portfolio_id"), _deal),
    Body("allocation-apply", one(team="team_id"), lambda house: {"kind": "TEAM", "spread": "COUNT"}),
    Body(
        "allocation-apply", one(from_collector="collector_id"),
        lambda house: _deal(house) | {"collector": house.ids["other_collector_id"]},
    ),
    Body("case-reassign", one(collector="collector_id")),
    Body("statement-line-book", one(case="case_id"), lambda house: {"amount": "5"}),
    Body(
        "statement-line-take-back", one(payment="payment_id"), path={"statement_line_id": "outgoing_line_id"},
    ),
    Body("approvals-decide", one(promise="promise_id"), lambda house: {"decide": "refuse", "reason": "No"}),
    Body(
        "law-firms", one(creditor="creditor_id"),
        lambda house: {"name": "Lex Nova", "country": "MD", "is_active": "on"},
        reads="legal.forms.FirmForm",
    ),
    Body(
        "handoff-prepare", one(firm="firm_id"), reads="legal.forms.PrepareForm",
        path={"decision_id": "free_decision_id"},
    ),
    Body(
        "field-territory-new", one(team="team_id", collector="visitor_id"),
        lambda house: {"name": "South", "country": "MD", "cities": "Cahul"}, reads="field.office_forms.TerritoryForm",
    ),
    Body("field-trips-assign", one(order="free_order_id", collector="visitor_id")),
    Body(
        "plan-request", one(format="usable_format_id"),
        lambda house: {"advance": "10", "advance_by": timezone.localdate() + timedelta(days=3)},
        reads="cases.agreement_forms.PlanRequestForm", path={"case_id": "plain_case_id"},
    ),
    Body(
        "visit-form", one(result="talk_id"), _visit, reads="field.visit_forms.VisitForm",
        path={"stop_id": "free_stop_id"}, by_the_clock=True,
    ),
)  # fmt: skip

READ_ONLY = {
    "cases.complaint_lists.ComplaintFilter": "a filter of what is shown",
    "cases.deed_forms.ConcludedFilter": "a filter of what is shown",
    "cases.quality_lists.ReviewFilter": "a filter of what is shown",
    "cases.quality_report_views.ResultsFilter": "a filter of what is shown",
    "field.visit_asks.AskForm": "a part of the visit form, sent by hand in tests/visiting/test_asking.py",
    "cases.quality_forms.SampleForm": "a draw needs conversations; sent by hand in tests/quality/test_quality_pages.py",
    "audit.forms.HistoryForm": "a filter of what is shown",
    "cases.filters.CaseFilterForm": "a filter of what is shown",
    "legal.forms.LegalFilter": "a filter of what is shown",
    "reports.forms.FilterForm": "a filter of what is shown",
    "reports.forms.MonthFilterForm": "a filter of what is shown",
    "reports.forms.ProductivityFilterForm": "a filter of what is shown",
}
"""Forms that only read, and why."""


def furnish(house: House) -> None:
    """Rows that a right body needs beyond those that addresses name; their ids are added to the house."""
    agency = house.agency
    collector, other = (factories.make_member(agency, "COLLECTOR") for _n in range(2))
    visitor = factories.make_member(agency, "FIELD_COLLECTOR")
    with agency_scope(agency.id):
        case = Case.objects.get(id=house.ids["case_id"])
        line = StatementLine.objects.get(id=house.ids["statement_line_id"])
        outgoing = StatementLine.objects.create(
            statement=line.statement, account=line.account, at_line=2, booked_on=line.booked_on,
            value_on=line.value_on, amount=-1, currency=line.currency, digest=b"2",
        )  # fmt: skip
        Template.objects.create(
            name="approved", channel="SMS", language="ro", body="x", created_by=house.member.user,
            approved_at=timezone.now(), approved_by=other.user,
        )  # fmt: skip
        sued = factories.make_case(portfolio=case.portfolio, stage="FIELD")
        now = timezone.now()
        free = VisitOrder.objects.create(case=sued, trigger="STAGE", opened_at=now, due_at=now)
        address = ContactPoint.objects.filter(debtor=sued.debtor, kind="ADDRESS").first()
        Promise.objects.filter(id=house.ids["promise_id"]).update(made_by=other.user)
        Approval.objects.create(
            kind="PROMISE", subject_id=house.ids["promise_id"], case=case, creditor=case.creditor, side="COORDINATOR",
            asked_by=other.user, asked_at=now, due_at=now,
        )  # fmt: skip
        house.ids.update(
            collector_id=collector.id, other_collector_id=other.id, visitor_id=visitor.id,
            outgoing_line_id=outgoing.id, usable_format_id=factories.make_plan_format(case.mandate).id,
            free_decision_id=factories.approve_lawsuit(sued).id, free_order_id=free.id,
            free_stop_id=VisitStop.objects.create(order=free, address=address).id,
            plain_case_id=factories.make_case(portfolio=case.portfolio, stage="SOFT", original_instalment=10).id,
            talk_id=factories.make_disposition_code(outcome="CONVERSATION", effect="NONE").id,
        )  # fmt: skip
