"""Runs several programs as one: starts them, restarts what falls over, and leaves nothing behind.

Each program leads a process group of its own. On SIGINT, SIGTERM or SIGHUP the programs are asked to end in reverse
order of their start, then made to; a second signal makes them end at once. If the supervisor itself is killed, the
kernel asks its programs to end, and the next start ends whatever still runs, recognised by number and moment of birth.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from collections_crm.embedded import processes

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG: Final = 1
RAPID_SECONDS: Final = 60
RAPID_EXITS: Final = 4
LOG_BYTES: Final = 20_000_000


class AlreadyRuns(RuntimeError):
    """Another supervisor holds this folder."""

    def __init__(self, pid: int | None) -> None:
        self.pid = pid
        super().__init__(f"It already runs, as process {pid}." if pid else "It already runs.")


class ProgramFails(RuntimeError):
    """A program ends again and again, or does not become ready."""


@dataclass(frozen=True)
class Program:
    """A program to keep running. `is_ready` tells when it works; `stop_seconds` is how long it may take to end."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] | None = None
    stop_seconds: float = 20


@dataclass
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    exits: list[float] = field(default_factory=list)


class Supervisor:
    """One set of programs, kept in `folder`: their logs, and a list of what runs."""

    def __init__(
        self, folder: Path, programs: Sequence[Program], *, directory: Path, leftover_seconds: float = 10
    ) -> None:
        self.folder = folder
        self.programs = list(programs)
        self.directory = directory
        self.leftover_seconds = leftover_seconds
        self.running: list[_Running] = []
        self.signals = 0
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # logs may name people

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Be the only supervisor of this folder, listen for signals, and end every program on the way out.

        Raises:
            AlreadyRuns: another supervisor holds the folder.
        """
        with (self.folder / "supervisor.pid").open("a+", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRuns(holder(self.folder)) from None
            handle.truncate(0)
            handle.write(f"{os.getpid()}\n")
            handle.flush()
            before = {number: signal.signal(number, self._note_signal) for number in SIGNALS}
            try:
                end_leftovers(self.folder, seconds=self.leftover_seconds)
                yield
            finally:
                self.stop()
                for number, handler in before.items():
                    signal.signal(number, handler)
                handle.truncate(0)

    def start(self, *, ready_seconds: float = 90) -> None:
        """Start every program in order, and wait until each is ready or a signal comes.

        Raises:
            ProgramFails: a program ended, or was not ready in time; the message carries the end of its log.
        """
        for program in self.programs:
            if self.signals:
                return
            self.running.append(_Running(program, self._launch(program)))
            self._write_list()
        for entry in self.running:
            is_ready = entry.program.is_ready
            if is_ready is not None and not self._wait_ready(entry, is_ready, ready_seconds):
                return

    def watch(self) -> None:
        """Keep the programs running until a signal comes.

        Raises:
            ProgramFails: one ended again and again within a minute.
        """
        while not self.signals:
            for entry in self.running:
                if entry.process.poll() is not None:
                    self._revive(entry)
            time.sleep(0.2)

    def stop(self) -> None:
        """End every program and all it started, the last one first."""
        for entry in reversed(self.running):
            _end_group(entry.process, seconds=entry.program.stop_seconds, hurry=lambda: self.signals > 1)
        self.running.clear()
        self._write_list()

    def log_of(self, name: str) -> Path:
        """Where the output of a program goes."""
        return self.folder / f"{name}.log"

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        path = self.log_of(program.name)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            return subprocess.Popen(
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=os.environ | dict(program.environment),
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def _wait_ready(self, entry: _Running, is_ready: Callable[[], bool], seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not is_ready():
            if self.signals:
                return False
            if entry.process.poll() is not None or time.monotonic() > until:
                raise ProgramFails(self._complaint(entry.program, "does not become ready"))
            time.sleep(0.1)
        return True

    def _revive(self, entry: _Running) -> None:
        now = time.monotonic()
        entry.exits = [moment for moment in entry.exits if now - moment < RAPID_SECONDS] + [now]
        _end_group(entry.process, seconds=1)
        if len(entry.exits) >= RAPID_EXITS:
            raise ProgramFails(self._complaint(entry.program, f"ended {RAPID_EXITS} times within a minute"))
        time.sleep(0.5 * len(entry.exits))
        if self.signals:
            return
        entry.process = self._launch(entry.program)
        self._write_list()

    def _complaint(self, program: Program, what: str) -> str:
        log = self.log_of(program.name)
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:] if log.exists() else []
        return "\n".join([f"{program.name} {what}. The end of {log}:", *last])

    def _write_list(self) -> None:
        listed = [
            {"name": entry.program.name, "pid": entry.process.pid, "born": birth_of(entry.process.pid)}
            for entry in self.running
        ]
        fresh = self.folder / "programs.json.new"
        fresh.write_text(json.dumps(listed), encoding="utf-8")
        fresh.replace(self.folder / "programs.json")


def holder(folder: Path) -> int | None:
    """The process of the supervisor that holds the folder, if one does."""
    path = folder / "supervisor.pid"
    if not path.exists():
        return None
    with path.open("r", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return processes.read_pid(path)
    return None


def end_leftovers(folder: Path, *, seconds: float = 10) -> list[str]:
    """End the programs of a supervisor that was killed; each has `seconds` to end by itself. Returns their names."""
    try:
        listed = json.loads((folder / "programs.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    ended = []
    for entry in listed:
        pid, born = int(entry["pid"]), entry["born"]
        if born is not None and birth_of(pid) == born:
            _signal_group(pid, signal.SIGTERM)
            processes.wait_until(lambda pid=pid: not processes.is_alive(pid), seconds=seconds)  # type: ignore[misc]
            _signal_group(pid, signal.SIGKILL)
            ended.append(str(entry["name"]))
    (folder / "programs.json").unlink(missing_ok=True)
    return ended


def birth_of(pid: int) -> int | None:
    """When the process was born, in kernel ticks since boot; with the number it names one process for ever."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _end_group(process: subprocess.Popen[bytes], *, seconds: float, hurry: Callable[[], bool] = lambda: False) -> None:
    """Ask the leader to end, wait, and then kill what is left of its group."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        processes.wait_until(lambda: process.poll() is not None or hurry(), seconds=seconds)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


_libc = ctypes.CDLL(None, use_errno=True)


def _end_with_parent() -> None:
    """In the child, before it runs: ask the kernel for SIGTERM when the supervisor dies (Linux)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
