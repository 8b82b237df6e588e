"""Campaigns: forecast as the gate would answer, approved by a second person, run once, paused and cancelled."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from contacts import (
    campaign_runs,
    campaigns,
    default_templates,
    gate,
    letters,
    outbox,
    outcomes,
    selection,
    sentences,
)
from contacts.models import Campaign, CampaignRun, Contact, Decision, Message
from contacts.template_versions import Choices
from debtors.models import ContactPoint, OptOut, PersonStatus
from jurisdictions.codes import Code
from tests import factories
from tests.contacts.conftest import MORNING
from tests.contacts.makers import address_of, make_contact, make_hold


@pytest.fixture
def planner(member):
    return member("COORDINATOR")


@pytest.fixture
def manager(member):
    return member("MANAGER")


def make_campaign(by: Any, **fields: Any) -> Campaign:
    default_templates.create(by.agency)
    values = {
        "name": "November reminder", "channel": "SMS", "template_name": "payment-reminder", "stage": "PRE_SOFT",
        "starts_at": MORNING,
    }  # fmt: skip
    return campaigns.plan(by=by, now=MORNING - timedelta(hours=2), **(values | fields))


def approved(planner: Any, manager: Any, **fields: Any) -> Campaign:
    campaign = make_campaign(planner, **fields)
    campaigns.forecast(campaign, now=MORNING)
    return campaigns.approve(campaign, by=manager, now=MORNING)


def run(campaign: Campaign, **options: Any) -> list[int]:
    runs = campaign_runs.start_due(now=MORNING)
    for run_id in runs:
        campaign_runs.plan(campaign.agency_id, run_id, clock=lambda: MORNING, **options)
    return runs


def test_the_forecast_says_how_many_go_and_why_others_do_not(in_agency, planner):
    in_agency.sms_cost = "0.05"
    in_agency.save()
    cases = [factories.make_case() for _ in range(5)]
    make_hold(cases[0], "DECEASED")
    make_hold(cases[1], "HARDSHIP")
    make_contact(cases[2], kind="SMS", at=MORNING - timedelta(hours=1))
    forecast = campaigns.forecast(make_campaign(planner), now=MORNING)
    assert {name: forecast[name] for name in ("cases", "go", "deferred", "approve", "blocked")} == {
        "cases": 5, "go": 2, "deferred": 1, "approve": 1, "blocked": 1,
    }  # fmt: skip
    assert forecast["reasons"] == {"STATUS_DECEASED": 1, "STATUS_VULNERABLE": 1, "FREQ_CAP": 1}
    assert forecast["samples"]["STATUS_DECEASED"] == [cases[0].id]
    assert float(forecast["cost"]["amount"]) > 0


def test_a_forecast_reserves_and_stores_nothing(in_agency, planner):
    factories.make_case()
    campaigns.forecast(make_campaign(planner), now=MORNING)
    assert (Decision.objects.count(), Message.objects.count()) == (0, 0)


def test_only_the_cases_asked_for_are_chosen(in_agency, planner):
    old, young = factories.make_case(days_past_due=80), factories.make_case(days_past_due=35)
    factories.make_case(amount=5)
    factories.make_case(stage="SOFT")
    campaign = make_campaign(planner, min_dpd=30, max_dpd=60, min_balance=100)
    assert list(selection.cases_of(campaign, as_of=factories.TODAY)) == [young]
    assert old not in selection.cases_of(campaign, as_of=factories.TODAY)


def test_whoever_planned_it_may_not_approve_it(in_agency, planner, manager):
    campaign = make_campaign(planner)
    campaigns.forecast(campaign, now=MORNING)
    with pytest.raises(campaigns.SecondPersonNeeded):
        campaigns.approve(campaign, by=planner, now=MORNING)
    assert campaigns.approve(campaign, by=manager, now=MORNING).state == "APPROVED"


def test_without_a_forecast_nothing_is_approved(in_agency, planner, manager):
    with pytest.raises(campaigns.NotPossibleNow):
        campaigns.approve(make_campaign(planner), by=manager, now=MORNING)


def test_a_campaign_does_not_start_before_its_time_nor_twice(in_agency, planner, manager):
    """S000-06."""
    factories.make_case()
    campaign = approved(planner, manager, starts_at=MORNING + timedelta(hours=1))
    assert campaign_runs.start_due(now=MORNING) == []
    assert len(campaign_runs.start_due(now=MORNING + timedelta(hours=1))) == 1
    campaign_runs.start_due(now=MORNING + timedelta(hours=1))
    assert CampaignRun.objects.filter(campaign=campaign).count() == 1


def test_a_run_puts_one_message_per_case_into_the_outbox_in_the_debtors_language(in_agency, planner, manager):
    for language in ("ro", "it", "cs"):
        factories.make_case(debtor=factories.make_debtor(language=language))
    run(approved(planner, manager))
    assert sorted(Message.objects.values_list("state", "template__language")) == [
        ("PENDING", "cs"), ("PENDING", "it"), ("PENDING", "ro"),
    ]  # fmt: skip


def test_planning_interrupted_anywhere_ends_with_the_same_messages(in_agency, planner, manager):
    for _n in range(7):
        factories.make_case()
    campaign = approved(planner, manager)
    [run_id] = campaign_runs.start_due(now=MORNING)
    moments = iter([MORNING, MORNING])
    with pytest.raises(StopIteration):
        campaign_runs.plan(in_agency.id, run_id, clock=lambda: next(moments), size=3)
    assert Message.objects.count() == 6
    CampaignRun.objects.update(planned_up_to=0)
    campaign_runs.plan(in_agency.id, run_id, clock=lambda: MORNING, size=2)
    assert Message.objects.count() == 7
    campaign.refresh_from_db()
    assert campaign.state == "RUNNING"


def test_what_the_gate_refuses_is_kept_with_its_reason_and_its_evidence(in_agency, planner, manager):
    case = factories.make_case()
    make_hold(case, "FRAUD")
    run(approved(planner, manager))
    assert Message.objects.get().refusal_codes == ["STATUS_FRAUD"]
    decision = Decision.objects.get()
    assert (decision.purpose, decision.verdict, decision.case) == ("FORECAST", "BLOCK", case)


def test_a_case_without_a_number_is_counted(in_agency, planner, manager):
    factories.make_case(debtor=factories.make_debtor(phone=None))
    campaign = approved(planner, manager)
    assert campaign.forecast["reasons"] == {"CONTACT_POINT_MISSING": 1}
    run(campaign)
    assert campaigns.progress(campaign)["missing"] == 1


def test_a_paused_campaign_sends_nothing_and_goes_on_when_resumed(in_agency, planner, manager):
    make_contact(factories.make_case())
    campaign = approved(planner, manager)
    run(campaign)
    campaigns.pause(campaign, by=manager, now=MORNING)
    assert outbox.claim(limit=10, now=MORNING) == []
    assert campaigns.resume(campaign, by=manager, now=MORNING).state == "RUNNING"
    assert len(outbox.claim(limit=10, now=MORNING)) == 1


def test_a_cancelled_campaign_leaves_nothing_waiting(in_agency, planner, manager):
    factories.make_case()
    campaign = approved(planner, manager)
    run(campaign)
    campaigns.cancel(campaign, by=manager, now=MORNING)
    assert Message.objects.get().refusal_codes == ["CANCELLED"]
    with pytest.raises(campaigns.NotPossibleNow):
        campaigns.resume(campaign, by=manager, now=MORNING)


def test_a_run_is_finished_when_nothing_is_under_way(in_agency, planner, manager):
    factories.make_case()
    campaign = approved(planner, manager)
    run(campaign)
    assert campaign_runs.finish_done(now=MORNING) == 0
    Message.objects.update(state="REFUSED")
    assert campaign_runs.finish_done(now=MORNING) == 1
    campaign.refresh_from_db()
    assert campaign.state == "DONE"


def test_a_repeating_campaign_starts_again_after_its_days(in_agency, planner, manager):
    """S000-10."""
    campaign = approved(planner, manager, repeat_days=7)
    run(campaign)
    campaign_runs.finish_done(now=MORNING)
    assert campaign_runs.start_due(now=MORNING + timedelta(days=6)) == []
    assert len(campaign_runs.start_due(now=MORNING + timedelta(days=7))) == 1


def test_a_contact_that_needs_approval_waits_for_a_second_person_when_it_would_leave(in_agency, planner, manager):
    case = factories.make_case()
    make_contact(case)
    make_hold(case, "HARDSHIP")
    run(approved(planner, manager))
    assert outbox.claim(limit=10, now=MORNING) == []
    message = Message.objects.get()
    assert (message.state, message.refusal_codes) == ("DECIDE", ["STATUS_VULNERABLE"])


def _trouble(case: Any, chance: random.Random) -> None:
    """Something that may or may not stand against contact."""
    phone = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    for happens in (
        lambda: make_hold(case, chance.choice(["DISPUTE", "FRAUD", "HARDSHIP", "CLAIMS_PAID", "CREDITOR"])),
        lambda: make_contact(case, kind="SMS", at=MORNING - timedelta(hours=chance.randrange(1, 200))),
        lambda: make_contact(case, kind="CONVERSATION", at=MORNING - timedelta(hours=chance.randrange(1, 200))),
        lambda: OptOut.objects.create(
            debtor_id=case.debtor_id, channel=chance.choice(["SMS", "IVM"]), source="T", at=MORNING - timedelta(days=1)
        ),
        lambda: PersonStatus.objects.create(
            debtor_id=case.debtor_id, since=factories.TODAY, code=chance.choice(["MINOR", "REPRESENTED", "ABROAD"])
        ),
        lambda: ContactPoint.objects.filter(id=phone.id).update(time_zone="America/New_York"),
    ):
        if chance.random() < 0.25:
            happens()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("country", ["MD", "RO", "IT"])
def test_one_and_set_agree(in_agency, planner, seed, country):
    """The gate asked about one contact and the campaign asked about all give the same answer (S000-06)."""
    chance = random.Random(f"{seed}{country}")
    mandate = factories.make_mandate(
        factories.make_creditor(country=country),
        allowed_channels=chance.choice([["CALL", "SMS", "IVM", "LETTER"], ["CALL", "LETTER"]]),
        ownership=chance.choice(["ENTRUSTED", "CEDED", "PURCHASED"]),
    )
    portfolio = factories.make_portfolio(mandate)
    cases = [factories.make_case(portfolio=portfolio) for _ in range(6)]
    for case in cases:
        _trouble(case, chance)
    channel, name = chance.choice([("SMS", "payment-reminder"), ("IVM", "voice-reminder")])
    campaign = make_campaign(planner, channel=channel, template_name=name)
    choices = Choices(name=name, channel=channel)
    for one in selection.judge(campaign, [case.id for case in cases], choices=choices, now=MORNING):
        case = next(case for case in cases if case.id == one.case_id)
        alone = gate.request(
            case, channel=channel, contact_point=ContactPoint.objects.get(id=one.point_id),
            message_kind=one.template.kind, elements=one.template.elements, by=None, now=MORNING,
        )  # fmt: skip
        assert (alone.decision.verdict, tuple(alone.decision.codes), alone.decision.until) == (
            {"GO": "ALLOW"}.get(one.ruling, one.ruling), one.codes, one.until,
        )  # fmt: skip


def test_a_forecast_that_took_long_does_not_bring_a_cancelled_campaign_back(in_agency, planner, manager):
    campaign = make_campaign(planner)
    as_read_by_the_task = Campaign.objects.get(id=campaign.id)
    campaigns.cancel(campaign, by=manager, now=MORNING)
    with pytest.raises(campaigns.NotPossibleNow):
        campaigns.forecast(as_read_by_the_task, now=MORNING)
    assert Campaign.objects.get().state == "CANCELLED"


def test_what_was_approved_is_not_forecast_anew(in_agency, planner, manager):
    campaign = approved(planner, manager)
    seen_by_the_approver = campaign.forecast
    factories.make_case()
    with pytest.raises(campaigns.NotPossibleNow):
        campaigns.forecast(campaign, now=MORNING + timedelta(hours=1))
    stored = Campaign.objects.get()
    assert (stored.state, stored.forecast) == ("APPROVED", seen_by_the_approver)


def waiting_for_a_second_person(planner: Any, manager: Any) -> tuple[Campaign, Message]:
    case = factories.make_case()
    make_contact(case)
    make_hold(case, "HARDSHIP")
    campaign = approved(planner, manager)
    run(campaign)
    outbox.claim(limit=10, now=MORNING)
    return campaign, Message.objects.get()


def test_a_run_is_not_finished_while_a_message_waits_for_a_second_person(in_agency, planner, manager):
    waiting_for_a_second_person(planner, manager)
    assert campaign_runs.finish_done(now=MORNING) == 0
    Message.objects.update(state="REFUSED")
    assert campaign_runs.finish_done(now=MORNING) == 1


def test_a_cancelled_campaign_asks_nobody_any_more(in_agency, planner, manager):
    campaign, message = waiting_for_a_second_person(planner, manager)
    manager_reads = factories.client_of(manager)
    assert "vulnerable or in hardship" in manager_reads.get(reverse("approvals")).content.decode()
    campaigns.cancel(campaign, by=manager, now=MORNING)
    assert "vulnerable or in hardship" not in manager_reads.get(reverse("approvals")).content.decode()
    message.refresh_from_db()
    assert (message.state, message.refusal_codes) == ("REFUSED", ["CANCELLED"])


def test_what_comes_back_from_the_carrier_after_the_end_is_refused(in_agency, planner, manager):
    make_contact(factories.make_case())
    campaign = approved(planner, manager)
    run(campaign)
    [leaving] = outbox.claim(limit=10, now=MORNING)
    campaigns.cancel(campaign, by=manager, now=MORNING)
    assert Message.objects.get().state == "SENDING"
    Message.objects.filter(id=leaving.message_id).update(state="PENDING", lease_until=None)
    assert campaign_runs.refuse_cancelled(now=MORNING) == 1
    assert Message.objects.get().refusal_codes == ["CANCELLED"]


def test_a_letter_that_is_rendered_waits_with_its_paused_campaign_and_ends_with_a_cancelled_one(
    in_agency, planner, manager
):
    """S000-06."""
    case = factories.make_case()
    campaign = approved(planner, manager, channel="LETTER", template_name="notification-letter")
    run(campaign)
    Message.objects.update(state="PENDING", contact_point=address_of(case))
    assert len(outbox.claim(limit=10, now=MORNING, channels=["LETTER"])) == 1
    Message.objects.update(path="1/letters/a.pdf", sha256="a", pages=1, lease_until=None)
    assert letters.waiting() == 1
    campaigns.pause(campaign, by=manager, now=MORNING)
    assert letters.waiting() == 0
    campaigns.resume(campaign, by=manager, now=MORNING)
    assert letters.waiting() == 1
    campaigns.cancel(campaign, by=manager, now=MORNING)
    assert (Message.objects.get().state, letters.waiting()) == ("REFUSED", 0)
    assert Contact.objects.get(message=Message.objects.get()).outcome == outcomes.NOT_PLACED


def test_every_reason_of_a_forecast_is_a_sentence():
    for code in (*Code, "CONTACT_POINT_MISSING", "TEMPLATE_MISSING", "TEMPLATE_BROKEN", "CANCELLED"):
        assert str(code) in sentences.SENTENCES
        told = sentences.reason(str(code), {})
        assert told
        assert "%(" not in told
