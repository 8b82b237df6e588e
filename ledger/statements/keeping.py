"""Keeping a statement: checked, stored once, each movement once however often and in whatever file it comes again.

Movements are told apart by all the bank says about them. Where it says the very same twice, the second is another
movement when both stand in one statement, and the same one when it stands in a statement that may overlap an earlier
one. Statements that follow each other without a gap do not overlap.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from common import kept_files
from common.refusals import Refused
from ledger.models import BankAccount, BankStatement, StatementFile, StatementLine
from ledger.statements import accounts, consistency, reading
from ledger.statements.values import Balance, Movement, Statement
from portfolios.receiving import safe_name

KEPT = record.kind(
    "ledger.statement_kept", gettext_lazy("A bank statement was taken in: %(lines)s movements, %(known)s known before.")
)
FIELDS = ("booked_on", "value_on", "amount", "currency", "name", "iban", "text", "end_to_end", "bank_reference", "code")
FAR_AHEAD = timedelta(days=7)


class SameDaysInAnotherForm(Refused):
    """These days came as MT940 and come again as CAMT.053, or the reverse: movements could not be told apart."""

    field = "file"


class StatementIsFromTheFuture(Refused):
    field = "file"


def keep(content: bytes, *, filename: str, by: Actor, now: datetime, via: str = "WEB") -> tuple[StatementFile, bool]:
    """Read, check and keep a file; all of it or nothing. Returns it, and whether it is new.

    Raises:
        StatementNotUnderstood: not readable, or it contradicts itself; line and sentence say where.
        AccountIsNotOurs, SameDaysInAnotherForm, StatementIsFromTheFuture
    """
    digest = sha256(content).hexdigest()
    if known := StatementFile.objects.filter(sha256=digest).first():
        return known, False
    statements = reading.read(content)
    for statement in statements:
        consistency.check(statement)
        _check_day(statement, now)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(no_key=True).get(id=current_agency_id())  # one file after another
        if known := StatementFile.objects.filter(sha256=digest).first():
            return known, False
        kept = kept_files.keep(content, agency_id=agency.id, folder="bank-statements")
        file = StatementFile.objects.create(
            form=statements[0].form.value, filename=safe_name(filename), path=kept.path, sha256=digest, size=kept.size,
            via=via, uploaded_by=user_of(by), uploaded_at=now,
        )  # fmt: skip
        rows = [_keep_one(file, statement, agency, by) for statement in statements]
        record.record(
            KEPT, by=user_of(by), subject_id=file.id, at=now, statements=len(rows), via=via,
            lines=sum(row.lines for row in rows), known=sum(row.known for row in rows),
        )  # fmt: skip
    return file, True


def digest_of(movement: Movement) -> bytes:
    """All the bank says about a movement, without spaces: banks break and pad texts as they like."""
    told = ["".join(str(getattr(movement, field)).split()) for field in FIELDS]
    return sha256("\x1f".join([*told, str(int(movement.reversal))]).encode()).digest()


def _keep_one(file: StatementFile, statement: Statement, agency: Agency, by: Actor) -> BankStatement:
    opening, closing = statement.balances()
    account = accounts.account_for(agency, number=statement.account, currency=statement.currency, by=by)
    earlier = BankStatement.objects.filter(account=account)
    _refuse_other_form(file, earlier, statement)
    digests = [digest_of(movement) for movement in statement.movements]
    taken, seen = _kept_before(account, digests, before=_ended_before(earlier, statement))
    fresh: list[tuple[Movement, bytes, int]] = []
    here: Counter[bytes] = Counter()
    for movement, digest in zip(statement.movements, digests, strict=True):
        here[digest] += 1
        if here[digest] > seen[digest]:
            taken[digest] += 1
            fresh.append((movement, digest, taken[digest]))
    row: BankStatement = BankStatement.objects.create(
        file=file, account=account, number=statement.number[:40], opening=opening.amount, opened_on=opening.on,
        closing=closing.amount, closed_on=closing.on, lines=len(digests), known=len(digests) - len(fresh),
        pending=statement.pending, warnings=_warnings(earlier, statement),
    )  # fmt: skip
    _insert(row, fresh)
    return row


_INSERT_SQL = """
INSERT INTO ledger_statementline (
    agency_id, statement_id, account_id, state, reason, how, at_line, digest, ordinal, reversal, booked_on, value_on,
    amount, currency, name, iban, text, end_to_end, bank_reference, code)
