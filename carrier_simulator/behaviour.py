"""What a number does: named effects, the table of magic suffixes, and the rules a test can set."""

from __future__ import annotations

import itertools
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from carrier_simulator.errors import NotUnderstood

MESSAGE, CALL, BOTH = "message", "call", "both"
ANSWERS = ("given", "lost", "error")
MESSAGE_ENDINGS = ("delivered", "undelivered", "failed", "sent")
CALL_ENDINGS = ("completed", "busy", "no-answer", "failed")
ANSWERERS = ("human", "machine", "fax", "unknown")


@dataclass(frozen=True)
class Behaviour:
    """How one request and what follows from it will go. The default is a carrier on a good day.

    `refuse` is a vendor code, 0 to accept. `answer` says what the caller hears after the acceptance: the answer,
    nothing ("lost": the connection is closed) or a 502 ("error"). `digits` holds one entry per question of a call; an
    empty entry is silence. Delays are milliseconds; None means "as in the settings".
    """

    refuse: int = 0
    http_status: int | None = None
    retry_after: int | None = None
    answer: str = "given"
    latency_ms: int | None = None
    message_status: str = "delivered"
    error_code: int | None = None
    replies: str = ""
    call_status: str = "completed"
    answered_by: str = "human"
    digits: tuple[str, ...] | None = None
    hangs_up: bool = False
    callback_copies: int = 1
    shuffle_callbacks: bool = False
    drop_callbacks: bool = False
    callback_delay_ms: int | None = None
    index_lag_ms: int | None = None

    @classmethod
    def read(cls, effect: object) -> Behaviour:
        """From the JSON of a rule: an effect's name, an object of fields (perhaps with a "name"), or a list of both."""
        return cls(**_checked(_overrides(effect)))

    @classmethod
    def restore(cls, text: str) -> Behaviour:
        return cls.read(json.loads(text))

    def dump(self) -> str:
        """Only what differs from a good day, as JSON."""
        good_day = asdict(Behaviour())
        return json.dumps({name: value for name, value in asdict(self).items() if value != good_day[name]})


_NUMBERS = {"refuse", "http_status", "retry_after", "latency_ms", "error_code", "callback_copies", "callback_delay_ms"}
_NUMBERS |= {"index_lag_ms"}
_FLAGS = {"hangs_up", "shuffle_callbacks", "drop_callbacks"}
_CHOICES = {
    "answer": ANSWERS,
    "message_status": MESSAGE_ENDINGS,
    "call_status": CALL_ENDINGS,
    "answered_by": ANSWERERS,
}

EFFECTS: dict[str, dict[str, Any]] = {
    "accept": {},
    "invalid_to": {"refuse": 21211},
    "opted_out": {"refuse": 21610},
    "not_mobile": {"refuse": 21614},
    "throttled": {"refuse": 20429, "retry_after": 1},
    "server_error": {"refuse": 20500},
    "answer_lost": {"answer": "lost"},
    "answer_error": {"answer": "error"},
    "slow": {"latency_ms": 3000},
    "undelivered_30003": {"message_status": "undelivered", "error_code": 30003},
    "undelivered_30005": {"message_status": "undelivered", "error_code": 30005},
    "undelivered_30006": {"message_status": "undelivered", "error_code": 30006},
    "replies_stop": {"replies": "STOP"},
    "replies_yes": {"replies": "YES"},
    "callbacks_twice": {"callback_copies": 2},
    "callbacks_shuffled": {"shuffle_callbacks": True},
    "callbacks_late": {"callback_delay_ms": 10_000},
    "callbacks_lost": {"drop_callbacks": True},
    "listed_late": {"index_lag_ms": 30_000},
    "busy": {"call_status": "busy"},
    "no_answer": {"call_status": "no-answer"},
    "call_failed": {"call_status": "failed"},
    "machine": {"answered_by": "machine"},
    "hangs_up": {"hangs_up": True},
}


