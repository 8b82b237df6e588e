"""A small pool of workers that do jobs when their time has come."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)


@dataclass(order=True)
class _Entry:
    due: float
    number: int
    job: Callable[[], None] = field(compare=False)
    lane: str = field(compare=False)


class Clockwork:
    """Runs jobs in the order they fall due. Jobs that share a lane run one at a time, first come first served."""

    def __init__(self, name: str, *, workers: int) -> None:
        self._ready = threading.Condition()
        self._entries: list[_Entry] = []
        self._parked: defaultdict[str, deque[_Entry]] = defaultdict(deque)
        self._busy_lanes: set[str] = set()
        self._running = 0
        self._stopping = False
        self._numbers = itertools.count()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{index}", daemon=True) for index in range(workers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def after(self, seconds: float, job: Callable[[], None], *, lane: str = "") -> None:
        """Do `job` in so many seconds; once the clockwork stops, new jobs are let go (the state file knows them)."""
        with self._ready:
            if self._stopping:
                return
            heapq.heappush(self._entries, _Entry(time.monotonic() + seconds, next(self._numbers), job, lane))
            self._ready.notify()

    def clear(self) -> None:
        """Forget what has not begun."""
        with self._ready:
            self._entries.clear()
            self._parked.clear()
            self._ready.notify_all()

    def is_quiet(self) -> bool:
        with self._ready:
            return not self._entries and not self._running and not any(self._parked.values())

    def stop(self, *, patience: float) -> None:
        """Let the jobs at hand end, for at most `patience` seconds, and start no other."""
        with self._ready:
            self._stopping = True
            self._entries.clear()
            self._parked.clear()
            self._ready.notify_all()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (entry := self._next()) is not None:
            try:
                entry.job()
            except Exception:
                if not self._stopping:
                    log.exception("A job of the carrier failed")
            finally:
                self._finish(entry)

    def _next(self) -> _Entry | None:
        with self._ready:
            while not self._stopping:
                if not self._entries:
                    self._ready.wait()
                    continue
                wait = self._entries[0].due - time.monotonic()
                if wait > 0:
                    self._ready.wait(wait)
                    continue
                entry = heapq.heappop(self._entries)
                if entry.lane and entry.lane in self._busy_lanes:
                    self._parked[entry.lane].append(entry)
                    continue
                if entry.lane:
                    self._busy_lanes.add(entry.lane)
                self._running += 1
                return entry
            return None

    def _finish(self, entry: _Entry) -> None:
        with self._ready:
            self._running -= 1
            if not entry.lane:
                return
            self._busy_lanes.discard(entry.lane)
            waiting = self._parked.get(entry.lane)
            if waiting:
                heapq.heappush(self._entries, waiting.popleft())
                self._ready.notify()
            if not waiting:
                self._parked.pop(entry.lane, None)
