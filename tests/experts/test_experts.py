"""Hard cases go to experts: the night marks them by rule, allocation gives them to skilled people alone."""

from datetime import timedelta

import pytest

from agencies.scope import agency_scope
from audit.models import Event
from cases import assignment, experts, queue
from cases.dealing import Rule
from cases.models import Case, Party
from contacts.models import Contact
from field import experts as night
from tests import factories
from tests.experts.people import NOW, rule, visited
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")


@pytest.fixture
def visitor(agency, member):
    return member("FIELD_COLLECTOR")


@pytest.fixture
def coordinator(agency, member):
    return member("COORDINATOR")


def called(case, times):
    for number in range(times):
        Contact.objects.create(
            case=case,
            debtor=case.debtor,
            channel="CALL",
            kind="CALL_ATTEMPT",
            unpermitted=True,
            at=NOW - timedelta(days=number),
        )


def mark():
    return night.mark_due(as_of=TODAY, now=NOW)


def reason_of(case):
    return Case.objects.values_list("for_experts", flat=True).get(id=case.id)


def marked(**fields):
    return factories.make_case(for_experts="VISITS", for_experts_on=TODAY, **fields)


def dealt(kind, targets, by, **fields):
    return assignment.allocate(
        Rule(kind=kind, targets=tuple(one.id for one in targets), as_of=TODAY, now=NOW, **fields), by=by, now=NOW
    )


class TestMarking:
    def test_called_and_visited_in_vain_before_termination(self, visitor):
        """S002-05 a."""
        rule(expert_calls=3, expert_visits=1)
        case, terminated = factories.make_case(), factories.make_case(contract_status="TERMINATED")
        for one in (case, terminated):
            called(one, 3)
        assert mark() == {}
        for one in (case, terminated):
            visited(one, visitor)
        assert mark() == {"SOLICITED": 1}
        assert (reason_of(case), reason_of(terminated)) == ("SOLICITED", "")
        assert mark() == {}
        assert Event.objects.get(kind="case.for_experts").data["reason"] == "SOLICITED"

    def test_after_visits_in_vain_whatever_the_status(self, visitor):
        """S002-05 b."""
        rule(expert_after_visits=2)
        case = factories.make_case(contract_status="TERMINATED")
        visited(case, visitor)
        visited(case, visitor, outcome="MET_DEBTOR")
        assert mark() == {}
        visited(case, visitor)
        assert mark() == {"VISITS": 1}

    def test_after_acceleration(self):
        """S002-05 c."""
        rule(expert_accelerated=True)
        case = factories.make_case(contract_status="ACCELERATED", accelerated_on=TODAY)
        factories.make_case()
        assert mark() == {"ACCELERATED": 1}
        assert reason_of(case) == "ACCELERATED"

    def test_without_a_rule_nothing_is_marked(self, visitor):
        case = factories.make_case(accelerated_on=TODAY)
        visited(case, visitor)
        assert mark() == {}

    def test_what_a_coordinator_released_stays_released(self, coordinator):
        rule(expert_accelerated=True)
        case = factories.make_case(accelerated_on=TODAY)
        mark()
        experts.release(Case.objects.get(id=case.id), by=coordinator, now=NOW)
        assert mark() == {}
        assert reason_of(case) == ""

    def test_a_collector_neither_marks_nor_releases(self, visitor):
        with pytest.raises(experts.NotYours):
            experts.mark(factories.make_case(), by=visitor, now=NOW)


