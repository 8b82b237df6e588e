"""Each kind of rule, alone in a made-up country: what it forbids and what it lets through."""

from datetime import time
from typing import Any

import pytest

from jurisdictions.codes import Code, Outcome, Ruling
from jurisdictions.evaluator import Consent, Event, Preference, evaluate
from tests.jurisdictions.makers import country, intent, local

ALLOW, BLOCK, APPROVE, DEFER = Ruling.ALLOW, Ruling.BLOCK, Ruling.APPROVE, Ruling.DEFER
WEEK = {"mon-fri": "09:00-12:00,14:00-18:00", "sat": "closed"}

TABLE: list[tuple[str, dict[str, Any], dict[str, Any], Ruling]] = [
    (
        "a paid debt is not collected",
        {"kind": "debt_state", "when": {"debt": ["paid"]}},
        {"debt_kind": ("paid",)},
        BLOCK,
    ),
    ("an open debt is collected", {"kind": "debt_state", "when": {"debt": ["paid"]}}, {"debt_kind": ("open",)}, ALLOW),
    ("the deceased is not called", {"kind": "status", "statuses": ["deceased"]}, {"statuses": ("deceased",)}, BLOCK),
    ("the living is called", {"kind": "status", "statuses": ["deceased"]}, {"statuses": ("employed",)}, ALLOW),
    ("a neighbour is told nothing", {"kind": "party", "allow": ["debtor"]}, {"party": "neighbour"}, BLOCK),
    ("the debtor is spoken to", {"kind": "party", "allow": ["debtor"]}, {"party": "debtor"}, ALLOW),
    (
        "a guarantor waits for a person's decision",
        {"kind": "party", "allow": ["debtor"], "approve": ["guarantor"]},
        {"party": "guarantor"},
        APPROVE,
    ),
    ("nobody visits the workplace", {"kind": "place", "forbid": ["workplace"]}, {"place": "workplace"}, BLOCK),
    ("home is visited", {"kind": "place", "forbid": ["workplace"]}, {"place": "home"}, ALLOW),
    (
        "a wrong number is not dialled",
        {"kind": "contact_point", "bad": ["wrong_number"]},
        {"contact_point_flags": ("wrong_number",)},
        BLOCK,
    ),
    ("a banned channel is shut", {"kind": "channel_ban", "channels": ["ivm"]}, {"channel": "ivm"}, BLOCK),
    ("another channel stays open", {"kind": "channel_ban", "channels": ["ivm"]}, {"channel": "sms"}, ALLOW),
    ("a machine needs consent", {"kind": "consent", "needs": "machine_ok"}, {}, BLOCK),
    ("consent given opens", {"kind": "consent", "needs": "machine_ok"}, {"consents": (Consent("machine_ok"),)}, ALLOW),
    (
        "consent that comes later does not open",
        {"kind": "consent", "needs": "machine_ok"},
        {"consents": (Consent("machine_ok", local("2026-12-24T10:00")),)},
        BLOCK,
    ),
    ("STOP is heard", {"kind": "opt_out"}, {"opt_outs": ("call",)}, BLOCK),
    ("STOP by message leaves the call", {"kind": "opt_out"}, {"opt_outs": ("sms",)}, ALLOW),
    (
        "STOP to marketing stops everything",
        {"kind": "opt_out_scope", "scope": "all_messages", "channels": ["sms", "call"]},
        {"opt_outs_elsewhere": ("sms",)},
        BLOCK,
    ),
    ("no notice, no call", {"kind": "notice_before", "notice": "letter_one"}, {"notices_sent": ()}, BLOCK),
    (
        "an unknown notice is a missing one",
        {"kind": "notice_before", "notice": "letter_one"},
        {"notices_sent": None},
        BLOCK,
    ),
    ("a notice opens", {"kind": "notice_before", "notice": "n"}, {"notices_sent": ("n",)}, ALLOW),
    (
        "five days after the first talk the notice may still come",
        {"kind": "notice_due", "notice": "n", "within_days": 5, "after": "first_communication"},
        {"notices_sent": (), "events": "conversation@2026-11-19T10:00"},
        ALLOW,
    ),
    (
        "six days after the first talk it is late",
        {"kind": "notice_due", "notice": "n", "within_days": 5, "after": "first_communication"},
        {"notices_sent": (), "events": "conversation@2026-11-18T10:00"},
        BLOCK,
    ),
    (
        "an unanswered call starts no term",
        {"kind": "notice_due", "notice": "n", "within_days": 5, "after": "first_communication"},
        {"notices_sent": (), "events": "call_attempt@2026-11-01T10:00"},
        ALLOW,
    ),
    (
        "thirty days after the notice nobody collects",
        {"kind": "standstill", "after": "notice_received", "days": 30, "verdict": "defer"},
        {"events": "notice_received@2026-10-25T10:00"},
        DEFER,
    ),
    (
        "the day after the thirty they do",
        {"kind": "standstill", "after": "notice_received", "days": 30, "verdict": "defer"},
        {"events": "notice_received@2026-10-24T10:00"},
        ALLOW,
    ),
    (
        "a wait for what never happened blocks where the law says so",
        {"kind": "standstill", "after": "first_notice_sent", "days": 14, "verdict": "defer", "if_absent": "block"},
        {},
        BLOCK,
    ),
    ("the first word is not a message", {"kind": "not_first_channel"}, {"flags": ("first_contact",)}, BLOCK),
    ("the second may be", {"kind": "not_first_channel"}, {}, ALLOW),
    ("visits wait for day 90", {"kind": "min_dpd", "dpd": 90}, {"dpd": 89}, BLOCK),
    ("on day 90 they begin", {"kind": "min_dpd", "dpd": 90}, {"dpd": 90}, ALLOW),
    ("an unknown delay is too short", {"kind": "min_dpd", "dpd": 90}, {"dpd": None}, BLOCK),
    ("a letter lacks its sum", {"kind": "content_required", "elements": ["sum"]}, {}, BLOCK),
    ("a letter has its sum", {"kind": "content_required", "elements": ["sum"]}, {"elements": ("sum",)}, ALLOW),
    (
        "another letter needs none",
        {"kind": "content_required", "elements": ["sum"], "messages": ["first_notice"]},
        {},
        ALLOW,
    ),
    ("threats are not sent", {"kind": "content_forbidden", "elements": ["threat"]}, {"elements": ("threat",)}, BLOCK),
    ("plain words are", {"kind": "content_forbidden", "elements": ["threat"]}, {"elements": ("sum",)}, ALLOW),
    (
        "the debtor asked for evenings",
        {"kind": "preference_window", "verdict": "defer"},
        {"preferences": (Preference(time(18), time(20)),)},
        DEFER,
    ),
    ("hours are open", {"kind": "time_window", "week": WEEK, "verdict": "defer"}, {}, ALLOW),
    ("lunch is shut", {"kind": "time_window", "week": WEEK, "verdict": "defer"}, {"at": "2026-11-24T12:00"}, DEFER),
    (
        "a day not named is open",
        {"kind": "time_window", "week": WEEK, "verdict": "defer"},
        {"at": "2026-11-29T03:00"},
        ALLOW,
    ),
    (
        "twice a week is enough",
        {"kind": "cap", "count": ["sms"], "max": 2, "days": 7, "per": "person", "verdict": "defer"},
        {"events": "sms@2026-11-18T10:00 sms@2026-11-23T10:00"},
        DEFER,
    ),
    (
        "last week's are forgotten",
        {"kind": "cap", "count": ["sms"], "max": 2, "days": 7, "per": "person", "verdict": "defer"},
        {"events": "sms@2026-11-17T10:00 sms@2026-11-23T10:00"},
        ALLOW,
    ),
    (
        "a week of peace after a talk",
        {"kind": "cooldown", "after": "conversation", "days": 7, "verdict": "defer"},
        {"events": "conversation@2026-11-18T10:00"},
        DEFER,
    ),
    (
        "then again",
        {"kind": "cooldown", "after": "conversation", "days": 7, "verdict": "defer"},
        {"events": "conversation@2026-11-17T10:00"},
        ALLOW,
    ),
]


