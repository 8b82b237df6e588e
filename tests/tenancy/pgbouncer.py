"""A PgBouncer of our own in transaction mode, in front of the test database, for as long as a test needs it."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.waiting import until

POOL_SIZE = 3
HOW_TO_INSTALL = (
    "PgBouncer is not installed, and the walls between agencies must be tried behind it: "
    "run `make test`, which installs it, or `apt-get install --no-install-recommends pgbouncer`."
)


@dataclass(frozen=True)
class Server:
    """Where PostgreSQL answers, and as whom the application comes."""

    host: str
    port: int
    database: str
    user: str
    password: str


def program() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert found, HOW_TO_INSTALL
    return found


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(server: Server) -> Iterator[int]:
    """Start PgBouncer in front of `server` and give its port."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="crm-pgbouncer-") as name:
        folder = Path(name)
        users, config = folder / "users.txt", folder / "pgbouncer.ini"
        users.write_text(f'"{server.user}" "{server.password}"\n', encoding="utf-8")
        config.write_text(
            f"[databases]\n{server.database} = host={server.host} port={server.port} dbname={server.database}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = scram-sha-256\nauth_file = {users}\npool_mode = transaction\n"
            f"default_pool_size = {POOL_SIZE}\nmax_client_conn = 200\n"
            f"logfile = {folder / 'log'}\n",
            encoding="utf-8",
        )
        identity: dict[str, int | list[int]] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in (folder, users, config):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        process = subprocess.Popen(
            [program(), "-q", str(config)], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **identity,
        )  # fmt: skip
        try:
            until(lambda: _answers(server, port) or _died(process, folder), seconds=20)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _answers(server: Server, port: int) -> bool:
    try:
        psycopg.connect(
            host="127.0.0.1", port=port, user=server.user, password=server.password, dbname=server.database,
            connect_timeout=5,
        ).close()  # fmt: skip
    except psycopg.OperationalError:
        return False
    return True


def _died(process: subprocess.Popen, folder: Path) -> bool:
    log = folder / "log"
    assert process.poll() is None, f"PgBouncer ended: {log.read_text() if log.exists() else 'without a word'}"
    return False
