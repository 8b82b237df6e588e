"""What load balancers and operators ask: is it alive, is it ready, how is it doing.

`/healthz` answers while the process can answer at all. `/readyz` answers 200 only when the database, its tables and
Redis are there, so a balancer stops sending work to a process that cannot do any. `/metrics` is for Prometheus: from
the same machine, or with the bearer token of the setting `METRICS_TOKEN`; to anyone else it does not exist.
"""

from __future__ import annotations

import contextlib
import hmac
import os
from collections.abc import Callable, Iterable
from typing import Final

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis.backoff import NoBackoff
from redis.retry import Retry

from agencies.access import public

log = structlog.get_logger(__name__)

REDIS_SECONDS: Final = 2
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


class NotReady(RuntimeError):
    """Something the product needs is not there yet."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Each thing the product needs, by name, `ok` or `failing`; 503 when one fails. Reasons go to the log alone."""
    found = {name: _passes(name, check) for name, check in READINESS.items()}
    everything = all(found.values())
    return JsonResponse(
        {
            "status": "ready" if everything else "not ready",
            "checks": {name: "ok" if passed else "failing" for name, passed in found.items()},
        },
        status=200 if everything else 503,
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus; 404 to whoever may not see them."""
    if not may_see_metrics(request):
        raise Http404
    queues = CollectorRegistry()
    queues.register(QueueLengths())
    return HttpResponse(
        generate_latest(_process_registry()) + generate_latest(queues), content_type=CONTENT_TYPE_LATEST
    )


def health_urls() -> list[URLPattern]:
    """The three addresses, to be put at the root of the site."""
    return [
        path("healthz", public(healthz), name="healthz"),
        path("readyz", public(readyz), name="readyz"),
        path("metrics", public(metrics), name="metrics"),
    ]


def may_see_metrics(request: HttpRequest) -> bool:
    """Whether the caller sits on this machine with no proxy between, or holds the token."""
    token = str(getattr(settings, "METRICS_TOKEN", "") or "")
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers


def database_answers() -> None:
    """The database takes a query."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


_migrated: list[bool] = []


def tables_are_current() -> None:
    """Every migration of this version is applied; once seen, not asked again by this process.

    Raises:
        NotReady: some are not.
    """
    if _migrated:
        return
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("Migrations are not applied.")
    _migrated.append(True)


def redis_answers() -> None:
    """Redis answers."""
    with contextlib.closing(redis_client()) as client:
        client.ping()


def redis_client() -> redis.Redis:
    """A client that asks once and gives up soon; close it."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


READINESS: Final[dict[str, Callable[[], None]]] = {
    "database": database_answers,
    "tables": tables_are_current,
    "redis": redis_answers,
}


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except (DatabaseError, redis.RedisError, NotReady, OSError) as reason:
        log.warning("readiness.failing", check=name, reason=str(reason))
        return False
    return True


class QueueLengths(Collector):
    """How many tasks wait in each queue, asked of Redis when Prometheus asks."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        gauge = GaugeMetricFamily("crm_queue_length", "Tasks that wait, by queue", labels=["queue"])
        with contextlib.suppress(redis.RedisError, OSError), contextlib.closing(redis_client()) as client:
            for queue in queue_names():
                gauge.add_metric([queue], float(str(client.llen(queue))))
        yield gauge


def queue_names() -> list[str]:
    """The names of the worker queues, from the Celery settings."""
    queues = getattr(settings, "CELERY_TASK_QUEUES", None) or []
    names = list(queues) if isinstance(queues, dict) else [str(getattr(queue, "name", queue)) for queue in queues]
    return names or [str(getattr(settings, "CELERY_TASK_DEFAULT_QUEUE", "celery"))]


def _process_registry() -> CollectorRegistry:
    """This process's numbers, or those of all web processes when they share a folder for it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared
