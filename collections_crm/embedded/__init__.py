"""PostgreSQL and Valkey from Python wheels, for the demo, for trials and for the tests.

Production gives `DATABASE_URL` and `REDIS_URL` and never comes here. Two sets of servers exist, each with its own
data, passwords and ports: `demo` under `var/` (durable) and `test` under `var/test/` (fast, not durable).

Doors: `ensure(kind)` starts what does not run yet and is safe to call from many processes at once;
`database_url(role)` and `redis_url()` only compute addresses and start nothing; `stop(kind)`, `status(kind)`,
`reset(kind)`; `create_roles` and `create_database` prepare any PostgreSQL, embedded or not.
From a shell: `python -m collections_crm.embedded --help`.
"""

from collections_crm.embedded.places import Kind, Place, current_kind, place_of
from collections_crm.embedded.roles import DATABASE_NAME, ROLE_NAMES, create_database, create_roles
from collections_crm.embedded.servers import (
    EmbeddedServers,
    Status,
    database_url,
    ensure,
    redis_url,
    reset,
    secret,
    start,
    status,
    stop,
)

__all__ = [
    "DATABASE_NAME",
    "ROLE_NAMES",
    "EmbeddedServers",
    "Kind",
    "Place",
    "Status",
    "create_database",
    "create_roles",
    "current_kind",
    "database_url",
    "ensure",
    "place_of",
    "redis_url",
    "reset",
    "secret",
    "start",
    "status",
    "stop",
]
