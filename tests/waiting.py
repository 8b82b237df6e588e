"""Waiting in tests for what happens soon: ask again and again, and fail after a while."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(ask: Callable[[], T], *, seconds: float = 30) -> T:
    """Return the first answer that is true."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, f"nothing within {seconds} seconds"
        time.sleep(0.05)
    return answer
