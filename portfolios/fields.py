"""What a column of a case file may mean to us. `docs/creditors.md` lists these for creditors; a test compares."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """How a cell is understood."""

    TEXT = "TEXT"
    AMOUNT = "AMOUNT"
    DAY = "DAY"
    DAYS = "DAYS"
    YES_NO = "YES_NO"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    CODE = "CODE"
    """One of a few words; a value map of the mapping explains the creditor's own words."""


@dataclass(frozen=True)
class Field:
    """One meaning. `many`: several columns may have it. `secret`: never shown back in full."""

    name: str
    label: Any
    kind: Kind = Kind.TEXT
    group: str = "contract"
    many: bool = False
    secret: bool = False
    most: int = 0


PARTY_ROLES = {"codebtor": "CODEBTOR", "guarantor": "GUARANTOR", "mortgage_guarantor": "MORTGAGE_GUARANTOR"}
AMOUNTS = ("principal", "interest", "penalty", "fees", "costs")

GROUPS = {
    "contract": _("Contract"),
    "debtor": _("Debtor"),
    "reach": _("How to reach the debtor"),
    "parties": _("Other persons"),
    "money": _("Money"),
    "days": _("Days"),
    "security": _("Security and acceleration"),
    "takeover": _("What may be taken over"),
}


def _of(person: Any, what: Any) -> Any:
    return format_lazy("{}: {}", person, what)


_ALL = (
    Field("contract_no", _("Contract number"), most=80),
    Field("branch", _("Branch"), most=120),
    Field("product", _("Product"), most=80),
    Field("original_creditor", _("Original creditor"), most=160),
    Field("contract_signed_on", _("Contract signed on"), Kind.DAY),
    Field("contract_status", _("Contract status"), Kind.CODE),
    Field("debtor_name", _("Debtor's full name"), group="debtor", most=200),
    Field("last_name", _("Last name or company"), group="debtor", most=120),
    Field("first_name", _("First name"), group="debtor", most=80),
    Field("debtor_kind", _("Person or company"), Kind.CODE, group="debtor"),
    Field("national_id", _("National identification number"), group="debtor", secret=True, most=40),
    Field("debtor_reference", _("Creditor's number of the debtor"), group="debtor", most=80),
    Field("birth_on", _("Born on"), Kind.DAY, group="debtor"),
    Field("language", _("Language"), Kind.CODE, group="debtor"),
    Field("employer_name", _("Employer"), group="debtor", most=160),
    Field("monthly_income", _("Monthly income"), Kind.AMOUNT, group="debtor"),
    Field("phone", _("Phone"), Kind.PHONE, group="reach", many=True),
    Field("employer_phone", _("Employer's phone"), Kind.PHONE, group="reach", many=True),
    Field("email", _("E-mail"), Kind.EMAIL, group="reach", many=True),
    Field("address", _("Whole address in one cell"), group="reach", many=True, most=240),
    Field("street", _("Street and number"), group="reach", most=160),
    Field("city", _("Town"), group="reach", most=80),
    Field("postal_code", _("Postal code"), group="reach", most=12),
    Field("region", _("County or region"), group="reach", most=80),
    Field("country", _("Country"), Kind.CODE, group="reach"),
    *(
        field
        for role, label in (
            ("codebtor", _("Co-debtor")), ("guarantor", _("Guarantor")),
            ("mortgage_guarantor", _("Mortgage guarantor")),
        )
        for field in (
            Field(f"{role}_name", label, group="parties", most=200),
            Field(f"{role}_national_id", _of(label, _("identification number")), group="parties", secret=True, most=40),
            Field(f"{role}_phone", _of(label, _("phone")), Kind.PHONE, group="parties", many=True),
            Field(f"{role}_address", _of(label, _("address")), group="parties", most=240),
            Field(f"{role}_notice_on", _of(label, _("notice of assignment sent on")), Kind.DAY, group="parties"),
        )
    ),
    Field("currency", _("Currency"), Kind.CODE, group="money"),
    Field("total", _("Total owed"), Kind.AMOUNT, group="money"),
    Field("principal", _("Principal"), Kind.AMOUNT, group="money"),
    Field("interest", _("Interest"), Kind.AMOUNT, group="money"),
    Field("penalty", _("Penalty"), Kind.AMOUNT, group="money"),
    Field("fees", _("Fees"), Kind.AMOUNT, group="money"),
    Field("costs", _("Costs"), Kind.AMOUNT, group="money"),
    Field("overdue", _("Part past due"), Kind.AMOUNT, group="money"),
    Field("original_instalment", _("Original instalment"), Kind.AMOUNT, group="money"),
    Field("due_on", _("Due day of the oldest unpaid instalment"), Kind.DAY, group="days"),
    Field("days_past_due", _("Days past due"), Kind.DAYS, group="days"),
    Field("maturity_on", _("Last instalment due on"), Kind.DAY, group="days"),
    Field("secured", _("Secured"), Kind.YES_NO, group="security"),
    Field("collateral", _("Collateral"), group="security", most=240),
    Field("accelerated", _("Legally accelerated"), Kind.YES_NO, group="security"),
    Field("accelerated_on", _("Legally accelerated on"), Kind.DAY, group="security"),
    Field("source_accelerated", _("Accelerated in the creditor's system"), Kind.YES_NO, group="security"),
    Field("assignment_notice_on", _("Notice of assignment sent on"), Kind.DAY, group="takeover"),
    Field("status", _("Status that stops the takeover"), Kind.CODE, group="takeover", many=True),
    Field("settled_on", _("Paid or closed on"), Kind.DAY, group="takeover"),
)  # fmt: skip

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}

