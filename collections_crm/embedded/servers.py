"""Both embedded servers as one thing: start, addresses, stop, start over."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collections_crm.embedded import keys, ports, postgres, roles, valkey
from collections_crm.embedded.places import EmbeddedFailed, Kind, Place, place_of


@dataclass(frozen=True)
class EmbeddedServers:
    """Servers that run, and how to reach them. `notes` are sentences for the person who started them."""

    kind: Kind
    place: Place
    postgres_port: int
    valkey_port: int
    notes: tuple[str, ...] = ()

    def database_url(self, role: str = "crm_app", *, database: str = roles.DATABASE_NAME) -> str:
        return database_url(role, self.kind, database=database, base=_base(self.place))

    @property
    def database_urls(self) -> dict[str, str]:
        """The address of the database for each role."""
        return {role: self.database_url(role) for role in roles.ROLE_NAMES}

    @property
    def redis_url(self) -> str:
        return redis_url(self.kind, base=_base(self.place))


@dataclass(frozen=True)
class Status:
    """What runs now: process numbers, or None."""

    kind: Kind
    place: Place
    postgres_pid: int | None
    valkey_pid: int | None

    @property
    def running(self) -> bool:
        return self.postgres_pid is not None and self.valkey_pid is not None


def database_url(
    role: str = "crm_app",
    kind: Kind | str | None = None,
    *,
    database: str = roles.DATABASE_NAME,
    base: Path | None = None,
) -> str:
    """The address of the database for a role. Makes the password and picks the port if need be; starts nothing."""
    if role not in roles.ROLE_NAMES:
        raise ValueError(f"{role!r} is not one of the database roles: {', '.join(roles.ROLE_NAMES)}.")
    place = place_of(kind, base=base)
    password = keys.key(place, postgres.password_name(role))
    return f"postgresql://{role}:{password}@{ports.HOST}:{ports.port_of(place, 'postgres')}/{database}"


def redis_url(kind: Kind | str | None = None, *, database: int = 0, base: Path | None = None) -> str:
    """The address of Valkey. Makes the password and picks the port if need be; starts nothing."""
    place = place_of(kind, base=base)
    return valkey.url_of(place, ports.port_of(place, "valkey"), keys.key(place, "REDIS_PASSWORD"), database)


def secret(
    name: str,
    kind: Kind | str | None = None,
    *,
    make: Callable[[], str] | None = None,
    base: Path | None = None,
) -> str:
    """A secret of the demo or the tests (a signing key, say): made once, kept beside the passwords."""
    place = place_of(kind, base=base)
    return keys.key(place, name) if make is None else keys.key(place, name, make)


def ensure(kind: Kind | str | None = None, *, base: Path | None = None) -> EmbeddedServers:
    """Start what does not run yet and return the addresses. Cheap when both run; safe from many processes at once."""
    place = place_of(kind, base=base)
    notes: list[str] = []
    with place.locked():
        notes += _remove_orphaned_data(place)
        if not postgres.answers(place):
            notes += postgres.start(place)
        if not valkey.answers(place):
            notes += valkey.start(place)
        return EmbeddedServers(
            kind=place.kind,
            place=place,
            postgres_port=ports.locked_port(place, "postgres"),
            valkey_port=ports.locked_port(place, "valkey"),
            notes=tuple(notes),
        )


start = ensure


def stop(kind: Kind | str | None = None, *, base: Path | None = None) -> bool:
    """Stop both servers. False when neither ran."""
    place = place_of(kind, base=base)
    if not place.home.exists():
        return False
    with place.locked():
        stopped = [valkey.stop(place), postgres.stop(place)]
    return any(stopped)


def status(kind: Kind | str | None = None, *, base: Path | None = None) -> Status:
    """What runs now. Starts and creates nothing."""
    place = place_of(kind, base=base)
    return Status(place.kind, place, postgres.pid_of(place), valkey.pid_of(place))


def reset(kind: Kind | str | None = None, *, base: Path | None = None) -> None:
    """Stop both servers and remove their data, passwords and ports. The other kind is left alone."""
    place = place_of(kind, base=base)
    stop(place.kind, base=base)
    if not place.home.exists():
        return
    with place.locked():
        for folder in (place.postgres, place.valkey, place.log):
            shutil.rmtree(folder, ignore_errors=not folder.exists())
        for name in (keys.FILE_NAME, "ports.json"):
            (place.home / name).unlink(missing_ok=True)
        if place.data != place.home:
            shutil.rmtree(place.data, ignore_errors=True)


def _remove_orphaned_data(place: Place) -> list[str]:
    """Data whose passwords and keys are gone cannot be used: a checkout was deleted, or `secrets.env` was.

    Raises:
        EmbeddedFailed: it is the demo's own data beside the missing file, so a person decides.
    """
    if not (place.postgres / "PG_VERSION").exists() or "POSTGRES_PASSWORD" in keys.read_keys(place):
        return []
    if place.kind is Kind.DEMO and place.data == place.home:
        raise EmbeddedFailed(
            f"The passwords and keys of the data in {place.postgres} are gone with {place.home / keys.FILE_NAME}. "
            "Put the file back, or start over with `make demo-reset`."
        )
    valkey.stop(place)
    postgres.stop(place)
    for folder in (place.postgres, place.valkey):
        shutil.rmtree(folder, ignore_errors=True)
    return ["Data left by a checkout that no longer exists was removed."]


def _base(place: Place) -> Path:
    return place.home.parent if place.kind is Kind.TEST else place.home
