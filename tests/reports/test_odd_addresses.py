"""Addresses that no page made: years beyond all time, digits of no decimal system, NUL. None breaks a page."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.urls import reverse

from agencies.models import Membership
from tests import factories

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("dashboard", "end=9999-12-31"), ("dashboard", "end=0001-01-05"), ("report-contacts", "end=9999-12-31"),
        ("productivity", "end=9999-12-31&by=week"), ("quality-reviews", "end=9999-12-31"),
        ("quality-results", "end=9999-12-31"), ("history", "day=9999-12-31"),
        ("statement-desk", f"line={quote('²')}"),
    ],
)  # fmt: skip
def test_an_impossible_day_or_number_shows_the_page_without_it(member: Member, name: str, query: str) -> None:
    assert factories.client_of(member("MANAGER")).get(f"{reverse(name)}?{query}").status_code == 200


@pytest.mark.parametrize(("name", "what"), [("report-contacts", "outcome"), ("report-payments", "currency")])
def test_a_nul_in_an_address_or_a_form_is_refused(member: Member, name: str, what: str) -> None:
    browser = factories.client_of(member("MANAGER"))

    assert browser.get(reverse(name), {what: "A\x00"}).status_code == 400
    assert browser.post(reverse("approvals-decide"), {"decide": "\x00"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "form"),
    [("case-list-assign", {"case": "²"}), ("case-list-assign", {"case": "1", "collector": "²"}),
     ("approvals-decide", {"decide": "approve", "promise": "²"})],
)  # fmt: skip
def test_a_ticked_row_that_is_no_number_is_answered_with_what_is_missing(
    member: Member, name: str, form: dict[str, str]
) -> None:
    assert factories.client_of(member("MANAGER")).post(reverse(name), form).status_code in (302, 422)
