"""The coordinator's pages and the panels of a case, as people use them: plain posts, htmx, the wrong people."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.scope import agency_scope
from cases import holds, promises
from cases.models import AllocationBatch, Case, Hold, Note, Promise
from cases.next_actions import local_day
from debtors.models import ContactPoint
from ledger.models import Payment
from tests import factories


@pytest.fixture
def desk(agency):
    """A team with its coordinator and two collectors, and three cases of theirs."""
    with agency_scope(agency.id):
        team, portfolio = factories.make_team(), factories.make_portfolio()
        cases = [factories.make_case(portfolio=portfolio, team=team, amount=100 * n, stage="SOFT") for n in (1, 2, 3)]
    coordinator = factories.make_member(agency, "COORDINATOR", team=team)
    people = [factories.make_member(agency, "COLLECTOR", team=team) for _n in range(2)]
    return {"coordinator": coordinator, "people": people, "cases": cases, "team": team, "portfolio": portfolio}


def today(agency):
    return local_day(agency, timezone.now())


PAGES = [
    ("allocation", "COORDINATOR", "COLLECTOR"),
    ("approvals", "MANAGER", "COLLECTOR"),
    ("case-list", "COLLECTOR", "CREDITOR_USER"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), PAGES)
def test_pages_are_for_the_right_role(agency, other_agency, name, right, wrong):
    url = reverse(name)
    assert factories.client_of(factories.make_member(agency, right)).get(url).status_code == 200
    assert factories.client_of(factories.make_member(agency, wrong)).get(url).status_code == 403
    assert Client().get(url).status_code == 302


DEEDS = [
    "hold-place",
    "stage-move",
    "promise-make",
    "payment-enter",
    "note-add",
    "contact-point-add",
    "status-record",
    "case-reassign",
]


@pytest.mark.parametrize("name", DEEDS)
def test_anothers_case_does_not_exist(agency, other_agency, name, desk):
    stranger = factories.client_of(factories.make_member(other_agency, "MANAGER"))
    assert stranger.post(reverse(name, args=[desk["cases"][0].id])).status_code == 404


@pytest.mark.parametrize("name", DEEDS)
def test_a_creditors_user_does_nothing_to_a_case(agency, name, desk):
    with agency_scope(agency.id):
        creditor = desk["portfolio"].creditor
    outsider = factories.client_of(factories.make_member(agency, "CREDITOR_USER", creditor=creditor))
    assert outsider.post(reverse(name, args=[desk["cases"][0].id])).status_code == 403


def test_the_list_filters_by_its_address(agency, desk):
    client = factories.client_of(desk["coordinator"])
    with agency_scope(agency.id):
        other = factories.make_case(stage="FIELD", days_past_due=120)
    page = client.get(reverse("case-list"), {"stage": "FIELD"}).content.decode()
    assert other.contract_no in page
    assert desk["cases"][0].contract_no not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [({}, 3), ({"balance_from": "150"}, 2), ({"dpd_from": "41"}, 0), ({"dpd_to": "40"}, 3), ({"collector": "none"}, 3),
     ({"hold": "any"}, 1), ({"hold": "none"}, 2), ({"hold": "DISPUTE"}, 1), ({"next_action": "NEW"}, 3),
     ({"text": "%"}, 0),
     ({"stage": "CLOSED"}, 0), ({"stage": "NONSENSE"}, 3), ({"open": "1"}, 3), ({"sort": "-dpd", "page": "9"}, 3)],
)  # fmt: skip
def test_the_list_counts_what_fits(agency, desk, query, count):
    with agency_scope(agency.id):
        holds.place(desk["cases"][0], reason="DISPUTE", by=None, as_of=today(agency))
        Case.objects.update(oldest_due_on=today(agency) - timedelta(days=40))
    response = factories.client_of(desk["coordinator"]).get(reverse("case-list"), query)
    assert response.context["total"] == count


def test_ticked_cases_are_given_to_a_collector(agency, desk):
    client, person = factories.client_of(desk["coordinator"]), desk["people"][0]
    ids = [case.id for case in desk["cases"][:2]]
    response = client.post(
        reverse("case-list-assign"), {"case": ids, "collector": person.id, "next": "/cases/?stage=SOFT"}
    )
    assert response.url == "/cases/?stage=SOFT"
    with agency_scope(agency.id):
        assert Case.objects.filter(collector=person).count() == 2


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/"])
def test_the_way_back_stays_in_the_house(desk, target):
    response = factories.client_of(desk["coordinator"]).post(reverse("case-list-assign"), {"next": target})
    assert response.url == reverse("case-list")


def rule(desk, **fields):
    return {"kind": "COLLECTOR", "spread": "BALANCE", "collector": [p.id for p in desk["people"]]} | fields


def test_a_rule_is_previewed_applied_and_undone(agency, desk):
    client = factories.client_of(desk["coordinator"])
    response = client.get(reverse("allocation"), rule(desk, preview="1"))
    assert response.context["preview"].dealt == 3
    assert client.post(reverse("allocation-apply"), rule(desk)).status_code == 302
    with agency_scope(agency.id):
        assert Case.objects.filter(collector=None).count() == 0
        batch = AllocationBatch.objects.get()
    client.post(reverse("allocation-undo", args=[batch.id]))
    with agency_scope(agency.id):
        assert Case.objects.filter(collector=None).count() == 3


def test_a_rule_without_targets_says_so(desk):
    response = factories.client_of(desk["coordinator"]).get(
        reverse("allocation"), rule(desk, collector=[], preview="1")
    )
    assert "Choose who gets the cases." in response.content.decode()


def test_another_agencys_allocation_is_not_undone(agency, other_agency, desk):
    client = factories.client_of(desk["coordinator"])
    client.post(reverse("allocation-apply"), rule(desk))
    with agency_scope(agency.id):
        batch = AllocationBatch.objects.get()
    stranger = factories.client_of(factories.make_member(other_agency, "MANAGER"))
    assert stranger.post(reverse("allocation-undo", args=[batch.id])).status_code == 404


@pytest.fixture
def waiting(agency, desk):
    with agency_scope(agency.id):
        day = today(agency)
        return [
            promises.make_promise(
                case, amount=case.balance, due_on=day + timedelta(days=20), by=desk["people"][0], as_of=day
            )
            for case in desk["cases"][:2]
        ]


def state_of(agency, promise):
    with agency_scope(agency.id):
        return Promise.objects.get(id=promise.id).state


def test_promises_that_wait_are_approved_by_one_click(agency, desk, waiting):
    client = factories.client_of(desk["coordinator"])
    assert len(client.get(reverse("approvals")).context["rows"]) == 2
    client.post(reverse("approvals-decide"), {"decide": f"approve:{waiting[0].id}"})
    assert [state_of(agency, promise) for promise in waiting] == ["ACTIVE", "AWAITING_APPROVAL"]


def test_promises_are_refused_together_with_a_reason(agency, desk, waiting):
    client = factories.client_of(desk["coordinator"])
    ids = [promise.id for promise in waiting]
    client.post(reverse("approvals-decide"), {"decide": "refuse", "promise": ids, "reason": "Not certain"})
    assert [state_of(agency, promise) for promise in waiting] == ["REFUSED", "REFUSED"]
    with agency_scope(agency.id):
        assert set(Promise.objects.values_list("decision_note", flat=True)) == {"Not certain"}


def test_a_coordinator_of_another_team_does_not_see_them(agency, waiting):
    with agency_scope(agency.id):
        team = factories.make_team()
    client = factories.client_of(factories.make_member(agency, "COORDINATOR", team=team))
    assert client.get(reverse("approvals")).context["rows"] == []


def post(desk, name, *args, htmx=False, by="coordinator", **data):
    case = desk["cases"][0]
    headers = {"HX-Request": "true"} if htmx else {}
    return factories.client_of(desk[by]).post(reverse(name, args=[case.id, *args]), data, headers=headers)


def test_a_hold_is_placed_and_lifted(agency, desk):
    assert post(desk, "hold-place", reason="DISPUTE").url == reverse("case", args=[desk["cases"][0].id])
    with agency_scope(agency.id):
        hold = Hold.objects.get(lifted_at=None)
    post(desk, "hold-lift", hold.id)
    with agency_scope(agency.id):
        assert Hold.objects.get().lifted_at is not None


def test_a_refused_form_is_kept_with_its_sentence(agency, desk):
    response = post(desk, "hold-place", reason="FRAUD", note="Odd papers")
    assert response.status_code == 422
    assert "Say what makes you suspect fraud." in response.content.decode()
    assert "Odd papers" in response.content.decode()


def test_htmx_gets_the_panel_alone_when_refused_and_the_page_when_done(desk):
    refused = post(desk, "hold-place", htmx=True, reason="FRAUD")
    assert refused.status_code == 422
    assert refused.content.decode().lstrip().startswith("<section")
    done = post(desk, "hold-place", htmx=True, reason="DISPUTE")
    assert done.headers["HX-Redirect"] == reverse("case", args=[desk["cases"][0].id])


def test_the_page_does_not_hand_a_case_to_legal_before_it_is_approved(agency, desk):
    response = post(desk, "stage-move", transition="hand_to_legal", reason="Hides")
    assert response.status_code == 422
    assert "decided on the legal page" in response.content.decode()
    with agency_scope(agency.id):
        assert Case.objects.get(id=desk["cases"][0].id).stage != "LEGAL"


def test_a_case_is_handed_to_legal_with_a_reason(agency, desk):
    with agency_scope(agency.id):
        factories.approve_lawsuit(
            Case.objects.select_related("account", "mandate", "creditor").get(id=desk["cases"][0].id)
        )
    assert "Say why" in post(desk, "stage-move", transition="hand_to_legal").content.decode()
    post(desk, "stage-move", transition="hand_to_legal", reason="Hides")
    with agency_scope(agency.id):
        assert Case.objects.get(id=desk["cases"][0].id).stage == "LEGAL"


def test_a_promise_too_far_is_refused_beside_its_form(agency, desk):
    day = today(agency) + timedelta(days=31)
    response = post(desk, "promise-make", amount="100", due_on=day.isoformat())
    assert response.status_code == 422
    assert "at most 30 days ahead" in response.content.decode()


def test_a_promise_is_made_and_cancelled(agency, desk):
    desk["one"] = desk["people"][0]
    post(desk, "promise-make", by="one", amount="100", due_on=today(agency).isoformat())
    with agency_scope(agency.id):
        promise = Promise.objects.get()
    post(desk, "promise-cancel", promise.id, by="one")
    assert state_of(agency, promise) == "CANCELLED"


def test_a_payment_is_booked_and_reversed(agency, desk):
    post(
        desk, "payment-enter", amount="40.50", received_on=today(agency).isoformat(), reference="OP 7", source="MANUAL"
    )
    with agency_scope(agency.id):
        payment = Payment.objects.get()
        assert Case.objects.get(id=desk["cases"][0].id).balance == Decimal("59.50")
    post(desk, "payment-reverse", payment.entry_id, cause="BOUNCED", reason="Bounced")
    with agency_scope(agency.id):
        assert Case.objects.get(id=desk["cases"][0].id).balance == Decimal(100)


def test_a_note_a_number_and_a_status_are_added(agency, desk):
    post(desk, "note-add", text="Works nights")
    post(desk, "contact-point-add", kind="PHONE", value="069 555 444", source="NEIGHBOUR", owner_role="HOLDER")
    post(desk, "status-record", code="ABROAD", since=today(agency).isoformat())
    with agency_scope(agency.id):
        point = ContactPoint.objects.get(value="+37369555444")
        assert point.validity == "UNCONFIRMED"
        assert Note.objects.count() == 1
    post(desk, "contact-point-judge", point.id, validity="VALID")
    with agency_scope(agency.id):
        assert ContactPoint.objects.get(id=point.id).validity == "VALID"


def test_one_case_is_given_to_a_collector(agency, desk):
    post(desk, "case-reassign", collector=desk["people"][1].id)
    with agency_scope(agency.id):
        assert Case.objects.get(id=desk["cases"][0].id).collector_id == desk["people"][1].id


def test_another_cases_number_is_not_judged(agency, desk):
    with agency_scope(agency.id):
        point = ContactPoint.objects.filter(debtor_id=desk["cases"][1].debtor_id).first()
    assert post(desk, "contact-point-judge", point.id, validity="INVALID").status_code == 404


def test_the_case_page_shows_the_panels(desk):
    """S004-16."""
    page = factories.client_of(desk["coordinator"]).get(reverse("case", args=[desk["cases"][0].id]))
    assert page.status_code == 200
    for panel in ("statement", "stage", "holds", "assign", "points"):
        assert f'id="panel-{panel}"' in page.content.decode()
