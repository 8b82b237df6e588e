"""The field office: trips are given, prepared and driven in order; what visits leave is decided by the coordinator."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from agencies.scope import agency_scope
from cases import holds
from cases.models import Case
from field import follow_up, maps, orders, sla
from field.days import day_of
from field.models import Discrepancy, Incident, Recommendation, Territory, VisitOrder
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)
Member = Callable[..., Membership]


@pytest.fixture
def trips(in_agency: factories.Agency) -> list[VisitOrder]:
    for town, code in (("Orhei", "3505"), ("Cahul", "3901"), ("Bălți", "3100")):
        debtor = factories.make_debtor(address=False)
        factories.make_address(debtor, town=town, postal_code=code)
        factories.make_case(debtor=debtor, stage="FIELD", days_past_due=120, opened_on=factories.TODAY - timedelta(90))
    orders.keep_in_step(as_of=factories.TODAY, now=timezone.now())
    return list(VisitOrder.objects.order_by("id"))


def test_a_coordinator_gives_the_ticked_trips(trips: list[VisitOrder], member: Member) -> None:
    """S004-27."""
    collector = member("FIELD_COLLECTOR", full_name="Ion Hâncu")
    browser = factories.client_of(member("COORDINATOR"))
    assert "Given to nobody" in browser.get(reverse("field-trips")).content.decode()

    browser.post(
        reverse("field-trips-assign"), {"order": [trips[0].id, trips[1].id], "collector": collector.id, "how": "person"}
    )

    with agency_scope(trips[0].agency_id):
        assert VisitOrder.objects.filter(collector=collector).count() == 2
    mine = factories.client_of(collector).get(reverse("field-trips")).content.decode()
    assert trips[0].case.contract_no in mine
    assert trips[2].case.contract_no not in mine


def test_each_trip_goes_to_the_collector_of_its_territory(trips: list[VisitOrder], member: Member) -> None:
    """S002-06."""
    north, south = member("FIELD_COLLECTOR"), member("FIELD_COLLECTOR")
    Territory.objects.create(name="North", country="MD", postal_prefixes=["31", "35"], collector=north)
    Territory.objects.create(name="South", country="MD", cities=["cahul"], collector=south)

    browser, address = factories.client_of(member("COORDINATOR")), reverse("field-trips-assign")
    looked_at = browser.post(address, {"how": "look"})

    assert sorted(count for _person, count in looked_at.context["rows"]) == [1, 2]
    with agency_scope(trips[0].agency_id):
        assert not VisitOrder.objects.exclude(collector=None).exists()
    browser.post(address, {"order": looked_at.context["order_ids"], "how": "territory"})

    with agency_scope(trips[0].agency_id):
        found = {one.case.debtor_id: one.collector_id for one in VisitOrder.objects.select_related("case")}
    assert sorted(found.values()) == sorted([north.id, north.id, south.id])


def test_the_preparation_is_ticked_on_the_case(trips: list[VisitOrder], member: Member) -> None:
    """S003-09."""
    browser = factories.client_of(member("COORDINATOR"))
    page = browser.get(reverse("case", args=[trips[0].case_id])).content.decode()
    assert "registries checked" in page

    browser.post(reverse("field-order-change", args=[trips[0].id]), {"prepared": "registry"})

    with agency_scope(trips[0].agency_id):
        assert VisitOrder.objects.get(id=trips[0].id).registry_checked_at


def test_a_visit_is_ordered_by_hand_on_the_case(in_agency: factories.Agency, member: Member) -> None:
    """S000-14."""
    case = factories.make_case(stage="SOFT")
    browser = factories.client_of(member("COORDINATOR"))
    assert "Order a visit" in browser.get(reverse("case", args=[case.id])).content.decode()

    browser.post(reverse("field-order-new", args=[case.id]), {"due_on": timezone.localdate() + timedelta(days=2)})

    with agency_scope(case.agency_id):
        assert VisitOrder.objects.get(case=case).trigger == "PERSON"


def test_the_day_shows_late_trips_first_and_asks_the_gate_for_each(trips: list[VisitOrder], member: Member) -> None:
    """S004-28, S002-11."""
    collector = member("FIELD_COLLECTOR")
    VisitOrder.objects.update(collector=collector)
    held = trips[1].case
    Case.objects.filter(id=held.id).update(on_hold=True)

    planned = day_of(collector, as_of=factories.TODAY, now=NOON)

    assert len(planned.stops) + len(planned.stopped) + planned.waiting == 3
    assert all(stop.answer.sentence for stop in planned.stopped)
    page = factories.client_of(collector).get(reverse("field-day"))
    assert page.status_code == 200


@pytest.mark.parametrize("hour", [10, 20])
def test_a_disputed_trip_says_in_the_list_why_it_is_stopped(trips: list[VisitOrder], member: Member, hour: int) -> None:
    """S002-11. In the evening too, when every visit waits for the morning."""
    coordinator = member("COORDINATOR")
    holds.place(trips[1].case, reason="DISPUTE", by=coordinator, as_of=factories.TODAY)

    with time_machine.travel(timezone.now().replace(hour=hour), tick=True):
        answer = factories.client_of(coordinator).get(reverse("field-trips"))

    assert "disputes the debt" in answer.content.decode()
    assert trips[1].id in answer.context["why_not"]


def test_a_map_holds_every_point_inside_its_frame() -> None:
    drawing = maps.drawn(
        [(1, 47.01, 28.86), (2, 47.76, 27.93), (3, 45.9, 28.2)], [("All", [[45, 27], [48, 27], [48, 29]])]
    )

    assert drawing is not None
    assert all(0 <= dot.x <= drawing.width and 0 <= dot.y <= drawing.height for dot in drawing.points)
    assert drawing.tiles == []
    assert maps.drawn([]) is None
    tiled = maps.drawn([(1, 47.01, 28.86)], tile_url="https://tiles.example/{z}/{x}/{y}.png")
    assert tiled is not None
    assert tiled.tiles[0].href.startswith("https://tiles.example/16/")


def test_a_territory_with_a_wrong_outline_keeps_what_was_typed(in_agency: factories.Agency, member: Member) -> None:
    browser = factories.client_of(member("COORDINATOR"))
    typed = {"name": "North", "country": "md", "outline": "47.0, 28.8\nby the mill", "cities": "Bălți; Orhei"}

    answer = browser.post(reverse("field-territory-new"), typed)
    assert answer.status_code == 422
    assert "Line 2" in answer.content.decode()
    assert "by the mill" in answer.content.decode()

    browser.post(reverse("field-territory-new"), typed | {"outline": "47.0, 28.8\n47.1, 28.8\n47.1, 28.9"})
    with agency_scope(in_agency.id):
        made = Territory.objects.get()
    assert (made.country, made.cities, len(made.outline)) == ("MD", ["balti", "orhei"], 3)
    assert "<svg" in browser.get(reverse("field-territories")).content.decode()


def test_the_report_counts_trips_in_time_and_late(trips: list[VisitOrder], member: Member) -> None:
    """S002-07."""
    now = timezone.now()
    VisitOrder.objects.filter(id=trips[0].id).update(state="DONE", closed_at=now)
    VisitOrder.objects.filter(id=trips[1].id).update(due_at=now - timedelta(hours=1))

    line = sla.by("collector_id", "collector__user__full_name", since=now - timedelta(days=1), now=now)[0]

    assert (line.in_time, line.late, line.open, line.open_late, line.share) == (1, 0, 1, 1, 50)
    assert "50" in factories.client_of(member("MANAGER")).get(reverse("field-report")).content.decode()


def test_each_number_of_the_report_opens_the_trips_it_counts(trips: list[VisitOrder], member: Member) -> None:
    now, ion = timezone.now(), member("FIELD_COLLECTOR", full_name="Ion Hâncu")
    in_time, late, waiting = trips
    VisitOrder.objects.filter(id=in_time.id).update(state="DONE", closed_at=now, collector=ion)
    VisitOrder.objects.filter(id=late.id).update(
        state="DONE", closed_at=now, due_at=now - timedelta(hours=1), collector=ion
    )
    browser = factories.client_of(member("MANAGER"))

    opened = {}
    page = browser.get(reverse("field-report")).content.decode()
    for address, number in re.findall(r'href="([^"]*state=[^"]*)">(\d+)</a>', page):
        rows = browser.get(html.unescape(address)).context["page"].paginator.count
        assert rows == int(number), address
        opened[html.unescape(address).split("?")[1].split("&since")[0]] = rows

    assert opened[f"state=in_time&collector={ion.id}"] == opened[f"state=made_late&collector={ion.id}"] == 1
    assert opened["state=running&collector=-"] == 1
    assert waiting.case.contract_no in browser.get(reverse("field-trips"), {"collector": "-"}).content.decode()
    later = {"state": "done", "since": (now + timedelta(days=2)).date().isoformat()}
    assert browser.get(reverse("field-trips"), later).context["page"].paginator.count == 0


def test_the_coordinator_follows_a_recommendation_or_says_why_not(trips: list[VisitOrder], member: Member) -> None:
    """S004-38."""
    made = follow_up.recommend(
        trips[0].case, kind="PHONE", why="WILL_PAY", by=member("FIELD_COLLECTOR"), now=timezone.now()
    )
    with pytest.raises(follow_up.AlreadyRecommended):
        follow_up.recommend(
            trips[0].case, kind="LEGAL", why="USELESS", by=member("FIELD_COLLECTOR"), now=timezone.now()
        )
    browser = factories.client_of(member("COORDINATOR"))
    address = reverse("field-recommendation", args=[made.id])

    page = browser.post(address, {"decide": "reject"}, follow=True).content.decode()
    assert "Say in a few words why" in page
    browser.post(address, {"decide": "accept"})

    with agency_scope(trips[0].agency_id):
        assert Recommendation.objects.get().state == "ACCEPTED"
        assert Case.objects.get(id=trips[0].case_id).stage == "SOFT"


def test_differences_and_incidents_leave_the_list_once_dealt_with(trips: list[VisitOrder], member: Member) -> None:
    """S004-41, S003-16."""
    collector, now = member("FIELD_COLLECTOR"), timezone.now()
    differs = follow_up.report_difference(
        trips[0].case, what="Collateral", recorded="House", found="Garage", by=collector, now=now
    )
    incident = follow_up.report_incident(trips[0].case, text="Shouted at the door", by=collector, now=now)
    browser = factories.client_of(member("COORDINATOR"))
    assert "Garage" in browser.get(reverse("field-follow-up")).content.decode()

    browser.post(reverse("field-discrepancy", args=[differs.id]), {"resolution": "Creditor informed"})
    browser.post(reverse("field-incident", args=[incident.id]), {"person": "D. Munteanu"})

    page = browser.get(reverse("field-follow-up")).content.decode()
    assert "Garage" not in page
    assert "Shouted" not in page
    with agency_scope(trips[0].agency_id):
        assert Discrepancy.objects.get().resolved_at
        assert Incident.objects.get().creditor_person == "D. Munteanu"


def test_the_navigation_counts_the_trips_that_are_late(trips: list[VisitOrder], member: Member) -> None:
    """S003-10: the alarm stands on every page, and the list behind it shows as many rows."""
    client, url = factories.client_of(member("COORDINATOR")), reverse("field-trips")
    assert 'nav-count">' not in client.get(url).content.decode()

    VisitOrder.objects.filter(id=trips[1].id).update(due_at=timezone.now() - timedelta(hours=1))
    page = client.get(url).content.decode()
    assert 'nav-count">1<' in page
    assert "Late (1)" in page
