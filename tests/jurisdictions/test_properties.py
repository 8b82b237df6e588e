"""What must hold whatever the question: same answer twice, rules only tighten, and a promised moment is kept."""

from datetime import UTC, datetime, time, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from jurisdictions.codes import SEVERITY, Code, Outcome, Ruling
from jurisdictions.evaluator import Consent, Engine, Event, Intent, Preference, Verdict
from jurisdictions.packs import tenant_rule
from jurisdictions.replay import replay
from tests.jurisdictions.makers import own_rule

ZONES = {
    "RO": "Europe/Bucharest",
    "MD": "Europe/Chisinau",
    "IT": "Europe/Rome",
    "CZ": "Europe/Prague",
    "LT": "Europe/Vilnius",
    "GB": "Europe/London",
    "US": "America/New_York",
    "US-MA": "America/New_York",
    "US-NY-NYC": "America/New_York",
}
START = datetime(2026, 7, 1, tzinfo=UTC)
moments = st.integers(0, 400 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
preferences = st.builds(
    Preference, times, times, st.booleans(), st.sets(st.integers(0, 6), max_size=3).map(lambda s: tuple(sorted(s)))
)
rules = st.sampled_from(
    [
        own_rule("time_window", week={"mon-fri": "10:00-16:00"}, channels="timed", verdict="defer"),
        own_rule("time_window", week={"tue": "closed"}, channels="any", verdict="defer", holiday="closed"),
        own_rule("cap", count=["call_attempt", "sms"], max=1, days=14, per="person", verdict="defer"),
        own_rule("cooldown", after="conversation", days=10, verdict="defer"),
        own_rule("party", allow=["debtor"]),
        own_rule("party", allow=["debtor"], verdict="approve"),
        own_rule("channel_ban", channels=["ivm"], unless=["consent:extra_calls"]),
        tenant_rule({"id": "TENANT.O", "phase": 9, "kind": "obligation", "channels": "any", "attach": ["greeting"]}),
    ]
)


@st.composite
def intents(draw: st.DrawFn) -> Intent:
    homes = draw(st.lists(st.sampled_from(sorted(ZONES)), min_size=1, max_size=2, unique=True))
    at = draw(moments)
    days_ago = st.integers(0, 40 * 24).map(lambda hours: at - timedelta(hours=hours))
    kinds = st.sampled_from(["call_attempt", "conversation", "sms", "email", "visit", "notice_received"])
    return Intent(
        jurisdictions=tuple(homes),
        channel=draw(st.sampled_from(["call", "sms", "ivm", "email", "letter", "visit"])),
        party=draw(st.sampled_from(["debtor", "debtor", "guarantor", "neighbour", "attorney"])),
        at=at,
        zones=draw(st.sampled_from([(ZONES[homes[0]],), tuple(dict.fromkeys(ZONES[h] for h in homes)), ()])),
        subdivision=draw(st.sampled_from(["", "MI", "SCT"])),
        debt_id=draw(st.sampled_from([None, "A"])),
        debt_kind=(
            draw(st.sampled_from(["consumer_credit", "bank_npl_purchased", "consumer_credit_assigned", "paid"])),
        ),
        dpd=draw(st.sampled_from([None, 30, 120])),
        message=draw(st.sampled_from(["reminder", "first_notice", "assignment_notice", "voicemail"])),
        elements=draw(st.sampled_from([(), ("optout",), ("optout", "threat")])),
        history=tuple(draw(st.lists(st.builds(Event, kinds, days_ago, st.sampled_from([None, "A", "B"])), max_size=6))),
        statuses=draw(st.sampled_from([(), (), ("dispute_open",), ("vulnerable_hold",)])),
        consents=tuple(draw(st.lists(st.builds(Consent, st.just("extra_calls"), days_ago), max_size=1))),
        opt_outs=draw(st.sampled_from([(), ("sms",)])),
        flags=draw(st.sampled_from([(), ("reply_to_debtor",), ("first_contact",), ("profile:no_practice",)])),
        notices_sent=draw(st.sampled_from([None, ("assignment_notice", "first_notice", "visit_notice")])),
        preferences=tuple(draw(st.lists(preferences, max_size=2))),
        tenant_rules=tuple(draw(st.lists(rules, max_size=1))),
        expected_ring=draw(st.sampled_from([0, 120])),
    )


@cache
def engine() -> Engine:
    return Engine()


def weight(verdict: Verdict) -> tuple[int, datetime]:
    return SEVERITY[verdict.verdict], verdict.until or START


@given(intents())
@settings(max_examples=150, deadline=None)
def test_the_same_question_gets_the_same_answer_from_a_fresh_engine(asked: Intent) -> None:
    assert engine().evaluate(asked, full=True) == Engine().evaluate(asked, full=True)


@given(intents())
@settings(max_examples=200, deadline=None)
def test_nothing_breaks_the_engine(asked: Intent) -> None:
    assert "ENGINE_ERROR" not in engine().evaluate(asked, full=True).codes


@given(intents(), rules)
@settings(max_examples=300, deadline=None)
def test_one_more_rule_never_loosens(asked: Intent, rule: object) -> None:
    more = Intent(**{**_fields(asked), "tenant_rules": (*asked.tenant_rules, rule)})

    before, after = engine().evaluate(asked), engine().evaluate(more)

    assert SEVERITY[after.verdict] >= SEVERITY[before.verdict]
    assert set(before.codes) - {Code.NO_LEGAL_SLOT} <= set(after.codes)  # no slot is sought once something blocks
    if after.verdict is before.verdict is Ruling.DEFER:
        assert weight(after) >= weight(before)


@given(intents())
@settings(max_examples=200, deadline=None)
def test_an_allowed_contact_has_no_failing_rule(asked: Intent) -> None:
    verdict = engine().evaluate(asked, full=True)
    failing = [finding for finding in verdict.findings if finding.outcome is Outcome.FAIL]

    assert verdict.allowed is not bool(failing)


@given(intents())
@settings(max_examples=400, deadline=None)
def test_at_the_promised_moment_nothing_defers_and_just_before_something_does(asked: Intent) -> None:
    verdict = engine().evaluate(asked)
    if verdict.until is None:
        return

    then = engine().evaluate(Intent(**{**_fields(asked), "at": verdict.until}))
    before = engine().evaluate(Intent(**{**_fields(asked), "at": verdict.until - timedelta(seconds=1)}))

    assert verdict.until > asked.at
    assert not [finding for finding in then.findings if finding.verdict is Ruling.DEFER]
    assert before.verdict is not Ruling.ALLOW


@given(intents())
@settings(max_examples=200, deadline=None)
def test_a_stored_question_comes_back_whole_and_is_decided_alike(asked: Intent) -> None:
    verdict = engine().evaluate(asked)

    assert Intent.from_json(asked.to_json()) == asked
    if verdict.packs:
        assert replay(asked.to_json(), verdict.to_json()).same


def _fields(asked: Intent) -> dict[str, object]:
    return {name: getattr(asked, name) for name in Intent.__dataclass_fields__}