EXTRA, IGNORE = "extra", "ignore"
"""A column is kept beside the case without a meaning, or left out by an explicit word."""

CODES: dict[str, dict[str, frozenset[str]]] = {
    "debtor_kind": {
        "PERSON": frozenset({"person", "individual", "natural", "fizica", "pf", "fyzicka", "fizinis", "f", "p"}),
        "COMPANY": frozenset({"company", "legal", "juridica", "pj", "pravnicka", "juridinis", "societa", "j", "c"}),
    },
    "contract_status": {
        "IN_FORCE": frozenset({"in force", "active", "activ", "in vigoare", "attivo", "aktivni", "galioja", "current"}),
        "ACCELERATED": frozenset({"accelerated", "accelerat", "scadenta anticipata", "zesplatneno"}),
        "TERMINATED": frozenset({"terminated", "reziliat", "risolto", "vypovezeno", "nutraukta"}),
        "IN_LITIGATION": frozenset({"litigation", "litigiu", "contenzioso", "soud", "teisme"}),
        "BEING_ASSIGNED": frozenset({"being assigned", "cesiune", "cessione", "postoupeni"}),
    },
    "language": {
        "ro": frozenset({"ro", "romanian", "romana"}), "ru": frozenset({"ru", "russian", "rusa"}),
        "it": frozenset({"it", "italian", "italiano"}), "cs": frozenset({"cs", "cz", "czech", "cestina"}),
        "lt": frozenset({"lt", "lithuanian", "lietuviu"}), "en": frozenset({"en", "english"}),
    },
    "status": {
        "": frozenset({"", "no", "none", "ok", "normal", "active", "activ", "current", "nu", "ne", "false", "0"}),
        "FRAUD": frozenset({"fraud", "frauda", "frode", "podvod", "sukciavimas", "suspected fraud", "suspect frauda"}),
        "LEGAL": frozenset({"legal", "litigation", "litigiu", "executare", "soud", "contenzioso", "teismas"}),
        "RESTRUCTURING": frozenset({"restructuring", "restructurare", "restrukturalizace", "ristrutturazione"}),
        "STAFF": frozenset({"staff", "employee", "angajat", "zamestnanec", "dipendente", "darbuotojas"}),
        "DECEASED": frozenset({"deceased", "dead", "decedat", "deceduto", "zemrel", "mires"}),
        "DISPUTED": frozenset({"disputed", "contestat", "contestato", "sporny", "gincijama"}),
        "INSOLVENT": frozenset({"insolvent", "bankrupt", "insolventa", "faliment", "fallimento", "bankrotas"}),
        "CLOSED": frozenset({"closed", "paid", "fully paid", "inchis", "achitat", "chiuso", "pagato", "splaceno"}),
    },
}  # fmt: skip
"""Our codes and the folded words that mean them; a mapping's value map comes first."""

YES = frozenset(["yes", "y", "true", "1", "da", "si", "ano", "taip", "t", "x", "d", "a", "s"])
NO = frozenset(["no", "n", "false", "0", "nu", "ne", "non", "f", "-", "0.0", "nera", ""])
EMPTY = frozenset({"", "-", "--", "n/a", "na", "null", "none", "nan", "#n/a"})
"""What stands for nothing, in lower case."""


def field_of(name: str) -> Field | None:
    return FIELDS.get(name)
