"""Whose payment a line of a bank statement is: cases found by contract number, by account, by name, with reasons.

Sets are joined by equality: what a payer may have meant is worked out from the text and compared with
`Case.contract_key`. Only one answer books by itself: exactly one open case named by its contract number, in the
currency of the line, owing at least its amount. Everything else is a suggestion to a person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from agencies.scope import current_agency_id
from cases import paying_accounts
from cases.models import Case, Promise, Stage
from common.folding import tokens
from ledger.models import Payment, StatementLine

_WORD = re.compile(r"[^\W_]+")
_JOINED_UP_TO = 4
"""A contract number may be written as so many words: "RO 2024 00123"."""
STRONG_LENGTH, STRONG_DIGITS = 6, 3
ONE_MONEY = timedelta(days=10)
"""A payment known before its line comes is looked for so long before and after the line's day."""
BY_IBAN, BY_NAME, BY_CONTRACT, BY_WEAK_CONTRACT, BY_AMOUNT = 40, 35, 70, 45, 10

REASONS: dict[str, Lazy | str] = {
    "contract": _("Contract number in the text"),
    "iban": _("Paid from this account before"),
    "account": _("The debtor's bank account"),
    "name": _("Name of the payer"),
    "balance": _("Pays the whole debt"),
    "overdue": _("Equals what is past due"),
    "promise": _("Equals the promise"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that may be meant. `score` is 0…100. `surplus` is what the line holds above the debt."""

    case: Case
    score: int
    reasons: tuple[str, ...]
    surplus: Decimal
    bookable: bool
    proposed: Decimal
    """What to begin with when a part is booked: the line, or the debt when that is less."""
    known: Payment | None = None
    """Booked already without a line of a statement, and likely this very money."""

    @property
    def told(self) -> list[Lazy | str]:
        return [REASONS[code] for code in self.reasons]


@dataclass(frozen=True, slots=True)
class Named:
    """A case whose contract number stands in a line. `sure`: long enough and written so that it is no chance."""

    case_id: int
    is_open: bool
    currency: str
    creditor_id: int
    sure: bool


@dataclass(slots=True)
class _Found:
    scores: dict[str, int] = field(default_factory=dict)


def keys_of(line: StatementLine) -> dict[str, bool]:
    """Everything in the line that could be a contract number, as `Case.contract_key` writes it -> whether it is sure.

    Words of letters alone are no number. Digits alone are sure only when they stand as one word: sums and days are
    digits with signs between them.
    """
    found: dict[str, bool] = {}
    for text in (line.text, line.end_to_end, line.bank_reference):
        for run in text.upper().split(","):  # a comma separates: it stands in sums, not in contract numbers
            words = _WORD.findall(run)
            for key, parts in _runs(words):
                if len(key) < 4 or not any(c.isdigit() for c in key):
                    continue
                sure = (
                    len(key) >= STRONG_LENGTH
                    and sum(c.isdigit() for c in key) >= STRONG_DIGITS
                    and (parts == 1 or not key.isdigit())
                )
                found[key] = found.get(key, False) or sure
    return found


def _runs(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    for start in range(len(words)):
        for parts in range(1, min(_JOINED_UP_TO, len(words) - start) + 1):
            key = "".join(words[start : start + parts])
            if len(key) <= 80:
                yield key, parts


_NAMED_SQL = """
SELECT t.line_id, t.sure, c.id, c.stage <> 'CLOSED', c.currency, c.creditor_id
FROM unnest(%(line_ids)s::bigint[], %(keys)s::text[], %(sure)s::boolean[]) AS t(line_id, key, sure)
JOIN cases_case AS c ON c.agency_id = %(agency_id)s AND c.contract_key = t.key COLLATE "C"
"""


def named_in(lines: Iterable[StatementLine]) -> dict[int, list[Named]]:
    """Line id -> cases whose contract number stands in it, by one statement for the whole set."""
    line_ids, keys, sure = [], [], []
    for line in lines:
        for key, is_sure in keys_of(line).items():
            line_ids.append(line.id)
            keys.append(key)
            sure.append(is_sure)
    found: dict[int, dict[int, Named]] = {}
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                _NAMED_SQL,
                {"agency_id": current_agency_id(), "line_ids": line_ids, "keys": keys, "sure": sure},
            )
            for line_id, is_sure, case_id, is_open, currency, creditor_id in cursor.fetchall():
                of_line = found.setdefault(line_id, {})
                is_sure = is_sure or (case_id in of_line and of_line[case_id].sure)
                of_line[case_id] = Named(case_id, is_open, currency, creditor_id, is_sure)
    return {line_id: list(cases.values()) for line_id, cases in found.items()}


def only_answer(line: StatementLine, named: Iterable[Named]) -> int | None:
    """The case that may be booked without asking: the one open case named, surely; None when there is any doubt.

    On an account kept for one creditor only that creditor's cases count. Whether the debt is large enough, the
    booking says.
    """
    creditor_id = line.account.creditor_id
    candidates = [one for one in named if one.is_open and creditor_id in (None, one.creditor_id)]
    if line.amount <= 0 or line.reversal or len(candidates) != 1:
        return None
    only = candidates[0]
    return only.case_id if only.sure and only.currency == line.currency else None


def known_payments(line: StatementLine, account_ids: Iterable[int]) -> dict[int, list[Payment]]:
    """Account id -> payments that may be this line's money, entered or reported before it came: not taken back, of the
    line's sum, near its day, and not on any line yet. In another currency any sum may be meant: nothing is converted.
    """
    paid_in = StatementLine.objects.filter(payment_id=OuterRef("id"), amount__gt=0)
    found = Payment.objects.filter(
        ~Exists(paid_in), account_id__in=list(account_ids), reversed_at=None,
        source__in=(Payment.Source.MANUAL, Payment.Source.CREDITOR), received_on__gte=line.booked_on - ONE_MONEY,
        received_on__lte=line.booked_on + ONE_MONEY,
    ).select_related("entry")  # fmt: skip
    known: dict[int, list[Payment]] = {}
    for payment in found.order_by("id"):
        if line.currency != payment.currency or payment.amount == line.amount:
            known.setdefault(payment.account_id, []).append(payment)
    return known


def booked_before(account_id: int, *, amount: Decimal, received_on: date) -> QuerySet[Payment]:
    """Payments that may be the money of `amount` somebody tells of only now: of that sum, near that day, standing."""
    return Payment.objects.filter(
        account_id=account_id, amount=amount, reversed_at=None, received_on__gte=received_on - ONE_MONEY,
        received_on__lte=received_on + ONE_MONEY,
    ).order_by("id")  # fmt: skip


_NAME_SQL = """
SELECT c.id, hit.words, (SELECT count(*) FROM debtors_nametoken AS all_words
    WHERE all_words.agency_id = %(agency_id)s AND all_words.debtor_id = hit.debtor_id) AS of_words
FROM (
    SELECT debtor_id, count(*) AS words FROM debtors_nametoken
    WHERE agency_id = %(agency_id)s AND token = ANY(%(words)s)
    GROUP BY debtor_id HAVING count(*) >= 2 ORDER BY count(*) DESC, debtor_id LIMIT 50
) AS hit
JOIN cases_case AS c ON c.agency_id = %(agency_id)s AND c.debtor_id = hit.debtor_id
ORDER BY hit.words DESC, c.id LIMIT 100
"""


def suggestions(line: StatementLine, *, limit: int = 5) -> list[Suggestion]:
    """Cases that an incoming line may pay, the likeliest first."""
    found: dict[int, _Found] = {}

    def add(case_id: int, reason: str, points: int) -> None:
        scores = found.setdefault(case_id, _Found()).scores
        scores[reason] = max(points, scores.get(reason, 0))

    for one in named_in([line]).get(line.id, []):
        add(one.case_id, "contract", BY_CONTRACT if one.sure else BY_WEAK_CONTRACT)
    recorded = paying_accounts.recorded_for(line)
    for case_id in recorded:
        add(case_id, "account", BY_IBAN)
    for case_id in paying_accounts.used_before(line):
        if case_id not in recorded:
            add(case_id, "iban", BY_IBAN)
    for case_id, share in _named_like(line):
        add(case_id, "name", round(BY_NAME * share))
    creditor_id = line.account.creditor_id
    cases = Case.objects.filter(id__in=list(found)).select_related("debtor", "creditor", "account", "mandate")
    if creditor_id is not None:
        cases = cases.filter(creditor_id=creditor_id)
    promised = _promised(list(found))
    cases = list(cases)
    known = known_payments(line, (case.account_id for case in cases))
    rated = []
    for case in cases:
        scores = found[case.id].scores
        for reason in _fitting_sums(case, line, promised.get(case.id)):
            scores[reason] = BY_AMOUNT
        rated.append(_suggestion(case, line, scores, known))
    rated.sort(key=lambda one: (not one.bookable and one.known is None, -one.score, one.case.id))
    return rated[:limit]


def _suggestion(
    case: Case, line: StatementLine, scores: dict[str, int], known: Mapping[int, list[Payment]]
) -> Suggestion:
    surplus = max(line.amount - case.account.balance, Decimal(0))
    bookable = case.stage != Stage.CLOSED and case.currency == line.currency and case.account.balance > 0
    order = sorted(scores, key=lambda reason: (-scores[reason], reason))
    payment = next(iter(known.get(case.account_id, [])), None)
    return Suggestion(
        case, min(100, sum(scores.values())), tuple(order), surplus, bookable, line.amount - surplus, payment
    )


def suggestions_for(cases: Sequence[Case], line: StatementLine) -> list[Suggestion]:
    """Cases a person searched for, as suggestions without reasons."""
    known = known_payments(line, (case.account_id for case in cases))
    return [_suggestion(case, line, {}, known) for case in cases]


def _named_like(line: StatementLine) -> list[tuple[int, float]]:
    """Cases of debtors of whose name at least two words stand in the payer's, and which part of it they are."""
    words = tokens(line.name)
    if len(words) < 2:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NAME_SQL, {"agency_id": current_agency_id(), "words": words})
        return [(case_id, hits / max(of, len(words), 1)) for case_id, hits, of in cursor.fetchall()]


def _promised(case_ids: list[int]) -> dict[int, Decimal]:
    rows = Promise.objects.filter(case_id__in=case_ids, state=Promise.State.ACTIVE).values("case_id")
    return {row["case_id"]: row["sum"] for row in rows.annotate(sum=Sum("amount")).order_by("case_id")}


def _fitting_sums(case: Case, line: StatementLine, promised: Decimal | None) -> Iterator[str]:
    if line.amount == case.account.balance:
        yield "balance"
    elif line.amount == case.overdue:
        yield "overdue"
    if promised is not None and promised == line.amount:
        yield "promise"


def parts_of(line: StatementLine) -> list[StatementLine]:
    """What a line came to: itself, or the last parts it was divided into, in their order."""
    leaves, level = [], [line]
    while level:
        leaves += [one for one in level if one.state != StatementLine.State.SPLIT]
        divided = [one.id for one in level if one.state == StatementLine.State.SPLIT]
        parts = StatementLine.objects.filter(part_of__in=divided).select_related("payment__entry__account")
        level = list(parts.order_by("id")) if divided else []
    return leaves


def whole_of(payment: Payment, amount: Decimal) -> StatementLine | None:
    """The incoming line of `amount` of which a payment is a part; None when it is of none."""
    line = StatementLine.objects.filter(payment=payment, amount__gt=0).first()
    while line is not None and line.amount < amount:
        line = line.part_of
    return line if line is not None and line.amount == amount else None


@dataclass(frozen=True, slots=True)
class Return:
    """A booked payment that an outgoing line may take back; `parts`: how many the incoming line was divided into."""

    payment: Payment
    case: Case
    received_on: date
    reasons: tuple[Lazy | str, ...]
    parts: int = 1


RETURN_REASONS = {
    "reference": _("Same reference"),
    "iban": _("Same account"),
    "contract": _("Contract number in the text"),
    "reversed": _("Taken back on its case already"),
}


def returns(line: StatementLine, *, limit: int = 5) -> list[Return]:
    """Payments of exactly this sum on the same account that an outgoing line may take back, each with a reason."""
    if line.amount >= 0:
        return []
    State = StatementLine.State
    taken = StatementLine.objects.filter(payment_id=OuterRef("payment_id"), amount__lt=0)
    found = list(
        StatementLine.objects.filter(
            ~Exists(taken), account_id=line.account_id, state__in=(State.BOOKED, State.SPLIT), amount=-line.amount,
            booked_on__lte=line.booked_on,
        )
        .select_related("payment")
        .order_by("-booked_on", "-id")[:200]
    )  # fmt: skip
    named = {one.case_id for one in named_in([line]).get(line.id, [])}
    divided = {one.id: _booked_parts(one) for one in found if one.state == State.SPLIT}
    first = {one.id: one.payment or next(iter(divided[one.id]), None) for one in found}
    accounts = {payment.account_id for payment in first.values() if payment is not None}
    cases = {
        case.account_id: case
        for case in Case.objects.filter(account_id__in=accounts).select_related("debtor", "creditor")
    }
    rated = []
    for one in found:
        payment = first[one.id]
        case = cases.get(payment.account_id) if payment is not None else None
        if payment is None or case is None:
            continue
        reasons = _return_reasons(line, one, case.id in named)
        if reasons:
            if payment.reversed_at is not None:
                reasons.append("reversed")
            told = tuple(RETURN_REASONS[reason] for reason in reasons)
            parts = len(divided[one.id]) if one.id in divided else 1
            rated.append((len(reasons), Return(payment, case, one.booked_on, told, parts)))
    rated.sort(key=lambda pair: -pair[0])
    return [one for _count, one in rated[:limit]]


def _booked_parts(line: StatementLine) -> list[Payment]:
    """The payments of a divided line when all of it is settled and none was taken back by the bank; else none."""
    leaves = parts_of(line)
    payments = [leaf.payment for leaf in leaves if leaf.payment is not None]
    waits = any(leaf.state == StatementLine.State.OPEN for leaf in leaves)
    if waits or StatementLine.objects.filter(payment__in=payments, amount__lt=0).exists():
        return []
    return payments


def _return_reasons(line: StatementLine, earlier: StatementLine, named: bool) -> list[str]:
    reasons = []
    if _same(line.end_to_end, earlier.end_to_end) or _same(line.bank_reference, earlier.bank_reference):
        reasons.append("reference")
    if _same(line.iban, earlier.iban):
        reasons.append("iban")
    if named:
        reasons.append("contract")
    return reasons


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other
