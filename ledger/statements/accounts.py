"""The agency's own bank accounts: statements are taken for these alone."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Agency
from audit import record
from common.refusals import NotUnderstood, Refused
from ledger.models import BankAccount
from ledger.statements.values import compact
from portfolios.models import Creditor

ADDED = record.kind("ledger.bank_account_added", gettext_lazy("A bank account in %(currency)s was added."))
CHANGED = record.kind("ledger.bank_account_changed", gettext_lazy("A bank account in %(currency)s was changed."))


class NotABankAccount(NotUnderstood):
    """Neither an IBAN nor an account number."""

    field = "number"


class AccountIsKnown(Refused):
    """The same number in the same currency is there already."""

    field = "number"


class AccountIsNotOurs(Refused):
    """The statement is of an account that the agency has not named as its own."""

    field = "file"


def add_account(
    *, number: str, currency: str, name: str = "", creditor: Creditor | None = None, by: Actor
) -> BankAccount:
    """Name an account as the agency's own.

    Raises:
        NotABankAccount, AccountIsKnown
    """
    account = BankAccount(number=_plain(number), currency=currency.upper(), name=name.strip(), creditor=creditor)
    return _saved(account, ADDED, by)


def change_account(
    account: BankAccount, *, number: str, currency: str, name: str, creditor: Creditor | None,
    closed_on: date | None, by: Actor,
) -> BankAccount:  # fmt: skip
    """Correct an account, say whose debts are paid there, or close it: no further statement is taken then.

    Raises:
        NotABankAccount, AccountIsKnown
    """
    account.number, account.currency, account.name = _plain(number), currency.upper(), name.strip()
    account.creditor, account.closed_on = creditor, closed_on
    return _saved(account, CHANGED, by)


def account_for(agency: Agency, *, number: str, currency: str, by: Actor) -> BankAccount:
    """The account of a statement. The agency's account for payments, as it stands on letters, needs no naming.

    Raises:
        AccountIsNotOurs: another account, or this one in another currency; the sentence says which.
    """
    found = list(BankAccount.objects.filter(number=number, closed_on=None).order_by("id"))
    for account in found:
        if account.currency == currency:
            return account
    if not found and number == compact(agency.payment_iban):
        return add_account(number=number, currency=currency, by=by)
    if found:
        raise AccountIsNotOurs(
            _("The account %(account)s is kept here in %(ours)s, but the statement is in %(theirs)s.")
            % {"account": number, "ours": ", ".join(account.currency for account in found), "theirs": currency},
            account=number, currency=currency,
        )  # fmt: skip
    raise AccountIsNotOurs(
        _("%(account)s is none of the agency's bank accounts. Add it under “Bank accounts” if it is yours.")
        % {"account": number},
        account=number, currency=currency,
    )  # fmt: skip


def _plain(number: str) -> str:
    plain = compact(number)
    if not (4 <= len(plain) <= 40 and plain.isascii()):
        raise NotABankAccount(_("Give the IBAN, or the account number as the bank's statements write it."))
    return plain


def _saved(account: BankAccount, kind: str, by: Actor) -> BankAccount:
    try:
        with transaction.atomic():
            account.save()
            record.record(kind, by=user_of(by), subject_id=account.id, currency=account.currency)
    except IntegrityError as error:
        raise AccountIsKnown(_("This account is there already.")) from error
    return account
