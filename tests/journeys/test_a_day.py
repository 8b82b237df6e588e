"""A day of an agency through real pages: a file becomes cases, which are given out, worked, written to, and seen."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Agency
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from carrier_simulator.carrier import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from carrier_simulator.server import Simulator
from carrier_simulator.settings import Settings
from cases.disposition_codes import seed_codes
from cases.models import Case, Promise
from cases.tasks import resume_case_files
from collections_crm.demo.people import person_id
from contacts import default_templates
from contacts.models import Message
from contacts.tasks import start_due_campaigns
from portfolios.models import CaseFile, Portfolio
from tests import factories
from tests.browser import DATABASES, picture


@pytest.fixture
def carrier(live_server: Any, settings: Any) -> Iterator[Simulator]:
    """A carrier that calls back to the running server."""
    with Simulator(settings=Settings(step_ms=5)) as simulator:
        settings.TWILIO_BASE_URL = simulator.url
        settings.TWILIO_ACCOUNT_SID = DEFAULT_ACCOUNT_SID
        settings.TWILIO_AUTH_TOKEN = DEFAULT_AUTH_TOKEN
        settings.PUBLIC_BASE_URL = live_server.url
        yield simulator


pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]


class Cast:
    """The people of the day."""

    def __init__(self, agency: Agency) -> None:
        with agency_scope(agency.id):
            seed_codes()
            default_templates.create(agency)
            self.team = factories.make_team("Centru")
            self.portfolio: Portfolio = factories.make_portfolio()
        self.agency = agency
        Agency.objects.filter(id=agency.id).update(contact_profile={"flags": ["profile:no_practice"]})
        self.creditor = factories.make_member(agency, "CREDITOR_USER", creditor=self.portfolio.creditor)
        self.coordinator = factories.make_member(agency, "COORDINATOR", team=self.team)
        self.collector = factories.make_member(agency, "COLLECTOR", team=self.team, full_name="Ana Ceban")
        self.manager = factories.make_member(agency, "MANAGER")


def case_file(today: date) -> bytes:
    """Three debts of a Moldovan bank, 45 days past due."""
    due = today - timedelta(days=45)
    lines = ["Contract nr;Nume;IDNP;Telefon mobil;Adresa;Localitatea;Valuta;Principal;Data scadenței"]
    for n, (first, last) in enumerate((("Ion", "Rusu"), ("Maria", "Popa"), ("Vasile", "Ceban"))):
        idnp = person_id("MD", first=first, last=last, woman=n == 1, born=date(1984, 5, 9), random=Random(n))
        lines.append(
            f"BC{n};{first} {last};{idnp};+3736900010{n};Strada Florilor {n};Chișinău;MDL;"
            f"{1000 + n * 250}.00;{due:%d.%m.%Y}"
        )
    return "\r\n".join(lines).encode()


def upload(cast: Cast) -> CaseFile:
    """The creditor's system posts the file, maps it as suggested and confirms, all over REST."""
    with agency_scope(cast.agency.id):
        _token, secret = issue_token(cast.creditor, name="core banking", by=cast.creditor.user)
    api = Client(headers={"Authorization": f"Bearer {secret}"})
    sent = api.post(
        f"/api/v1/case-files?portfolio={cast.portfolio.id}&filename=credite.csv", data=case_file(timezone.localdate()),
        content_type="application/octet-stream", headers={"Idempotency-Key": "first"},
    )  # fmt: skip
    assert sent.status_code == 202, sent.content
    address = f"/api/v1/case-files/{sent.json()['id']}"
    resume_case_files()
    waiting = api.get(address).json()
    if waiting["state"] == "NEEDS_MAPPING":
        spec = waiting["detected"]["suggestion"]
        for question in waiting["detected"]["questions"]:
            answered = next(column for column in spec["columns"] if column["column"] == question["column"])
            answered["dates"] = "DMY"
        mapped = api.put(f"{address}/mapping", data=spec, content_type="application/json")
        assert mapped.status_code in (200, 202), mapped.content
        resume_case_files()
    assert api.get(address).json()["state"] == "CHECKED", api.get(address).content
    assert api.post(f"{address}/confirm").status_code in (200, 202)
    resume_case_files()
    assert api.get(address).json()["state"] == "OPENED"
    with agency_scope(cast.agency.id):
        return CaseFile.objects.get()


