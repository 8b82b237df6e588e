"""What follows at once when cases are closed, whoever closed them: nothing waits any more, and each floor ends its own.

`cases.transitions` calls it in the transaction of the closing, with one case or with all that a night closed. Floors
above register what they end.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from agencies.actors import Actor
from cases import approvals, ended_agreements

Follower = Callable[[Sequence[int], Actor, datetime], None]
"""Gets the ids of the closed cases, who closed them (None: the machine) and when; works them as a set."""

_followers: list[Follower] = []


def on_closed(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def follow(case_ids: Sequence[int], *, by: Actor, now: datetime) -> None:
    """End what closed cases leave open."""
    if not case_ids:
        return
    approvals.lapse(case_ids, by=by, now=now)
    ended_agreements.end(case_ids, by=by, now=now)
    for follower in _followers:
        follower(case_ids, by, now)
