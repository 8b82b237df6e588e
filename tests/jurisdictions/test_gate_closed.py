"""Whatever is unknown or broken blocks, and nothing hides behind the first reason."""

from datetime import datetime
from typing import Any

import pytest

from jurisdictions.checks import CHECKS
from jurisdictions.codes import Code, Outcome, Ruling
from jurisdictions.evaluator import Engine, Event, Intent
from jurisdictions.packs import load_packs
from tests.jurisdictions.makers import ask, intent, local


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        pytest.param({"jurisdictions": ("FR",)}, Code.PACK_MISSING, id="a country without a pack"),
        pytest.param({"jurisdictions": ("RO", "FR")}, Code.PACK_MISSING, id="one of two countries without a pack"),
        pytest.param({"jurisdictions": ()}, Code.PACK_MISSING, id="no country"),
        pytest.param({"jurisdictions": ("EU",)}, Code.PACK_MISSING, id="a common base that is no country"),
        pytest.param({"zones": ()}, Code.TZ_UNRESOLVED, id="no clock"),
        pytest.param({"zones": ("Europe/Atlantis",)}, Code.TZ_UNRESOLVED, id="a clock that does not exist"),
        pytest.param({"channel": "fax"}, Code.CHANNEL_UNKNOWN, id="a channel nobody wrote rules for"),
        pytest.param({"action": "auction"}, Code.ACTION_UNKNOWN, id="an action nobody wrote rules for"),
        pytest.param(
            {"contact_point_flags": ("not_owned",)}, Code.CONTACT_POINT_NOT_OWNED, id="another person's number"
        ),
        pytest.param({"licences": ()}, Code.LICENCE_MISSING, id="an agency without its licence"),
        pytest.param({"party": "stranger"}, Code.PARTY_THIRD_PARTY, id="an unknown party"),
    ],
)
def test_what_is_not_known_is_not_contacted(facts: dict[str, Any], code: Code) -> None:
    verdict = ask(**facts)

    assert verdict.verdict is Ruling.BLOCK
    assert code in verdict.codes


def test_a_law_in_force_on_one_possible_clock_only_is_not_in_force() -> None:
    """The British pack begins on 4 May 2021: at 23:30 UTC on the 3rd it has begun in London and not on the Azores."""
    clocks = ("Europe/London", "Atlantic/Azores")

    verdict = ask("2021-05-03T23:30", "UTC", jurisdictions=("GB",), zones=clocks, channel="letter")

    assert verdict.codes == (Code.PACK_MISSING,)
    assert ask("2021-05-03T23:30", "UTC", jurisdictions=("GB",), zones=clocks[:1], channel="letter").allowed


def test_a_licensed_agency_calls() -> None:
    assert ask(licences=("anpc_authorisation_or_registration",)).allowed


def test_a_letter_needs_no_clock_but_still_counts_days() -> None:
    assert ask(channel="letter", zones=()).allowed
    counted = ask(
        channel="letter",
        zones=(),
        jurisdictions=("US-WA",),
        events="letter@2026-11-22T10:00 letter@2026-11-23T10:00 sms@2026-11-23T10:00",
    )
    assert counted.codes == (Code.FREQ_CAP,)


def test_a_broken_rule_blocks_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the calendar burnt down")

    monkeypatch.setitem(CHECKS, "party", broken)

    verdict = Engine().evaluate(intent())

    assert verdict.verdict is Ruling.BLOCK
    assert verdict.codes == (Code.ENGINE_ERROR,)
    assert "burnt down" in str(verdict.findings[0].inputs["error"])


def test_every_reason_is_kept_worst_first() -> None:
    verdict = ask("2026-11-24T22:00", party="guarantor", statuses=("dispute_open",), place="workplace")

    assert verdict.verdict is Ruling.BLOCK
    assert verdict.codes == (
        Code.DEBT_DISPUTED,
        Code.PLACE_WORKPLACE,
        Code.PARTY_THIRD_PARTY,
        Code.TIME_OUTSIDE_HOURS,
    )
    assert verdict.until is None


def test_an_approval_outweighs_a_delay_and_keeps_its_moment() -> None:
    verdict = ask("2026-11-24T22:00", party="guarantor")

    assert verdict.verdict is Ruling.APPROVE
    assert verdict.until == local("2026-11-25T09:00")


def test_the_full_record_names_every_rule_of_the_packs_for_that_channel() -> None:
    verdict = Engine().evaluate(intent(), full=True)
    asked = {
        rule.id
        for pack in ("BASE", "EU", "RO")
        for rule in load_packs()[pack].rules
        if "call" in rule.channels and "contact" in rule.actions and rule.in_force(local("2026-11-24T10:00").date())
    }
    said = {finding.rule_id for finding in verdict.findings}

    assert asked - said == {"EU.REC"}  # an obligation without conditions stands among the obligations
    assert "recording_notice" in verdict.obligations
    assert all(finding.outcome is not Outcome.FAIL for finding in verdict.findings)


def test_a_passing_count_is_recorded_with_its_counter() -> None:
    verdict = Engine().evaluate(intent(events="conversation@2026-11-20T10:00"), full=True)
    cap = next(finding for finding in verdict.findings if finding.rule_id == "RO.CAP.CONV")

    assert (cap.inputs["count"], cap.inputs["max"]) == (1, 2)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        intent(history=(Event("sms", datetime(2026, 11, 24, 10)),))


@pytest.mark.parametrize("flag", ["party:executor", "consent:calls", "message:verification", "history:conversation"])
def test_a_flag_cannot_imitate_another_fact(flag: str) -> None:
    with pytest.raises(ValueError, match="imitates"):
        intent(flags=(flag,))


def test_the_question_can_be_put_without_optional_facts() -> None:
    verdict = Engine().evaluate(Intent(("LT",), "letter", "debtor", local("2026-11-24T10:00")))

    assert verdict.allowed
