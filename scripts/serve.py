"""The demo as one command: servers, tables, data, web, workers, beat and a carrier that sends nothing.

Stays until Ctrl-C and ends everything it started. Data stays in `var/`; `--reset` removes it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from collections_crm import embedded
from collections_crm.embedded import places, ports, processes, supervisor
from scripts import static_files
from scripts.progress import Step, Steps
from scripts.set_up import SERVE_STEPS, CannotSetUp

ROOT = places.ROOT
WEB_PORT = 8000
CARRIER_PORT = 8777
CARRIER_ACCOUNT = "AC" + "0" * 32
READY_SECONDS = 120
THREADS = 8
WORKER_PROCESSES = 2
NOT_FOR_THE_DEMO = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL", "REDIS_URL", "DEBUG"}


def main() -> int:
    """Serve until a signal comes, or reset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first-step", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--reset", action="store_true", help="stop the demo if it runs and remove its data")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or WEB_PORT), help="where to serve")
    asked = parser.parse_args()
    try:
        if asked.reset:
            reset()
            return 0
        return serve(Steps(asked.first_step - 1 + SERVE_STEPS, first=asked.first_step), wanted_port=asked.port)
    except (places.EmbeddedFailed, supervisor.ProgramFails, CannotSetUp) as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except supervisor.AlreadyRuns as reason:
        address = read_address()
        print(f"{reason} {f'Open {address} ' if address else ''}or stop it first.", file=sys.stderr)
        return 1


def serve(steps: Steps, *, wanted_port: int) -> int:
    """Start everything, print the address and the logins, stay, and end everything."""
    boss = supervisor.Supervisor(folder(), [], directory=ROOT)
    with boss.held():
        try:
            with steps.step("PostgreSQL and Valkey") as step:
                remove_unfinished(step)
                servers = embedded.ensure(embedded.Kind.DEMO)
                for note in servers.notes:
                    step(note)
            web, carrier = chosen_port(wanted_port), chosen_port(CARRIER_PORT)
            environment = demo_environment(web_port=web, carrier_port=carrier)
            with steps.step("Tables"):
                manage(boss, environment, "migrate", "--database", "owner", "--no-input", "--verbosity", "0")
            with steps.step("Style sheets and scripts") as step:
                gather_static(boss, environment, step)
            with steps.step("Demonstration data") as step:
                logins = demo_data(boss, environment, step)
            boss.programs = programs(environment, web_port=web, carrier_port=carrier)
            with steps.step("Web server, workers, schedule, carrier simulator") as step:
                if web != wanted_port:
                    step(f"port {wanted_port} is taken, the demo uses {web}")
                boss.start(ready_seconds=READY_SECONDS)
            if not boss.signals:
                welcome(f"{public_address(web)}/", logins)
                boss.watch()
        except _Interrupted:
            pass
        finally:
            print("\nStopping …", flush=True)
            boss.stop()
            embedded.stop(embedded.Kind.DEMO)
            (folder() / "address").unlink(missing_ok=True)
            print("Everything is stopped; the data is kept.", flush=True)
    return 0


class _Interrupted(Exception):
    """A signal came while the demo was being prepared."""


def folder() -> Path:
    """Where the demo keeps logs and the list of its programs."""
    return embedded.place_of(embedded.Kind.DEMO).home / "run"


def read_address() -> str:
    """Where the running demo is served, if it wrote that down."""
    with contextlib.suppress(OSError):
        return (folder() / "address").read_text(encoding="utf-8").strip()
    return ""


def chosen_port(wanted: int) -> int:
    """The wanted port, or the next free one."""
    return ports.next_free(wanted)


def public_address(web_port: int) -> str:
    """Where people open the demo: by name, because browsers bind passkeys to a name and refuse them on a bare IP."""
    return f"http://localhost:{web_port}"


def demo_environment(*, web_port: int, carrier_port: int) -> dict[str, str]:
    """What every program of the demo finds in its environment. A real database named in the shell is not touched."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_DEMO}
    carrier_token = embedded.secret("TWILIO_AUTH_TOKEN", embedded.Kind.DEMO)
    return kept | {
        "EMBEDDED_KIND": embedded.Kind.DEMO.value,
        "TWILIO_ACCOUNT_SID": CARRIER_ACCOUNT,
        "TWILIO_AUTH_TOKEN": carrier_token,
        "CARRIER_SIMULATOR_ACCOUNTS": f"{CARRIER_ACCOUNT}:{carrier_token}",
        "PUBLIC_BASE_URL": public_address(web_port),
        "TWILIO_BASE_URL": f"http://127.0.0.1:{carrier_port}",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def manage(
    boss: supervisor.Supervisor,
    environment: dict[str, str],
    *arguments: str,
    tell: Callable[[str], None] = lambda line: None,
) -> str:
    """Run a management command to its end; what it printed. `tell` hears the last line of its error output meanwhile.

    Raises:
        CannotSetUp: it failed; the message carries all it said.
        _Interrupted: a signal came.
    """
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
            start_new_session=True,
        )
        while process.poll() is None:
            if boss.signals:
                processes.end(process.pid, seconds=10)
                process.wait()
                raise _Interrupted
            time.sleep(0.1)
            tell(last_line(complained.fileno()))
        said.seek(0)
        complained.seek(0)
        if process.returncode != 0:
            raise CannotSetUp(f"`manage.py {' '.join(arguments)}` failed:\n{said.read()}{complained.read()}")
        return said.read()


def last_line(handle: int) -> str:
    """The last whole line of a file that another process writes, read without moving its place in it."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, 500, max(0, size - 500)).decode(errors="replace")
    lines = tail.rpartition("\n")[0].splitlines()
    return lines[-1].strip() if lines else ""


