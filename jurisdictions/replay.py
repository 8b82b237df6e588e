"""Deciding a stored intent again under the very packs it was decided under, to show that the record is true."""

from dataclasses import dataclass

from jurisdictions.evaluator import Engine
from jurisdictions.intent import Intent
from jurisdictions.packs import packs_at
from jurisdictions.verdict import Verdict

_COMPARED = ("verdict", "codes", "until", "obligations", "zone", "local_time", "packs")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that came out otherwise."""

    field: str
    then: object
    now: object


@dataclass(frozen=True, slots=True)
class Replay:
    """The verdict given now under the recorded packs, and where it differs from the record."""

    verdict: Verdict
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether the record is confirmed."""
        return not self.differences


def replay(intent: Intent | str, recorded: Verdict | str) -> Replay:
    """Decide `intent` again and compare. Both may be given as the JSON they were stored as.

    A difference with equal packs points to the engine or to the holiday and time-zone data, whose versions the caller
    keeps.

    Raises:
        PackVersionUnknown: a recorded pack version does not ship any more, or its content is not what was recorded.
    """
    then = Verdict.from_json(recorded) if isinstance(recorded, str) else recorded
    question = Intent.from_json(intent) if isinstance(intent, str) else intent
    now = Engine(packs_at(then.packs)).evaluate(question)
    return Replay(now, compare(then, now))


def compare(then: Verdict, now: Verdict) -> tuple[Difference, ...]:
    """The fields of two verdicts that decide what may happen, where they differ."""
    return tuple(
        Difference(name, getattr(then, name), getattr(now, name))
        for name in _COMPARED
        if getattr(then, name) != getattr(now, name)
    )
