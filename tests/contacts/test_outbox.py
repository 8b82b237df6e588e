"""The outbox and the carrier: at most one order per message, and none lost, whatever the carrier does."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.scope import agency_scope
from carrier_simulator.carrier import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from carrier_simulator.server import Simulator
from cases.models import Case
from contacts import hooks, outbox, outcomes, reconciling, sending
from contacts.channels.base import NotAccepted
from contacts.models import CarrierNews, Contact, Message, Permit
from debtors.models import ContactPoint, OptOut
from tests import factories
from tests.contacts.conftest import NIGHT
from tests.contacts.makers import make_contact, make_hold, make_template, phone_of

NOW = timezone.now()
"""The carrier's list knows only the real time; agencies that send now observe no hours of practice."""

BEFORE = NOW - timedelta(days=30)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


@pytest.fixture
def carrier(live_server: Any, settings: Any) -> Iterator[Simulator]:
    with Simulator() as simulator:
        settings.TWILIO_BASE_URL = simulator.url
        settings.TWILIO_ACCOUNT_SID = DEFAULT_ACCOUNT_SID
        settings.TWILIO_AUTH_TOKEN = DEFAULT_AUTH_TOKEN
        settings.PUBLIC_BASE_URL = live_server.url
        settings.CARRIER_TIMEOUT_SECONDS = 2
        yield simulator


def put(agency: Any, numbers: list[str], *, channel: str = "SMS", body: str = "", by_day: bool = False) -> list[int]:
    """A message to each number, each on a case of its own."""
    agency.contact_profile = {"flags": [] if by_day else ["profile:no_practice"]}
    agency.save()
    with agency_scope(agency.id):
        portfolio = factories.make_portfolio()
        template = make_template(channel=channel, body=body or "{{ case.contract_no }}: {{ case.overdue }}")
        ids = []
        for number in numbers:
            case = factories.make_case(portfolio=portfolio, debtor=factories.make_debtor(phone=number))
            make_contact(case)
            message = outbox.enqueue(
                case, channel=channel, contact_point=phone_of(case), template=template,
                dedupe_key=f"test:{case.id}", by=None, now=BEFORE,
            )  # fmt: skip
            assert message is not None
            ids.append(message.id)
    return ids


def send(agency: Any, at: datetime = NOW, **options: Any) -> sending.Sent:
    return sending.send_due(agency.id, clock=lambda: at, threads=8, **options)


def states(agency: Any, field: str = "state") -> dict[str, str]:
    with agency_scope(agency.id):
        return dict(Message.objects.values_list("contact_point__value", field))


def reconcile(agency: Any, at: datetime) -> reconciling.Reconciled:
    with agency_scope(agency.id):
        reconciling.expire_leases(now=at)
    return reconciling.reconcile(agency.id, now=at)


def listen(carrier: Simulator, url: str) -> None:
    """Let the carrier tell us what people write back."""
    carrier.carrier.settings = carrier.carrier.settings.changed({"inbound_url": url + reverse("carrier-inbound")})


def arrived(carrier: Simulator) -> list[str]:
    return [message.recipient for message in carrier.carrier.store.messages("direction != 'inbound'")]


def test_a_message_leaves_once_and_its_delivery_comes_back(agency, carrier):
    """S003-08."""
    put(agency, ["+37368100001"])
    send(agency)
    carrier.wait_until_quiet()
    assert states(agency) == {"+37368100001": "DELIVERED"}
    assert arrived(carrier) == ["+37368100001"]


def test_the_text_is_filled_in_when_it_leaves(agency, carrier):
    put(agency, ["+37368100001"], body="Contract {{ case.contract_no }}, {{ case.overdue }}")
    with agency_scope(agency.id):
        contract = Case.objects.get().contract_no
    send(agency)
    [message] = carrier.carrier.store.messages("direction != 'inbound'")
    assert message.body == f"Contract {contract}, 1.000,00 MDL"


def test_the_same_message_twice_is_one_row(in_agency, now):
    case = factories.make_case()
    template = make_template()
    how = {"channel": "SMS", "contact_point": phone_of(case), "template": template, "by": None, "now": now}
    assert outbox.enqueue(case, dedupe_key="run:1:case:1", **how) is not None
    assert outbox.enqueue(case, dedupe_key="run:1:case:1", **how) is None
    assert Message.objects.count() == 1


