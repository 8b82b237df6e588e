"""Progress for a person who waits: which step of how many, its name, the time it takes. Standard library alone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STILL_WORKING_SECONDS = 15


class Steps:
    """Tells which step of how many runs, and how long it took."""

    def __init__(self, total: int, *, first: int = 1) -> None:
        self.total = total
        self.number = first

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Show one step. The block may call what it is given with a word on how it ended."""
        label = f"[{self.number}/{self.total}] {name}"
        self.number += 1
        remarks: list[str] = []
        done = threading.Event()
        began = time.monotonic()
        ticker = threading.Thread(target=_tick, args=(label, began, done), daemon=True)
        if sys.stdout.isatty():
            print(f"{label} …", end="", flush=True)
        ticker.start()
        try:
            yield remarks.append
        except BaseException:
            done.set()
            ticker.join()
            print(f"{_line_start()}{label}: stopped after {time.monotonic() - began:.1f} s", flush=True)
            raise
        done.set()
        ticker.join()
        ending = f" ({'; '.join(remarks)})" if remarks else ""
        print(f"{_line_start()}{label}: {time.monotonic() - began:.1f} s{ending}", flush=True)


def _line_start() -> str:
    return "\r\033[K" if sys.stdout.isatty() else ""


def _tick(label: str, began: float, done: threading.Event) -> None:
    every = 1 if sys.stdout.isatty() else STILL_WORKING_SECONDS
    while not done.wait(every):
        line = f"{_line_start()}{label} … {time.monotonic() - began:.0f} s"
        print(line, end="" if sys.stdout.isatty() else "\n", flush=True)