@dataclass(frozen=True)
class Suffix:
    """Five last digits with a meaning. `times` limits the effect to the first requests per number."""

    ending: str
    kind: str
    effect: tuple[object, ...]
    times: int | None = None

    @property
    def behaviour(self) -> Behaviour:
        return Behaviour.read(list(self.effect))


SUFFIXES: dict[str, Suffix] = {
    suffix.ending: suffix
    for suffix in (
        Suffix("21211", BOTH, ("invalid_to",)),
        Suffix("21610", MESSAGE, ("opted_out",)),
        Suffix("21614", MESSAGE, ("not_mobile",)),
        Suffix("00429", BOTH, ("throttled",), times=1),
        Suffix("99429", BOTH, ("throttled",)),
        Suffix("00500", BOTH, ("server_error",), times=1),
        Suffix("99500", BOTH, ("server_error",)),
        Suffix("00504", BOTH, ("answer_lost",)),
        Suffix("00502", BOTH, ("answer_error",)),
        Suffix("00506", BOTH, ("answer_lost", "listed_late")),
        Suffix("00408", BOTH, ("slow",)),
        Suffix("00201", BOTH, ("callbacks_twice",)),
        Suffix("00202", BOTH, ("callbacks_shuffled",)),
        Suffix("00203", BOTH, ("callbacks_twice", "callbacks_shuffled")),
        Suffix("00204", BOTH, ("callbacks_late",)),
        Suffix("00205", BOTH, ("callbacks_lost",)),
        Suffix("00206", BOTH, ("listed_late",)),
        Suffix("30003", MESSAGE, ("undelivered_30003",)),
        Suffix("30005", MESSAGE, ("undelivered_30005",)),
        Suffix("30006", MESSAGE, ("undelivered_30006",)),
        Suffix("78670", MESSAGE, ("replies_stop",)),
        Suffix("93780", MESSAGE, ("replies_yes",)),
        Suffix("00486", CALL, ("busy",)),
        Suffix("00480", CALL, ("no_answer",)),
        Suffix("00404", CALL, ("call_failed",)),
        Suffix("00800", CALL, ("machine",)),
        Suffix("00801", CALL, ("hangs_up",)),
        *(Suffix(f"0700{digit}", CALL, ({"digits": [str(digit)]},)) for digit in range(10)),
        Suffix("07012", CALL, ({"digits": ["1", "2"]},)),
    )
}


@dataclass
class Rule:
    """One scripted effect: which requests it fits, how many it lets pass first, and how many it takes."""

    id: int
    behaviour: Behaviour
    effect: object
    kind: str = BOTH
    to: str = ""
    pattern: str = ""
    body: str = ""
    skip: int = 0
    count: int | None = None
    share: float = 1.0
    seen: int = 0
    hits: int = 0

    def fits(self, *, kind: str, to: str, body: str) -> bool:
        if self.kind not in (BOTH, kind):
            return False
        if self.to and self.to != to:
            return False
        if self.pattern and not re.search(self.pattern, to):
            return False
        return not self.body or re.search(self.body, body) is not None

    def as_json(self) -> dict[str, Any]:
        shown = asdict(self)
        del shown["behaviour"]
        return shown


