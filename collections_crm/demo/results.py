"""Targets, pay and creditors' reports of the demo: set at the beginning, read after the weeks were lived."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from agencies.models import Membership
from agencies.scope import agency_scope
from cases.models import Case
from collections_crm.demo.story import Story
from portfolios.models import Creditor
from reports import pay, tailored, targets
from reports.models import Period, ReportDefinition

SHARE = Decimal("0.05")
"""Of what is past due on a collector's cases: the target of a month."""
SALARIES = {"MDL": Decimal(9500), "EUR": Decimal(1150)}
PERCENT = Decimal("1.5")


def agree(story: Story, day: date) -> None:
    """The manager says what everybody earns and is to reach: this month, the next one, and the quarter."""
    now = story.at(day, 9)
    with agency_scope(story.agency.pk):
        for member in [*story.collectors, *story.field_collectors]:
            pay.set_rule(
                member, valid_from=day, currency=story.agency.currency,
                salary=SALARIES.get(story.agency.currency, Decimal(1000)), percent=PERCENT, by=story.manager, now=now,
            )  # fmt: skip
        for member in story.collectors:
            _aim(story, member, day)


def _aim(story: Story, member: Membership, day: date) -> None:
    """Targets in the currency in which most of the collector's cases are."""
    cases = Case.objects.filter(collector=member).exclude(stage="CLOSED").order_by()
    most = cases.values("currency").annotate(n=Count("id"), overdue=Sum("overdue")).order_by("-n", "currency").first()
    if most is None or not most["overdue"]:
        return
    month = Decimal(max(round(most["overdue"] * SHARE / 1000), 1) * 1000)
    following = Period.MONTH.shift(Period.MONTH.begin(day), 1)
    for period, starts_on, amount, kept in (
        (Period.MONTH, day, month / 2, 4), (Period.MONTH, following, month, 8),
        (Period.QUARTER, day, 2 * month, None), (Period.QUARTER, following, 2 * month, None),
    ):  # fmt: skip
        targets.set_target(
            member, period=period, starts_on=starts_on, currency=most["currency"], amount=amount, promises_kept=kept,
            by=story.manager, as_of=day, now=story.at(day, 9),
        )  # fmt: skip


def close(story: Story, today: date) -> None:
    """What the manager does this morning: pay statements of the month that is over, and the creditors' reports."""
    now, month = story.at(today, 8), Period.MONTH.shift(Period.MONTH.begin(today), -1)
    with agency_scope(story.agency.pk):
        for member in story.collectors:
            with story.refused.passed_over("pay statements"):
                pay.issue(member, month=month, by=story.manager, as_of=today, now=now)
        for number, creditor in enumerate(Creditor.objects.order_by("id")):
            for definition in _shapes(story, creditor, number):
                tailored.save(definition, by=story.coordinators[0], now=now)
                tailored.make(definition, month=month, by=None, today=today, now=now)


def _shapes(story: Story, creditor: Creditor, number: int) -> list[ReportDefinition]:
    """Each creditor another shape: row by row, by stage, or both."""
    in_romanian = story.agency.language == "ro"
    rows = ReportDefinition(
        creditor=creditor, name="Situația dosarelor" if in_romanian else "Cases of the month", which="ALL",
        columns=["contract", "debtor", "stage", "dpd", "balance", "paid", "last_paid_on"], form="xlsx",
        language=story.agency.language, day_of_month=3,
    )  # fmt: skip
    stages = ReportDefinition(
        creditor=creditor, name="Sumar pe etape" if in_romanian else "By stage", which="OPEN", group_by="stage",
        columns=["balance", "paid", "contacts", "conversations", "promises_kept"], form="pdf",
        language=story.agency.language, day_of_month=3,
    )  # fmt: skip
    return [[rows, stages], [rows], [stages]][number % 3]
