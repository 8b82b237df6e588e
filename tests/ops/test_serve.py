"""How the demo is put together."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from collections_crm.embedded import supervisor
from scripts import serve
from scripts.progress import Step


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    serve.folder().mkdir(parents=True)
    return tmp_path


@pytest.fixture
def boss(place: Path) -> supervisor.Supervisor:
    return supervisor.Supervisor(serve.folder(), [], directory=place)


def test_the_demo_never_touches_a_real_database_or_a_real_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://crm_app:x@db.internal/crm")
    monkeypatch.setenv("REDIS_URL", "redis://redis.internal")
    monkeypatch.setenv("TWILIO_BASE_URL", "https://carrier.example")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "real")

    environment = serve.demo_environment(web_port=8000, carrier_port=8777)

    assert "DATABASE_URL" not in environment
    assert "REDIS_URL" not in environment
    assert environment["TWILIO_BASE_URL"] == "http://127.0.0.1:8777"
    assert environment["TWILIO_AUTH_TOKEN"] != "real"


def test_the_carrier_simulator_knows_the_account_of_the_demo() -> None:
    environment = serve.demo_environment(web_port=8000, carrier_port=8777)

    account = f"{environment['TWILIO_ACCOUNT_SID']}:{environment['TWILIO_AUTH_TOKEN']}"
    assert environment["CARRIER_SIMULATOR_ACCOUNTS"] == account


def test_people_open_the_demo_by_a_name_that_passkeys_work_on() -> None:
    environment = serve.demo_environment(web_port=8123, carrier_port=8777)

    assert environment["PUBLIC_BASE_URL"] == serve.public_address(8123) == "http://localhost:8123"


def test_web_workers_schedule_and_carrier_make_the_demo() -> None:
    started = serve.programs({}, web_port=8123, carrier_port=8777)

    assert [program.name for program in started] == ["carrier", "worker", "beat", "web"]
    assert "127.0.0.1:8123" in started[-1].command


def test_demonstration_data_is_made_once_and_its_logins_are_shown_each_time(
    boss: supervisor.Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        serve, "manage", lambda boss, environment, *command, tell: made.append(command) or "ana@example.test"
    )

    shown = [serve.demo_data(boss, {}, Step("data")) for _ in range(2)]

    assert shown == ["ana@example.test", "ana@example.test"]
    assert made == [("demo",)]
    assert stat.S_IMODE((serve.folder() / "logins.txt").stat().st_mode) == 0o600


def test_static_files_are_gathered_again_only_when_one_changed(
    boss: supervisor.Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered: list[tuple[Any, ...]] = []
    monkeypatch.setattr(serve, "manage", lambda boss, environment, *command: gathered.append(command))
    for digest in ("first", "first", "second"):
        monkeypatch.setattr(serve, "static_digest", lambda digest=digest: digest)
        serve.gather_static(boss, {}, Step("static"))

    assert len(gathered) == 2


def test_static_files_that_were_removed_are_gathered_again(
    boss: supervisor.Supervisor, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered: list[tuple[Any, ...]] = []
    monkeypatch.setattr(serve, "manage", lambda boss, environment, *command: gathered.append(command))
    serve.gather_static(boss, {}, Step("static"))

    serve.remove_data(keep={serve.folder()})
    serve.gather_static(boss, {}, Step("static"))

    assert len(gathered) == 2


def test_what_static_files_are_does_not_depend_on_what_was_gathered(place: Path) -> None:
    assert serve.static_digest() == serve.static_digest()


def test_a_management_command_that_fails_shows_all_it_said(boss: supervisor.Supervisor) -> None:
    with pytest.raises(serve.CannotSetUp, match="Unknown command"):
        serve.manage(boss, dict(serve.os.environ), "no_such_command")


def test_a_long_step_tells_what_it_is_at(tmp_path: Path) -> None:
    step = Step("[1/1] Demonstration data")
    with (tmp_path / "said").open("w+") as said:
        said.write("opening cases\ncalling deb")
        said.flush()

        step.doing(serve.last_line(said.fileno()))

    assert step.now == "opening cases"


def test_a_signal_ends_a_management_command_and_the_preparation(boss: supervisor.Supervisor) -> None:
    boss.signals = 1

    with pytest.raises(serve._Interrupted):
        serve.manage(boss, dict(serve.os.environ), "shell", "-c", "import time; time.sleep(60)")


def test_data_that_was_being_made_when_the_demo_was_stopped_is_made_afresh(
    boss: supervisor.Supervisor, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: Any, **more: Any) -> str:
        raise serve._Interrupted

    monkeypatch.setattr(serve, "manage", stopped)
    (place / "media").mkdir()
    step = Step("PostgreSQL and Valkey")
    with pytest.raises(serve._Interrupted):
        serve.demo_data(boss, {}, step)

    serve.remove_unfinished(step)

    assert not (place / "media").exists()
    assert serve.folder().exists()
    assert len(step.remarks) == 1
    serve.remove_unfinished(step)
    assert len(step.remarks) == 1


def test_a_reset_leaves_the_tests_alone(place: Path) -> None:
    (place / "test").mkdir()
    (place / "media").mkdir()
    (place / "secrets.env").write_text("SECRET_KEY=x\n")

    serve.reset()

    assert sorted(path.name for path in place.iterdir()) == ["lock", "test"]
