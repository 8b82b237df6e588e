"""What the supervisor of the demo promises: nothing it started outlives it, and nothing stops the next start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from collections_crm.embedded import processes, supervisor

ROOT = Path(__file__).resolve().parents[2]
PARENT_OF_ANOTHER = "import subprocess,sys,time; subprocess.Popen([sys.executable,'-c','import time;time.sleep(60)'])"
WAITS = f"{PARENT_OF_ANOTHER}; time.sleep(60)"
WILL_NOT_END = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"


def launch(folder: Path, *programs: str) -> subprocess.Popen[str]:
    """A supervisor in a process of its own, which says `up` once its programs run."""
    text = f"""
        import sys
        from pathlib import Path
        from collections_crm.embedded.supervisor import Program, Supervisor

        commands = [[sys.executable, "-c", code] for code in {programs!r}]
        programs = [Program(str(number), command, stop_seconds=1) for number, command in enumerate(commands)]
        boss = Supervisor(Path({str(folder)!r}), programs, directory=Path({str(ROOT)!r}), leftover_seconds=1)
        with boss.held():
            boss.start()
            print("up", flush=True)
            boss.watch()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def programs_of(folder: Path) -> list[int]:
    return [entry["pid"] for entry in json.loads((folder / "programs.json").read_text())]


def members(groups: list[int]) -> list[int]:
    """Every live process whose group is one of `groups`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and processes.is_alive(int(entry.name)):
            try:
                group = os.getpgid(int(entry.name))
            except ProcessLookupError:
                continue
            if group in groups:
                found.append(int(entry.name))
    return found


def everyone_is_there(groups: list[int], count: int) -> Callable[[], bool]:
    return lambda: len(members(groups)) == count


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_program_and_their_children(tmp_path: Path, number: signal.Signals) -> None:
    boss = launch(tmp_path, WAITS, WAITS)
    groups = programs_of(tmp_path)
    assert processes.wait_until(everyone_is_there(groups, 4), seconds=10)

    boss.send_signal(number)

    assert boss.wait(20) == 0
    assert members(groups) == []


def test_a_program_that_will_not_end_is_made_to(tmp_path: Path) -> None:
    boss = launch(tmp_path, WILL_NOT_END)
    groups = programs_of(tmp_path)
    assert processes.wait_until(everyone_is_there(groups, 2), seconds=10)

    boss.send_signal(signal.SIGINT)

    assert boss.wait(20) == 0
    assert members(groups) == []


def test_after_the_supervisor_is_killed_the_next_start_finds_a_clean_house(tmp_path: Path) -> None:
    first = launch(tmp_path, WILL_NOT_END)
    groups = programs_of(tmp_path)
    assert processes.wait_until(everyone_is_there(groups, 2), seconds=10)
    first.kill()
    first.wait()

    second = launch(tmp_path, WAITS)

    assert members(groups) == []
    second.terminate()
    assert second.wait(20) == 0


def test_a_program_that_falls_over_is_started_again(tmp_path: Path) -> None:
    boss = launch(tmp_path, WAITS)
    (before,) = programs_of(tmp_path)

    os.kill(before, signal.SIGKILL)

    assert processes.wait_until(lambda: programs_of(tmp_path) != [before], seconds=10)
    boss.terminate()
    assert boss.wait(20) == 0


def test_a_program_that_falls_over_again_and_again_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    stubborn = supervisor.Program("web", [sys.executable, "-S", "-c", "raise SystemExit('no such table')"])
    boss = supervisor.Supervisor(tmp_path, [stubborn], directory=ROOT)

    with boss.held():
        boss.start()
        with pytest.raises(supervisor.ProgramFails, match="no such table"):
            boss.watch()


def test_a_program_that_ends_before_it_is_ready_is_reported(tmp_path: Path) -> None:
    broken = supervisor.Program("web", [sys.executable, "-S", "-c", "print('port is taken')"], is_ready=lambda: False)
    boss = supervisor.Supervisor(tmp_path, [broken], directory=ROOT)

    with boss.held(), pytest.raises(supervisor.ProgramFails, match="port is taken"):
        boss.start()


def test_a_second_supervisor_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    first = launch(tmp_path, WAITS)

    with pytest.raises(supervisor.AlreadyRuns) as refused, supervisor.Supervisor(tmp_path, [], directory=ROOT).held():
        pass

    assert refused.value.pid == first.pid
    first.terminate()
    assert first.wait(20) == 0


def test_nobody_holds_the_folder_once_the_supervisor_ended(tmp_path: Path) -> None:
    boss = launch(tmp_path, WAITS)
    assert supervisor.holder(tmp_path) == boss.pid

    boss.terminate()
    boss.wait(20)

    assert supervisor.holder(tmp_path) is None
