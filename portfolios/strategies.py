"""Which stage thresholds are in force: the portfolio's own, else the creditor's, else the agency's, else 31/61/91."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portfolios.models import Portfolio, Strategy


@dataclass(frozen=True)
class Thresholds:
    """Days past due from which a case belongs to a stage. `field_by_days`: field is entered by the days alone."""

    pre_soft_from: int = 31
    soft_from: int = 61
    field_from: int = 91
    field_by_days: bool = False
    broken_promises_to_field: int = 2


DEFAULT = Thresholds()
"""Source: S000, stages by days past due."""

Owner = tuple[int | None, int | None]
"""(creditor id, portfolio id) of a strategy: (None, None) is the agency's own."""


def in_force_by_portfolio(as_of: date) -> dict[int, Thresholds]:
    """Thresholds of every portfolio of the agency in scope on the day `as_of`, by portfolio id."""
    rows = _rows_in_force(as_of)
    portfolios = Portfolio.objects.values_list("id", "creditor_id")
    return {
        portfolio_id: thresholds_of(_nearest(rows, creditor_id, portfolio_id))
        for portfolio_id, creditor_id in portfolios
    }


def groups(as_of: date) -> dict[Thresholds, list[int]]:
    """Portfolio ids that share the same thresholds, so that a set-based roll runs once per group."""
    together: dict[Thresholds, list[int]] = {}
    for portfolio_id, thresholds in sorted(in_force_by_portfolio(as_of).items()):
        together.setdefault(thresholds, []).append(portfolio_id)
    return together


def in_force(portfolio: Portfolio, as_of: date) -> Thresholds:
    return thresholds_of(row_in_force(portfolio, as_of))


def row_in_force(portfolio: Portfolio, as_of: date) -> Strategy | None:
    """The strategy that decides for `portfolio`; None when nobody set one and the default holds."""
    return _nearest(_rows_in_force(as_of), portfolio.creditor_id, portfolio.id)


def thresholds_of(strategy: Strategy | None) -> Thresholds:
    if strategy is None:
        return DEFAULT
    return Thresholds(
        pre_soft_from=strategy.pre_soft_from,
        soft_from=strategy.soft_from,
        field_from=strategy.field_from,
        field_by_days=strategy.field_by_days,
        broken_promises_to_field=strategy.broken_promises_to_field,
    )


def _rows_in_force(as_of: date) -> dict[Owner, Strategy]:
    """The newest strategy of each level that is effective on `as_of`."""
    rows: Iterable[Strategy] = Strategy.objects.filter(effective_on__lte=as_of).order_by("effective_on", "id")
    return {(row.creditor_id, row.portfolio_id): row for row in rows}


def _nearest(rows: dict[Owner, Strategy], creditor_id: int, portfolio_id: int) -> Strategy | None:
    return rows.get((None, portfolio_id)) or rows.get((creditor_id, None)) or rows.get((None, None))
