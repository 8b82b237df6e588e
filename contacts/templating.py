"""Texts written by an agency, in Liquid: a closed list of variables, plain values, hard limits, no files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from common.refusals import NotUnderstood

VARIABLES: dict[str, Any] = {
    "debtor.name": _lazy("Name of the person or company addressed"),
    "case.contract_no": _lazy("Contract number"),
    "case.product": _lazy("Product, for example a loan"),
    "case.creditor": _lazy("Creditor"),
    "case.original_creditor": _lazy("Creditor who granted the contract"),
    "case.signed_on": _lazy("Day the contract was signed"),
    "case.due_on": _lazy("Due day of the oldest unpaid instalment"),
    "case.days_past_due": _lazy("Days past due"),
    "case.overdue": _lazy("Amount past due, with currency"),
    "case.balance": _lazy("Whole debt, with currency"),
    "case.principal": _lazy("Principal"),
    "case.interest": _lazy("Interest"),
    "case.penalty": _lazy("Penalty"),
    "case.fees": _lazy("Fees"),
    "case.costs": _lazy("Costs"),
    "case.assigned_on": _lazy("Day of the assignment"),
    "promise.amount": _lazy("Promised amount, with currency"),
    "promise.due_on": _lazy("Day of the promise"),
    "agency.name": _lazy("Name of the agency"),
    "agency.phone": _lazy("Phone of the agency"),
    "agency.email": _lazy("E-mail of the agency"),
    "agency.address": _lazy("Address of the agency"),
    "agency.iban": _lazy("Account to pay to"),
    "agency.registration_no": _lazy("Registration number of the agency"),
    "agency.licence_no": _lazy("Licence of the agency"),
    "today": _lazy("Today"),
}
"""Every variable a text may use, and what it stands for. Values arrive as text in the language of the template."""

_AMOUNTS = frozenset(
    {"case.overdue", "case.balance", "case.principal", "case.interest", "case.penalty", "case.fees", "promise.amount"}
)
_DETECTED: dict[str, tuple[str, ...]] = {
    "case.contract_no": ("contract_reference",),
    "case.original_creditor": ("original_creditor", "contract_origin"),
    "case.due_on": ("due_date",),
    "case.assigned_on": ("transfer_date",),
    "case.creditor": ("creditor_identity",),
    "case.principal": ("principal",),
    "case.interest": ("interest",),
    "case.costs": ("costs",),
    "agency.iban": ("how_to_pay",),
    "agency.name": ("servicer_identity",),
    "agency.phone": ("contact_point",),
    "agency.licence_no": ("authorisation_evidence",),
}
"""Variable -> the content elements its presence proves, as the packs name them."""

LETTER_LAYOUT = (
    "amounts_itemised", "principal", "interest", "costs", "accessories", "how_to_pay", "contact_point",
    "servicer_identity", "creditor_identity", "purchaser_identity", "contract_reference", "due_date",
    "debt_advice_signpost",
)  # fmt: skip
"""What every letter carries whatever its text says: the layout prints it."""

DECLARABLE: dict[str, Any] = {
    "reason": _lazy("Says why we write"),
    "consequences": _lazy("Says what follows if nothing is paid"),
    "law_statement": _lazy("Says that consumer law continues to apply"),
    "complaint_authority": _lazy("Names the authority for complaints"),
    "authorisation_evidence": _lazy("Gives the licence or registration"),
    "purchaser_identity": _lazy("Names who bought the debt"),
    "transfer_date": _lazy("Gives the day of the assignment"),
    "contract_origin": _lazy("Describes the contract"),
    "original_creditor": _lazy("Names the original creditor"),
    "dispute_right": _lazy("Says how to dispute the debt"),
    "opt_out": _lazy("Says how to stop messages"),
    "debt_advice_signpost": _lazy("Says where debt advice is found"),
    "privacy_notice": _lazy("Says where the privacy notice is found"),
}
"""What cannot be detected: the author declares it, the approver reads whether it is true."""

ELEMENTS: dict[str, Any] = DECLARABLE | {
    "contract_reference": _lazy("Names the contract"),
    "due_date": _lazy("Says since when it is due"),
    "creditor_identity": _lazy("Names the creditor"),
    "principal": _lazy("Gives the principal"),
    "interest": _lazy("Gives the interest"),
    "costs": _lazy("Gives the costs"),
    "accessories": _lazy("Gives penalties and fees"),
    "amounts_itemised": _lazy("Lists the sums one by one"),
    "amount_detail": _lazy("Gives a sum"),
    "how_to_pay": _lazy("Says how to pay"),
    "servicer_identity": _lazy("Names the agency"),
    "contact_point": _lazy("Says where to reach the agency"),
    "threat": _lazy("Sounds like a threat"),
    "court_lookalike": _lazy("Looks like a paper of a court"),
}
"""All elements in words: what is declared and what is detected."""

_THREATS = re.compile(
    r"\b(prison|arrest|criminal (?:complaint|charge)|police|închisoare|arestat|plângere penală|poliți\w+|carcere|"
    r"querela|denuncia penale|vězení|trestní oznámení|polici\w*|kalėjim\w*|baudžiamoj\w+|тюрьм\w*|полици\w*)\b",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"\b(summons|subpoena|citație|citazione in giudizio|předvolání|teismo šaukim\w*|повестк\w*)\b", re.I
)


_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
"""A day that ends in an abbreviation ("15 d.") also ends its sentence."""


class TextNotUnderstood(NotUnderstood):
    """The text does not follow Liquid, goes past a limit, or names an unknown variable."""

    field = "body"


class _Environment(Environment):
    context_depth_limit = 8
    loop_iteration_limit = 200
    local_namespace_limit = 20_000
    output_stream_limit = 40_000


_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=False)
for _tag in ("include", "render", "tablerow"):
    _ENVIRONMENT.tags.pop(_tag, None)


@dataclass(frozen=True)
class Text:
    """A text that was read: ready to be filled in, with the variables it uses."""

    template: BoundTemplate
    variables: frozenset[str]

    def render(self, values: Mapping[str, Mapping[str, str] | str]) -> str:
        """Fill in plain values.

        Raises:
            TextNotUnderstood: a value is missing, or a limit was passed.
        """
        try:
            return _TWO_STOPS.sub(".", str(self.template.render(**values)).strip())
        except LiquidError as error:
            raise TextNotUnderstood(_said(error)) from error


@lru_cache(maxsize=2048)
def read(body: str) -> Text:
    """Read a text and check every variable it may ever use.

    Raises:
        TextNotUnderstood: where and why.
    """
    try:
        template = _ENVIRONMENT.from_string(body)
        analysis = template.analyze()
    except LiquidError as error:
        raise TextNotUnderstood(_said(error)) from error
    used = frozenset(str(variable) for found in analysis.globals.values() for variable in found)
    unknown = sorted(used - set(VARIABLES))
    if unknown:
        raise TextNotUnderstood(_("There is no variable %(names)s.") % {"names": ", ".join(unknown)})
    return Text(template, used)


def _said(error: LiquidError) -> str:
    return _("The text cannot be read: %(problem)s") % {"problem": str(error).splitlines()[0]}


def detected_elements(*, channel: str, body: str) -> list[str]:
    """Content elements the text proves to hold. Raises `TextNotUnderstood` as `read` does."""
    variables = read(body).variables
    found: list[str] = [element for name in sorted(variables) for element in _DETECTED.get(name, ())]
    if channel in ("SMS", "EMAIL") and variables & _AMOUNTS:
        found.append("amount_detail")
    if channel == "SMS" and re.search(r"\bSTOP\b", body):
        found.append("opt_out")
    if channel == "LETTER":
        found += LETTER_LAYOUT
    if _THREATS.search(body):
        found.append("threat")
    if _COURT.search(body):
        found.append("court_lookalike")
    return list(dict.fromkeys(found))


_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """How many messages an SMS of this text makes: letters outside the GSM alphabet more than halve what fits."""
    if all(letter in _GSM or letter in _GSM_TWO for letter in text):
        places, alone, joined = len(text) + sum(letter in _GSM_TWO for letter in text), 160, 153
    else:
        places, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)