def test_a_file_becomes_cases_a_promise_a_message_and_a_figure(
    agency: Agency, sign_in: Any, carrier: Simulator
) -> None:
    cast = Cast(agency)
    case_file_row = upload(cast)
    with agency_scope(agency.id):
        assert list(Case.objects.order_by("contract_no").values_list("contract_no", "stage")) == [
            ("BC0", "PRE_SOFT"), ("BC1", "PRE_SOFT"), ("BC2", "PRE_SOFT"),
        ]  # fmt: skip
        assert case_file_row.counts["new"] == 3

    creditor = sign_in(cast.creditor)
    creditor.goto("/case-files/")
    creditor.get_by_text("credite.csv").first.click()
    creditor.wait_for_load_state()
    picture(creditor, "upload")

    manager = sign_in(cast.manager)
    manager.goto("/dashboard/")
    before = manager.locator(".stat").nth(2).inner_text()
    manager.goto("/allocation/")
    manager.get_by_label("Teams").check()
    manager.get_by_label("Centru").check()
    manager.get_by_role("button", name="Preview").click()
    manager.get_by_role("button", name="Assign now").click()

    coordinator = sign_in(cast.coordinator)
    coordinator.goto("/allocation/")
    coordinator.get_by_role("checkbox", name="Ana Ceban").check()
    coordinator.get_by_role("button", name="Preview").click()
    picture(coordinator, "allocation")
    coordinator.get_by_role("button", name="Assign now").click()
    with agency_scope(agency.id):
        assert Case.objects.filter(collector=cast.collector).count() == 3

    collector = sign_in(cast.collector)
    collector.goto("/desk/")
    collector.keyboard.press("n")
    expect(collector.locator("#desk[data-case]")).to_be_visible()
    picture(collector, "desk")
    promise_by_keyboard(collector)
    with agency_scope(agency.id):
        promise = Promise.objects.get()
        assert promise.state == "ACTIVE"

    message = campaign(cast, coordinator, manager, carrier)
    assert (message.state, message.provider_status) == ("DELIVERED", "delivered")
    phones = collector.context.new_page()
    phones.goto(carrier.url)
    picture(phones, "phones")
    collector.goto(f"/cases/{message.case_id}/")
    expect(collector.get_by_text("SMS").first).to_be_visible()

    manager.goto("/dashboard/?" + f"start={timezone.localdate()}&end={timezone.localdate() + timedelta(days=10)}")
    assert manager.locator(".stat").nth(2).inner_text() != before
    picture(manager, "dashboard")


def campaign(cast: Cast, coordinator: Page, manager: Page, carrier: Simulator) -> Message:
    """The coordinator plans and forecasts an SMS campaign, the manager approves it, the clock starts it."""
    coordinator.goto("/campaigns/new/")
    coordinator.locator("#id_name").fill("Reminder of the week")
    coordinator.locator("#id_channel").select_option("SMS")
    coordinator.locator("#id_template_name").select_option("payment-reminder")
    coordinator.get_by_role("button", name="Make the forecast").click()
    coordinator.wait_for_load_state()
    picture(coordinator, "campaign")
    address = coordinator.url
    manager.goto(address)
    manager.get_by_role("button", name="Approve").click()
    manager.wait_for_load_state()
    start_due_campaigns()
    carrier.wait_until_quiet(20)
    coordinator.reload()
    picture(coordinator, "campaign-running")
    with agency_scope(cast.agency.id):
        messages = list(Message.objects.order_by("id"))
        assert len(messages) == 3
        return messages[0]


def promise_by_keyboard(page: Page) -> None:
    """Open the promise form by its key; it proposes amount and day, the reason is asked for."""
    page.keyboard.press("c")
    expect(page.get_by_role("link", name="Dial")).to_be_focused()
    page.keyboard.press("t")
    expect(page.get_by_label("Amount").first).to_be_focused()
    page.get_by_label("By", exact=True).fill(str(timezone.localdate() + timedelta(days=5)))
    page.locator("#promise-reason").select_option("FORGOT")
    picture(page, "promise")
    page.get_by_label("Amount").first.press("Enter")
    expect(page.get_by_role("heading", name="Maria Popa", level=1)).to_be_visible()
