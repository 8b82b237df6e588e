"""The score of a conversation: the weighted share of the points that could be reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FULL = 2


@dataclass(frozen=True)
class Mark:
    """Points of one item (0, 1, 2; None where there was no occasion), its weight, and whether missing it fails all."""

    points: int | None
    weight: int
    fatal: bool = False


@dataclass(frozen=True)
class Score:
    """Per cent with one decimal. `failed`: a fatal item got nothing, and the score is 0."""

    percent: Decimal
    failed: bool


def score_of(marks: Iterable[Mark]) -> Score | None:
    """None when no item could be judged at all."""
    judged = [mark for mark in marks if mark.points is not None]
    if not judged:
        return None
    if any(mark.fatal and mark.points == 0 for mark in judged):
        return Score(Decimal("0.0"), failed=True)
    reached = sum((mark.points or 0) * mark.weight for mark in judged)
    possible = sum(FULL * mark.weight for mark in judged)
    return Score((Decimal(100) * reached / possible).quantize(Decimal("0.1"), ROUND_HALF_UP), failed=False)
