"""A stored decision is decided again, and every reason can be put into words."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from jurisdictions.codes import Code, Ruling
from jurisdictions.explain import CODES, explain, explain_all
from jurisdictions.packs import PackVersionUnknown, load_packs
from jurisdictions.replay import replay
from jurisdictions.verdict import Verdict
from tests.jurisdictions.makers import BUCHAREST, ask, intent, local, own_rule

TALKS = "conversation@2026-11-18T10:00 conversation@2026-11-20T10:00"


def test_a_true_record_is_confirmed() -> None:
    asked = intent(events=TALKS, tenant_rules=(own_rule("channel_ban", channels=["sms"]),))
    recorded = ask(events=TALKS)

    assert replay(asked.to_json(), recorded.to_json()).same


def test_a_changed_record_is_found_out() -> None:
    forged = replace(ask(events=TALKS), verdict=Ruling.ALLOW, until=None)

    replayed = replay(intent(events=TALKS), forged)

    assert [difference.field for difference in replayed.differences] == ["verdict", "until"]
    assert replayed.verdict.verdict is Ruling.DEFER


def test_a_record_under_a_law_we_do_not_hold_is_refused() -> None:
    recorded = replace(ask(), packs=(("RO", "2019.1", "0" * 64),))

    with pytest.raises(PackVersionUnknown):
        replay(intent(), recorded)


def test_a_verdict_is_stored_and_read_back() -> None:
    verdict = ask("2026-11-24T22:00", party="neighbour")

    read = Verdict.from_json(verdict.to_json())

    assert read.to_json() == verdict.to_json()
    assert (read.codes, read.packs) == (verdict.codes, verdict.packs)


def test_a_count_is_explained_with_its_numbers_and_its_source() -> None:
    told = explain(ask(events=TALKS))

    assert told.code is Code.FREQ_CAP
    assert told.rule_id == "RO.CAP.CONV"
    assert (told.params["count"], told.params["max"], told.params["days"]) == (2, 2, 7)
    assert told.params["force"] == "code"
    assert "AMCC" in str(told.params["cite"])
    assert told.params["until"] == local("2026-11-25T09:00")


def test_a_moment_is_shown_on_the_debtors_clock() -> None:
    told = explain(ask("2026-11-24T22:00"))

    assert told.params["zone"] == BUCHAREST
    assert told.params["until"].tzinfo == ZoneInfo(BUCHAREST)


def test_a_blocked_contact_is_promised_no_moment() -> None:
    assert explain(ask("2026-11-24T22:00", party="neighbour")).params["until"] is None


def test_an_allowed_contact_is_explained_by_its_obligations() -> None:
    told = explain(ask())

    assert told.code is Code.OK
    assert "identify_caller" in told.params["obligations"]


def test_every_failing_rule_is_explained_and_the_statute_is_shown_first() -> None:
    told = explain_all(ask("2026-11-24T23:00"))

    assert {one.rule_id for one in told} == {"EU.TIME.PRACTICE", "RO.TIME.LAW", "RO.TIME.CODE"}
    assert told[0].rule_id == "RO.TIME.LAW"


def test_every_code_of_every_pack_has_its_place_in_the_list() -> None:
    used = {rule.code for pack in load_packs().values() for rule in pack.rules}

    assert used <= set(CODES)
    assert CODES.ZONE_UNRESOLVED is CODES.TZ_UNRESOLVED
