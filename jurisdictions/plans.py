"""What applies: the rules of some jurisdictions for one channel, action and day, made ready to be asked."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from jurisdictions.checks import CHECKS, Check
from jurisdictions.intent import Intent
from jurisdictions.model import HolidaySpec, PackSet, PackVersion, ResolvedPack, Rule
from jurisdictions.packs import PackMissing, resolve

NO_PRACTICE = "profile:no_practice"
"""The flag of an agency that switched off our default hours and counts, with an approver's name."""

T = TypeVar("T")
_HOURS_AND_COUNTS = frozenset({"time_window", "cap", "cooldown", "standstill"})


class Step(NamedTuple):
    """A rule made ready: its check, its exemptions split into plain words and consents that lapse, its holidays."""

    rule: Rule
    check: Check | None
    unless: frozenset[str]
    lapsing: frozenset[str]
    calendar: HolidaySpec | None


class Plan(NamedTuple):
    """What applies to a channel on a day.

    `timed`: hours, whose answers are remembered by minute; `attached`: obligations that depend on nothing else;
    `missing`: jurisdictions without a pack in force; `tz`: all clocks of the jurisdictions.
    """

    number: int
    steps: tuple[Step, ...]
    timed: tuple[Step, ...]
    obligations: tuple[Step, ...]
    attached: tuple[str, ...]
    packs: tuple[PackVersion, ...]
    missing: tuple[str, ...]
    preconditions: tuple[str, ...]
    tz: tuple[str, ...]


def make_plan(intent: Intent, on: date, packs: PackSet, number: int) -> Plan:
    """The plan for `intent` on the debtor's day `on`. A rule inherited by two jurisdictions is asked once, hours once
    per calendar; an agency's own rules stand beside the packs' and never in their place."""
    resolved, missing = _resolve_all(intent.jurisdictions, on, packs)
    pairs: dict[tuple[str, HolidaySpec | None], tuple[Rule, HolidaySpec | None]] = {}
    for pack in resolved:
        for rule in pack.rules:
            if not _loosened(rule, pack, intent):
                calendar = pack.holidays if rule.kind == "time_window" else None
                pairs.setdefault((rule.id, calendar), (rule, calendar))
    own = dict.fromkeys(_own_rules(intent, on, [pack.holidays for pack in resolved]))
    steps = [
        _step(rule, calendar)
        for rule, calendar in sorted([*pairs.values(), *own], key=lambda pair: pair[0].phase)
        if _applies(rule, intent)
    ]
    free = [s for s in steps if s.rule.kind == "obligation" and not s.unless and not s.rule.when_debt]
    common = [word for pack in resolved for word in pack.obligations] if intent.action == "contact" else []
    return Plan(
        number=number,
        steps=tuple(s for s in steps if s.check is not None),
        timed=tuple(s for s in steps if s.rule.kind == "time_window"),
        obligations=tuple(s for s in steps if s.rule.kind == "obligation" and s not in free),
        attached=_once([*common, *(word for s in free for word in s.rule.attach)]),
        packs=_once(version for pack in resolved for version in pack.lineage),
        missing=missing,
        preconditions=_once(word for pack in resolved for word in pack.preconditions),
        tz=_once(zone for pack in resolved for zone in pack.tz),
    )


_SILENT_WITHOUT = {
    "status": "statuses", "contact_point": "contact_point_flags", "opt_out": "opt_outs",
    "preference_window": "preferences", "cooldown": "history", "notice_due": "history",
    "content_forbidden": "elements",
}  # fmt: skip
"""Kind of rule -> the member of an intent without which such a rule passes, whatever else it says."""


def silence(intent: Intent) -> tuple[bool, ...]:
    """Which of the members that make rules speak are empty, for remembering what `speaking` gives."""
    return (
        not intent.statuses, not intent.contact_point_flags, not intent.opt_outs, not intent.preferences,
        not intent.history, not intent.elements,
    )  # fmt: skip


def speaking(plan: Plan, intent: Intent) -> tuple[Step, ...]:
    """The steps that may find something in an intent as bare as this one; the others pass."""
    return tuple(step for step in plan.steps if not _passes(step.rule, intent))


def _passes(rule: Rule, intent: Intent) -> bool:
    if rule.kind == "cap":
        return bool(rule.max) and not intent.history
    if rule.kind == "standstill":
        return rule.if_absent is None and not intent.history
    member = _SILENT_WITHOUT.get(rule.kind)
    return member is not None and not getattr(intent, member)


def _resolve_all(ids: tuple[str, ...], on: date, packs: PackSet) -> tuple[list[ResolvedPack], tuple[str, ...]]:
    """The packs in force, and the ids that have none. A common base without a clock (BASE, EU) is nobody's law by
    itself.
    """
    found: list[ResolvedPack] = []
    missing: list[str] = []
    for pack_id in dict.fromkeys(ids):
        try:
            pack = resolve(pack_id, on, packs)
        except PackMissing:
            missing.append(pack_id)
            continue
        if pack.tz:
            found.append(pack)
        else:
            missing.append(pack_id)
    return found, tuple(missing)


def _loosened(rule: Rule, pack: ResolvedPack, intent: Intent) -> bool:
    """Whether the agency switched the rule off, which only our own defaults allow."""
    if rule.id not in pack.loosenable:
        return False
    return rule.id in intent.loosened or (rule.kind in _HOURS_AND_COUNTS and NO_PRACTICE in intent.flags)


def _own_rules(
    intent: Intent, on: date, calendars: list[HolidaySpec | None]
) -> Iterable[tuple[Rule, HolidaySpec | None]]:
    for rule in intent.tenant_rules:
        if rule.in_force(on):
            for calendar in calendars if rule.kind == "time_window" else (None,):
                yield rule, calendar


def _applies(rule: Rule, intent: Intent) -> bool:
    """Hours bind contacts only: a furnishing or a suit happens on no debtor's clock."""
    if rule.kind == "time_window" and intent.action != "contact":
        return False
    return intent.channel in rule.channels and intent.action in rule.actions


def _step(rule: Rule, calendar: HolidaySpec | None) -> Step:
    lapsing = frozenset(u for u in rule.unless if u.startswith("consent:")) if rule.consent_valid_days else frozenset()
    return Step(rule, CHECKS.get(rule.kind), rule.unless - lapsing, lapsing, calendar)


def _once(words: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(words))
