"""Two at once: the same file, and the same line, are taken once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from agencies.scope import agency_scope
from cases import statement_booking
from common.refusals import Refused
from ledger.models import Payment, StatementFile, StatementLine
from ledger.statements import keeping
from tests import factories
from tests.browser import DATABASES
from tests.statements.conftest import NOW, lines
from tests.statements.samples import Row, mt940

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all deeds in threads of their own; what was refused is told by its class."""

    def done(deed: Callable[[], object]) -> str:
        try:
            deed()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as threads:
        return sorted(threads.map(done, deeds))


def test_a_file_uploaded_twice_at_once_is_kept_once(agency, coordinator):
    content = mt940([Row(100, text=f"line {n}") for n in range(300)])

    def keep() -> None:
        with agency_scope(agency.id):
            keeping.keep(content, filename="day.sta", by=coordinator, now=NOW)

    assert at_once(keep, keep, keep) == ["done", "done", "done"]
    with agency_scope(agency.id):
        assert StatementFile.objects.count() == 1
        assert StatementLine.objects.count() == 300


def test_a_line_two_people_book_at_once_is_one_payment(agency, coordinator):
    with agency_scope(agency.id):
        cases = [factories.make_case(amount=500) for _ in range(2)]
        keeping.keep(mt940([Row(100)]), filename="day.sta", by=coordinator, now=NOW)
        (line,) = lines()

    def book(case):
        def act() -> None:
            with agency_scope(agency.id):
                statement_booking.book(line, case, by=coordinator, now=NOW)

        return act

    assert at_once(*map(book, cases)) == ["LineIsSettled", "done"]
    with agency_scope(agency.id):
        assert Payment.objects.count() == 1


def test_two_workers_on_one_file_book_each_line_once(agency, coordinator):
    with agency_scope(agency.id):
        factories.make_case(amount=5000, contract_no="MD-2024/00123")
        rows = [Row(10, text="MD-2024/00123", reference=f"E{n}") for n in range(30)]
        file, _is_new = keeping.keep(mt940(rows), filename="day.sta", by=coordinator, now=NOW)

    def match() -> None:
        statement_booking.match_file(agency.id, file.id, now=NOW)

    assert at_once(match, match) == ["done", "done"]
    match()
    with agency_scope(agency.id):
        assert Payment.objects.count() == 30
        assert {line.state for line in lines()} == {"BOOKED"}