def test_two_claimants_never_get_the_same_row(agency):
    put(agency, [f"+373681000{n:02d}" for n in range(10)])
    with agency_scope(agency.id):
        first = outbox.claim(limit=6, now=NOW)
    with agency_scope(agency.id):
        second = outbox.claim(limit=6, now=NOW)
    assert len({one.message_id for one in [*first, *second]}) == len(first) + len(second) == 10


def test_what_is_claimed_is_counted_before_it_leaves(agency):
    put(agency, ["+37368100001"])
    with agency_scope(agency.id):
        outbox.claim(limit=1, now=NOW)
        assert Contact.objects.filter(kind="SMS", permit__isnull=False).count() == 1
        assert Permit.objects.get().used_at == NOW


def test_at_night_a_message_waits_for_the_morning(agency, carrier):
    put(agency, ["+37368100001"], by_day=True)
    send(agency, at=NIGHT)
    with agency_scope(agency.id):
        message = Message.objects.get()
    assert (message.state, message.refusal_codes) == ("PENDING", ["TIME_OUTSIDE_HOURS"])
    assert message.not_before.isoformat() == "2026-11-25T06:00:00+00:00"
    assert arrived(carrier) == []


def test_a_row_that_has_become_unlawful_meanwhile_does_not_leave(agency, carrier):
    put(agency, ["+37368100001"])
    with agency_scope(agency.id):
        make_hold(Case.objects.get(), "DECEASED")
    send(agency)
    assert states(agency) == {"+37368100001": "REFUSED"}
    assert states(agency, "refusal_codes") == {"+37368100001": ["STATUS_DECEASED"]}


def test_a_text_that_cannot_be_filled_in_does_not_leave(agency, carrier):
    put(agency, ["+37368100001"], body="You promised {{ promise.amount }}")
    send(agency)
    assert states(agency, "refusal_codes") == {"+37368100001": ["TEMPLATE_BROKEN"]}


def test_a_hostile_carrier_gets_every_message_exactly_once(agency, carrier):
    suffixes = ["00429", "00500", "00504", "00502", "00201", "00202", "00203", "00205", "00300", "00301"]
    numbers = [f"+373681{n}{suffix}"[:12] for n in range(1) for suffix in suffixes]
    numbers = [f"+3736{n}1{suffix}" for n in range(8, 10) for suffix in suffixes]
    put(agency, numbers)
    at = NOW
    for _round in range(4):
        send(agency, at=at)
        carrier.wait_until_quiet()
        at += timedelta(minutes=4)
        reconcile(agency, at)
    send(agency, at=at)
    carrier.wait_until_quiet()
    assert sorted(arrived(carrier)) == sorted(numbers)
    silent = {number for number in numbers if number.endswith("00205")}
    assert {n for n, state in states(agency).items() if state == "SENT"} <= silent
    assert {state for n, state in states(agency).items() if n not in silent} == {"DELIVERED"}


def test_after_a_lost_answer_the_row_is_not_sent_again_blindly(agency, carrier):
    carrier.carrier.rules.add({"pattern": ".*", "kind": "message", "effect": ["answer_lost", "callbacks_lost"]})
    put(agency, ["+37368100001"])
    send(agency)
    assert states(agency) == {"+37368100001": "UNKNOWN"}
    send(agency, at=NOW + timedelta(hours=1))
    assert arrived(carrier) == ["+37368100001"]
    assert reconcile(agency, NOW + timedelta(minutes=1)).found == 1
    assert states(agency)["+37368100001"] in ("SENT", "DELIVERED")


def test_a_message_the_carrier_never_listed_goes_back_after_the_indexing_lag(agency, carrier):
    put(agency, ["+37368199500"])
    send(agency)
    assert states(agency) == {"+37368199500": "UNKNOWN"}
    assert reconcile(agency, NOW + timedelta(minutes=1)).still_unknown == 1
    assert reconcile(agency, NOW + timedelta(minutes=5)).again == 1
    assert states(agency) == {"+37368199500": "PENDING"}
    with agency_scope(agency.id):
        assert Contact.objects.get(kind="SMS").outcome == "NOT_PLACED"


