"""What a statement says, whatever the format: plain values with the line of the file they stand in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from common.refusals import NotUnderstood

CENT = Decimal("0.01")


class Form(StrEnum):
    """The forms a file may come in. The last three tell of movements before, or beside, the statement of the day."""

    MT940 = "MT940"
    CAMT053 = "CAMT053"
    MT942 = "MT942"
    CAMT052 = "CAMT052"
    CAMT054 = "CAMT054"


STATEMENTS = frozenset({Form.MT940, Form.CAMT053})
"""Forms that carry balances and are booked from."""


class StatementNotUnderstood(NotUnderstood):
    """The file cannot be read, or contradicts itself. `line` and `column` count from 1; 0: not known."""

    field = "file"

    def __init__(self, sentence: str, *, line: int = 0, column: int = 0, reason: str) -> None:
        super().__init__(sentence, line=line, column=column, reason=reason)
        self.line = line
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Balance:
    """`amount` is negative when the account is overdrawn."""

    amount: Decimal
    currency: str
    on: date
    at_line: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement. `amount` is what it does to the account: positive comes in, negative goes out.

    `reversal` tells that the bank takes an earlier line back. Texts are "" when the bank did not give them.
    """

    at_line: int
    booked_on: date
    value_on: date
    amount: Decimal
    currency: str
    name: str = ""
    iban: str = ""
    text: str = ""
    end_to_end: str = ""
    bank_reference: str = ""
    code: str = ""
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """`account` is the IBAN or number as the bank writes it, without spaces. Reports carry no balances."""

    form: Form
    at_line: int
    account: str
    number: str
    currency: str
    opening: Balance | None
    closing: Balance | None
    movements: tuple[Movement, ...]
    pending: int = 0
    """Lines that were announced but not booked yet; they are left out."""

    def balances(self) -> tuple[Balance, Balance]:
        """Opening and closing balance.

        Raises:
            StatementNotUnderstood: it is a report of movements, which carries none.
        """
        if self.form not in STATEMENTS or self.opening is None or self.closing is None:
            what = _(
                "This is a report of movements without balances. The same movements come again in the statement of the"
                " day: upload that one (MT940 or CAMT.053)."
            )
            sentence = _("Line %(line)s: %(what)s") % {"line": self.at_line, "what": what}
            raise StatementNotUnderstood(sentence, line=self.at_line, reason="no_statement")
        return self.opening, self.closing


def compact(account: str) -> str:
    """An account as it is compared: letters and digits, upper case."""
    return "".join(c for c in account.upper() if c.isalnum())
