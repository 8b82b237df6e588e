"""The embedded PostgreSQL: made once, started when it does not run, stopped with a fast shutdown."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Final

import psycopg

from collections_crm.embedded import keys, ports, processes, roles
from collections_crm.embedded.places import (
    EmbeddedFailed,
    Kind,
    Place,
    Runner,
    own_folder,
    postgres_program,
    runner,
)

SUPERUSER: Final = "postgres"
VERSION: Final = "18"
START_SECONDS: Final = 60

COMMON_CONF: Final = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 2
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
"""

# Survives a power cut. Statements slower than a second, and every wait for a lock, are written to the log.
DEMO_CONF: Final = """\
max_connections = 120
fsync = on
synchronous_commit = on
max_wal_size = 2GB
min_wal_size = 128MB
checkpoint_completion_target = 0.9
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.05
log_min_duration_statement = 1s
log_checkpoints = off
"""

# Made for speed: a power cut may lose everything, and nothing in it is worth keeping.
TEST_CONF: Final = """\
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 1h
scram_iterations = 64
log_checkpoints = off
log_statement = 'none'
"""


def connect(place: Place, database: str = "postgres", *, timeout: int = 5) -> psycopg.Connection[Any]:
    """A connection as the superuser of the embedded server, outside transactions."""
    return psycopg.connect(
        host=ports.HOST,
        port=ports.port_of(place, "postgres"),
        user=SUPERUSER,
        password=keys.read_keys(place).get("POSTGRES_PASSWORD", ""),
        dbname=database,
        autocommit=True,
        connect_timeout=timeout,
    )


def answers(place: Place) -> bool:
    """Whether our server (this data folder, this password) answers on the remembered port."""
    if "postgres" not in ports.remembered(place):
        return False
    try:
        with connect(place, timeout=2) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(str(row[0])) == place.postgres


def pid_of(place: Place) -> int | None:
    """The process of our server, if it lives."""
    pid = processes.read_pid(place.postgres / "postmaster.pid")
    return pid if pid is not None and processes.runs_with(pid, str(place.postgres)) else None


def start(place: Place) -> list[str]:
    """Start the server if it does not run; the caller holds the lock. Returns sentences worth telling."""
    owner = runner()
    said: list[str] = []
    port = ports.locked_port(place, "postgres")
    if pid_of(place) is not None and processes.wait_until(lambda: answers(place), seconds=START_SECONDS, every=0.2):
        return said
    if not (place.postgres / "PG_VERSION").exists():
        _initialise(place, owner)
    for _ in range(5):
        if not ports.is_free(port):
            free = ports.next_free(port + 1)
            said.append(f"Port {port} is taken by another program; PostgreSQL uses {free}.")
            port = free
        ports.remember(place, "postgres", port)
        _configure(place, owner, port)
        _drop_stale_pid(place)
        output = _pg_ctl_start(place, owner)
        if answers(place):
            _prepare(place)
            return said
        time.sleep(1)  # another program took the port meanwhile, or a killed server's last processes still end
    raise EmbeddedFailed(f"PostgreSQL does not start. Its last words:\n{output}\n{_tail(place.log / 'postgres.log')}")


def stop(place: Place) -> bool:
    """Stop the server: sessions are ended, transactions rolled back, data flushed. False when it did not run."""
    pid = pid_of(place)
    if pid is None:
        return False
    program = postgres_program("pg_ctl", place)
    done = runner().run(program, "stop", "-D", place.postgres, "-m", "fast", "-w", "-t", "60", timeout=90)
    if done.returncode != 0 and processes.is_alive(pid):
        processes.end(pid)
    return True


def _initialise(place: Place, owner: Runner) -> None:
    own_folder(place.postgres, owner)
    own_folder(place.log, owner, mode=0o750)
    password = place.log / ".first-password"
    handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        target.write(keys.locked_key(place, "POSTGRES_PASSWORD"))
    owner.give(password)
    try:
        done = owner.run(
            postgres_program("initdb", place),
            *("-D", place.postgres, "-U", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *(["--no-sync"] if place.kind is Kind.TEST else []),
        )
    finally:
        password.unlink(missing_ok=True)
    if done.returncode != 0:
        raise EmbeddedFailed(f"PostgreSQL could not make its data folder {place.postgres}:\n{done.stdout}")


def _configure(place: Place, owner: Runner, port: int) -> None:
    conf = COMMON_CONF + (TEST_CONF if place.kind is Kind.TEST else DEMO_CONF) + f"port = {port}\n"
    target = place.postgres / "postgresql.auto.conf"
    own_folder(place.log, owner, mode=0o750)
    target.write_text(conf, encoding="utf-8")
    owner.give(target)
    target.chmod(0o600)


def _drop_stale_pid(place: Place) -> None:
    """A machine that lost power leaves a pid file; its number may meanwhile belong to an unrelated program."""
    if pid_of(place) is None:
        (place.postgres / "postmaster.pid").unlink(missing_ok=True)


def _pg_ctl_start(place: Place, owner: Runner) -> str:
    done = owner.run(
        postgres_program("pg_ctl", place),
        *("start", "-D", place.postgres, "-l", place.log / "postgres.log", "-w", "-t", str(START_SECONDS)),
        timeout=START_SECONDS + 30,
    )
    return done.stdout


def _prepare(place: Place) -> None:
    """Roles and database, every time the server starts: cheap, and it heals what a person changed."""
    passwords = {role: keys.locked_key(place, password_name(role)) for role in roles.ROLE_NAMES}
    with connect(place) as connection:
        with connection.transaction():
            roles.create_roles(connection, for_tests=place.kind is Kind.TEST, passwords=passwords)
        roles.create_database(connection)
    for database in (roles.DATABASE_NAME, "template1"):
        with connect(place, database) as connection:
            roles.grant_tables(connection)


def password_name(role: str) -> str:
    """Under which name the password of a role is kept."""
    return f"{role.upper()}_PASSWORD"


def _tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
