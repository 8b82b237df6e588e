"""What must be there before a debt goes to court: items by country, read from the case or ticked by a person."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import deeds
from cases.models import Case, ContractStatus, Deed, Document, Hold
from debtors.models import USABLE, ContactPoint
from ledger.queries import upcoming_dues
from legal.models import CheckState
from portfolios.models import Ownership

_FILE = Path(__file__).resolve().parent / "data" / "checklists.yaml"
LABELS: dict[str, str | Promise] = {
    "CLAIM_DOCUMENTS": _("Contract and proof of the claim are kept as documents"),
    "CLAIM_BALANCE": _("Something is owed by the books"),
    "ASSIGNMENT_NOTICE": _("The notice of assignment was sent"),
    "ACCELERATION_NOTICE": _("The acceleration was declared, so that sums not yet due can be claimed"),
    "PAYMENT_SUMMONS": _("The debtor was called on to pay before the claim, in the form the law asks for"),
    "ADDRESS_KNOWN": _("An address for service is known"),
    "LIMITATION": _("The claim is not time-barred"),
    "NO_HOLD": _("No dispute or other hold is open"),
    "CREDITOR_AUTHORITY": _("The creditor's power of attorney is kept as a document"),
    "DEED_KEPT": _("The scan of the notarial deed is kept as a document"),
    "DEED_BROKEN": _("An instalment of the deed was missed"),
}
BY_HAND = frozenset({"PAYMENT_SUMMONS"})
"""Nothing in the case tells it: a person ticks it."""


@dataclass(frozen=True)
class Item:
    """One line of the list of a country. `source`: the rule that asks for it, "" for good practice."""

    code: str
    source: str


@cache
def _lists() -> dict[str, list[dict[str, str]]]:
    loaded: dict[str, list[dict[str, str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def items_of(jurisdiction: str, *, by_deed: bool = False) -> list[Item]:
    """What the country asks for before a lawsuit, or before a notarial deed is enforced without one."""
    country = "deed" if by_deed else jurisdiction.partition("-")[0]
    return [Item(**one) for one in _lists().get(country) or _lists()["default"]]


def sources_of(jurisdiction: str) -> dict[str, str]:
    return {item.code: item.source for item in items_of(jurisdiction)}


def state_of(code: str, case: Case, *, limitation_on: date | None, as_of: date) -> CheckState:
    """What the case itself tells about an item; MISSING for what only a person can tick."""
    told: Any = _READ.get(code)
    return told(case, limitation_on, as_of) if told else CheckState.MISSING


def _met(is_met: bool) -> CheckState:
    return CheckState.MET if is_met else CheckState.MISSING


def _has(case: Case, kind: str) -> bool:
    return bool(Document.objects.filter(case=case, kind=kind).exists())


def _assignment(case: Case, _limitation_on: date | None, _as_of: date) -> CheckState:
    if case.ownership == Ownership.ENTRUSTED:
        return CheckState.NOT_NEEDED
    return _met(case.assignment_notice_on is not None or _has(case, "ASSIGNMENT_NOTICE"))


def _acceleration(case: Case, _limitation_on: date | None, as_of: date) -> CheckState:
    if case.accelerated_on is not None:
        return CheckState.MET
    if case.contract_status == ContractStatus.IN_FORCE and upcoming_dues(case.account, after=as_of, limit=1):
        return CheckState.MISSING
    return CheckState.NOT_NEEDED


def _address(case: Case, _limitation_on: date | None, _as_of: date) -> CheckState:
    points = ContactPoint.objects.filter(debtor_id=case.debtor_id, kind="ADDRESS")
    return _met(points.filter(validity__in=USABLE).exists())


_READ = {
    "CLAIM_DOCUMENTS": lambda case, _l, _d: _met(_has(case, "CONTRACT")),
    "CLAIM_BALANCE": lambda case, _l, _d: _met(case.account.balance > 0),
    "ASSIGNMENT_NOTICE": _assignment,
    "ACCELERATION_NOTICE": _acceleration,
    "ADDRESS_KNOWN": _address,
    "LIMITATION": lambda _c, limitation_on, as_of: _met(limitation_on is not None and limitation_on >= as_of),
    "NO_HOLD": lambda case, _l, _d: _met(not Hold.objects.filter(case=case, lifted_at=None).exists()),
    "CREDITOR_AUTHORITY": lambda case, _l, _d: _met(_has(case, "POWER_OF_ATTORNEY")),
    "DEED_KEPT": lambda case, _l, _d: _met(Deed.objects.filter(case=case, scan__isnull=False).exists()),
    "DEED_BROKEN": lambda case, _l, _d: _met(deeds.enforceable(case) is not None),
}
