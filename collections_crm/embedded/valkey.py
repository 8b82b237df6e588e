"""The embedded Valkey (it speaks the Redis protocol): append-only, never evicts, loopback only, with a password."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from collections_crm.embedded import keys, ports, processes
from collections_crm.embedded.places import EmbeddedFailed, Kind, Place, Runner, own_folder, runner, valkey_program

START_SECONDS: Final = 20


def url_of(place: Place, port: int, password: str, database: int = 0) -> str:
    return f"redis://:{password}@{ports.HOST}:{port}/{database}"


def client(place: Place) -> redis.Redis:
    """A client that asks once and gives up soon; close it."""
    return redis.Redis(
        host=ports.HOST,
        port=ports.port_of(place, "valkey"),
        password=keys.read_keys(place).get("REDIS_PASSWORD", ""),
        socket_timeout=5,
        socket_connect_timeout=2,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def answers(place: Place) -> bool:
    """Whether our server (this data folder, this password) answers on the remembered port."""
    if "valkey" not in ports.remembered(place):
        return False
    with contextlib.closing(client(place)) as asked:
        try:
            where = asked.config_get("dir")
        except redis.RedisError:
            return False
    return isinstance(where, dict) and Path(str(where.get("dir", ""))) == place.valkey


def pid_of(place: Place) -> int | None:
    """The process of our server, if it lives."""
    pid = processes.read_pid(place.valkey / "valkey.pid")
    return pid if pid is not None and processes.runs_with(pid, "valkey-server") else None


def start(place: Place) -> list[str]:
    """Start the server if it does not run; the caller holds the lock. Returns sentences worth telling."""
    said: list[str] = []
    owner = runner()
    port = ports.locked_port(place, "valkey")
    if pid_of(place) is not None and processes.wait_until(lambda: answers(place), seconds=START_SECONDS):
        return said
    own_folder(place.valkey, owner)
    own_folder(place.log, owner, mode=0o750)
    output = ""
    (place.valkey / "valkey.pid").unlink(missing_ok=True)
    for _ in range(5):
        if not ports.is_free(port):
            free = ports.next_free(port + 1)
            said.append(f"Port {port} is taken by another program; Valkey uses {free}.")
            port = free
        ports.remember(place, "valkey", port)
        conf = _configure(place, owner, port)
        output = owner.run(valkey_program(place), conf, timeout=30).stdout
        if processes.wait_until(lambda: answers(place), seconds=START_SECONDS):
            return said
    raise EmbeddedFailed(f"Valkey does not start: {output} (see {place.log / 'valkey.log'})")


def stop(place: Place) -> bool:
    """Stop the server after its log is on disk. False when it did not run."""
    pid = pid_of(place)
    if pid is None:
        return False
    processes.end(pid)
    return True


def _configure(place: Place, owner: Runner, port: int) -> Path:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        "protected-mode yes",
        f"requirepass {keys.locked_key(place, 'REDIS_PASSWORD')}",
        "daemonize yes",
        f'dir "{place.valkey}"',
        f'pidfile "{place.valkey / "valkey.pid"}"',
        f'logfile "{place.log / "valkey.log"}"',
        "databases 64",
        "appendonly yes",
        f"appendfsync {'no' if place.kind is Kind.TEST else 'everysec'}",
        'save ""',
        "maxmemory 256mb",
        "maxmemory-policy noeviction",
    ]
    conf = place.valkey / "valkey.conf"
    conf.touch(mode=0o600)
    conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
    owner.give(conf)
    return conf
