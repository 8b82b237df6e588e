"""Pages of quality: drawn, judged, read by whoever was judged; every number of the results opens its conversations."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import quality_cards, quality_reviews
from cases.models import ConversationReview, QualitySample, ScoreCard
from cases.quality_reviews import Given
from tests import factories
from tests.quality.makers import talk, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(agency):
    with agency_scope(agency.id):
        return factories.make_team("North")


@pytest.fixture
def collector(member, team):
    return member("COLLECTOR", team=team, full_name="Ana Rusu")


@pytest.fixture
def coordinator(member, team):
    return member("COORDINATOR", team=team)


@pytest.fixture
def talks(agency, collector, coordinator):
    with agency_scope(agency.id):
        quality_cards.adopt(quality_cards.usual_items(), by=coordinator, now=timezone.now())
        case = factories.make_case()
        return [talk(case, collector, note="Will pay on Friday") for _n in range(4)]


def period(**more):
    days = {"starts_on": today() - timedelta(days=9), "ends_on": today() - timedelta(days=1)}
    return {name: day.isoformat() for name, day in days.items()} | {"per_person": 2} | more


def drawn(browser, team):
    return browser.post("/quality/samples/new/", period(team=team.id))


def marks(points="2"):
    return {f"points_{item.id}": points for item in quality_cards.items_of(ScoreCard.objects.get())}


def test_a_coordinator_draws_judges_and_goes_on_to_the_next(agency, team, talks, coordinator):
    """S000-22, S004-23."""
    browser = factories.client_of(coordinator)
    done = drawn(browser, team)
    page = browser.get(done.url).content.decode()
    assert "of 4 conversations" in page
    assert "Drawn again from this seed: the same conversations." in browser.get(f"{done.url}?check=1").content.decode()
    assert page.count("To be judged") == 2
    with agency_scope(agency.id):
        first, second = ConversationReview.objects.order_by("id")
        typed = marks()
    address = f"/quality/conversations/{first.id}/"
    page = browser.get(address).content.decode()
    assert "Will pay on Friday" in page
    assert "Listens actively" in page
    name = next(iter(typed))
    early = browser.post(address, {name: "1", "comment": "Half heard", "do": "close"})
    assert early.status_code == 422
    assert "Judge every item" in early.content.decode()
    assert "Half heard" in early.content.decode()
    assert browser.post(address, {name: "1", "do": "keep"}).url == address

    closed = browser.post(address, typed | {"comment": "Well done", "do": "close"})

    assert closed.url == f"/quality/conversations/{second.id}/"
    page = browser.get(address).content.decode()
    assert "100.0 %" in page
    assert "Well done" in page
    assert 'value="close"' not in page


def test_a_coordinator_draws_from_their_own_team_alone(agency, talks, member, coordinator):
    with agency_scope(agency.id):
        south = factories.make_team("South")
    refused = drawn(factories.client_of(coordinator), south)
    assert refused.status_code == 422
    other = member("COORDINATOR", team=south)
    drawn(factories.client_of(coordinator), coordinator.team)
    with agency_scope(agency.id):
        review, sample = ConversationReview.objects.first(), QualitySample.objects.get()
    browser = factories.client_of(other)
    assert browser.get(f"/quality/conversations/{review.id}/").status_code == 404
    assert browser.get(f"/quality/samples/{sample.id}/").status_code == 404
    assert "0 conversations" in browser.get("/quality/").content.decode()


@pytest.fixture
def judged(agency, team, talks, coordinator):
    """Both drawn conversations judged: one with full marks, one failed by a threat."""
    drawn(factories.client_of(coordinator), team)
    with agency_scope(agency.id):
        rows = list(ConversationReview.objects.order_by("id"))
        items = quality_cards.items_of(rows[0].card)
        for review, threat in zip(rows, (2, 0), strict=True):
            given = {item.id: Given(threat if item.code == "NO_THREAT" else 2) for item in items}
            quality_reviews.judge(
                review, given, comment="Be careful", close=True, by=coordinator, now=timezone.now()
            )  # fmt: skip
    return rows


def test_a_collector_reads_their_own_and_comments_once(judged, collector, member):
    """S004-23."""
    browser = factories.client_of(collector)
    page = browser.get("/my-quality/").content.decode()
    assert "50.0 %" in page
    assert "failed by a fatal item" in page
    address = f"/my-quality/{judged[1].id}/"
    assert "Be careful" in browser.get(address).content.decode()
    assert browser.post(address, {"text": "I only named the law."}).status_code == 302
    assert browser.post(address, {"text": "Again"}).status_code == 422
    assert "I only named the law." in browser.get(address).content.decode()
    colleague = factories.client_of(member("COLLECTOR"))
    assert colleague.get(address).status_code == 404
    assert colleague.get(f"/quality/conversations/{judged[1].id}/").status_code == 403
    assert "Nothing of yours was judged yet" in colleague.get("/my-quality/").content.decode()


def test_every_number_of_the_results_opens_its_conversations(judged, coordinator):
    """S000-22, S004-23."""
    browser = factories.client_of(coordinator)
    page = browser.get("/quality/results/").content.decode()
    assert "Ana Rusu" in page
    assert "50.0 %" in page
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/quality/\?[^"]+)"', page)}
    counts = {link: len(re.findall(r"<th scope=\"row\"", browser.get(link).content.decode())) for link in links}
    assert len(links) >= 6
    assert {link: n for link, n in counts.items() if "what" not in link and "item" not in link and n != 2} == {}
    failed = next(link for link in links if "what=FAILED" in link)
    assert counts[failed] == 1
    weak = [n for link, n in counts.items() if "item=" in link]
    assert sorted(weak)[-1] == 1


def test_the_dashboard_shows_the_average_of_the_period(judged, coordinator):
    page = factories.client_of(coordinator).get("/dashboard/").content.decode()
    assert 'id="panel-quality"' in page
    assert "50.0 %" in page


def test_a_manager_puts_the_next_version_of_the_card_in_use(agency, talks, member):
    """S004-23."""
    browser = factories.client_of(member("MANAGER"))
    page = browser.get("/quality/cards/").content.decode()
    assert "Version 1 in use" in page
    typed = {
        "name": "Calls", "label_0": "Listens actively: lets the other finish, asks back", "weight_0": "4",
        "label_1": "Speaks slowly", "weight_1": "2", "fatal_1": "on",
    }  # fmt: skip
    assert browser.post("/quality/cards/", typed).status_code == 302
    with agency_scope(agency.id):
        card = ScoreCard.objects.get(retired_at=None)
        items = [(item.code, item.label, item.weight, item.fatal) for item in quality_cards.items_of(card)]
    assert items == [("LISTENS", "", 4, False), ("", "Speaks slowly", 2, True)]
    refused = browser.post("/quality/cards/", {"name": "Calls", "label_0": "x", "weight_0": "12"})
    assert refused.status_code == 422


def test_without_a_card_the_page_says_who_puts_one_in_use(member):
    assert "A manager puts one in use" in factories.client_of(member("COORDINATOR")).get("/quality/").content.decode()
    manager = factories.client_of(member("MANAGER"))
    assert "usual items are proposed" in manager.get("/quality/").content.decode()
    assert manager.post("/quality/samples/new/", period()).status_code == 422


def test_collectors_and_creditors_judge_nobody(member):
    for role in ("COLLECTOR", "LEGAL_OFFICER", "AGENCY_ADMINISTRATOR"):
        assert factories.client_of(member(role)).get("/quality/").status_code == 403
    assert factories.client_of(member("COORDINATOR")).get("/quality/cards/").status_code == 403


def test_a_team_of_another_agency_is_no_choice(agency, other_agency, talks, member):
    with agency_scope(other_agency.id):
        foreign = factories.make_team("South")
    answer = factories.client_of(member("MANAGER")).post("/quality/samples/new/", period(team=foreign.id))

    assert answer.status_code == 422
    with agency_scope(agency.id):
        assert not QualitySample.objects.exists()
