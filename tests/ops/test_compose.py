"""The compose file: valid by the specification, and safe by our own rules."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.ops.compose_rules import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
OURS = ("roles", "migrate", "web", "worker", "beat")
LONG_LIVED = ("postgres", "valkey", "web", "worker", "beat", "proxy")
KEPT_FROM_THE_APPLICATION = ("POSTGRES_PASSWORD", "CRM_OWNER_PASSWORD", "CRM_BACKUP_PASSWORD")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


def complaints(document: dict[str, Any]) -> list[str]:
    return [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in Draft202012Validator(SCHEMA).iter_errors(document)
    ]


def test_the_file_follows_the_specification(compose: dict[str, Any]) -> None:
    assert complaints(compose) == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("services", "web", "restrat"), "always"),
        (("services", "web", "restart"), "sometimes"),
        (("services", "web", "stop_grace_period"), 40),
        (("services", "web", "healthcheck", "test"), ["curl", "-f"]),
        (("services", "web", "depends_on", "migrate", "condition"), "service_done"),
        (("services", "proxy", "ports"), ["https:443"]),
        (("volumes", "files"), "big"),
    ],
)
def test_a_mistake_in_it_would_be_found(compose: dict[str, Any], path: tuple[str, ...], wrong: object) -> None:
    broken = copy.deepcopy(compose)
    spot = broken
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = wrong

    assert complaints(broken)


def test_what_a_service_names_exists(compose: dict[str, Any], services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service.get("networks", [])) <= set(compose["networks"]), name
        mounted = [volume.split(":")[0] for volume in service.get("volumes", [])]
        named = {volume for volume in mounted if not volume.startswith((".", "/"))}
        assert named <= set(compose["volumes"]), name
        for path in mounted:
            assert not path.startswith(".") or (ROOT / path).exists(), path


@pytest.mark.parametrize("name", LONG_LIVED)
def test_what_runs_for_long_is_watched_and_restarted(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]
    assert services[name]["restart"] == "unless-stopped"


def test_nothing_starts_before_the_tables_are_there(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["roles"]["condition"] == "service_completed_successfully"
    assert services["roles"]["depends_on"]["postgres"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", OURS)
def test_our_processes_have_no_powers(services: dict[str, Any], name: str) -> None:
    assert services[name]["cap_drop"] == ["ALL"]
    assert services[name]["read_only"] is True
    assert services[name]["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_application_does_not_learn_the_passwords_of_stronger_roles(services: dict[str, Any], name: str) -> None:
    environment = services[name]["environment"]

    assert {environment[key] for key in KEPT_FROM_THE_APPLICATION} == {""}
    assert "crm_app" in environment["DATABASE_URL"]
    assert "crm_owner" not in str(environment)


def test_only_the_proxy_is_reachable_from_outside(services: dict[str, Any], compose: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert compose["networks"]["data"]["internal"] is True
    assert services["postgres"]["networks"] == services["valkey"]["networks"] == ["data"]
    assert services["proxy"]["networks"] == ["front"]


def test_redis_writes_every_task_down_and_never_evicts(services: dict[str, Any]) -> None:
    command = services["valkey"]["command"]

    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_data_lives_in_named_volumes(services: dict[str, Any]) -> None:
    assert "postgres-data:/var/lib/postgresql" in services["postgres"]["volumes"]
    assert "valkey-data:/data" in services["valkey"]["volumes"]
    assert "files:/var/lib/collections-crm" in services["web"]["volumes"]
    assert "files:/var/lib/collections-crm" in services["worker"]["volumes"]


def test_no_password_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert re.findall(r"\$\{\w*PASSWORD:?-", text) == []
    assert "PASSWORD:?" in text


def test_every_value_the_file_asks_for_is_explained(services: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    explained = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))

    assert set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", text)) <= explained


def test_the_image_is_built_on_debian_and_runs_as_a_plain_user() -> None:
    text = (ROOT / "Dockerfile").read_text()
    last_stage = text[text.rindex("FROM ") :]

    assert set(re.findall(r"^FROM (\S+)", text, flags=re.MULTILINE)) == {"debian:bookworm-slim"}
    assert re.findall(r"^USER (\S+)", last_stage, flags=re.MULTILINE) == ["crm"]
    assert "HEALTHCHECK" in last_stage
    assert "--require-hashes" in text