@pytest.mark.parametrize(("rule", "facts", "expected"), [pytest.param(*r[1:], id=r[0]) for r in TABLE])
def test_a_rule_of_each_kind(rule: dict[str, Any], facts: dict[str, Any], expected: Ruling) -> None:
    verdict = country(rule).evaluate(intent(jurisdictions=("TT",), **facts))

    assert verdict.verdict is expected, verdict.findings


def test_an_obligation_travels_with_the_contact() -> None:
    verdict = country({"kind": "obligation", "attach": ["badge"]}).evaluate(intent(jurisdictions=("TT",)))

    assert verdict.obligations == ("badge",)


def test_an_obligation_for_one_kind_of_debt_stays_away_from_others() -> None:
    engine = country({"kind": "obligation", "attach": ["badge"], "when": {"debt": ["bank"]}})

    assert engine.evaluate(intent(jurisdictions=("TT",))).obligations == ()
    assert engine.evaluate(intent(jurisdictions=("TT",), debt_kind=("bank",))).obligations == ("badge",)


@pytest.mark.parametrize(
    ("unless", "facts"),
    [
        ("reply_to_debtor", {"flags": ("reply_to_debtor",)}),
        ("legally_required", {"flags": ("legally_required",)}),
        ("profile:EASY", {"flags": ("profile:EASY",)}),
        ("purpose:other_debt", {"flags": ("purpose:other_debt",)}),
        ("party:attorney", {"party": "attorney"}),
        ("message:verification", {"message": "verification"}),
        ("consent:calls", {"consents": (Consent("calls"),)}),
        ("history:conversation", {"events": "conversation@2026-11-01T10:00"}),
    ],
)
def test_every_exemption_lifts_the_rule_and_is_recorded(unless: str, facts: dict[str, Any]) -> None:
    engine = country({"kind": "channel_ban", "unless": [unless]})

    verdict = engine.evaluate(intent(jurisdictions=("TT",), **facts), full=True)

    assert engine.evaluate(intent(jurisdictions=("TT",))).verdict is BLOCK
    assert verdict.verdict is ALLOW
    assert verdict.findings[0].outcome is Outcome.EXEMPT
    assert verdict.findings[0].inputs["by"] == (unless,)


