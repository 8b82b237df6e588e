"""Prepare this checkout: Debian packages, the virtual environment, compiled translations.

Runs on the system's Python 3.11 alone, before anything is installed. Every step is skipped when it is already done; the
environment is installed again only when a lock file changed. `python3 -m scripts.set_up demo` or `... test`.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.progress import Steps

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".set-up.json"
NEEDED_PYTHON = (3, 11)


class CannotSetUp(RuntimeError):
    """The machine lacks something this script may not or cannot add; the message says what to do."""


def library_loads(*names: str) -> bool:
    """Whether the dynamic loader finds every one of these shared libraries."""
    try:
        for name in names:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def font_is_there() -> bool:
    """Whether DejaVu Sans, which has the letters of all five languages, is installed."""
    return any(Path(folder).glob("**/DejaVuSans.ttf") for folder in ("/usr/share/fonts", "/usr/local/share/fonts"))


def program_is_there(name: str) -> bool:
    """Whether the program is on the path or among the system's own."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


DEMO_PACKAGES: dict[str, Callable[[], bool]] = {
    "libpango-1.0-0": lambda: library_loads("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": lambda: library_loads("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": lambda: library_loads("libharfbuzz-subset.so.0"),
    "fonts-dejavu-core": font_is_there,
}
TEST_PACKAGES: dict[str, Callable[[], bool]] = {
    "chromium": lambda: program_is_there("chromium"),
    "libatomic1": lambda: library_loads("libatomic.so.1"),
    "pgbouncer": lambda: program_is_there("pgbouncer"),
    "gettext": lambda: program_is_there("xgettext"),
}


def missing_packages(profile: str) -> list[str]:
    """The Debian packages that this profile needs and the machine lacks."""
    wanted = DEMO_PACKAGES | (TEST_PACKAGES if profile == "test" else {})
    return [package for package, is_there in wanted.items() if not is_there()]


def add_packages(profile: str) -> str:
    """Install what is missing when we may; otherwise say the command. Returns a remark."""
    missing = missing_packages(profile)
    if not missing:
        return "nothing missing"
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotSetUp(
            "This machine lacks some system packages. On Debian run this, then start again:\n\n"
            f"    sudo apt-get update && sudo {' '.join(command)}\n"
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for part in (["apt-get", "update", "-qq"], command):
        run(part, environment=environment, what=f"Debian's packages ({' '.join(missing)}) could not be installed")
    still = missing_packages(profile)
    if still:
        raise CannotSetUp(f"These packages were installed and are still not usable: {', '.join(still)}.")
    return f"installed {', '.join(missing)}"


def run(command: list[str], *, what: str, environment: dict[str, str] | None = None) -> None:
    """Run a program quietly; when it fails, show all it said."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        raise CannotSetUp(f"{what}:\n\n$ {' '.join(command)}\n{done.stdout}")


def lock_digest(name: str) -> str:
    """What identifies an installed lock file: its content, and the Python it was installed for."""
    content = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def read_stamps() -> dict[str, str]:
    """The digest of each lock file that this environment was made from."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def environment_works() -> bool:
    """Whether the environment's Python starts and is of the wanted version."""
    if not PYTHON.exists():
        return False
    test = f"import sys; sys.exit(sys.version_info[:2] < {NEEDED_PYTHON})"
    return subprocess.run([PYTHON, "-c", test], check=False, capture_output=True).returncode == 0


def make_environment(profile: str) -> str:
    """Create `.venv` and install the lock file with hashes. Returns a remark."""
    if sys.version_info[:2] < NEEDED_PYTHON:
        raise CannotSetUp(f"Python {'.'.join(map(str, NEEDED_PYTHON))} or newer is needed, this is {sys.version}.")
    stamps = read_stamps()
    works = environment_works()
    wanted = ["dev"] if profile == "test" else ["base", "dev"]  # the dev lock contains the base lock
    if works and any(stamps.get(name) == lock_digest(name) for name in wanted):
        return "up to date"
    if not works:
        if VENV.exists():
            shutil.rmtree(VENV)
        run(
            [sys.executable, "-m", "venv", str(VENV)],
            what="The virtual environment could not be made (Debian: apt-get install python3-venv)",
        )
    lock = wanted[0]
    options = ["--disable-pip-version-check", "--no-input", "--quiet", "--require-hashes"]
    run(
        [str(PYTHON), "-m", "pip", "install", *options, "-r", f"requirements/{lock}.txt"],
        what="The Python packages could not be installed",
    )
    STAMP.write_text(json.dumps({lock: lock_digest(lock)}), encoding="utf-8")
    return f"installed requirements/{lock}.txt"


def compile_translations() -> str:
    """Turn the translations into the form the program reads. Returns a remark."""
    done = subprocess.run(
        [PYTHON, "-m", "scripts.messages", "compile"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise CannotSetUp(f"The translations could not be compiled:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def set_up(profile: str, steps: Steps) -> None:
    """Do the three steps."""
    with steps.step("System packages") as remark:
        remark(add_packages(profile))
    with steps.step("Python packages, with hashes checked") as remark:
        remark(make_environment(profile))
    with steps.step("Translations") as remark:
        remark(compile_translations())


SET_UP_STEPS = 3
SERVE_STEPS = 5


def main() -> int:
    """Set up for `demo` or `test`; with `--serve`, go on as the supervisor of the demo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", choices=["demo", "test"])
    parser.add_argument("--serve", action="store_true", help="then start the demo and stay until Ctrl-C")
    asked = parser.parse_args()
    total = SET_UP_STEPS + (SERVE_STEPS if asked.serve else 0)
    try:
        set_up(asked.profile, Steps(total))
    except CannotSetUp as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next start goes on from here.", file=sys.stderr)
        return 130
    if asked.serve:
        serve = [str(PYTHON), "-m", "scripts.serve", "--first-step", str(SET_UP_STEPS + 1)]
        os.chdir(ROOT)
        os.execv(serve[0], serve)  # noqa: S606
    return 0


if __name__ == "__main__":
    sys.exit(main())
