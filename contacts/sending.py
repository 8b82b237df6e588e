"""The sender: claims messages from the outbox in small batches and calls the provider from many threads.

Database work happens on one thread, in short transactions that end before and begin after each call; the threads of the
pool touch no database. Any number of senders may run at once: a row has one claimant.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from agencies.scope import agency_scope
from contacts import outbox, outcomes
from contacts.channels import email, twilio_sms, twilio_voice
from contacts.channels.base import FateUnknown, Leaving, NotAccepted, Result, Sender
from contacts.outcomes import Outcome

log = structlog.get_logger(__name__)

THREADS = 32
_ROUNDS = 6
"""Texts are claimed ahead, at most so many for each thread; the next batch when half of them are answered. A batch
costs about as much as its statements, so few large ones leave more of the machine to the calls."""
_GATHER_SECONDS = 0.05
"""Answers that arrive this close together are written in one transaction."""

SENDERS: dict[str, Sender] = {"SMS": twilio_sms.send, "IVM": twilio_voice.send, "EMAIL": email.send}


@dataclass
class Sent:
    """What one run of a sender did."""

    claimed: int = 0
    answered: int = 0


def send_due(
    agency_id: int,
    *,
    clock: Callable[[], datetime],
    threads: int = THREADS,
    most: int | None = None,
    stop: threading.Event | None = None,
    channels: Sequence[str] = outbox.BY_MACHINE,
) -> Sent:
    """Send what is due in one agency until nothing is left, `most` are claimed, or `stop` is set.

    Voice messages are claimed only for threads that are free, because one of unknown fate is never dialled again.
    """
    done = Sent()
    under_way: dict[Future[Result], Leaving] = {}
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="sender") as pool:
        while True:
            room = 0 if stop is not None and stop.is_set() else threads * _ROUNDS - len(under_way)
            if most is not None:
                room = min(room, most - done.claimed)
            claimed = _claim(agency_id, room, threads, len(under_way), clock=clock, channels=channels)
            done.claimed += len(claimed)
            for leaving in claimed:
                under_way[pool.submit(_send, leaving, clock)] = leaving
            if not under_way:
                return done
            finished, _rest = wait(under_way, return_when=FIRST_COMPLETED)
            if len(under_way) > len(finished):
                finished, _rest = wait(under_way, timeout=_GATHER_SECONDS)
            answers = [Outcome(under_way.pop(future), future.result()) for future in finished]
            with agency_scope(agency_id):
                outcomes.record_outcomes(answers, now=clock())
            done.answered += len(answers)


def _claim(
    agency_id: int, room: int, threads: int, busy: int, *, clock: Callable[[], datetime], channels: Sequence[str]
) -> list[Leaving]:
    """Texts in batches, so that few transactions carry many; voice one per free thread."""
    found: list[Leaving] = []
    texts = [channel for channel in channels if channel != "IVM"]
    if texts and room > 0 and 2 * busy <= threads * _ROUNDS:
        with agency_scope(agency_id):
            found = outbox.claim(limit=room, now=clock(), channels=texts)
    free = min(threads - busy, room) - len(found)
    if free > 0 and "IVM" in channels:
        with agency_scope(agency_id):
            found += outbox.claim(limit=free, now=clock(), channels=["IVM"])
    return found


def _send(leaving: Leaving, clock: Callable[[], datetime]) -> Result:
    """One call to the provider, unless the permit ran out while waiting for a thread."""
    if leaving.expires_at <= clock() + timedelta(seconds=1):
        return NotAccepted("PERMIT_EXPIRED", retry_in=0)
    try:
        return SENDERS[leaving.channel](leaving)
    except Exception as error:
        log.exception("a channel broke", channel=leaving.channel, message_id=leaving.message_id)
        return FateUnknown(type(error).__name__)
