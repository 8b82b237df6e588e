"""The values a text is filled in with: plain words and formatted amounts of one case, in the language of the text."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency

from agencies.models import Agency
from agencies.scope import current_agency_id
from cases.models import Case, Promise

Values = dict[str, dict[str, str] | str]

_LOCALES = {"en": "en_GB"}
BUCKETS = ("principal", "interest", "penalty", "fees", "costs")


@dataclass(frozen=True)
class Facts:
    """What texts about one case may say, unformatted."""

    case_id: int
    name: str
    language: str
    contract_no: str
    product: str
    creditor: str
    original_creditor: str
    signed_on: date | None
    due_on: date | None
    days_past_due: int
    currency: str
    overdue: Decimal
    balance: Decimal
    parts: Mapping[str, Decimal]
    assigned_on: date | None
    promise: tuple[Decimal, date] | None
    agency: Agency
    today: date


def collect(case_ids: Iterable[int], *, now: datetime) -> dict[int, Facts]:
    """What texts may say about these cases, by case id, in three statements."""
    ids = list(case_ids)
    agency = Agency.objects.get(id=current_agency_id())
    today = now.astimezone(ZoneInfo(agency.time_zone)).date()
    promises: dict[int, tuple[Decimal, date]] = {
        case_id: (amount, due_on)
        for case_id, amount, due_on in Promise.objects.filter(
            case_id__in=ids, state__in=["ACTIVE", "AWAITING_APPROVAL"]
        ).values_list("case_id", "amount", "due_on")
    }
    rows = Case.objects.filter(id__in=ids).values(
        "id", "debtor__name", "debtor__language", "contract_no", "product", "creditor__name", "original_creditor",
        "contract_signed_on", "oldest_due_on", "currency", "overdue", "balance", "portfolio__received_on",
        *(f"account__{bucket}" for bucket in BUCKETS),
    )  # fmt: skip
    return {row["id"]: _facts(row, promises.get(row["id"]), agency, today) for row in rows}


def _facts(row: Mapping[str, Any], promise: tuple[Decimal, date] | None, agency: Agency, today: date) -> Facts:
    due = row["oldest_due_on"]
    return Facts(
        case_id=row["id"],
        name=row["debtor__name"],
        language=row["debtor__language"],
        contract_no=row["contract_no"],
        product=row["product"],
        creditor=row["creditor__name"],
        original_creditor=row["original_creditor"] or row["creditor__name"],
        signed_on=row["contract_signed_on"],
        due_on=due,
        days_past_due=max((today - due).days, 0) if due else 0,
        currency=row["currency"],
        overdue=row["overdue"],
        balance=row["balance"],
        parts={bucket: row[f"account__{bucket}"] for bucket in BUCKETS},
        assigned_on=row["portfolio__received_on"],
        promise=promise,
        agency=agency,
        today=today,
    )


@lru_cache(maxsize=65536)
def amount(value: Decimal, currency: str, language: str) -> str:
    """ "1.234,50 MDL" as people of that language write it."""
    return str(format_currency(value, currency, format="#,##0.00 ¤¤", locale=_LOCALES.get(language, language)))


@lru_cache(maxsize=8192)
def _long_day(value: date, language: str) -> str:
    return str(format_date(value, "long", locale=_LOCALES.get(language, language)))


def day(value: date | None, language: str) -> str:
    """ "24 noiembrie 2026"; "–" for none."""
    return _long_day(value, language) if value else "–"


def values(facts: Facts, *, language: str, wanted: Container[str] | None = None) -> Values:
    """Everything a text may name, formatted. A promise that does not exist leaves its variables out: naming them then
    is an error, not an empty sentence. `wanted`: the variables of the text, when amounts it does not name need not be
    written out."""
    agency = facts.agency
    amounts = {"overdue": facts.overdue, "balance": facts.balance, **facts.parts}
    found: Values = {
        "debtor": {"name": facts.name},
        "case": {
            "contract_no": facts.contract_no,
            "product": facts.product,
            "creditor": facts.creditor,
            "original_creditor": facts.original_creditor,
            "signed_on": day(facts.signed_on, language),
            "due_on": day(facts.due_on, language),
            "days_past_due": str(facts.days_past_due),
            "assigned_on": day(facts.assigned_on, language),
            **{
                name: amount(value, facts.currency, language)
                for name, value in amounts.items()
                if wanted is None or f"case.{name}" in wanted
            },
        },
        "agency": {
            "name": agency.name,
            "phone": agency.phone or agency.voice_caller,
            "email": agency.email,
            "address": agency.address,
            "iban": agency.payment_iban,
            "registration_no": agency.registration_no,
            "licence_no": agency.licence_no,
        },
        "today": day(facts.today, language),
    }
    if facts.promise is not None:
        found["promise"] = {
            "amount": amount(facts.promise[0], facts.currency, language),
            "due_on": day(facts.promise[1], language),
        }
    return found