def test_after_three_tries_of_unknown_fate_a_person_decides(agency, carrier):
    put(agency, ["+37368199500"])
    at = NOW
    for _try in range(3):
        send(agency, at=at)
        at += timedelta(minutes=5)
        reconcile(agency, at)
    assert states(agency) == {"+37368199500": "DECIDE"}


def test_a_refused_number_fails_and_is_marked_invalid(agency, carrier):
    put(agency, ["+37368121211"])
    send(agency)
    with agency_scope(agency.id):
        message = Message.objects.get()
        assert (message.state, message.error_code) == ("FAILED", "21211")
        assert ContactPoint.objects.get(id=message.contact_point_id).validity == "INVALID"
        assert Contact.objects.get(kind="SMS").outcome == "NOT_PLACED"


def test_news_of_failure_marks_the_number(agency, carrier):
    put(agency, ["+37368130005"])
    send(agency)
    carrier.wait_until_quiet()
    with agency_scope(agency.id):
        message = Message.objects.get()
        assert (message.state, message.error_code) == ("FAILED", "30005")
        assert ContactPoint.objects.get(id=message.contact_point_id).validity == "UNDELIVERABLE"


def test_a_busy_carrier_is_asked_again_later(agency, carrier):
    put(agency, ["+37368100429"])
    send(agency)
    assert states(agency) == {"+37368100429": "PENDING"}
    send(agency, at=NOW + timedelta(minutes=2))
    carrier.wait_until_quiet()
    assert states(agency) == {"+37368100429": "DELIVERED"}


def test_a_carrier_that_is_down_loses_nothing(agency, settings):
    settings.TWILIO_BASE_URL = "http://127.0.0.1:9"
    put(agency, ["+37368100001"])
    send(agency)
    assert states(agency) == {"+37368100001": "PENDING"}


def test_the_answer_stop_opts_out_at_once(agency, carrier, settings, live_server):
    carrier.carrier.settings = carrier.carrier.settings.changed(
        {"inbound_url": live_server.url + reverse("carrier-inbound")}
    )
    put(agency, ["+37368178670"])
    send(agency)
    carrier.wait_until_quiet()
    with agency_scope(agency.id):
        assert OptOut.objects.get().channel == "SMS"
        case = Case.objects.get()
        message = outbox.enqueue(
            case, channel="SMS", contact_point=phone_of(case), template=make_template(version=2),
            dedupe_key="again", by=None, now=NOW,
        )  # fmt: skip
    send(agency, at=NOW + timedelta(days=2))
    with agency_scope(agency.id):
        assert Message.objects.get(id=message.id).refusal_codes == ["OPTED_OUT"]


def test_other_answers_are_kept_for_the_case(agency, carrier, live_server):
    carrier.carrier.settings = carrier.carrier.settings.changed(
        {"inbound_url": live_server.url + reverse("carrier-inbound")}
    )
    put(agency, ["+37368193780"])
    send(agency)
    carrier.wait_until_quiet()
    with agency_scope(agency.id):
        assert CarrierNews.objects.get(status="received").data == {"Body": "YES"}
        assert OptOut.objects.count() == 0


def test_a_voice_message_is_spoken_and_the_pressed_digit_comes_back(agency, carrier):
    put(agency, ["+37368107001"], channel="IVM", body="Press 1 to be called back, 9 to stop.")
    send(agency)
    carrier.wait_until_quiet()
    with agency_scope(agency.id):
        message = Message.objects.get()
    assert (message.state, message.pressed) == ("DELIVERED", "1")


def test_pressing_nine_stops_voice_messages(agency, carrier):
    put(agency, ["+37368107009"], channel="IVM", body="Press 9 to stop.")
    send(agency)
    carrier.wait_until_quiet()
    with agency_scope(agency.id):
        assert OptOut.objects.get().channel == "IVM"


def test_nothing_is_said_to_an_answering_machine(agency, carrier):
    put(agency, ["+37368100800"], channel="IVM", body="Secret about a debt.")
    send(agency)
    carrier.wait_until_quiet()
    assert "Secret" not in str(carrier.carrier.store.rows("SELECT * FROM calls"))


