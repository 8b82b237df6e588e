"""Allocation: previewed, even, within capacity, by the right coordinator, undoable for a day."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from audit.models import Event
from cases import assignment
from cases.assignment import Rule
from cases.models import AllocationMove, Case
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def team(in_agency):
    return factories.make_team()


@pytest.fixture
def coordinator(team, member):
    return member("COORDINATOR", team=team)


@pytest.fixture
def people(team, member):
    return [member("COLLECTOR", team=team) for _n in range(3)]


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


def cases(portfolio, team, amounts, **fields):
    return [factories.make_case(portfolio=portfolio, team=team, amount=amount, **fields) for amount in amounts]


def rule(people, **fields):
    targets = tuple(person.id for person in people)
    return Rule(**({"kind": "COLLECTOR", "targets": targets, "as_of": TODAY, "now": NOW} | fields))


def owners():
    return dict(Case.objects.order_by("id").values_list("id", "collector_id"))


def test_a_preview_shows_before_and_after_and_writes_nothing(portfolio, team, people):
    cases(portfolio, team, [100, 100, 100], collector=people[0])
    cases(portfolio, team, [600, 500, 400, 300, 200, 100])
    before = owners()
    preview = assignment.preview(rule(people))
    assert [(row.before.cases, row.gets.cases, row.after.cases) for row in preview.rows] == [
        (3, 2, 5),
        (0, 2, 2),
        (0, 2, 2),
    ]
    assert [row.gets.sums["MDL"] for row in preview.rows] == [Decimal(700), Decimal(700), Decimal(700)]
    assert (preview.chosen, preview.dealt, preview.left) == (6, 6, 0)
    assert owners() == before


def test_what_was_previewed_is_what_is_done(portfolio, team, people, coordinator):
    """S004-01."""
    cases(portfolio, team, [600, 500, 400, 300, 200, 100])
    preview = assignment.preview(rule(people))
    batch = assignment.allocate(rule(people), by=coordinator, now=NOW)
    assert batch.cases == 6
    for row in preview.rows:
        assert Case.objects.filter(collector_id=row.target_id).count() == row.gets.cases


def test_each_case_has_the_move_in_its_history(portfolio, team, people, coordinator):
    (case,) = cases(portfolio, team, [100])
    batch = assignment.allocate(rule(people[:1]), by=coordinator, now=NOW)
    assert AllocationMove.objects.get(batch=batch).to_collector_id == people[0].id
    event = Event.objects.get(case_id=case.id, kind="case.assigned")
    assert event.data == {"batch_id": batch.id, "team_id": team.id, "collector_id": people[0].id}


def test_by_count_whoever_has_least_gets_first(portfolio, team, people):
    cases(portfolio, team, [100] * 4, collector=people[0])
    cases(portfolio, team, [100] * 2, collector=people[1])
    cases(portfolio, team, [100] * 6)
    preview = assignment.preview(rule(people, spread="COUNT"))
    assert [row.after.cases for row in preview.rows] == [4, 4, 4]


def test_nobody_gets_more_than_their_capacity(portfolio, team, people):
    for person in people:
        person.capacity = 1
        person.save(update_fields=["capacity"])
    cases(portfolio, team, [100] * 5)
    preview = assignment.preview(rule(people))
    assert [row.gets.cases for row in preview.rows] == [1, 1, 1]
    assert preview.left == 2


def test_language_is_matched_when_asked_for(portfolio, team, people):
    people[0].languages = ["ru"]
    people[1].languages = ["ro"]
    people[2].languages = ["ro"]
    for person in people:
        person.save(update_fields=["languages"])
    russian = cases(portfolio, team, [100] * 3, debtor=factories.make_debtor(language="ru"))
    preview = assignment.preview(rule(people, match_language=True))
    assert [row.gets.cases for row in preview.rows] == [len(russian), 0, 0]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"stages": ("SOFT",)}, {"soft"}),
        ({"dpd_from": 60}, {"soft"}),
        ({"dpd_to": 50}, {"early", "worked"}),
        ({"balance_from": Decimal(500)}, {"soft"}),
        ({"balance_to": Decimal(400)}, {"early", "worked"}),
        ({"not_worked_days": 5}, {"soft", "early"}),
        ({"only_unassigned": False}, {"soft", "early", "worked", "owned"}),
    ],
)
def test_the_rule_chooses(portfolio, team, people, choice, expected):
    """S002-01."""
    made = {
        "soft": cases(portfolio, team, [500], stage="SOFT", days_past_due=70)[0],
        "early": cases(portfolio, team, [400])[0],
        "worked": cases(portfolio, team, [300], last_worked_at=NOW - timedelta(days=1))[0],
        "owned": cases(portfolio, team, [450], collector=people[0], days_past_due=55)[0],
    }
    names = {case.id: name for name, case in made.items()}
    assert {names[c.id] for c in assignment.candidates(rule(people, **choice))} == expected


def test_a_coordinator_of_another_team_is_refused(portfolio, team, people, member):
    """S004-02."""
    cases(portfolio, team, [100])
    stranger = member("COORDINATOR", team=factories.make_team())
    with pytest.raises(assignment.NotYourTeam):
        assignment.allocate(rule(people), by=stranger, now=NOW)
    assert set(owners().values()) == {None}


def test_a_coordinator_takes_no_other_teams_cases(portfolio, people, coordinator):
    cases(portfolio, factories.make_team(), [100])
    with pytest.raises(assignment.NotYourTeam):
        assignment.allocate(rule(people), by=coordinator, now=NOW)


def test_a_manager_may_reach_across_teams(portfolio, people, member):
    cases(portfolio, factories.make_team(), [100])
    assert assignment.allocate(rule(people), by=member("MANAGER"), now=NOW).cases == 1
    assert Case.objects.get().team_id == people[0].team_id


def test_a_collector_allocates_nothing(portfolio, team, people):
    cases(portfolio, team, [100])
    with pytest.raises(assignment.NotYourTeam):
        assignment.allocate(rule(people), by=people[0], now=NOW)


def test_portfolios_go_to_teams_first(portfolio, coordinator, team):
    """S004-02."""
    cases(portfolio, None, [100, 200])
    to_team = Rule(kind="TEAM", targets=(team.id,), as_of=TODAY, now=NOW, portfolio_ids=(portfolio.id,))
    assert assignment.preview(to_team).rows[0].after.cases == 2
    assignment.allocate(to_team, by=coordinator, now=NOW)
    assert set(Case.objects.values_list("team_id", "collector_id")) == {(team.id, None)}


def test_targets_must_be_collectors_of_the_agency(portfolio, team, member, other_agency):
    for target in (0, member("AGENCY_ADMINISTRATOR").id):
        with pytest.raises(assignment.NobodyToAssignTo):
            assignment.preview(Rule(kind="COLLECTOR", targets=(target,), as_of=TODAY, now=NOW))
    with pytest.raises(assignment.NobodyToAssignTo):
        assignment.preview(Rule(kind="COLLECTOR", targets=(), as_of=TODAY, now=NOW))


def test_undo_puts_back_what_was_not_moved_again(portfolio, team, people, coordinator):
    made = cases(portfolio, team, [100, 100, 100])
    batch = assignment.allocate(rule(people[:1]), by=coordinator, now=NOW)
    assignment.reassign(made[0], people[1], by=coordinator, as_of=TODAY, now=NOW)
    assert assignment.undo(batch, by=coordinator, now=NOW) == 2
    assert [owners()[case.id] for case in made] == [people[1].id, None, None]


def test_undo_is_possible_once_within_a_day(portfolio, team, people, coordinator, member):
    cases(portfolio, team, [100])
    batch = assignment.allocate(rule(people), by=coordinator, now=NOW)
    with pytest.raises(assignment.NotYourTeam):
        assignment.undo(batch, by=member("COORDINATOR", team=team), now=batch.at)
    with pytest.raises(assignment.UndoTooLate):
        assignment.undo(batch, by=coordinator, now=batch.at + timedelta(hours=25))
    assignment.undo(batch, by=coordinator, now=batch.at)
    with pytest.raises(assignment.UndoTooLate):
        assignment.undo(batch, by=coordinator, now=batch.at)


def test_what_nobody_has_yet_is_counted(portfolio, team, coordinator, people):
    cases(portfolio, team, [100, 200])
    cases(portfolio, team, [300], collector=people[0])
    (row,) = assignment.unassigned(coordinator)
    assert (row["stage"], row["cases"], row["balance"]) == ("PRE_SOFT", 2, Decimal(300))