@pytest.mark.parametrize(("given", "expected"), [("2026-11-18T10:00", ALLOW), ("2026-11-17T10:00", BLOCK)])
def test_a_consent_that_lapses_after_seven_days_lifts_the_rule_for_seven_days(given: str, expected: Ruling) -> None:
    engine = country({"kind": "channel_ban", "unless": ["consent:calls"], "consent_valid_days": 7})

    assert (
        engine.evaluate(intent(jurisdictions=("TT",), consents=(Consent("calls", local(given)),))).verdict is expected
    )


def test_a_consent_without_a_date_never_lifts_a_rule_that_lets_consent_lapse() -> None:
    engine = country({"kind": "channel_ban", "unless": ["consent:calls"], "consent_valid_days": 7})

    assert engine.evaluate(intent(jurisdictions=("TT",), consents=(Consent("calls"),))).verdict is BLOCK


def test_a_count_per_debt_leaves_out_another_debt_but_not_an_unknown_one() -> None:
    engine = country({"kind": "cap", "count": ["sms"], "max": 1, "days": 7, "per": "debt", "verdict": "defer"})
    at = local("2026-11-23T10:00")

    def verdict(debt_id: str | None) -> Ruling:
        asked = intent(jurisdictions=("TT",), debt_id="A", history=(Event("sms", at, debt_id),))
        return engine.evaluate(asked).verdict

    assert verdict("B") is ALLOW
    assert verdict("A") is DEFER
    assert verdict(None) is DEFER


def test_a_cap_of_none_never_opens() -> None:
    engine = country({"kind": "cap", "count": ["sms"], "max": 0, "days": 7, "per": "person", "verdict": "defer"})

    verdict = engine.evaluate(intent(jurisdictions=("TT",)))

    assert verdict.verdict is BLOCK
    assert Code.NO_LEGAL_SLOT in verdict.codes


@pytest.mark.parametrize(
    ("wishes", "at", "until"),
    [
        ((Preference(time(9), time(15), wanted=False),), "2026-11-24T10:00", "2026-11-24T15:00"),
        ((Preference(time(18), time(0)),), "2026-11-24T10:00", "2026-11-24T18:00"),
        ((Preference(time(9), time(12), weekdays=(3,)),), "2026-11-24T10:00", "2026-11-26T09:00"),
        (
            (Preference(time(9), time(12)), Preference(time(9), time(11), wanted=False)),
            "2026-11-24T10:00",
            "2026-11-24T11:00",
        ),
        ((Preference(time(18), time(19), channels=("sms",)),), "2026-11-24T10:00", None),
    ],
)
def test_the_debtors_own_hours_are_kept(wishes: tuple[Preference, ...], at: str, until: str | None) -> None:
    engine = country({"kind": "preference_window", "verdict": "defer"})

    verdict = engine.evaluate(intent(at, jurisdictions=("TT",), preferences=wishes))

    assert verdict.until == (local(until) if until else None)


def test_furnishing_never_spoken_of_is_blocked_until_a_notice_has_gone_out() -> None:
    asked = intent(jurisdictions=("US",), zone="America/New_York", action="furnish", channel="letter")
    sent = intent(
        jurisdictions=("US",),
        zone="America/New_York",
        action="furnish",
        channel="letter",
        events="first_notice_sent@2026-11-12T10:00",
    )

    assert evaluate(asked).verdict is BLOCK
    assert evaluate(sent).until == local("2026-11-27T00:00", "America/New_York")


def test_a_time_barred_debt_is_not_sued_for() -> None:
    asked = intent(jurisdictions=("US",), action="sue", channel="letter", debt_kind=("time_barred",))

    assert evaluate(asked).codes == (Code.DEBT_TIME_BARRED,)
