"""What the embedded servers promise to whoever runs the demo or the tests."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from collections_crm import embedded
from collections_crm.embedded import places, ports, processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """A folder for servers of one test; they are stopped and removed after it."""
    yield tmp_path
    for kind in embedded.Kind:
        embedded.reset(kind, base=tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.EmbeddedServers]:
    """Durable servers, as the demo has them."""
    base = tmp_path_factory.mktemp("servers")
    yield embedded.ensure("demo", base=base)
    embedded.reset("demo", base=base)


def sql(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: not processes.is_alive(pid), seconds=10)


def test_addresses_are_known_before_anything_runs(base: Path) -> None:
    first = embedded.database_url("crm_app", "demo", base=base)

    assert first == embedded.database_url("crm_app", "demo", base=base)
    assert first.startswith("postgresql://crm_app:")
    assert not embedded.status("demo", base=base).running


def test_secrets_are_readable_by_their_owner_alone(base: Path) -> None:
    embedded.secret("SECRET_KEY", "demo", base=base)

    mode = (base / "secrets.env").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_each_role_has_a_password_of_its_own(base: Path) -> None:
    urls = [embedded.database_url(role, "demo", base=base) for role in embedded.ROLE_NAMES]
    passwords = {url.split(":")[2].split("@")[0] for url in urls}

    assert len(passwords) == len(embedded.ROLE_NAMES)


def test_an_unknown_role_has_no_address(base: Path) -> None:
    with pytest.raises(ValueError, match="crm_app"):
        embedded.database_url("postgres", "demo", base=base)


def test_tests_and_demo_keep_apart(base: Path) -> None:
    assert embedded.database_url("crm_app", "demo", base=base) != embedded.database_url("crm_app", "test", base=base)


def test_both_servers_answer(running: embedded.EmbeddedServers) -> None:
    with contextlib.closing(redis.Redis.from_url(running.redis_url)) as client:
        assert client.ping()
    assert sql(running.database_url("crm_app"), "SELECT current_user") == [("crm_app",)]


def test_a_wrong_password_is_refused(running: embedded.EmbeddedServers) -> None:
    url = f"postgresql://crm_app:wrong@127.0.0.1:{running.postgres_port}/crm"

    with pytest.raises(psycopg.OperationalError, match="password"):
        sql(url, "SELECT 1")


def test_redis_never_evicts_and_writes_every_task_down(running: embedded.EmbeddedServers) -> None:
    with contextlib.closing(redis.Redis.from_url(running.redis_url, decode_responses=True)) as client:
        told = client.info()

    assert told["maxmemory_policy"] == "noeviction"
    assert told["aof_enabled"] == 1


def test_only_the_backup_role_reads_past_the_walls(running: embedded.EmbeddedServers) -> None:
    found = sql(
        running.database_url("crm_app"),
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'crm%' ORDER BY 1",
    )

    assert found == [
        ("crm_app", False, False),
        ("crm_backup", False, True),
        ("crm_owner", False, False),
        ("crm_platform", False, False),
    ]


def test_the_application_changes_rows_and_never_tables(running: embedded.EmbeddedServers) -> None:
    sql(running.database_url("crm_owner"), "CREATE TABLE IF NOT EXISTS probe (id int)")
    sql(running.database_url("crm_app"), "INSERT INTO probe VALUES (1)")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql(running.database_url("crm_app"), "CREATE TABLE another (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql(running.database_url("crm_app"), "TRUNCATE probe")


def test_the_owner_may_not_act_as_the_application_outside_tests(running: embedded.EmbeddedServers) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql(running.database_url("crm_owner"), "SET ROLE crm_app")


def test_the_backup_role_writes_nothing(running: embedded.EmbeddedServers) -> None:
    sql(running.database_url("crm_owner"), "CREATE TABLE IF NOT EXISTS kept (id int)")

    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        sql(running.database_url("crm_backup"), "INSERT INTO kept VALUES (1)")
    assert sql(running.database_url("crm_backup"), "SELECT count(*) FROM kept") == [(0,)]


def test_an_application_session_cannot_run_or_wait_for_ever(running: embedded.EmbeddedServers) -> None:
    found = sql(
        running.database_url("crm_app"),
        "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')",
    )

    assert found == [("30s", "1min")]


def test_a_second_start_finds_the_servers_that_run(running: embedded.EmbeddedServers) -> None:
    base = running.place.home
    before = embedded.status("demo", base=base)

    embedded.ensure("demo", base=base)

    assert embedded.status("demo", base=base) == before
    assert before.running


def test_after_both_servers_are_killed_the_next_start_has_the_data(base: Path) -> None:
    servers = embedded.ensure("demo", base=base)
    sql(servers.database_url("crm_owner"), "CREATE TABLE kept AS SELECT 7 AS number")
    state = embedded.status("demo", base=base)
    kill(state.postgres_pid)
    kill(state.valkey_pid)

    again = embedded.ensure("demo", base=base)

    assert sql(again.database_url("crm_app"), "SELECT number FROM kept") == [(7,)]
    with contextlib.closing(redis.Redis.from_url(again.redis_url)) as client:
        assert client.ping()


def test_stopping_leaves_no_process(base: Path) -> None:
    embedded.ensure("test", base=base)
    state = embedded.status("test", base=base)

    assert embedded.stop("test", base=base)

    assert state.postgres_pid is not None
    assert state.valkey_pid is not None
    assert not processes.is_alive(state.postgres_pid)
    assert not processes.is_alive(state.valkey_pid)
    assert not embedded.stop("test", base=base)


def test_a_pid_file_that_names_somebody_else_does_not_stop_the_start(base: Path) -> None:
    embedded.ensure("test", base=base)
    embedded.stop("test", base=base)
    place = embedded.place_of("test", base=base)
    (place.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{place.postgres}\n1\n5432\n\n127.0.0.1\n\nready\n")
    (place.valkey / "valkey.pid").write_text(f"{os.getpid()}\n")

    embedded.ensure("test", base=base)

    assert embedded.status("test", base=base).running


def test_a_port_that_is_taken_is_given_up_and_said(base: Path) -> None:
    embedded.database_url("crm_app", "test", base=base)
    wanted = ports.remembered(embedded.place_of("test", base=base))["postgres"]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", wanted))
        other.listen()

        servers = embedded.ensure("test", base=base)

    assert servers.postgres_port != wanted
    assert servers.notes == (f"Port {wanted} is taken by another program; PostgreSQL uses {servers.postgres_port}.",)


def test_many_processes_may_start_them_at_once(base: Path) -> None:
    command = [sys.executable, "-m", "collections_crm.embedded", "start", "--kind", "test"]
    environment = os.environ | {"VAR_DIR": str(base)}
    starts = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(3)
    ]

    said = {start.communicate(timeout=60)[0] for start in starts}

    assert [start.returncode for start in starts] == [0, 0, 0], said
    assert len(said) == 1


def test_starting_over_removes_data_and_passwords(base: Path) -> None:
    before = embedded.database_url("crm_app", "test", base=base)
    embedded.ensure("test", base=base)
    place = embedded.place_of("test", base=base)

    embedded.reset("test", base=base)

    assert not place.postgres.exists()
    assert not place.valkey.exists()
    assert embedded.database_url("crm_app", "test", base=base) != before


def test_tests_start_afresh_when_the_passwords_of_their_data_are_gone(base: Path) -> None:
    embedded.ensure("test", base=base)
    embedded.stop("test", base=base)
    (base / "test" / "secrets.env").unlink()

    servers = embedded.ensure("test", base=base)

    assert sql(servers.database_url("crm_app"), "SELECT 1") == [(1,)]


def test_the_demo_never_removes_data_whose_passwords_are_gone(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "open_to_others", lambda path: True)
    data = embedded.place_of("demo", base=base).postgres
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")

    with pytest.raises(places.EmbeddedFailed, match="demo-reset"):
        embedded.ensure("demo", base=base)

    assert (data / "PG_VERSION").exists()


def test_a_folder_closed_to_others_is_not_opened_for_the_servers(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    assert not places.open_to_others(closed / "var")
    assert places.open_to_others(Path("/usr/lib"))


def test_only_the_backup_role_can_dump_what_lies_behind_the_walls(running: embedded.EmbeddedServers) -> None:
    owner = running.database_url("crm_owner")
    sql(owner, "CREATE TABLE walled AS SELECT 1 AS agency_id, 'behind the wall' AS words")
    sql(owner, "ALTER TABLE walled ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    program = places.postgres_program("pg_dump", running.place)

    def dump(role: str) -> subprocess.CompletedProcess[str]:
        command = [program, "--data-only", "--table=walled", f"--dbname={running.database_url(role)}"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert "behind the wall" in dump("crm_backup").stdout
    for role in ("crm_app", "crm_owner", "crm_platform"):
        refused = dump(role)
        assert refused.returncode != 0, role
        assert "behind the wall" not in refused.stdout
