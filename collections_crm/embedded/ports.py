"""Which loopback ports the embedded servers use: remembered, and moved only when somebody else has taken one."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Final

from collections_crm.embedded.places import Kind, Place

HOST: Final = "127.0.0.1"
FIRST: Final = {
    (Kind.DEMO, "postgres"): 54320,
    (Kind.DEMO, "valkey"): 63790,
    (Kind.TEST, "postgres"): 54420,
    (Kind.TEST, "valkey"): 63890,
}
SPAN: Final = 90


def is_free(port: int) -> bool:
    """Whether nobody listens on the port of this machine's loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def next_free(first: int, *, span: int = SPAN) -> int:
    """The first free port from `first` on; any free port when the whole span is taken."""
    for port in range(first, first + span):
        if is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def remembered(place: Place) -> dict[str, int]:
    """The ports chosen earlier, by server name."""
    with contextlib.suppress(OSError, ValueError):
        known = json.loads((place.home / "ports.json").read_text(encoding="utf-8"))
        return {str(name): int(port) for name, port in known.items()}
    return {}


def remember(place: Place, server: str, port: int) -> None:
    """Keep the port for the next start. The caller holds the place's lock."""
    ports = remembered(place) | {server: port}
    fresh = place.home / "ports.json.new"
    fresh.write_text(json.dumps(ports), encoding="utf-8")
    fresh.replace(place.home / "ports.json")


def locked_port(place: Place, server: str) -> int:
    """The port of `server`: the remembered one, or the next free one, which is remembered."""
    known = remembered(place)
    if server not in known:
        taken = set(known.values())
        port = next_free(FIRST[place.kind, server])
        while port in taken:
            port = next_free(port + 1)
        remember(place, server, port)
        return port
    return known[server]


def port_of(place: Place, server: str) -> int:
    """As `locked_port`, for a caller who does not hold the lock."""
    known = remembered(place)
    if server in known:
        return known[server]
    with place.locked():
        return locked_port(place, server)
