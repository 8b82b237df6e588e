"""One table of transitions: for one case and for a set the same, guarded, explained, audited."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from cases import transitions
from cases.models import Case, Note, Stage
from cases.stage_rules import AUTOMATIC, TABLE, limits_of
from portfolios import strategies
from portfolios.models import Strategy
from tests import factories
from tests.factories import TODAY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


def make(portfolio, **fields):
    return factories.make_case(portfolio=portfolio, **fields)


@pytest.mark.parametrize(
    ("stage", "dpd", "expected"),
    [
        ("WATCH", 30, "WATCH"),
        ("WATCH", 31, "PRE_SOFT"),
        ("WATCH", 60, "PRE_SOFT"),
        ("WATCH", 61, "SOFT"),
        ("PRE_SOFT", 61, "SOFT"),
        ("PRE_SOFT", 300, "SOFT"),
        ("SOFT", 300, "SOFT"),
        ("SOFT", 45, "PRE_SOFT"),
        ("SOFT", 10, "WATCH"),
        ("FIELD", 91, "FIELD"),
        ("FIELD", 90, "SOFT"),
        ("FIELD", 45, "PRE_SOFT"),
        ("FIELD", 3, "WATCH"),
        ("LEGAL", 3, "LEGAL"),
    ],
)
def test_the_night_moves_a_case_to_the_stage_of_its_days(portfolio, stage, dpd, expected):
    """S000-02, S000-03, S000-05."""
    case = make(portfolio, stage=stage, days_past_due=dpd)
    transitions.apply_all(as_of=TODAY)
    assert Case.objects.get(id=case.id).stage == expected


def test_the_night_sends_to_field_only_where_the_strategy_says_so(portfolio):
    """S000-04, S001-08."""
    Strategy.objects.create(portfolio=portfolio, field_by_days=True, effective_on=TODAY)
    by_days = make(portfolio, stage="SOFT", days_past_due=95)
    by_hand = make(portfolio, stage="SOFT", days_past_due=95, sent_back=True)
    transitions.apply_all(as_of=TODAY)
    assert [Case.objects.get(id=c.id).stage for c in (by_days, by_hand)] == ["FIELD", "SOFT"]


def test_thresholds_of_each_portfolio_count(portfolio):
    """S000-24, S002-01."""
    early = factories.make_portfolio()
    Strategy.objects.create(portfolio=early, pre_soft_from=5, soft_from=10, field_from=20, effective_on=TODAY)
    one, other = make(portfolio, stage="WATCH", days_past_due=12), make(early, stage="WATCH", days_past_due=12)
    transitions.apply_all(as_of=TODAY)
    assert [Case.objects.get(id=c.id).stage for c in (one, other)] == ["WATCH", "SOFT"]


def test_a_held_case_stays(portfolio):
    case = make(portfolio, stage="WATCH", days_past_due=70, on_hold=True)
    assert transitions.apply_all(as_of=TODAY) == {}
    assert Case.objects.get(id=case.id).stage == "WATCH"


def test_a_paid_case_closes_even_on_hold(portfolio):
    case = make(portfolio, stage="LEGAL", on_hold=True)
    Case.objects.filter(id=case.id).update(balance=0)
    assert transitions.apply_all(as_of=TODAY) == {"close_paid": 1}
    case = Case.objects.get(id=case.id)
    assert (case.stage, case.close_reason, case.closed_on) == ("CLOSED", "PAID", TODAY)


def test_a_second_run_moves_nothing_and_writes_nothing(portfolio):
    make(portfolio, stage="WATCH", days_past_due=70)
    assert transitions.apply_all(as_of=TODAY) == {"enter_soft": 1}
    events = Event.objects.count()
    assert transitions.apply_all(as_of=TODAY) == {}
    assert Event.objects.count() == events


def test_each_move_has_its_event(portfolio):
    case = make(portfolio, stage="WATCH", days_past_due=70)
    transitions.apply_all(as_of=TODAY)
    event = Event.objects.get(case_id=case.id)
    assert event.kind == "case.stage_changed"
    assert event.data == {"transition": "enter_soft", "from_stage": "WATCH", "stage": "SOFT"}


def test_only_the_chosen_portfolios_move(portfolio):
    other = factories.make_portfolio()
    make(portfolio, stage="WATCH", days_past_due=70)
    make(other, stage="WATCH", days_past_due=70)
    assert transitions.apply_all(as_of=TODAY, portfolio_ids=[other.id]) == {"enter_soft": 1}


def test_another_agencys_cases_stay(portfolio, other_agency):
    assert transitions.apply_all(as_of=TODAY) == {}


OPEN_STAGES = [stage for stage in Stage.values if stage != "CLOSED"]
cases = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(OPEN_STAGES),
        "oldest_due_on": st.none() | st.integers(-5, 130).map(lambda days: TODAY - timedelta(days=days)),
        "balance": st.sampled_from([0, 1, 1000]),
        "broken_in_a_row": st.integers(0, 4),
        "on_hold": st.booleans(),
        "sent_back": st.booleans(),
    }
)
thresholds = st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(1, 40), st.booleans(), st.integers(1, 3))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(cases, min_size=1, max_size=6), bounds=thresholds)
def test_one_case_and_a_set_agree(portfolio, wanted, bounds):
    """`follow` on each of the cases gives what `apply_all` gives on their twins (S000-24)."""
    first, second, third, by_days, broken = bounds
    Strategy.objects.update_or_create(
        agency_id=portfolio.agency_id, portfolio=portfolio, effective_on=TODAY,
        defaults={
            "pre_soft_from": first, "soft_from": first + second, "field_from": first + second + third,
            "field_by_days": by_days, "broken_promises_to_field": broken,
        },
    )  # fmt: skip
    other = factories.make_portfolio()
    Strategy.objects.create(
        portfolio=other, pre_soft_from=first, soft_from=first + second, field_from=first + second + third,
        field_by_days=by_days, broken_promises_to_field=broken, effective_on=TODAY,
    )  # fmt: skip
    ones = [make(portfolio, **fields) for fields in wanted]
    twins = [make(other, **fields) for fields in wanted]
    names = [transitions.follow(case, as_of=TODAY) for case in ones]
    counted = transitions.apply_all(as_of=TODAY, portfolio_ids=[other.id])
    columns = ("stage", "stage_since", "closed_on", "close_reason", "sent_back", "broken_in_a_row")
    assert counted == {name: names.count(name) for name in names if name}
    assert [_columns(c, columns) for c in ones] == [_columns(c, columns) for c in twins]


def _columns(case, columns):
    return Case.objects.values_list(*columns).get(id=case.id)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=cases, bounds=thresholds)
def test_at_most_one_automatic_rule_applies(in_agency, fields, bounds):
    first, second, third, by_days, broken = bounds
    limits = limits_of(strategies.Thresholds(first, first + second, first + second + third, by_days, broken), TODAY)
    case = Case(**fields)
    assert len([r.name for r in AUTOMATIC if case.stage in r.sources and not r.failures(case, limits)]) <= 1


def test_field_before_its_days_is_refused_with_the_reason(portfolio, member):
    """S000-04."""
    case = make(portfolio, stage="SOFT", days_past_due=90)
    with pytest.raises(transitions.TransitionRefused, match="not past due by enough days for a field visit"):
        transitions.apply(case, "send_to_field", by=member("COORDINATOR"), as_of=TODAY)
    assert Case.objects.get(id=case.id).stage == "SOFT"


def test_two_broken_promises_open_field_earlier(portfolio, member):
    case = make(portfolio, stage="PRE_SOFT", days_past_due=40, broken_in_a_row=2)
    transitions.apply(case, "send_to_field", by=member("COORDINATOR"), as_of=TODAY)
    assert case.stage == "FIELD"
    assert transitions.apply_all(as_of=TODAY) == {}


def test_a_held_case_is_not_sent_to_field(portfolio, member):
    case = make(portfolio, stage="SOFT", days_past_due=120, on_hold=True)
    with pytest.raises(transitions.TransitionRefused, match="hold is open"):
        transitions.apply(case, "send_to_field", by=member("COORDINATOR"), as_of=TODAY)


def test_legal_needs_a_reason_which_is_kept_as_a_note(portfolio, member):
    case = make(portfolio, stage="FIELD", days_past_due=120)
    factories.approve_lawsuit(case)
    with pytest.raises(transitions.ReasonMissing):
        transitions.apply(case, "hand_to_legal", by=member("LEGAL_OFFICER"), as_of=TODAY)
    transitions.apply(case, "hand_to_legal", by=member("LEGAL_OFFICER"), as_of=TODAY, reason="Hides his residence")
    assert Case.objects.get(id=case.id).stage == "LEGAL"
    assert Note.objects.get(case=case).text == "Hides his residence"
    assert "Hides" not in str(Event.objects.get(case_id=case.id, kind="case.stage_changed").data)


def test_legal_is_shut_until_going_to_court_is_approved(portfolio, member):
    """S000-12: the exit of field is a decision; a reason alone does not open the legal stage (S000-01)."""
    case = make(portfolio, stage="FIELD", days_past_due=120)
    with pytest.raises(transitions.TransitionRefused, match="decided on the legal page"):
        transitions.apply(case, "hand_to_legal", by=member("LEGAL_OFFICER"), as_of=TODAY, reason="Hides his residence")
    assert Case.objects.get(id=case.id).stage == "FIELD"


def test_a_case_taken_back_from_legal_needs_a_new_decision(portfolio, member):
    case, officer = make(portfolio, stage="FIELD", days_past_due=120), member("LEGAL_OFFICER")
    factories.approve_lawsuit(case)
    transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="Hides")
    transitions.apply(case, "send_back_from_legal", by=officer, as_of=TODAY, reason="Wants to talk")
    with pytest.raises(transitions.TransitionRefused, match="decided on the legal page"):
        transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="Hides again")


def test_the_database_refuses_legal_without_the_approval_even_through_the_open_door(portfolio):
    case = make(portfolio, stage="FIELD", days_past_due=120)
    for decision_id in (None, 999_999):
        with pytest.raises(IntegrityError, match="may not go to court"), transaction.atomic(), transitions._door():
            Case.objects.filter(id=case.id).update(stage="LEGAL", court_decision_id=decision_id)


@pytest.mark.parametrize("role", ["COLLECTOR", "SKIP_TRACING_OFFICER", "ANTI_FRAUD_OFFICER", "CREDITOR_USER"])
def test_who_may_not_decide_does_not(portfolio, member, role):
    case = make(portfolio, stage="FIELD", days_past_due=120)
    with pytest.raises(transitions.NotYours):
        transitions.apply(case, "hand_to_legal", by=member(role), as_of=TODAY, reason="No")


def test_the_machine_takes_no_persons_decision(portfolio):
    with pytest.raises(transitions.NotYours):
        transitions.apply(make(portfolio, stage="FIELD"), "hand_to_legal", by=None, as_of=TODAY)


def test_back_to_the_phone_holds_against_the_night(portfolio, member):
    """S002-13."""
    Strategy.objects.create(portfolio=portfolio, field_by_days=True, effective_on=TODAY)
    case = make(portfolio, stage="FIELD", days_past_due=120)
    transitions.apply(case, "send_back_to_phone", by=member("COORDINATOR"), as_of=TODAY, reason="Answers again")
    assert transitions.apply_all(as_of=TODAY) == {}
    assert Case.objects.get(id=case.id).stage == "SOFT"


def test_closing_and_reopening_by_hand(portfolio, member):
    case = make(portfolio, stage="SOFT")
    manager = member("MANAGER")
    transitions.close(case, reason="RECALLED", by=manager, as_of=TODAY)
    assert (case.stage, case.close_reason, case.closed_on) == ("CLOSED", "RECALLED", TODAY)
    transitions.apply(case, "reopen", by=manager, as_of=TODAY, reason="Sent again")
    assert (case.stage, case.close_reason, case.closed_on) == ("WATCH", "", None)


def test_available_says_what_and_why_not(portfolio):
    case = make(portfolio, stage="SOFT", days_past_due=70)
    offered = {rule.name: why for rule, why in transitions.available(case, role="COORDINATOR", as_of=TODAY)}
    assert set(offered) == {"send_to_field", "hand_to_legal", "close"}
    assert "decided on the legal page" in offered["hand_to_legal"]
    assert "field visit" in offered["send_to_field"]
    assert transitions.available(case, role="COLLECTOR", as_of=TODAY) == []


def test_the_database_refuses_a_stage_written_beside_the_door(portfolio):
    case = make(portfolio)
    with pytest.raises(IntegrityError, match=r"only through cases\.transitions"), transaction.atomic():
        Case.objects.filter(id=case.id).update(stage="LEGAL")


def test_the_door_is_shut_again_after_a_move(portfolio):
    case = make(portfolio, stage="WATCH", days_past_due=70)
    transitions.apply_all(as_of=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(id=case.id).update(stage="LEGAL")


def test_python_refuses_to_set_the_stage_even_after_a_reload(portfolio):
    case = make(portfolio)
    case.refresh_from_db()
    with pytest.raises(AttributeError):
        case.stage = "LEGAL"
    other = Case.objects.get(id=case.id)
    with pytest.raises(AttributeError):
        other.stage = "LEGAL"


def test_nothing_in_the_tree_updates_a_stage():
    """Only transitions write stages; everything else inserts cases with one or asks for a move."""
    pattern = re.compile(
        r"""update\([^)]*\bstage=|\bSET\s[^;"']{0,200}\bstage\s*=|update_fields=\[[^\]]*["']stage["']""",
    )
    allowed = {Path("cases/transitions.py")}
    packages = ("agencies", "api", "audit", "cases", "collections_crm", "contacts", "debtors", "field", "jurisdictions")
    packages += ("ledger", "legal", "portal", "portfolios", "reports")
    files = [path for package in packages for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    found = {path.relative_to(ROOT) for path in files if pattern.search(path.read_text(encoding="utf-8"))}
    assert found - allowed == set()


def test_every_rule_is_reachable_and_named_once():
    assert len({rule.name for rule in TABLE}) == len(TABLE)
    assert set(transitions.MACHINE) == {rule.name for rule in TABLE}
    assert all(rule.automatic or rule.permissions or rule.name in transitions.BY_MACHINE for rule in TABLE)
