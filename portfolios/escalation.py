"""Which rule of visits and experts is in force: the portfolio's own, else the creditor's, the agency's, or none."""

from collections.abc import Iterable
from datetime import date

from portfolios.models import EscalationRule, Portfolio


def in_force_by_portfolio(as_of: date) -> dict[int, EscalationRule]:
    """The rule of every portfolio of the agency in scope that has one on the day `as_of`, by portfolio id."""
    rows = _rows_in_force(as_of)
    if not rows:
        return {}
    found = {}
    for portfolio_id, creditor_id in Portfolio.objects.values_list("id", "creditor_id"):
        rule = rows.get((None, portfolio_id)) or rows.get((creditor_id, None)) or rows.get((None, None))
        if rule is not None:
            found[portfolio_id] = rule
    return found


def in_force(portfolio_id: int, creditor_id: int, as_of: date) -> EscalationRule | None:
    rows = _rows_in_force(as_of)
    return rows.get((None, portfolio_id)) or rows.get((creditor_id, None)) or rows.get((None, None))


def _rows_in_force(as_of: date) -> dict[tuple[int | None, int | None], EscalationRule]:
    """The newest rule of each level that is effective on `as_of`."""
    rows: Iterable[EscalationRule] = EscalationRule.objects.filter(effective_on__lte=as_of).order_by(
        "effective_on", "id"
    )
    return {(row.creditor_id, row.portfolio_id): row for row in rows}