@dataclass
class RuleBook:
    """Answers "what happens to this request?" and keeps the counts that answer needs."""

    seed: int = 1
    _rules: list[Rule] = field(default_factory=list)
    _used: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._dice = random.Random(self.seed)

    def add(self, wanted: Mapping[str, object]) -> Rule:
        """Put a rule behind the others; the first that fits decides."""
        known = {"kind", "to", "pattern", "body", "skip", "count", "share"}
        unknown = sorted(set(wanted) - known - {"effect"})
        if unknown:
            raise NotUnderstood(f"A rule has no {', '.join(unknown)}; it has effect, {', '.join(sorted(known))}.")
        if "effect" not in wanted:
            raise NotUnderstood("A rule needs an effect.")
        given = _checked_rule({name: value for name, value in wanted.items() if name in known})
        behaviour = Behaviour.read(wanted["effect"])
        with self._lock:
            rule = Rule(id=next(self._ids), behaviour=behaviour, effect=wanted["effect"], **given)
            self._rules.append(rule)
        return rule

    def forget(self, rule_id: int) -> bool:
        with self._lock:
            kept = [rule for rule in self._rules if rule.id != rule_id]
            found = len(kept) != len(self._rules)
            self._rules = kept
            return found

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._used.clear()
            self._dice.seed(self.seed)

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [rule.as_json() for rule in self._rules]

    def decide(self, *, kind: str, to: str, body: str = "", magic: bool = True) -> Behaviour:
        """The behaviour for this request; asking counts as using."""
        with self._lock:
            for rule in self._rules:
                if rule.fits(kind=kind, to=to, body=body) and self._take(rule):
                    return rule.behaviour
            suffix = SUFFIXES.get(to[-5:]) if magic else None
            if suffix is None or suffix.kind not in (BOTH, kind):
                return Behaviour()
            self._used[(suffix.ending, kind, to)] += 1
            if suffix.times is not None and self._used[(suffix.ending, kind, to)] > suffix.times:
                return Behaviour()
            return suffix.behaviour

    def _take(self, rule: Rule) -> bool:
        if rule.count is not None and rule.hits >= rule.count:
            return False
        rule.seen += 1
        if rule.seen <= rule.skip:
            return False
        if rule.share < 1 and self._dice.random() >= rule.share:
            return False
        rule.hits += 1
        return True


def _overrides(effect: object) -> dict[str, Any]:
    if isinstance(effect, str):
        if effect not in EFFECTS:
            raise NotUnderstood(f"There is no effect {effect!r}; there are {', '.join(EFFECTS)}.")
        return EFFECTS[effect]
    if isinstance(effect, Mapping):
        base = _overrides(effect["name"]) if "name" in effect else {}
        return base | {str(name): value for name, value in effect.items() if name != "name"}
    if isinstance(effect, Iterable):
        merged: dict[str, Any] = {}
        for part in effect:
            merged |= _overrides(part)
        return merged
    raise NotUnderstood("An effect is a name, an object, or a list of both.")


def _checked(overrides: dict[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(Behaviour)}
    for name, value in overrides.items():
        if name not in known:
            raise NotUnderstood(f"An effect has no {name!r}; it has {', '.join(sorted(known))}.")
        if name in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise NotUnderstood(f"{name} must be a whole number from 0 up, not {value!r}.")
        if name in _FLAGS and not isinstance(value, bool):
            raise NotUnderstood(f"{name} must be true or false, not {value!r}.")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise NotUnderstood(f"{name} must be one of {', '.join(_CHOICES[name])}, not {value!r}.")
        if name == "replies" and not isinstance(value, str):
            raise NotUnderstood("replies must be a text.")
    if "digits" in overrides:
        return overrides | {"digits": read_digits(overrides["digits"])}
    return overrides


def read_digits(value: object) -> tuple[str, ...]:
    """One entry per question: a list of texts, or one text with commas ("1,2" presses 1, then 2)."""
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, list | tuple) or not all(
        isinstance(entry, str) and re.fullmatch(r"[0-9*#]*", entry) for entry in entries
    ):
        raise NotUnderstood(f"digits must be a list of texts of 0-9, * and #, not {value!r}.")
    return tuple(entries)


def _checked_rule(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("kind", BOTH) not in (MESSAGE, CALL, BOTH):
        raise NotUnderstood(f"kind must be message, call or both, not {given['kind']!r}.")
    for name in ("to", "pattern", "body"):
        if not isinstance(given.get(name, ""), str):
            raise NotUnderstood(f"{name} must be a text.")
    for name in ("pattern", "body"):
        try:
            re.compile(given.get(name, ""))
        except re.error as problem:
            raise NotUnderstood(f"{name} is not a regular expression: {problem}.") from problem
    for name in ("skip", "count"):
        value = given.get(name)
        if name in given and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise NotUnderstood(f"{name} must be a whole number from 0 up, not {value!r}.")
    share = given.get("share", 1.0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise NotUnderstood(f"share must lie between 0 and 1, not {share!r}.")
    return given