def gather_static(boss: supervisor.Supervisor, environment: dict[str, str], step: Step) -> None:
    """Gather and compress static files, when ours or those of the packages changed."""
    stamp = embedded.place_of(embedded.Kind.DEMO).home / "static" / ".digest"
    digest = static_digest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        step("up to date")
        return
    manage(boss, environment, *static_files.GATHER)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")


def static_digest() -> str:
    """What identifies the static files: our own by name, size and time, the packages' by the lock file."""
    found = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes() + repr(static_files.GATHER).encode())
    places_of_ours = [ROOT / "static", *(path for path in ROOT.glob("[a-z]*/static") if path.parent.name != "var")]
    own = [path for place in places_of_ours for path in place.rglob("*")]
    for path in sorted([*own, ROOT / "collections_crm" / "storage.py"]):
        if path.is_file():
            state = path.stat()
            found.update(f"{path.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def demo_data(boss: supervisor.Supervisor, environment: dict[str, str], step: Step) -> str:
    """Put the demonstration data in place once; what to tell the person about logins, each time."""
    logins = folder() / "logins.txt"
    if logins.exists():
        step("kept from the last start")
        return logins.read_text(encoding="utf-8")
    unfinished().touch()
    text = manage(boss, environment, "demo", tell=step.doing)
    fresh = logins.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(logins)
    unfinished().unlink()
    return text


def unfinished() -> Path:
    """Lies there while the demonstration data is being made."""
    return folder() / "unfinished"


def remove_unfinished(step: Step) -> None:
    """Half a demonstration tells half a story: if the last start was stopped while making it, begin afresh."""
    if unfinished().exists():
        remove_data(keep={folder()})
        unfinished().unlink()
        step("the last start was stopped while it made the data, so it is made afresh")


def programs(environment: dict[str, str], *, web_port: int, carrier_port: int) -> list[supervisor.Program]:
    """The programs of the demo, in the order of their start."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "collections_crm"]
    address = f"127.0.0.1:{web_port}"
    web_options = {
        "--bind": address,
        "--worker-class": "gthread",
        "--workers": "1",
        "--threads": str(THREADS),
        "--access-logfile": "-",
        "--graceful-timeout": "10",
        "--worker-tmp-dir": worker_tmp_dir(),
    }
    return [
        supervisor.Program(
            "carrier",
            [python, "-m", "carrier_simulator", "--port", str(carrier_port), "--state", str(folder() / "carrier.db")],
            environment,
            stop_seconds=5,
        ),
        supervisor.Program(
            "worker",
            [*celery, "worker", "--concurrency", str(WORKER_PROCESSES), "--loglevel", "INFO", "--hostname", "demo@%h"],
            environment,
            stop_seconds=30,
        ),
        supervisor.Program(
            "beat",
            [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
            environment,
        ),
        supervisor.Program(
            "web",
            [
                python,
                "-m",
                "gunicorn",
                "collections_crm.wsgi:application",
                *chain.from_iterable(web_options.items()),
                "--no-control-socket",
            ],
            environment,
            is_ready=lambda: answers(f"http://{address}/healthz"),
        ),
    ]


def worker_tmp_dir() -> str:
    """Where gunicorn's workers show they live: memory when the machine offers it, since a slow disk blocks them."""
    shared = Path("/dev/shm")  # noqa: S108
    return str(shared) if shared.is_dir() and os.access(shared, os.W_OK) else str(folder())


def answers(address: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(address: str, logins: str) -> None:
    """Tell where the demo is and who may log in."""
    (folder() / "address").write_text(address, encoding="utf-8")
    print(f"\nThe demo is ready: {address}\n")
    print(logins.strip())
    print(
        f"\nLogs: {folder()}. Ctrl-C ends the demo and keeps its data; `make demo-reset` removes the data.", flush=True
    )


def remove_data(*, keep: set[Path]) -> None:
    """Stop the demo's servers and remove all they and the demo wrote. The tests' servers are left alone."""
    embedded.reset(embedded.Kind.DEMO)
    home = embedded.place_of(embedded.Kind.DEMO).home
    kept = {embedded.place_of(embedded.Kind.TEST).home, home / "lock", *keep}
    for entry in home.iterdir() if home.exists() else []:
        if entry not in kept:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def reset() -> None:
    """Stop a running demo, and remove everything it made."""
    home = embedded.place_of(embedded.Kind.DEMO).home
    if home.exists() and folder().exists():
        pid = supervisor.holder(folder())
        if pid is not None:
            print(f"The demo runs as process {pid}; stopping it.")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            if not processes.wait_until(lambda: supervisor.holder(folder()) is None, seconds=90):
                raise CannotSetUp(f"Process {pid} does not end. End it, then reset again.")
        supervisor.end_leftovers(folder())
    remove_data(keep=set())
    print("The demo's data is removed. `make demo` starts it afresh.")


if __name__ == "__main__":
    sys.exit(main())
