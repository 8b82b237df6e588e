"""The pages of complaints and of quality in a browser: nothing keeps people out, on a desk and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import debtor_complaints, quality_cards, quality_reviews, quality_sampling
from cases.models import ConversationReview
from cases.quality_reviews import Given
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.quality.makers import answer, complain, decide, talk, today

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


@pytest.fixture
def register(agency, member):
    """A coordinator's register: one late, one due soon, one decided, one closed."""
    collector = member("COLLECTOR", full_name="Ana Rusu")
    coordinator = member("COORDINATOR", full_name="Elena Popa")
    with agency_scope(agency.id):
        case = factories.make_case(collector=collector)
        late = complain(case, coordinator, received_on=today() - timedelta(days=34), about=collector)
        debtor_complaints.note_step(
            late, text="Heard both sides; the call is being looked for.", by=coordinator, now=timezone.now()
        )
        complain(case, coordinator, kind="FREQUENCY", received_on=today() - timedelta(days=27))
        soon = complain(case, coordinator, kind="AMOUNT", with_hold=True, source="REGULATOR", way="LETTER")
        decide(soon, coordinator, outcome="PARTLY")
        answer(decide(complain(case, coordinator, kind="DATA"), coordinator, outcome="NOT_UPHELD"), coordinator)
    return case, coordinator, late, soon


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["desk", "dark", "phone"])
def test_complaints_are_read_and_worked(register, member, sign_in, options, request):
    """S000-22."""
    case, coordinator, late, soon = register
    name = request.node.callspec.id
    page = sign_in(coordinator, **options)
    for what, address in (
        ("register", "/complaints/"),
        ("late", f"/complaints/{late.id}/"),
        ("decided", f"/complaints/{soon.id}/"),
        ("record", f"/cases/{case.id}/complaints/new/"),
    ):
        page.goto(address)
        picture(page, f"complaint-{what}-{name}")
        assert serious_faults(page) == [], what
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
    page.goto("/dashboard/")
    page.locator("text=1 answer is late").wait_for()
    picture(page, f"complaint-dashboard-{name}")
    page.locator("#panel-complaints").scroll_into_view_if_needed()
    picture(page, f"complaint-dashboard-panel-{name}")


def test_the_key_of_the_desk_opens_the_form(register, sign_in):
    case, _coordinator, _late, _soon = register
    page = sign_in(case.collector)
    page.goto(f"/cases/{case.id}/")
    page.locator("#panel-complaints").scroll_into_view_if_needed()
    picture(page, "complaint-case")
    page.keyboard.press("b")
    page.wait_for_url("**/complaints/new/")


def test_a_creditor_reads_the_complaints(register, member, sign_in):
    """S003-19."""
    case, *_others = register
    page = sign_in(member("CREDITOR_USER", creditor=case.creditor))
    page.goto("/creditor/complaints/")
    picture(page, "complaint-creditor")
    assert serious_faults(page) == []


@pytest.fixture
def quality(agency, member):
    """A coordinator's team of three, with judged conversations of two months and one that waits."""
    with agency_scope(agency.id):
        team = factories.make_team("North")
    coordinator = member("COORDINATOR", team=team, full_name="Elena Popa")
    people = [member("COLLECTOR", team=team, full_name=name) for name in ("Ana Rusu", "Ion Ceban", "Maria Lungu")]
    with agency_scope(agency.id):
        card = quality_cards.adopt(quality_cards.usual_items(), by=coordinator, now=timezone.now())
        items = quality_cards.items_of(card)
        case = factories.make_case()
        for number, who in enumerate(people):
            for days in (3, 5, 34, 40 + number):
                talk(case, who, days_ago=days, note="Asks for a call after the 10th.")
        wanted = quality_sampling.Wanted(today() - timedelta(days=50), today(), 4, team)
        quality_sampling.draw(wanted, seed=2026, by=coordinator, now=timezone.now())
        rows = list(ConversationReview.objects.select_related("card").order_by("id"))
        for place, review in enumerate(rows[:-1]):
            given = {item.id: Given((item.order * 7 + place * 5) % 3 or 2) for item in items}
            if place == 4:
                given[items[5].id] = Given(0, "Named the debt before asking who is there")
            quality_reviews.judge(
                review, given, comment="Good start; repeat the sum and the day.", close=True, by=coordinator,
                now=timezone.now(),
            )  # fmt: skip
    return coordinator, people, rows


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["desk", "dark", "phone"])
def test_conversations_are_drawn_judged_and_shown(quality, member, sign_in, options, request):
    """S000-22, S004-23."""
    coordinator, people, rows = quality
    name = request.node.callspec.id
    page = sign_in(coordinator, **options)
    for what, address in (
        ("list", "/quality/"),
        ("draw", "/quality/samples/new/"),
        ("sample", f"/quality/samples/{rows[0].sample_id}/"),
        ("judge", f"/quality/conversations/{rows[-1].id}/"),
        ("judged", f"/quality/conversations/{rows[4].id}/"),
        ("results", "/quality/results/"),
    ):
        page.goto(address)
        picture(page, f"quality-{what}-{name}")
        assert serious_faults(page) == [], what
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
    page.locator(".charts").scroll_into_view_if_needed()
    picture(page, f"quality-charts-{name}")
    page = sign_in(member("MANAGER"), **options)
    page.goto("/quality/cards/")
    picture(page, f"quality-cards-{name}")
    assert serious_faults(page) == []
    page.goto("/dashboard/")
    page.locator("#panel-quality").scroll_into_view_if_needed()
    picture(page, f"quality-dashboard-{name}")
    page = sign_in(people[0], **options)
    for what, address in (("own", "/my-quality/"), ("own-one", f"/my-quality/{rows[0].id}/")):
        page.goto(address)
        picture(page, f"quality-{what}-{name}")
        assert serious_faults(page) == [], what
