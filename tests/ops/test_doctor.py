"""What `manage.py doctor` finds, and what it advises."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from collections_crm.management.commands import doctor
from collections_crm.management.commands.doctor import Finding, Level


def worst(findings: Iterator[Finding]) -> Finding:
    order = [Level.OK, Level.WARN, Level.FAIL]
    return max(findings, key=lambda finding: order.index(finding.level))


def test_letters_of_all_languages_print() -> None:
    assert worst(doctor.letters_can_be_printed()).level is Level.OK


def test_letters_that_do_not_print_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "print_line", lambda text: (text.replace("ș", "?"), {"Some-Font"}))

    found = worst(doctor.letters_can_be_printed())

    assert found.level is Level.FAIL
    assert found.seen == "no font has the letters of ro"
    assert "fonts-dejavu-core" in found.fix


def test_redis_of_the_product_keeps_every_task() -> None:
    assert worst(doctor.redis_keeps_tasks()).level is Level.OK


def test_a_redis_that_evicts_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Evicting:
        def info(self) -> dict[str, Any]:
            return {"maxmemory_policy": "allkeys-lru", "aof_enabled": 0, "redis_version": "7"}

        def close(self) -> None:
            pass

    monkeypatch.setattr(doctor.health, "redis_client", Evicting)

    found = {finding.check: finding for finding in doctor.redis_keeps_tasks()}

    assert found["Redis memory"].level is Level.FAIL
    assert "noeviction" in found["Redis memory"].fix
    assert found["Redis on disk"].level is Level.WARN


def test_a_redis_that_is_away_is_a_failure(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert worst(doctor.redis_keeps_tasks()).level is Level.FAIL


@pytest.mark.django_db
def test_every_table_of_an_agency_is_walled() -> None:
    assert worst(doctor.agencies_are_walled()).level is Level.OK


@pytest.mark.django_db
def test_a_table_without_a_wall_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("CREATE TABLE forgotten (id bigint, agency_id bigint)")
        cursor.execute("SET ROLE crm_app")

    found = worst(doctor.agencies_are_walled())

    assert found.level is Level.FAIL
    assert "forgotten" in found.seen


@pytest.mark.django_db
def test_clocks_of_one_machine_agree() -> None:
    assert worst(doctor.clocks_agree()).level is Level.OK


def test_a_clock_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(doctor.time, "time", lambda: 0.0)

    assert worst(doctor.clocks_agree()).level is Level.FAIL


def test_a_carrier_that_does_not_answer_is_a_warning(settings: Settings) -> None:
    settings.TWILIO_BASE_URL = "http://127.0.0.1:1"

    found = worst(doctor.carrier_is_reachable())

    assert found.level is Level.WARN
    assert "TWILIO_BASE_URL" in found.fix


def test_debug_and_any_host_are_unsafe(settings: Settings) -> None:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.EMBEDDED = False

    seen = [finding.seen for finding in doctor.settings_are_safe() if finding.level is Level.FAIL]

    assert any("DEBUG" in sentence for sentence in seen)
    assert any("host" in sentence for sentence in seen)


def test_a_full_disk_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 100_000_000

    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Full)

    assert worst(doctor.disk_has_room()).level is Level.FAIL


def test_a_failure_is_told_to_scripts_by_exit_code_and_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: [Finding("Disk", Level.FAIL, "full", "Free some room.")])
    output = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=output)

    assert ended.value.code == 1
    assert json.loads(output.getvalue()) == [
        {"check": "Disk", "level": "fail", "seen": "full", "fix": "Free some room."}
    ]


def test_advice_stands_below_what_is_wrong_and_a_warning_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding("Disk", Level.OK, "fine"), Finding("Workers", Level.WARN, "none answers", "Start one.")]
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    output = io.StringIO()

    call_command("doctor", "--no-color", stdout=output)

    lines = output.getvalue().splitlines()
    assert lines[0].startswith("ok    Disk")
    assert lines[1].startswith("warn  Workers")
    assert lines[2].strip() == "→ Start one."
    assert lines[3] == "1 ok, 1 warn, 0 fail"