class TestAllocating:
    """S002-04: skill-based assignment."""

    def test_experts_alone_get_what_is_marked(self, member, coordinator):
        """S002-04: a person's skill, or the team's."""
        manager = member("MANAGER")
        plain = member("COLLECTOR")
        skilled = member("COLLECTOR", team=factories.make_team("Experts", kind="EXPERT"))
        hard, easy = [marked() for _ in range(3)], [factories.make_case() for _ in range(4)]
        rule_ = Rule(kind="COLLECTOR", targets=(plain.id, skilled.id), as_of=TODAY, now=NOW)
        shown = assignment.preview(rule_)
        assert (shown.chosen, shown.dealt, shown.for_experts, shown.experts_left) == (7, 7, 3, 0)
        dealt("COLLECTOR", [plain, skilled], manager)
        assert {Case.objects.get(id=one.id).collector_id for one in hard} == {skilled.id}
        assert all(Case.objects.get(id=one.id).collector_id for one in easy)

    def test_without_an_expert_the_case_stays_and_the_preview_says_so(self, member):
        plain = member("COLLECTOR")
        marked()
        factories.make_case()
        shown = assignment.preview(Rule(kind="COLLECTOR", targets=(plain.id,), as_of=TODAY, now=NOW))
        assert (shown.dealt, shown.left, shown.experts_left) == (1, 1, 1)

    def test_of_the_teams_only_a_team_of_experts_gets_it(self, member):
        phone, hard = factories.make_team("Phone"), factories.make_team("Experts", kind="EXPERT")
        case = marked()
        dealt("TEAM", [phone], member("MANAGER"))
        assert Case.objects.get(id=case.id).team_id is None
        dealt("TEAM", [phone, hard], member("MANAGER"))
        assert Case.objects.get(id=case.id).team_id == hard.id

    def test_given_by_hand_to_somebody_else_it_is_refused_aloud(self, member):
        case, plain, skilled = marked(), member("COLLECTOR"), member("COLLECTOR")
        manager = member("MANAGER")
        with pytest.raises(assignment.NotSkilled, match="cases for experts"):
            assignment.reassign(case, plain, by=manager, as_of=TODAY, now=NOW)
        type(skilled).objects.filter(id=skilled.id).update(is_expert=True)
        skilled.refresh_from_db()
        assert assignment.reassign(case, skilled, by=manager, as_of=TODAY, now=NOW).cases == 1

    def test_a_marked_case_leaves_the_pool_of_a_team_without_experts(self, member):
        rule(expert_accelerated=True)
        phone, hard = factories.make_team("Phone"), factories.make_team("Experts", kind="EXPERT")
        due = {"stage": "SOFT", "accelerated_on": TODAY, "next_action_at": NOW - timedelta(hours=1)}
        case, theirs = factories.make_case(team=phone, **due), factories.make_case(team=hard, **due)
        assert mark() == {"ACCELERATED": 2}
        assert queue.take_next(member("COLLECTOR", team=phone), now=NOW) is None
        assert Case.objects.get(id=case.id).team_id is None
        skilled = member("COLLECTOR", team=hard)
        assert [row.id for row in queue.page(skilled, now=NOW, filters={"experts": True})] == [theirs.id]
        assert queue.take_next(skilled, now=NOW).id == theirs.id


class TestPages:
    def test_the_list_shows_the_cases_for_experts_alone(self, member):
        case, other = marked(), factories.make_case()
        browser = factories.client_of(member("MANAGER"))
        page = browser.get("/cases/?experts=any").content.decode()
        assert case.contract_no in page
        assert other.contract_no not in page

    def test_an_adviser_is_named_and_stands_among_those_to_be_called(self, member):
        """S002-04: the debtor's adviser is who is called."""
        case = marked()
        browser = factories.client_of(member("COORDINATOR"))
        address = f"/cases/{case.id}/"
        assert "No adviser of the debtor is known." in browser.get(address).content.decode()
        browser.post(f"{address}adviser/", {"name": "Av. Elena Rusu", "phone": "+37322000111"})
        page = browser.get(address).content.decode()
        assert "Call Av. Elena Rusu (Debtor" in page
        assert page.count("+37322000111") > 1
        with agency_scope(case.agency_id):
            assert Party.objects.get(case=case).role == "LAWYER"

    def test_a_coordinator_gives_a_case_to_the_experts_and_takes_it_back(self, member):
        case = factories.make_case()
        browser = factories.client_of(member("COORDINATOR"))
        browser.post(f"/cases/{case.id}/experts/", {"do": "mark"})
        with agency_scope(case.agency_id):
            assert reason_of(case) == "PERSON"
        browser.post(f"/cases/{case.id}/experts/", {"do": "release"})
        with agency_scope(case.agency_id):
            assert reason_of(case) == ""

    def test_the_queue_shows_only_the_cases_for_experts_when_asked(self, agency, member):
        hands = member("COLLECTOR")
        due = {"stage": "SOFT", "collector": hands, "next_action_at": NOW - timedelta(hours=1)}
        hard, easy = marked(**due), factories.make_case(**due)
        browser = factories.client_of(hands)
        assert easy.debtor.name in browser.get("/desk/").content.decode()
        page = browser.get("/desk/?experts=1").content.decode()
        assert hard.debtor.name in page
        assert easy.debtor.name not in page
        assert easy.debtor.name not in browser.get("/desk/").content.decode()
        assert easy.debtor.name in browser.get("/desk/?experts=0").content.decode()

    def test_an_administrator_says_who_is_an_expert(self, agency, member):
        person = member("COLLECTOR")
        browser = factories.client_of(member("AGENCY_ADMINISTRATOR"))
        told = {"role": "COLLECTOR", "capacity": "100", "is_expert": "on"}
        assert browser.post(f"/people/{person.id}/", told).status_code == 302
        with agency_scope(agency.id):
            assert type(person).objects.get(id=person.id).is_expert