def test_a_voice_message_of_unknown_fate_is_never_dialled_again(agency, carrier):
    put(agency, ["+37368199500"], channel="IVM", body="Hello")
    send(agency)
    reconcile(agency, NOW + timedelta(hours=1))
    send(agency, at=NOW + timedelta(hours=1))
    assert states(agency) == {"+37368199500": "DECIDE"}


def test_a_lost_answer_of_a_call_is_found_in_the_carriers_list(agency, carrier):
    put(agency, ["+37368100504"], channel="IVM", body="Hello")
    send(agency)
    carrier.wait_until_quiet()
    reconcile(agency, NOW + timedelta(minutes=1))
    assert states(agency) == {"+37368100504": "DELIVERED"}


def test_a_callback_without_the_carriers_signature_is_refused(agency, client):
    [message_id] = put(agency, ["+37368100001"])
    path = reverse("carrier-status", args=[agency.id, message_id, hooks.token(agency.id, message_id)])
    assert client.post(path, {"MessageSid": "SM1", "MessageStatus": "delivered"}).status_code == 403


def test_a_signed_callback_for_another_message_is_not_found(agency, client, settings):
    from twilio.request_validator import RequestValidator

    [message_id] = put(agency, ["+37368100001"])
    path = reverse("carrier-status", args=[agency.id, message_id + 1, hooks.token(agency.id, message_id)])
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(settings.PUBLIC_BASE_URL + path, fields)
    assert client.post(path, fields, headers={"X-Twilio-Signature": signature}).status_code == 404


def test_news_comes_once_and_only_moves_forward(agency, carrier):
    put(agency, ["+37368100203"])
    send(agency)
    carrier.wait_until_quiet()
    with agency_scope(agency.id):
        assert sorted(CarrierNews.objects.values_list("status", flat=True)) == ["delivered", "queued", "sent"]
    assert states(agency) == {"+37368100203": "DELIVERED"}


def test_a_permit_that_ran_out_in_the_queue_does_not_leave(agency, carrier):
    put(agency, ["+37368100001"])
    moments = iter([NOW])
    clock: Callable[[], datetime] = lambda: next(moments, NOW + timedelta(minutes=6))  # noqa: E731
    sending.send_due(agency.id, clock=clock, threads=1, most=1)
    assert states(agency) == {"+37368100001": "PENDING"}
    assert arrived(carrier) == []


def test_a_sender_that_stalled_past_its_lease_orders_nothing(agency, carrier):
    put(agency, ["+37368100001"])
    moments = iter([NOW])
    clock: Callable[[], datetime] = lambda: next(moments, NOW + outbox.LEASE)  # noqa: E731
    sending.send_due(agency.id, clock=clock, threads=1, most=1)
    assert states(agency) == {"+37368100001": "PENDING"}
    assert arrived(carrier) == []


def test_the_late_answer_of_a_stalled_sender_does_not_touch_a_newer_try(agency, carrier):
    put(agency, ["+37368100001"])
    with agency_scope(agency.id):
        [stalled] = outbox.claim(limit=1, now=NOW)
    for minutes in (3, 7):
        reconcile(agency, NOW + timedelta(minutes=minutes))
    with agency_scope(agency.id):
        [newer] = outbox.claim(limit=1, now=NOW + timedelta(minutes=7))
        assert newer.attempt == 2
        late = outcomes.Outcome(stalled, NotAccepted("PERMIT_EXPIRED", retry_in=0))
        outcomes.record_outcomes([late], now=NOW + timedelta(minutes=7))
    assert states(agency) == {"+37368100001": "SENDING"}


def test_an_email_is_handed_to_the_mail_server(agency, mailoutbox):
    """S003-08."""
    put(agency, [])
    with agency_scope(agency.id):
        case = factories.make_case()
        make_contact(case)
        point = ContactPoint.objects.create(debtor_id=case.debtor_id, kind="EMAIL", value="ion@example.test")
        template = make_template(channel="EMAIL", subject="Contract {{ case.contract_no }}", body="Hello")
        outbox.enqueue(
            case, channel="EMAIL", contact_point=point, template=template, dedupe_key="mail", by=None, now=NOW
        )
    send(agency)
    assert [mail.to for mail in mailoutbox] == [["ion@example.test"]]
    assert states(agency) == {"ion@example.test": "SENT"}
