"""The fence around the simulator: it calls loopback addresses and nothing else."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from carrier_simulator.errors import NotUnderstood


class NotLoopback(NotUnderstood):
    """A webhook address that does not point at this machine."""


def refuse_unless_loopback(url: str) -> None:
    """Raise unless `url` is http(s) on a loopback address, on localhost or on a name under .localhost.

    Names are never looked up: a name that resolves to loopback today may resolve elsewhere tomorrow.
    """
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as problem:
        raise NotLoopback(f"{url!r} is not a web address: {problem}.") from problem
    if parts.scheme not in ("http", "https") or not host:
        raise NotLoopback(f"{url!r} is not an http or https address.")
    if not _is_loopback(host):
        raise NotLoopback(
            f"The simulator calls loopback addresses only and will not call {host!r} (asked for {url!r})."
        )


def address_of(host: str) -> str:
    """The address to connect to for a host that passed `refuse_unless_loopback`."""
    return "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
