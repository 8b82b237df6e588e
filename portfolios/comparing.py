"""Rows of a file against the contracts we have a case for: what is new, what changed, and what closes a case.

The terms of a mandate say what may be taken over. They do not judge what was taken over before: a known open case is
brought to what the creditor says now, and when he says that nothing is owed any more, the row closes it as paid. What
stops a takeover (a dispute, a death, suspicion of fraud) puts a known case on hold.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from portfolios.changes import Changes, changes_of
from portfolios.eligibility import STAYS_AGAINST_CLOSING, STOPS, TAKEOVER_ALONE, says_settled
from portfolios.known import Known, known_contracts
from portfolios.models import CaseFileRow
from portfolios.reasons import INELIGIBLE, WARNING, level, reason
from portfolios.understanding import Row

Verdict = CaseFileRow.Verdict


def compare(creditor_id: int, understood: Sequence[Row]) -> dict[int, Changes]:
    """Give rows of known contracts their verdict: CHANGED, UNCHANGED, or INELIGIBLE with the reason.

    Returns what changed, by line.
    """
    candidates = [row for row in understood if row.verdict in (Verdict.NEW, Verdict.INELIGIBLE) and row.contract_no]
    known = known_contracts(creditor_id, [row.contract_no for row in candidates])
    changed: list[tuple[Row, Known]] = []
    for row in candidates:
        found = known.get(row.contract_no)
        if found is not None and _meets(row, found):
            changed.append((row, found))
    ids = [found.row_id for _row, found in changed if found.row_id]
    before = dict(CaseFileRow.objects.filter(id__in=ids).values_list("id", "values")) if ids else {}
    return {row.line: changes_of(before.get(found.row_id) or {}, json.loads(row.values)) for row, found in changed}


def _meets(row: Row, found: Known) -> bool:
    """Judge the row of a known contract; True when it changes the case."""
    same = found.digest is not None and bytes(found.digest) == row.digest
    settled = says_settled(row.reasons)
    if found.closed:
        if row.verdict == Verdict.NEW and same:
            row.verdict = Verdict.UNCHANGED
        else:
            _refuse(row, "case_closed")
        return False
    if row.currency != found.currency:
        _refuse(row, "case_in_other_currency", found.currency)
        return False
    if not _speaks_to_the_case(row, settled=settled):
        if STOPS & {of["code"] for of in row.reasons}:
            row.reasons.append(reason("stops_case"))
        return False
    if settled:
        _close(row)
    elif same:
        row.verdict = Verdict.UNCHANGED
        return False
    row.verdict = Verdict.CHANGED
    return True


def _refuse(row: Row, code: str, cell: object = "") -> None:
    row.verdict = Verdict.INELIGIBLE
    row.reasons.append(reason(code, cell=cell))


def _speaks_to_the_case(row: Row, *, settled: bool) -> bool:
    """Whether nothing but terms of the takeover stands against the row; those are then dropped."""
    against = {of["code"] for of in row.reasons if level(of) == INELIGIBLE}
    if against & STAYS_AGAINST_CLOSING if settled else against - TAKEOVER_ALONE:
        return False
    row.reasons[:] = [of for of in row.reasons if level(of) == WARNING]
    row.raw = []
    return True


def _close(row: Row) -> None:
    """Let the row say that nothing is owed: its amounts fall to zero, whatever stood beside the word "paid"."""
    values: dict[str, Any] = json.loads(row.values)
    seals = values.pop("seals", None)
    values |= {"total": "0", "amounts": {}, "dues": []}
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    row.digest = sha256(text.encode()).digest()
    row.values = json.dumps(values | {"seals": seals}, ensure_ascii=False) if seals else text
    row.total = Decimal(0)
    row.reasons.append(reason("closes_case"))
