"""Why a row was not taken, or taken with a word of warning. Codes are stored; the sentence is made for the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

Reason = dict[str, str]

ERROR, INELIGIBLE, WARNING = "error", "ineligible", "warning"

SENTENCES: dict[str, tuple[str, Any]] = {
    "missing": (ERROR, _("“%(column)s” is empty.")),
    "no_contract_no": (ERROR, _("The contract number is missing.")),
    "no_name": (ERROR, _("The debtor's name is missing.")),
    "no_amount": (ERROR, _("No amount says how much is owed.")),
    "not_an_amount": (ERROR, _("“%(cell)s” in “%(column)s” is not an amount.")),
    "negative_amount": (ERROR, _("“%(cell)s” in “%(column)s” is negative.")),
    "not_a_day": (ERROR, _("“%(cell)s” in “%(column)s” is not a day as this file writes days.")),
    "not_a_number_of_days": (ERROR, _("“%(cell)s” in “%(column)s” is not a number of days.")),
    "not_yes_or_no": (ERROR, _("“%(cell)s” in “%(column)s” is neither yes nor no.")),
    "unknown_word": (ERROR, _("The mapping does not say what “%(cell)s” in “%(column)s” means.")),
    "not_a_currency": (ERROR, _("“%(cell)s” in “%(column)s” is not a currency.")),
    "not_a_country": (ERROR, _("“%(cell)s” in “%(column)s” is not a country.")),
    "not_a_national_id": (ERROR, _("The number in “%(column)s” is not a valid identification number.")),
    "too_long": (ERROR, _("“%(column)s” is longer than we can keep.")),
    "party_without_name": (ERROR, _("“%(column)s” belongs to a person without a name.")),
    "parts_do_not_add_up": (ERROR, _("The parts add up to %(cell)s, which is not what “%(column)s” says.")),
    "overdue_exceeds_total": (ERROR, _("“%(column)s” is more than the whole debt.")),
    "signed_after_due": (WARNING, _("The contract was signed after its due day.")),
    "short_row": (ERROR, _("The row ends after %(cell)s cells; the file may be cut off here.")),
    "unnamed_cell": (ERROR, _("There is text in a cell that has no column name: “%(cell)s”.")),
    "left_out": (INELIGIBLE, _("The mapping leaves out rows with “%(cell)s” in “%(column)s”.")),
    "wrong_currency": (INELIGIBLE, _("The mandate is in another currency than “%(cell)s”.")),
    "nothing_owed": (INELIGIBLE, _("Nothing is owed.")),
    "settled": (INELIGIBLE, _("It was paid or closed on %(cell)s.")),
    "no_due_day": (INELIGIBLE, _("There is no due day, so days past due cannot be counted.")),
    "too_few_days": (INELIGIBLE, _("It is %(cell)s days past due; the mandate takes it later.")),
    "unsecured": (INELIGIBLE, _("It is not secured; it stays with the creditor.")),
    "not_a_person": (INELIGIBLE, _("The debtor is a company; the mandate is for persons.")),
    "notice_missing": (INELIGIBLE, _("No notice of assignment was sent to the debtor.")),
    "notice_after_sale": (INELIGIBLE, _("The notice of assignment of %(cell)s is not dated before the takeover.")),
    "party_notice_missing": (INELIGIBLE, _("No notice of assignment before the takeover was sent to “%(cell)s”.")),
    "status_FRAUD": (INELIGIBLE, _("Suspicion of fraud: it stays with the creditor.")),
    "status_LEGAL": (INELIGIBLE, _("A legal procedure has begun: it stays with the creditor.")),
    "status_RESTRUCTURING": (INELIGIBLE, _("It is proposed for restructuring.")),
    "status_STAFF": (INELIGIBLE, _("The debtor is an employee of the creditor.")),
    "status_DECEASED": (INELIGIBLE, _("The debtor has died.")),
    "status_DISPUTED": (INELIGIBLE, _("The debt is disputed.")),
    "status_INSOLVENT": (INELIGIBLE, _("The debtor is insolvent.")),
    "status_CLOSED": (INELIGIBLE, _("It is closed or paid.")),
    "case_closed": (INELIGIBLE, _("The case of this contract is closed.")),
    "case_in_other_currency": (
        INELIGIBLE,
        _("The case of this contract is in %(cell)s, so the row does not change it."),
    ),
    "closes_case": (WARNING, _("Nothing is owed any more: the open case of this contract is closed as paid.")),
    "stops_case": (WARNING, _("The open case of this contract is put on hold until a person decides.")),
    "client_FRAUD": (
        INELIGIBLE,
        _("Suspicion of fraud on another product of the same client: the client stays with the creditor."),
    ),
    "client_LEGAL": (
        INELIGIBLE,
        _("A legal procedure has begun on another product of the same client: the client stays with the creditor."),
    ),
    "goes_along": (WARNING, _("It is not secured; it goes along with a secured credit of the same client.")),
    "duplicate": (INELIGIBLE, _("The contract number stands in row %(cell)s already.")),
    "accelerated_differently": (
        WARNING,
        _("Legally accelerated, but not in the creditor's system, or the other way round."),
    ),
    "not_a_phone": (WARNING, _("“%(cell)s” in “%(column)s” is not a telephone number; it is kept as a remark.")),
    "not_an_email": (WARNING, _("“%(cell)s” in “%(column)s” is not an e-mail address; it is kept as a remark.")),
}


def reason(code: str, column: str = "", cell: object = "") -> Reason:
    """`cell` is what stood there, never of a secret column."""
    if code not in SENTENCES:
        raise KeyError(code)
    return {"code": code, "column": column, "cell": str(cell)[:120]}


def level(of: Reason) -> str:
    return SENTENCES[of["code"]][0]


def sentence(of: Reason) -> str:
    """The whole sentence in the reader's language."""
    return str(SENTENCES[of["code"]][1]) % {"column": of.get("column", ""), "cell": of.get("cell", "")}
