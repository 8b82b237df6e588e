"""Take each wall away in turn, run the proofs, and show that they notice: `python -m tests.tenancy.walls_down`.

The walk through the addresses is left out here: it takes minutes, and the probes reach deeper. Works on a database of
its own on the embedded test server, and ends with code 1 when a missing wall goes unnoticed.
"""

import os
import re
import subprocess
import sys
import time

from tests.tenancy.walls import WALLS

COMMAND = [
    sys.executable, "-m", "pytest", "tests/tenancy", "-m", "isolation", "-p", "no:randomly", "-p", "no:cacheprovider",
    "--tb=no", "-rfE", "--ignore=tests/tenancy/test_addresses.py",
]  # fmt: skip
COUNTS = re.compile(r"(\d+) (passed|failed|error)")


def run(wall: str) -> tuple[int, int, list[str]]:
    """Run the proofs with one wall missing ("" leaves all standing). Returns passed, failed, and who noticed.

    The first run, with all walls standing, makes the database anew: one of an earlier state would fail by itself.
    """
    environment = os.environ | {"WALL_DOWN": wall, "TEST_RUN": os.environ.get("TEST_RUN") or "w"}
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    command = COMMAND if wall else [*COMMAND, "--create-db"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if not COUNTS.search(done.stdout):
        raise SystemExit(f"The proofs did not run:\n{done.stdout}{done.stderr}")
    counts = {word: int(number) for number, word in COUNTS.findall(done.stdout.splitlines()[-1])}
    noticed = re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE)
    return counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0), list(dict.fromkeys(noticed))


def main() -> int:
    print(f"{'wall taken away':<18}{'passed':>7}{'failed':>7}{'seconds':>9}  noticed, among others, by")
    unnoticed = []
    for wall in ("", *WALLS):
        began = time.monotonic()
        passed, failed, noticed = run(wall)
        seconds = time.monotonic() - began
        print(
            f"{wall or '(none)':<18}{passed:>7}{failed:>7}{seconds:>9.0f}  {', '.join(noticed[:2]) or '-'}", flush=True
        )
        if bool(failed) != bool(wall) or not passed:
            unnoticed.append(wall or "(none)")
    for wall in WALLS:
        print(f"  {wall}: {WALLS[wall].what}")
    print("Every missing wall is noticed." if not unnoticed else f"Not as it should be: {', '.join(unnoticed)}")
    return bool(unnoticed)


if __name__ == "__main__":
    raise SystemExit(main())
