"""Figures as ratios: each work is measured in the same run as its limit, so that machines can be compared.

`python -m bench` runs every module of this package that has `run(scale) -> list[Figure]`, each in a process and a
scratch database of its own. Never a pass or fail by time.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One work against its limit.

    Attributes:
        work: what was done, in words.
        limit_name: what the limit is, in words.
        limit: the limit's figure, in `unit`.
        ours: our own figure, in `unit`.
        ratio: ours to limit, as the goal speaks of it.
        goal: the goal in words, for example "at least 0.5".
        sizes: data sizes and seeds.
    """

    work: str
    limit_name: str
    limit: float
    ours: float
    ratio: float
    goal: str
    sizes: dict[str, Any] = field(default_factory=dict)
    unit: str = ""
