"""Letters: rendered with everything they must carry, kept by hash, printed in batches that can be counted."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases.models import Case
from common.pdf_press import NotRendered, PdfPress
from contacts import default_templates, letter_layout, letters, outbox, templating, wording
from contacts.models import Contact, Message, Template
from tests import factories
from tests.contacts.conftest import MORNING
from tests.contacts.makers import address_of, make_contact, make_hold

NAMES = {
    "en": "Zoë Brontë", "ro": "Ștefăniță Țurcanu-Băiașu", "it": "Niccolò Città", "cs": "Jiří Dvořák-Žďárský",
    "lt": "Žygimantė Šakalytė-Ąžuolienė", "ru": "Наталья Щербакова",
}  # fmt: skip


@pytest.fixture(scope="module")
def press() -> Any:
    with PdfPress(1) as found:
        yield found


def write_to(agency: Any, case: Case, name: str = "notification-letter", language: str = "ro") -> Message:
    default_templates.create(agency)
    template = Template.objects.get(name=name, language=language)
    message = outbox.enqueue(
        case, channel="LETTER", contact_point=address_of(case), template=template, dedupe_key=f"l:{case.id}:{name}",
        by=None, now=MORNING,
    )  # fmt: skip
    assert message is not None
    return message


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def html_for(agency: Any, language: str, name: str) -> str:
    template = Template.objects.get(name=name, language=language)
    debtor = factories.make_debtor(name=NAMES[language], language=language)
    case = factories.make_case(debtor=debtor, amount=Decimal("12345.67"), contract_signed_on=date(2024, 3, 5))
    facts = wording.collect([case.id], now=MORNING)[case.id]
    values = wording.values(facts, language=language)
    return letter_layout.letter_html(
        facts, subject=templating.read(template.subject).render(values), language=language,
        body=templating.read(template.body).render(values),
        address=letters.address_lines(address_of(case), home=agency.country),
    )  # fmt: skip


def test_the_country_stands_on_letters_abroad_alone(in_agency):
    address = address_of(factories.make_case())
    assert letters.address_lines(address, home="MD")[-1].endswith("Chișinău")
    assert letters.address_lines(address, home="RO")[-1] == "MOLDOVA"


def test_a_notice_of_assignment_names_the_day_the_portfolio_came_over(in_agency):
    mandate = factories.make_mandate(factories.make_creditor(country="RO"), ownership="PURCHASED")
    case = factories.make_case(portfolio=factories.make_portfolio(mandate, received_on=date(2026, 9, 1)))
    values = wording.values(wording.collect([case.id], now=MORNING)[case.id], language="ro")
    assert templating.read("{{ case.assigned_on }}").render(values) == "1 septembrie 2026"


def test_a_sentence_that_ends_with_a_day_has_one_full_stop():
    text = templating.read("Terminas suėjo {{ case.due_on }}. Toliau...")
    assert text.render({"case": {"due_on": "spalio 15 d."}}) == "Terminas suėjo spalio 15 d. Toliau..."


@pytest.mark.parametrize("language", default_templates.LANGUAGES)
@pytest.mark.parametrize("name", ["notification-letter", "warning-letter", "first-notice", "assignment-notice"])
def test_every_shipped_letter_carries_demand_parts_account_and_contact(in_agency, press, language, name):
    """S000-08, S001-01, S001-13, S004-15."""
    in_agency.phone, in_agency.payment_iban = "+373 22 123 456", "MD24AG000225100013104168"
    in_agency.address, in_agency.email = "bd. Ștefan cel Mare 1, Chișinău", "contact@nistru.example"
    in_agency.save()
    default_templates.create(in_agency)
    text = text_of(press.render(html_for(in_agency, language, name)).pdf)
    flat = text.replace("\n", " ").replace("\xa0", " ").replace("\u202f", " ")
    for part in (NAMES[language], "MD24 AG00 0225 1000 1310 4168", "+373 22 123 456", "contact@nistru.example"):
        assert part in flat
    assert "345,67" in flat or "345.67" in flat


@pytest.mark.parametrize("language", default_templates.LANGUAGES)
def test_no_shipped_letter_needs_more_than_two_pages(in_agency, press, language):
    default_templates.create(in_agency)
    assert press.render(html_for(in_agency, language, "first-notice")).pages <= 2


def test_a_letter_cannot_read_files_or_call_addresses(press):
    html = "<img src='file:///etc/passwd'><img src='http://127.0.0.1:1/'><p>still here</p>"
    assert "still here" in text_of(press.render(html).pdf)
    assert "root:" not in text_of(press.render("<object data='file:///etc/passwd'></object><p>x</p>").pdf)


def test_what_the_agency_wrote_cannot_become_markup(in_agency):
    default_templates.create(in_agency)
    case = factories.make_case(debtor=factories.make_debtor(name="<b>Eve</b>"))
    facts = wording.collect([case.id], now=MORNING)[case.id]
    html = letter_layout.letter_html(facts, subject="<i>s</i>", body="<u>b</u>", language="en", address=["<a>"])
    assert not any(tag in html for tag in ("<b>Eve", "<i>s", "<u>b", "<a>"))


def test_a_debt_in_euro_can_be_paid_by_scanning(in_agency):
    in_agency.payment_iban = "LT121000011101001000"
    in_agency.save()
    mandate = factories.make_mandate(factories.make_creditor(country="LT"))
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    facts = wording.collect([case.id], now=MORNING)[case.id]
    html = letter_layout.letter_html(facts, subject="s", body="b", language="lt", address=[])
    assert "data:image/svg+xml" in html


@pytest.mark.django_db(transaction=True)
def test_a_due_letter_is_rendered_once_and_kept_by_its_hash(agency):
    """S003-08."""
    with agency_scope(agency.id):
        message = write_to(agency, factories.make_case())
    assert letters.render_due(agency.id, clock=lambda: MORNING, workers=1) == 1
    assert letters.render_due(agency.id, clock=lambda: MORNING, workers=1) == 0
    with agency_scope(agency.id):
        message.refresh_from_db()
        stored = (Path(settings.MEDIA_ROOT) / message.path).read_bytes()
        assert sha256(stored).hexdigest() == message.sha256
        assert Contact.objects.get().kind == "LETTER"


@pytest.mark.django_db(transaction=True)
def test_the_gate_is_asked_for_letters_too(agency):
    with agency_scope(agency.id):
        case = factories.make_case()
        write_to(agency, case)
        make_hold(case, "CEASE_REQUEST")
    letters.render_due(agency.id, clock=lambda: MORNING, workers=1)
    with agency_scope(agency.id):
        assert Message.objects.get().refusal_codes == ["STATUS_CEASE"]


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_one_document_with_a_list_on_top_and_each_letter_once(agency, member):
    with agency_scope(agency.id):
        for _n in range(3):
            write_to(agency, factories.make_case())
    letters.render_due(agency.id, clock=lambda: MORNING, workers=1)
    coordinator = member("COORDINATOR")
    with agency_scope(agency.id):
        batch = letters.make_batch(by=coordinator, now=MORNING)
        document = (Path(settings.MEDIA_ROOT) / batch.path).read_bytes()
        assert sha256(document).hexdigest() == batch.sha256
        assert len(PdfReader(BytesIO(document)).pages) == batch.pages
        contracts = list(Case.objects.values_list("contract_no", flat=True))
        assert all(contract in text_of(document) for contract in contracts)
        assert set(Message.objects.values_list("state", "print_batch_id")) == {("SENT", batch.id)}
        with pytest.raises(letters.NoLettersWaiting):
            letters.make_batch(by=coordinator, now=MORNING)


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_handed_over_once(agency, member):
    with agency_scope(agency.id):
        write_to(agency, factories.make_case())
    letters.render_due(agency.id, clock=lambda: MORNING, workers=1)
    coordinator = member("COORDINATOR")
    with agency_scope(agency.id):
        batch = letters.make_batch(by=coordinator, now=MORNING)
        letters.hand_over(batch, by=coordinator, now=MORNING)
        with pytest.raises(letters.BatchNotReady):
            letters.hand_over(batch, by=coordinator, now=MORNING)


def test_a_letter_whose_renderer_died_goes_back(in_agency):
    case = factories.make_case()
    write_to(in_agency, case)
    outbox.claim(limit=1, now=MORNING, channels=["LETTER"])
    assert letters.release_stuck(now=MORNING + outbox.LEASE * 2) == 1
    assert Message.objects.get().state == "PENDING"
    assert Contact.objects.get().outcome == "NOT_PLACED"


def test_a_worker_that_dies_is_replaced(press):
    with PdfPress(1) as own:
        own._all[0]._process.kill()
        own._all[0]._process.wait()
        with pytest.raises(NotRendered):
            own.render("<p>lost</p>")
        assert own.render("<p>next</p>").pages == 1


def test_a_ceded_claim_is_told_by_letter_before_anything_else(in_agency):
    mandate = factories.make_mandate(factories.make_creditor(country="RO"), ownership="PURCHASED")
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    make_contact(case)
    write_to(in_agency, case, name="assignment-notice")
    assert len(outbox.claim(limit=1, now=MORNING, channels=["LETTER"])) == 1
