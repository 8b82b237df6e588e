"""What load balancers and Prometheus are told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.http import Http404
from django.test import RequestFactory
from pytest_django import Settings

from collections_crm import health

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    health._migrated.clear()
    yield
    health._migrated.clear()


def test_a_process_that_can_answer_is_alive_whatever_else_is_down(rf: RequestFactory, settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE

    assert health.healthz(rf.get("/healthz")).status_code == 200


@pytest.mark.django_db
def test_with_database_tables_and_redis_it_is_ready(rf: RequestFactory) -> None:
    response = health.readyz(rf.get("/readyz"))

    assert response.status_code == 200
    assert json.loads(response.content) == {
        "status": "ready",
        "checks": {"database": "ok", "tables": "ok", "redis": "ok"},
    }


@pytest.mark.django_db
def test_without_redis_it_is_not_ready_and_does_not_say_where_redis_is(rf: RequestFactory, settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE

    response = health.readyz(rf.get("/readyz"))

    assert response.status_code == 503
    assert json.loads(response.content)["checks"]["redis"] == "failing"
    assert b"127.0.0.1" not in response.content


@pytest.mark.django_db
def test_with_a_migration_to_come_it_is_not_ready(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [("a migration", False)])

    response = health.readyz(rf.get("/readyz"))

    assert json.loads(response.content)["checks"]["tables"] == "failing"


def test_health_is_asked_and_never_posted(rf: RequestFactory) -> None:
    assert health.healthz(rf.post("/healthz")).status_code == 405


def test_metrics_are_for_this_machine(rf: RequestFactory) -> None:
    response = health.metrics(rf.get("/metrics", REMOTE_ADDR="127.0.0.1"))

    assert response.status_code == 200
    assert b"crm_queue_length" in response.content
    assert b"process_" in response.content or b"python_info" in response.content


@pytest.mark.parametrize("headers", [{"REMOTE_ADDR": "10.0.0.9"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.9"}])
def test_metrics_do_not_exist_for_others(rf: RequestFactory, headers: dict[str, str]) -> None:
    with pytest.raises(Http404):
        health.metrics(rf.get("/metrics", **headers))


def test_with_a_token_only_its_bearer_sees_metrics(rf: RequestFactory, settings: Settings) -> None:
    settings.METRICS_TOKEN = "t0ken"

    assert health.metrics(rf.get("/metrics", HTTP_AUTHORIZATION="Bearer t0ken")).status_code == 200
    with pytest.raises(Http404):
        health.metrics(rf.get("/metrics", HTTP_AUTHORIZATION="Bearer other"))
    with pytest.raises(Http404):
        health.metrics(rf.get("/metrics"))


def test_every_queue_of_the_workers_is_counted(settings: Settings) -> None:
    settings.CELERY_TASK_QUEUES = None
    settings.CELERY_TASK_DEFAULT_QUEUE = "default"

    assert health.queue_names() == ["default"]

    settings.CELERY_TASK_QUEUES = {"default": {}, "letters": {}}
    assert health.queue_names() == ["default", "letters"]
