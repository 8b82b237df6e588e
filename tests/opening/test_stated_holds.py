"""What the creditor's later file says against an open case stops it: a dispute, a death, fraud, a legal procedure."""

import pytest
from django.utils import timezone

from audit.models import Event
from cases import holds
from cases.models import Case, Hold
from portfolios import checking
from tests import factories
from tests.opening.files import ANA, ION, checked, codes, csv_of, opened, verdicts
from tests.opening.test_settled import spec_with_words, with_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def stated(word: str) -> bytes:
    return with_words(ION, status=word)


@pytest.mark.parametrize(
    ("word", "reason"),
    [("fraud", "FRAUD"), ("legal", "CREDITOR"), ("deceased", "DECEASED"), ("contestat", "DISPUTE")],
)
def test_the_open_case_is_put_on_hold(portfolio, by, word, reason):
    """S004-65, S004-07: what the creditor says of the client stops the collection at once."""
    opened(portfolio, csv_of(ION), by)
    later = opened(portfolio, stated(word), by, spec=spec_with_words())
    case, hold = Case.objects.get(), Hold.objects.get()
    assert (verdicts(later), codes(later)[-1]) == (["INELIGIBLE"], "stops_case")
    assert (case.on_hold, hold.reason, hold.note) == (True, reason, f"case file {later.id}, row 2")
    assert later.counts["holds_placed"] == 1
    assert Event.objects.filter(case_id=case.id, kind="case.hold_placed").count() == 1


def test_an_unknown_contract_gets_no_hold_and_nothing_to_confirm(portfolio, by):
    case_file = checked(portfolio, stated("fraud"), by, spec=spec_with_words())
    assert codes(case_file) == ["status_FRAUD"]
    with pytest.raises(checking.NothingToConfirm):
        checking.confirm(case_file, by=by.user, now=timezone.now())


def test_the_same_word_again_leaves_the_open_hold_alone(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(portfolio, stated("contestat"), by, spec=spec_with_words())
    again = opened(portfolio, with_words(ANA, status="") + stated("contestat").split(b"\n", 1)[1], by)
    assert (Hold.objects.count(), again.counts["holds_placed"]) == (1, 0)


def test_a_person_lifts_it(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(portfolio, stated("contestat"), by, spec=spec_with_words())
    holds.lift(Hold.objects.get(), by=by, now=timezone.now())
    assert not Case.objects.get().on_hold
