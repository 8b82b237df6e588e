"""An agency whose debtors pay to one account."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cases import statement_booking
from ledger.models import StatementFile, StatementLine
from ledger.statements import keeping
from tests import factories
from tests.statements.samples import ACCOUNT

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def agency(agency: factories.Agency) -> factories.Agency:
    agency.payment_iban = "MD24 AG00 0225 1000 1310 4168"
    agency.save(update_fields=["payment_iban"])
    return agency


@pytest.fixture
def coordinator(member: Callable[..., factories.Membership]) -> factories.Membership:
    return member("COORDINATOR")


@pytest.fixture
def take_in(coordinator: factories.Membership) -> Callable[[bytes], StatementFile]:
    """take_in(content) keeps and matches a statement as an upload does."""

    def taken(content: bytes, **options: Any) -> StatementFile:
        file, is_new = keeping.keep(content, filename="statement.sta", by=coordinator, now=NOW)
        if is_new:
            last: int | None = 0
            while last is not None:
                last = statement_booking.match_chunk(file, after_id=last, now=NOW)
        file.refresh_from_db()
        return file

    return taken


def lines(**wanted: Any) -> list[StatementLine]:
    return list(StatementLine.objects.filter(**wanted).select_related("payment", "account").order_by("id"))


__all__ = ["ACCOUNT", "NOW", "lines"]