SELECT %s, %s, %s, 'OPEN', '', '', line.* FROM unnest(
    %s::int[], %s::bytea[], %s::int[], %s::boolean[], %s::date[], %s::date[], %s::numeric[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS line
"""


def _insert(statement: BankStatement, fresh: Sequence[tuple[Movement, bytes, int]]) -> None:
    """All new lines, some thousands with one statement."""
    for start in range(0, len(fresh), 5000):
        rows = fresh[start : start + 5000]
        columns: list[list[Any]] = [
            [movement.at_line for movement, _digest, _ordinal in rows],
            [digest for _movement, digest, _ordinal in rows],
            [ordinal for _movement, _digest, ordinal in rows],
            [movement.reversal for movement, _digest, _ordinal in rows],
            *([getattr(movement, field) for movement, _digest, _ordinal in rows] for field in FIELDS),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_SQL, [statement.agency_id, statement.id, statement.account_id, *columns])


def _kept_before(
    account: BankAccount, digests: Iterable[bytes], *, before: set[int]
) -> tuple[Counter[bytes], Counter[bytes]]:
    """How often each movement was kept at all, and how often by statements that this one may overlap."""
    taken: Counter[bytes] = Counter()
    seen: Counter[bytes] = Counter()
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), 5000):
        rows = StatementLine.objects.filter(
            account=account, part_of=None, digest__in=wanted[start : start + 5000]
        ).values_list("digest", "statement_id")
        for digest, statement_id in rows:
            taken[bytes(digest)] += 1
            seen[bytes(digest)] += statement_id not in before
    return taken, seen


def _ended_before(earlier: QuerySet[BankStatement], statement: Statement) -> set[int]:
    """Statements that ended where this one begins, or on a day before: they cannot hold its movements.

    On the same day only a statement with another number counts whose closing balance is this one's opening.
    """
    opening, _closing = statement.balances()
    return {
        row.id
        for row in earlier
        if row.closed_on < opening.on
        or (
            row.closed_on == opening.on and row.closing == opening.amount and _tells_apart(row.number, statement.number)
        )
    }


def _tells_apart(one: str, other: str) -> bool:
    return one != other and bool(one.strip("0/")) and bool(other.strip("0/"))


def _refuse_other_form(file: StatementFile, earlier: QuerySet[BankStatement], statement: Statement) -> None:
    """The same days from two forms cannot be compared movement by movement: one form for each account."""
    opening, closing = statement.balances()
    for row in earlier.select_related("file").exclude(file__form=file.form):
        if row.opened_on <= closing.on and opening.on <= row.closed_on and not _touch(row, opening, closing):
            raise SameDaysInAnotherForm(
                _(
                    "Line %(line)s: the days %(from)s to %(to)s of this account were taken in as %(form)s before."
                    " Upload one form for each account."
                )
                % {"line": statement.at_line, "from": row.opened_on, "to": row.closed_on, "form": row.file.form},
                line=statement.at_line,
            )


def _touch(row: BankStatement, opening: Balance, closing: Balance) -> bool:
    """One ends on the day and with the balance on which the other begins."""
    after = row.closed_on == opening.on and row.closing == opening.amount and row.opened_on < closing.on
    ahead = row.opened_on == closing.on and row.opening == closing.amount and opening.on < row.closed_on
    return after or ahead


def _warnings(earlier: QuerySet[BankStatement], statement: Statement) -> list[list[object]]:
    """A gap before this statement: what the account held when the last one ended is not what it holds now."""
    opening, _closing = statement.balances()
    found: list[list[object]] = []
    until = earlier.filter(closed_on__lte=opening.on).order_by("-closed_on", "-id")
    last = until.first()
    if last is not None and not until.filter(closed_on=last.closed_on, closing=opening.amount).exists():
        found.append(
            ["gap", {"number": last.number, "on": last.closed_on.isoformat(), "closing": str(last.closing),
                     "opening": str(opening.amount)}]
        )  # fmt: skip
    if statement.pending:
        found.append(["pending", {"count": statement.pending}])
    return found


def _check_day(statement: Statement, now: datetime) -> None:
    _opening, closing = statement.balances()
    last = max([closing.on, *(movement.booked_on for movement in statement.movements)])
    if last > (now + FAR_AHEAD).date():
        raise StatementIsFromTheFuture(
            _("Line %(line)s: the statement is of %(day)s, a day that has not come yet.")
            % {"line": closing.at_line, "day": last},
            line=closing.at_line,
        )
