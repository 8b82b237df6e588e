"""A statement that contradicts itself is refused, with the line where it does."""

from decimal import Decimal

from django.utils.translation import gettext as _

from ledger.statements.values import Statement, StatementNotUnderstood

ZERO = Decimal(0)


def check(statement: Statement) -> None:
    """Currency is one all through; opening balance and movements make the closing balance; days are in order.

    Raises:
        StatementNotUnderstood
    """
    opening, closing = statement.balances()
    for line, currency in [(m.at_line, m.currency) for m in statement.movements] + [
        (closing.at_line, closing.currency)
    ]:
        if currency != opening.currency:
            raise _refusal(
                line,
                _("The statement opens in %(opens)s (line %(first)s) but here stands %(here)s.")
                % {"opens": opening.currency, "first": opening.at_line, "here": currency},
                reason="another_currency",
            )
    for movement in statement.movements:
        if movement.amount == ZERO:
            raise _refusal(movement.at_line, _("A movement of nothing."), reason="zero")
    moved = sum((movement.amount for movement in statement.movements), ZERO)
    if opening.amount + moved != closing.amount:
        raise _refusal(
            closing.at_line,
            _(
                "%(opening)s at the start and movements of %(moved)s make %(made)s, but the statement closes with"
                " %(closing)s."
            )
            % {
                "opening": opening.amount, "moved": moved, "made": opening.amount + moved, "closing": closing.amount,
            },
            reason="sums_differ",
        )  # fmt: skip
    if closing.on < opening.on:
        raise _refusal(closing.at_line, _("It closes before it opens."), reason="days_reversed")


def _refusal(line: int, what: str, *, reason: str) -> StatementNotUnderstood:
    sentence = _("Line %(line)s: %(what)s") % {"line": line, "what": what}
    return StatementNotUnderstood(sentence, line=line, column=0, reason=reason)
