"""Progress for a person who waits: which step of how many, its name, the time it takes. Standard library alone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

STILL_WORKING_SECONDS = 15
DOING_LETTERS = 60


class Step:
    """One step while it runs. Call it with a word on how it ended; `doing` tells what it is at right now."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.remarks: list[str] = []
        self.now = ""
        self.began = time.monotonic()
        self.done = threading.Event()

    def __call__(self, remark: str) -> None:
        self.remarks.append(remark)

    def doing(self, what: str) -> None:
        self.now = what[:DOING_LETTERS]

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tick(self) -> None:
        """Show that it still runs, until it is done."""
        every = 1 if sys.stdout.isatty() else STILL_WORKING_SECONDS
        while not self.done.wait(every):
            now = f" ({self.now})" if self.now else ""
            line = f"{_line_start()}{self.label} … {self.seconds:.0f} s{now}"
            print(line, end="" if sys.stdout.isatty() else "\n", flush=True)


class Steps:
    """Tells which step of how many runs, and how long it took."""

    def __init__(self, total: int, *, first: int = 1) -> None:
        self.total = total
        self.number = first

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show one step while the block runs, and how it ended."""
        step = Step(f"[{self.number}/{self.total}] {name}")
        self.number += 1
        ticker = threading.Thread(target=step.tick, daemon=True)
        if sys.stdout.isatty():
            print(f"{step.label} …", end="", flush=True)
        ticker.start()
        ending = ""
        try:
            yield step
        except BaseException:
            ending = "stopped after "
            raise
        finally:
            step.done.set()
            ticker.join()
            remarks = f" ({'; '.join(step.remarks)})" if step.remarks else ""
            print(f"{_line_start()}{step.label}: {ending}{step.seconds:.1f} s{remarks}", flush=True)


def _line_start() -> str:
    return "\r\033[K" if sys.stdout.isatty() else ""
