"""The pages about contacts, tried by who may, who may not, nobody, and someone of another agency."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.scope import agency_scope
from contacts import approvals, campaigns, default_templates, gate, letters, outbox
from contacts.models import ApprovalRequest, Campaign, Message, PrintBatch, Template
from tests import factories
from tests.contacts.conftest import MORNING
from tests.contacts.makers import address_of, make_contact, make_hold, make_template, phone_of

LISTS = ["campaigns", "campaign-new", "templates", "template-new", "letters", "outbox"]


@pytest.fixture
def coordinator(member):
    return factories.client_of(member("COORDINATOR"))


@pytest.fixture
def manager(member):
    return factories.client_of(member("MANAGER"))


@pytest.fixture
def texts(agency):
    with agency_scope(agency.id):
        default_templates.create(agency)


def form(**fields: Any) -> dict[str, Any]:
    values = {
        "name": "Reminder", "stage": "PRE_SOFT", "channel": "SMS", "template_name": "payment-reminder",
        "starts_at": "2026-11-24T10:00", "repeat_days": "0",
    }  # fmt: skip
    return values | fields


@pytest.mark.parametrize("name", LISTS)
def test_a_coordinator_sees_the_page(coordinator, texts, name):
    assert coordinator.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_a_collector_does_not(member, name):
    assert factories.client_of(member("COLLECTOR")).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_sent_to_sign_in(db, name):
    assert Client().get(reverse(name)).status_code == 302


def test_a_campaign_is_planned_seen_and_approved_by_two_people(agency, texts, coordinator, manager):
    with agency_scope(agency.id):
        make_hold(factories.make_case(), "FRAUD")
        factories.make_case()
    planned = coordinator.post(reverse("campaign-new"), form(), follow=True)
    assert planned.status_code == 200
    assert "Fraud or identity theft is suspected" in planned.content.decode()
    with agency_scope(agency.id):
        campaign = Campaign.objects.get()
    assert coordinator.post(reverse("campaign-approve", args=[campaign.id])).status_code == 403
    manager.post(reverse("campaign-approve", args=[campaign.id]))
    with agency_scope(agency.id):
        assert Campaign.objects.get().state == "APPROVED"


def test_the_numbers_of_a_forecast_open_their_cases(agency, texts, coordinator):
    with agency_scope(agency.id):
        case = factories.make_case()
        make_hold(case, "FRAUD")
    coordinator.post(reverse("campaign-new"), form())
    with agency_scope(agency.id):
        campaign = Campaign.objects.get()
    for key in ("BLOCK", "STATUS_FRAUD"):
        page = coordinator.get(reverse("campaign-sample", args=[campaign.id, key]))
        assert case.contract_no in page.content.decode()


def test_a_text_of_another_channel_is_refused_beside_its_field(texts, coordinator):
    page = coordinator.post(reverse("campaign-new"), form(channel="IVM"))
    assert page.status_code == 422
    assert "template_name" in page.context["form"].errors


def test_a_running_campaign_shows_its_progress_as_a_fragment(agency, texts, coordinator):
    coordinator.post(reverse("campaign-new"), form())
    with agency_scope(agency.id):
        campaign = Campaign.objects.get()
        Campaign.objects.update(state="RUNNING")
    page = coordinator.get(reverse("campaign", args=[campaign.id]), headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert "<html" not in page.content.decode()


def test_a_campaign_is_paused_resumed_and_cancelled(agency, texts, coordinator):
    coordinator.post(reverse("campaign-new"), form())
    with agency_scope(agency.id):
        campaign = Campaign.objects.get()
        Campaign.objects.update(state="RUNNING")
    seen = []
    for verb in ("pause", "resume", "cancel"):
        coordinator.post(reverse("campaign-move", args=[campaign.id, verb]))
        with agency_scope(agency.id):
            seen.append(Campaign.objects.get().state)
    assert seen == ["PAUSED", "APPROVED", "CANCELLED"]


def test_another_agencys_campaign_does_not_exist(agency, other_agency, texts, coordinator):
    coordinator.post(reverse("campaign-new"), form())
    with agency_scope(agency.id):
        campaign = Campaign.objects.get()
    stranger = factories.client_of(factories.make_member(other_agency, "MANAGER"))
    for name in ("campaign", "campaign-messages"):
        assert stranger.get(reverse(name, args=[campaign.id])).status_code == 404
    assert stranger.post(reverse("campaign-approve", args=[campaign.id])).status_code == 404


def test_a_text_is_written_by_one_and_approved_by_another(agency, coordinator, manager):
    values = {
        "name": "short", "channel": "SMS", "language": "ro", "kind": "REMINDER", "subject": "",
        "body": "{{ agency.name }}: sunați-ne. STOP", "elements": [],
    }  # fmt: skip
    coordinator.post(reverse("template-new"), values)
    with agency_scope(agency.id):
        template = Template.objects.get()
    assert coordinator.post(reverse("template-decide", args=[template.id, "approve"])).status_code == 403
    manager.post(reverse("template-decide", args=[template.id, "approve"]))
    with agency_scope(agency.id):
        template.refresh_from_db()
    assert template.approved_at is not None
    assert set(template.elements) == {"servicer_identity", "opt_out"}


def test_a_text_that_names_an_unknown_variable_is_kept_and_told(coordinator):
    values = {"name": "x", "channel": "SMS", "language": "ro", "kind": "REMINDER", "body": "{{ debtor.salary }}"}
    page = coordinator.post(reverse("template-new"), values)
    assert page.status_code == 422
    assert "debtor.salary" in str(page.context["form"].errors)


def test_a_text_is_shown_filled_in_with_its_length(agency, texts, coordinator):
    with agency_scope(agency.id):
        case = factories.make_case()
        template = Template.objects.get(name="payment-reminder", language="ro")
    page = coordinator.get(reverse("template", args=[template.id]))
    assert case.contract_no in page.content.decode()
    assert page.context["segments"] >= 2


@pytest.mark.django_db(transaction=True)
def test_letters_are_batched_opened_and_handed_over(agency, texts, coordinator):
    with agency_scope(agency.id):
        case = factories.make_case()
        outbox.enqueue(
            case, channel="LETTER", contact_point=address_of(case), dedupe_key="l", by=None, now=MORNING,
            template=Template.objects.get(name="notification-letter", language="ro"),
        )  # fmt: skip
    letters.render_due(agency.id, clock=lambda: MORNING, workers=1)
    assert coordinator.get(reverse("letters")).context["ready"] == 1
    coordinator.post(reverse("print-batch-new"))
    with agency_scope(agency.id):
        batch, message = PrintBatch.objects.get(), Message.objects.get()
    document = coordinator.get(reverse("print-batch", args=[batch.id]))
    assert b"".join(document.streaming_content).startswith(b"%PDF")
    assert coordinator.get(reverse("letter", args=[message.id])).status_code == 200
    coordinator.post(reverse("print-batch-hand-over", args=[batch.id]))
    with agency_scope(agency.id):
        assert PrintBatch.objects.get().handed_over_at is not None


def test_a_message_of_unknown_fate_is_decided_by_a_person(agency, coordinator):
    with agency_scope(agency.id):
        case = factories.make_case()
        make_contact(case)
        outbox.enqueue(
            case, channel="SMS", contact_point=phone_of(case), template=make_template(), dedupe_key="u", by=None,
            now=MORNING,
        )  # fmt: skip
        [leaving] = outbox.claim(limit=1, now=MORNING)
        Message.objects.update(state="DECIDE")
    assert case.contract_no in coordinator.get(reverse("outbox")).content.decode()
    coordinator.post(reverse("outbox-decide", args=[leaving.message_id, "again"]))
    with agency_scope(agency.id):
        assert Message.objects.get().state == "PENDING"


def test_the_outbox_leads_from_each_number_to_its_messages_and_says_why(agency, coordinator):
    told = {
        "DECIDE": ("", "its list did not tell"),
        "UNKNOWN": ("", "its own list is being asked"),
        "FAILED": ("21211", "this is not a phone number"),
        "PENDING": ("20429", "asked too often; it is tried again"),
    }
    contract = {}
    with agency_scope(agency.id):
        template = make_template()
        for state, (code, _said) in told.items():
            case = factories.make_case()
            make_contact(case)
            contract[state] = case.contract_no
            outbox.enqueue(
                case, channel="SMS", contact_point=phone_of(case), template=template, dedupe_key=state, by=None,
                now=MORNING,
            )  # fmt: skip
            outbox.claim(limit=1, now=MORNING)
            Message.objects.filter(dedupe_key=state).update(state=state, error_code=code)
    start = coordinator.get(reverse("outbox"))
    assert [(state, n) for state, _label, n in start.context["tabs"]] == [(state, 1) for state in told]
    for state, (_code, said) in told.items():
        assert f'href="?state={state}"' in start.content.decode()
        page = coordinator.get(reverse("outbox"), {"state": state})
        assert [row.case.contract_no for row, _why in page.context["rows"]] == [contract[state]]
        assert said in html.unescape(page.content.decode())


def test_a_long_outbox_comes_in_pages(agency, coordinator):
    with agency_scope(agency.id):
        template = make_template()
        case = factories.make_case()
        for n in range(51):
            outbox.enqueue(
                case, channel="SMS", contact_point=phone_of(case), template=template, dedupe_key=f"{n}", by=None,
                now=MORNING,
            )  # fmt: skip
    pages = [coordinator.get(reverse("outbox"), {"state": "PENDING", "page": n}).context["rows"] for n in (1, 2)]
    assert [len(rows) for rows in pages] == [50, 1]


def test_contacts_wait_beside_promises_for_a_second_person(agency, member, coordinator):
    asker = member("COLLECTOR").user
    with agency_scope(agency.id):
        case = factories.make_case()
        make_hold(case, "HARDSHIP")
        now = timezone.now()
        decision = gate.request(case, channel="LETTER", contact_point=address_of(case), by=asker, now=now).decision
        asked = approvals.ask_approval(decision, by=asker, now=now)
    page = coordinator.get(reverse("approvals")).content.decode()
    assert "vulnerable or in hardship" in page
    coordinator.post(reverse("contact-approval", args=[asked.id]), {"decide": "approve"})
    with agency_scope(agency.id):
        assert ApprovalRequest.objects.get().granted is True


def test_a_case_shows_what_was_sent_and_why_not(agency, texts, member):
    with agency_scope(agency.id):
        case = factories.make_case()
        campaign = campaigns.plan(
            by=member("COORDINATOR"), now=MORNING, name="c", channel="SMS", template_name="payment-reminder",
            stage="PRE_SOFT", starts_at=MORNING - timedelta(days=1),
        )  # fmt: skip
        assert campaign.state == "DRAFT"
        make_hold(case, "FRAUD")
        outbox.enqueue(
            case, channel="SMS", contact_point=phone_of(case), template=make_template(), dedupe_key="c", by=None,
            now=MORNING,
        )  # fmt: skip
        outbox.claim(limit=1, now=MORNING)
    page = factories.client_of(member("MANAGER")).get(reverse("case", args=[case.id]))
    assert "Refused by the gate" in page.content.decode()
    assert "Fraud or identity theft is suspected" in page.content.decode()
