"""The order in which visits are offered (S004-28), as one `ORDER BY`.

The procedure ranks by amount, then by days past due, then "not worked in the last 5 days", then by closeness. Ranked by
the exact amount, the other three would never decide anything; so amounts and days are compared in steps. Amounts in
different currencies are not compared: the agency's own currency comes first.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import Case
from debtors.models import USABLE, ContactPoint, ContactPointKind

REST_DAYS = 5
"""A case worked within so many days stands behind one that was not (S004-28)."""
DPD_STEP = 30
AMOUNT_STEPS = [Decimal(digit * 10**power) for power in range(2, 9) for digit in (1, 2, 5)]
"""100, 200, 500, 1,000 … 500,000,000 in the case's currency."""


class Order(StrEnum):
    PRIORITY = "priority"
    PLACE = "place"


def arranged(cases: QuerySet[Case], *, order: Order, as_of: date, now: datetime, currency: str) -> QuerySet[Case]:
    """Return `cases` in the order of the procedure, or by town and postal code and within a town in that order.

    Every case carries `town` and `postal_code` of the first address that may still be right ("" when there is none).
    """
    ranks: list[Any] = ["foreign", "currency", F("amount_step").desc(), F("dpd_step").desc(), "worked_lately"]
    place: list[Any] = ["nowhere", "town", "postal_code"]
    by = [*place, *ranks] if order is Order.PLACE else [*ranks, *place]
    return (
        cases.annotate(
            foreign=models.Case(models.When(currency=currency, then=0), default=1, output_field=models.IntegerField()),
            amount_step=_amount_step(),
            dpd_step=Coalesce(_dpd(as_of) / DPD_STEP, 0),
            worked_lately=models.Case(
                models.When(Q(last_worked_at__gte=now - timedelta(days=REST_DAYS)), then=1),
                default=0,
                output_field=models.IntegerField(),
            ),
            town=_of_first_address("city"),
            postal_code=_of_first_address("postal_code"),
        )
        .annotate(nowhere=models.Case(models.When(town="", then=1), default=0, output_field=models.IntegerField()))
        .order_by(*by, F("balance").desc(), "id")
    )


def _amount_step() -> Func:
    steps = Value(AMOUNT_STEPS, output_field=ArrayField(models.DecimalField(max_digits=14, decimal_places=2)))
    return Func(F("balance"), steps, function="width_bucket", output_field=models.IntegerField())


def _dpd(as_of: date) -> Func:
    """Days past due as SQL; NULL when nothing is past due."""
    return Func(
        Value(as_of, output_field=models.DateField()), F("oldest_due_on"),
        template="(%(expressions)s)", arg_joiner="::date - ", output_field=models.IntegerField(),
    )  # fmt: skip


def _of_first_address(column: str) -> Any:
    first = (
        ContactPoint.objects.filter(debtor_id=OuterRef("debtor_id"), kind=ContactPointKind.ADDRESS, validity__in=USABLE)
        .order_by("id")
        .values(column)[:1]
    )
    return Coalesce(Subquery(first), Value(""), output_field=models.CharField())
