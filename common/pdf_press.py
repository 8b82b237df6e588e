"""A handful of rendering processes, shared by all threads: a document goes in as HTML and comes out as PDF."""

import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from common.pdf_worker import ANSWER, HEAD

_ROOT = Path(__file__).resolve().parent.parent


class NotRendered(Exception):
    """The document could not be turned into a PDF; the message names the kind of error."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A rendered document."""

    pdf: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return sha256(self.pdf).hexdigest()


class _Worker:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "common.pdf_worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT,
        )  # fmt: skip

    def render(self, html: str) -> Printed:
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None
        assert sink is not None
        body = html.encode()
        try:
            sink.write(HEAD.pack(len(body)) + body)
            sink.flush()
            head = source.read(ANSWER.size)
        except OSError as error:
            raise NotRendered("the worker ended") from error
        if len(head) < ANSWER.size:
            raise NotRendered("the worker ended")
        sign, pages, length = ANSWER.unpack(head)
        data = source.read(length)
        if sign != b"+":
            raise NotRendered(data.decode())
        return Printed(data, pages)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class PdfPress:
    """`workers` processes; use as a context manager. A worker that dies takes its letter with it and is replaced."""

    def __init__(self, workers: int = 2) -> None:
        self._count = workers
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all: list[_Worker] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        for _ in range(self._count):
            self._idle.put(self._start())
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self._all:
            worker.stop()

    def _start(self) -> _Worker:
        worker = _Worker()
        with self._lock:
            self._all.append(worker)
        return worker

    @contextmanager
    def _borrowed(self) -> Iterator[_Worker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker if worker.is_alive else self._start())

    def warm_up(self) -> None:
        """Let every worker load its libraries and fonts."""
        with ThreadPoolExecutor(self._count) as pool:
            list(pool.map(lambda _n: self._answer("<p>.</p>"), range(self._count)))

    def render(self, html: str) -> Printed:
        """One letter.

        Raises:
            NotRendered
        """
        with self._borrowed() as worker:
            return worker.render(html)

    def render_all(self, documents: Iterable[str]) -> Iterator[Printed | NotRendered]:
        """Many letters on all workers, in their order; a broken one is an answer, not an exception."""
        with ThreadPoolExecutor(self._count) as pool:
            yield from pool.map(self._answer, documents)

    def _answer(self, html: str) -> Printed | NotRendered:
        try:
            return self.render(html)
        except NotRendered as problem:
            return problem
