"""The tables of money: an account per case, its entries and lines, what falls due, and what was paid."""

from ledger.models.accounts import DEBT_BUCKETS, MONEY, Account, Bucket, Due, Entry, EntryKind, Line, Payment
from ledger.models.statements import BankAccount, BankStatement, IgnoreReason, StatementFile, StatementLine

__all__ = [
    "DEBT_BUCKETS",
    "MONEY",
    "Account",
    "BankAccount",
    "BankStatement",
    "Bucket",
    "Due",
    "Entry",
    "EntryKind",
    "IgnoreReason",
    "Line",
    "Payment",
    "StatementFile",
    "StatementLine",
]
