"""The command takes statements in as an upload does, and may be given again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies.scope import agency_scope
from ledger.models import Payment
from tests import factories
from tests.statements.samples import Row, mt940

pytestmark = pytest.mark.django_db


@pytest.fixture
def take_in(agency, coordinator, tmp_path):
    def given(content: bytes, agency_slug: str = agency.slug) -> str:
        path = tmp_path / "day.sta"
        path.write_bytes(content)
        told = StringIO()
        call_command("import_bank_statement", agency_slug, str(path), stdout=told)
        return told.getvalue()

    return given


def test_a_statement_given_twice_books_once(take_in, agency):
    with agency_scope(agency.id):
        factories.make_case(contract_no="MD-2024/00123")
    content = mt940([Row(100, text="MD-2024/00123"), Row(-2, text="comision")])
    first, second = take_in(content), take_in(content)
    assert "1 booked, 1 open, 0 set aside" in first
    assert "taken in before" in second
    with agency_scope(agency.id):
        assert Payment.objects.count() == 1


def test_a_contradictory_statement_ends_the_command_with_its_line(take_in):
    with pytest.raises(CommandError, match=r"day\.sta: Line 7: .*EUR"):
        take_in(mt940([Row(1)], closing_currency="EUR"))


def test_an_unknown_agency_is_said(take_in):
    with pytest.raises(CommandError, match="There is no agency nowhere"):
        take_in(mt940([]), "nowhere")
