"""Packs: what is refused on reading, what is in force when, and what an agency may change."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jurisdictions.codes import Code, Force, Ruling
from jurisdictions.packs import (
    PackError,
    PackMissing,
    PackVersionUnknown,
    check_together,
    load_packs,
    may_loosen,
    packs_at,
    parse_pack,
    resolve,
)
from tests.jurisdictions.makers import CHISINAU, NEW_YORK, ask, local, own_rule

TODAY = date(2026, 11, 24)


def raw_rule(**changes: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": "TT.CAP",
        "phase": 8,
        "kind": "cap",
        "force": "law",
        "channels": "voice",
        "count": ["conversation"],
        "max": 2,
        "days": 7,
        "per": "person",
        "verdict": "defer",
        "code": "FREQ_CAP",
        "cite": {"text": "made up", "status": "memory"},
    } | changes
    return {name: value for name, value in rule.items() if value is not ...}


def raw_pack(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    pack: dict[str, Any] = {
        "schema": 1,
        "id": "TT",
        "version": "1",
        "reviewed_by": None,
        "effective": {"from": "2020-01-01"},
        "rules": list(rules),
    } | changes
    return {name: value for name, value in pack.items() if value is not ...}


def test_the_fifteen_packs_ship_unsigned() -> None:
    packs = load_packs()

    assert set(packs) == {
        "BASE",
        "EU",
        "RO",
        "MD",
        "IT",
        "CZ",
        "LT",
        "DE",
        "PL",
        "ES",
        "GB",
        "US",
        "US-MA",
        "US-WA",
        "US-NY-NYC",
    }
    assert all(pack.reviewed_by is None for pack in packs.values())
    assert not resolve("RO", TODAY).reviewed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "curfew"}, "kind"),
        ({"phase": 0}, "phase"),
        ({"phase": 12}, "phase"),
        ({"max": "2"}, "max"),
        ({"max": ...}, "max"),
        ({"days": 0}, "days"),
        ({"per": "family"}, "per"),
        ({"count": ["telepathy"]}, "count"),
        ({"count": []}, "count"),
        ({"channels": ["fax"]}, "channels"),
        ({"channels": "everything"}, "channels"),
        ({"actions": ["auction"]}, "actions"),
        ({"verdict": "maybe"}, "verdict"),
        ({"verdict": ...}, "verdict"),
        ({"code": "BECAUSE"}, "code"),
        ({"force": "engine"}, "force"),
        ({"unless": ["full_moon"]}, "unless"),
        ({"unless": "reply_to_debtor"}, "unless"),
        ({"when": {"debtor": ["rich"]}}, "when.debtor"),
        ({"effective": {"from": "soon"}}, "effective.from"),
        ({"effective": {"from": "2026-02-01", "to": "2026-01-01"}}, "effective"),
        ({"cite": {"text": "made up"}}, "cite.status"),
        ({"cite": {"text": "made up", "status": "rumour"}}, "cite.status"),
        ({"consent_valid_days": 0}, "consent_valid_days"),
        ({"week": {"mon": "closed"}}, "week"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named_with_its_pack_and_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(raw_pack(raw_rule(**changes)))

    assert (refused.value.pack_id, refused.value.rule_id, refused.value.field) == ("TT", "TT.CAP", field)
    assert "pack TT, rule TT.CAP" in str(refused.value)


@pytest.mark.parametrize(
    ("week", "field"),
    [
        ({"mon": "9-17"}, "week.mon"),
        ({"mon": "17:00-09:00"}, "week.mon"),
        ({"mon": "09:00-25:00"}, "week.mon"),
        ({"mon": "09:00-12:00,11:00-13:00"}, "week.mon"),
        ({"moon": "closed"}, "week.moon"),
        ({"fri-mon": "closed"}, "week.fri-mon"),
        ({"mon-fri": "09:00-17:00", "wed": "closed"}, "week.wed"),
        ({}, "week"),
    ],
)
def test_hours_that_make_no_sense_are_refused(week: dict[str, str], field: str) -> None:
    drop = dict.fromkeys(("count", "max", "days", "per"), ...)

    with pytest.raises(PackError) as refused:
        parse_pack(raw_pack(raw_rule(kind="time_window", week=week, **drop)))

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"schema": 2}, "schema"),
        ({"version": ...}, "version"),
        ({"reviewed_by": ...}, "reviewed_by"),
        ({"rules": {}}, "rules"),
        ({"holidays": {"subdivided": True}}, "holidays.country"),
        ({"retention": {"evidence_years": -1}}, "retention.evidence_years"),
        ({"tz": "Europe/Bucharest"}, "tz"),
        ({"anthem": "la"}, "anthem"),
    ],
)
def test_a_pack_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(raw_pack(**changes))

    assert refused.value.field == field


def test_a_rule_that_cannot_tell_when_it_passes_cannot_defer() -> None:
    rule = {"id": "TT.B", "phase": 5, "kind": "channel_ban", "force": "law", "channels": "any", "verdict": "defer"}

    with pytest.raises(PackError, match="cannot defer"):
        parse_pack(raw_pack(rule | {"code": "CHANNEL_PROHIBITED", "cite": {"text": "x", "status": "memory"}}))


def test_packs_must_fit_together() -> None:
    lone = parse_pack(raw_pack(extends=["NOWHERE"]))
    loop = parse_pack(raw_pack(extends=["TT"]))
    twice = parse_pack(raw_pack(raw_rule(), id="UU"))
    stray = parse_pack(raw_pack(disable=["UU.NOTHING"]))

    for packs in (
        {"TT": lone},
        {"TT": loop},
        {"TT": parse_pack(raw_pack(raw_rule())), "UU": twice},
        {"TT": stray},
    ):
        with pytest.raises(PackError):
            check_together(packs)


def test_equal_content_has_an_equal_hash_and_a_signature_does_not_change_it() -> None:
    plain = parse_pack(raw_pack(raw_rule()))
    shuffled = parse_pack(raw_pack(dict(reversed(raw_rule().items()))))
    signed = parse_pack(raw_pack(raw_rule(), reviewed_by="Counsel, 2026-12-01"))
    changed = parse_pack(raw_pack(raw_rule(max=3)))

    assert plain.sha256 == shuffled.sha256 == signed.sha256
    assert plain.sha256 != changed.sha256


def test_a_country_inherits_disables_and_answers_with_its_lineage() -> None:
    italy = resolve("IT", TODAY)
    ids = {rule.id for rule in italy.rules}

    assert [version[0] for version in italy.lineage] == ["BASE", "EU", "IT"]
    assert "EU.CAP.ATT.W" in ids
    assert "EU.TIME.PRACTICE" not in ids
    assert italy.retention is not None
    assert italy.retention.evidence_years == 5


def test_no_pack_is_in_force_before_its_day() -> None:
    with pytest.raises(PackMissing):
        resolve("GB", date(2021, 5, 3))
    assert resolve("GB", date(2021, 5, 4)).id == "GB"


@pytest.mark.parametrize(
    ("at", "notice"),
    [("2026-08-22T23:59", "privacy_notice_law_133_2011"), ("2026-08-23T00:00", "privacy_notice_law_195_2024")],
)
def test_the_moldovan_privacy_notice_changes_at_the_debtors_midnight(at: str, notice: str) -> None:
    verdict = ask(at, CHISINAU, jurisdictions=("MD",), channel="letter")

    assert [word for word in verdict.obligations if word.startswith("privacy_notice")] == [notice]


@pytest.mark.parametrize(("at", "allowed"), [("2027-01-30T10:00", True), ("2027-01-31T10:00", False)])
def test_stop_to_one_message_stops_all_from_the_day_that_rule_begins(at: str, allowed: bool) -> None:
    verdict = ask(at, NEW_YORK, jurisdictions=("US",), channel="sms", elements=("optout",), opt_outs_elsewhere=("sms",))

    assert verdict.allowed is allowed


def test_an_agency_tightens_hours() -> None:
    late = own_rule("time_window", week={"mon-sun": "11:00-13:00"}, channels="timed", verdict="defer")

    assert ask(tenant_rules=(late,)).until == local("2026-11-24T11:00")


def test_an_agencys_wider_hours_loosen_nothing() -> None:
    wide = own_rule("time_window", week={"mon-sun": "00:00-24:00"}, channels="timed", verdict="defer")

    assert ask("2026-11-24T21:00", tenant_rules=(wide,)).until == local("2026-11-25T09:00")


def test_an_agency_switches_off_a_practice_rule_but_never_law_code_or_the_protections_of_all() -> None:
    every = tuple(rule.id for pack in load_packs().values() for rule in pack.rules)

    saturday = ask("2026-11-28T10:00", loosened=("RO.TIME.SAT",))
    night = ask("2026-11-24T20:30", loosened=every)
    sunday = ask("2026-11-22T10:00", loosened=every)
    paid = ask(debt_kind=("paid",), loosened=every)

    assert saturday.allowed
    assert {finding.force for finding in night.findings} == {Force.LAW}
    assert {finding.force for finding in sunday.findings} == {Force.CODE}
    assert Code.DEBT_CLOSED in paid.codes


def test_the_profile_without_practice_drops_hours_and_counts_only() -> None:
    verdict = ask(flags=("profile:no_practice",), statuses=("cease_request",), opt_outs=("call",))

    assert verdict.verdict is Ruling.BLOCK
    assert ask("2026-11-28T10:00", flags=("profile:no_practice",)).allowed


@pytest.mark.parametrize(
    ("rule_id", "allowed"),
    [("RO.TIME.SAT", True), ("RO.TIME.LAW", False), ("RO.TIME.CODE", False), ("BASE.CEASE", False), ("NO.SUCH", False)],
)
def test_which_rules_an_agency_may_loosen(rule_id: str, allowed: bool) -> None:
    assert may_loosen(rule_id) is allowed


def test_an_agencys_rule_carries_its_own_mark() -> None:
    assert own_rule("channel_ban").force is Force.TENANT
    with pytest.raises(PackError, match="begins with TENANT"):
        own_rule("channel_ban", id="RO.TIME.LAW")


def test_a_version_that_is_not_shipped_cannot_be_replayed() -> None:
    current = load_packs()["RO"]

    assert packs_at([("RO", current.version, current.sha256)]) == {"RO": current}
    with pytest.raises(PackVersionUnknown, match="not shipped"):
        packs_at([("RO", "1999.1", current.sha256)])
    with pytest.raises(PackVersionUnknown, match="other content"):
        packs_at([("RO", current.version, "0" * 64)])


def test_an_agencys_rule_stands_beside_the_law_even_under_its_name() -> None:
    """A rule made by hand with the statute's id does not take the statute's place."""
    wide = own_rule("time_window", week={"mon-sun": "00:00-24:00"}, channels="timed", verdict="defer")
    posing = replace(wide, id="RO.TIME.LAW")

    assert "RO.TIME.LAW" in {finding.rule_id for finding in ask("2026-11-24T20:30", tenant_rules=(posing,)).findings}
    assert not ask("2026-11-24T20:30", tenant_rules=(posing,)).allowed


def test_two_of_an_agencys_rules_of_one_name_both_bind() -> None:
    hours = own_rule("time_window", week={"mon-sun": "11:00-13:00"}, channels="timed", verdict="defer")
    party = own_rule("party", allow=["attorney"], verdict="approve")

    assert len(ask(tenant_rules=(hours, party)).findings) == 2
