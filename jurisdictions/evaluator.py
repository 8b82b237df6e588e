"""May this contact leave? Every rule of every jurisdiction is asked, none is skipped, and the strictest answer wins.

Order of phases: 0 the question itself, 1 debt, 2 person, 3 notices and standstill, 4 party and place, 5 channel,
consent and opt-out, 6 content, 7 hours, 8 counts and cooldown, 9 obligations. Precedence: block, approve, defer, allow.
Anything unknown or broken blocks. The debtor's clock decides; where it may be one of several, all of them must agree.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jurisdictions.checks import Failure, Situation, counted_days, time_window
from jurisdictions.codes import ACTIONS, ANY_CHANNEL, SEVERITY, TIMED_CHANNELS, Code, Force, Outcome, Ruling
from jurisdictions.hours import HORIZON_DAYS, midnight
from jurisdictions.intent import Consent, Event, HolidayOverride, Intent, Preference
from jurisdictions.model import PackSet, Rule
from jurisdictions.packs import load_packs
from jurisdictions.plans import NO_PRACTICE, Plan, Step, make_plan, silence, speaking
from jurisdictions.verdict import Finding, Verdict

__all__ = [
    "EXPECTED_RING",
    "HORIZON",
    "Consent",
    "Engine",
    "Event",
    "Finding",
    "HolidayOverride",
    "Intent",
    "Outcome",
    "Preference",
    "Ruling",
    "Verdict",
    "evaluate",
    "evaluate_batch",
]

EXPECTED_RING = 120
"""Seconds a call may ring before somebody answers: give it as `Intent.expected_ring` when a machine places the call."""

HORIZON = timedelta(days=HORIZON_DAYS)
_ROUNDS, _REMEMBERED = 200, 20_000

_Answer = tuple[Step, Failure | None, datetime | None]
"""What one rule said, and for hours that are open when they close (UTC). A plain tuple: it is made for every rule."""


class _Seen(NamedTuple):
    """All that one clock showed."""

    findings: list[Finding]
    passed: list[Finding]
    closes_at: datetime | None
    obligations: tuple[str, ...]
    plan: Plan
    situation: Situation


def _engine_finding(rule_id: str, code: Code, phase: int = 0, **inputs: object) -> Finding:
    return Finding(rule_id, Outcome.FAIL, code, Ruling.BLOCK, phase, Force.ENGINE, "", None, inputs)


def _found(
    rule: Rule, outcome: Outcome, failure: Failure | None = None, inputs: dict[str, object] | None = None
) -> Finding:
    if failure is None:
        return Finding(
            rule.id, outcome, rule.code, Ruling.ALLOW, rule.phase, rule.force, rule.cite.text, None, inputs or {}
        )
    return Finding(
        rule.id,
        outcome,
        failure.code,
        failure.verdict,
        rule.phase,
        rule.force,
        rule.cite.text,
        failure.until,
        failure.inputs,
    )


_WEIGHT = {Force.ENGINE: 0, Force.LAW: 1, Force.CODE: 2, Force.PRACTICE: 3, Force.TENANT: 4}


def _strictness(finding: Finding) -> tuple[int, int, int]:
    """Worst first; among equals the earlier phase, then statute before code before practice before the agency's own."""
    return -SEVERITY[finding.verdict], finding.phase, _WEIGHT[finding.force]


class Engine:
    """An evaluator that remembers: rules by jurisdiction, channel and day; hours by zone and minute. Safe to share.

    `packs`: the shipped ones unless given. Answers depend on the intent and the packs alone; remembering only saves
    time.
    """

    def __init__(self, packs: PackSet | None = None) -> None:
        self.packs: PackSet = load_packs() if packs is None else packs
        self._plans: dict[tuple[object, ...], Plan] = {}
        self._numbers = count(1)  # one per plan, for ever: remembered hours are found by it
        self._hours: dict[tuple[object, ...], tuple[_Answer, ...]] = {}
        self._steps: dict[tuple[object, ...], tuple[Step, ...]] = {}
        self._zone_sets: dict[tuple[str, ...], tuple[ZoneInfo, ...]] = {}

    def evaluate(self, intent: Intent, *, full: bool = False) -> Verdict:
        """Decide `intent`. With `full` the findings also hold every rule that passed, was exempt or did not apply."""
        try:
            return self._evaluate(intent, full)
        except Exception as error:  # whatever breaks, nothing leaves
            finding = _engine_finding("GATE.ERROR", Code.ENGINE_ERROR, error=f"{type(error).__name__}: {error}")
            return Verdict(Ruling.BLOCK, (Code.ENGINE_ERROR,), None, None, (), (finding,), (), "", None)

    def evaluate_batch(self, intents: Iterable[Intent], *, full: bool = False) -> list[Verdict]:
        """Decide many, in order. Same answers as one by one."""
        return [self.evaluate(intent, full=full) for intent in intents]

    # -- one decision ------------------------------------------------------------------------------------------------

    def _evaluate(self, intent: Intent, full: bool) -> Verdict:
        resolved = self._zones(intent.zones)
        clocks = resolved or self._fallback(intent)
        tokens = _tokens(intent)
        if len(clocks) == 1:
            seen = self._look(intent, intent.at, clocks[0], tokens, full)
            every, failing, strictest, closes_at = [seen], seen.findings, seen, seen.closes_at
            obligations, packs = seen.obligations, seen.plan.packs
        else:
            every = [self._look(intent, intent.at, zone, tokens, full) for zone in clocks]
            failing, strictest, closes_at = _merge(every)
            obligations = tuple(dict.fromkeys(word for one in every for word in one.obligations))
            packs = tuple(dict.fromkeys(version for one in every for version in one.plan.packs))
        _integrity(intent, [seen.plan for seen in every], bool(resolved), failing)
        until: datetime | None = None
        worst = Ruling.ALLOW
        if failing:
            failing.sort(key=_strictness)
            worst = failing[0].verdict
            if worst is not Ruling.BLOCK and any(f.verdict is Ruling.DEFER for f in failing):
                until = self._next_slot(intent, clocks, tokens, failing)
                if until is None:
                    worst = Ruling.BLOCK
                    failing.insert(0, _engine_finding("GATE.SLOT", Code.NO_LEGAL_SLOT, 7, horizon_days=HORIZON_DAYS))
        return Verdict(
            verdict=worst,
            codes=tuple(dict.fromkeys([f.code for f in failing])) if failing else (),
            until=until,
            open_until=closes_at,
            obligations=obligations,
            findings=tuple(failing + strictest.passed) if full else tuple(failing),
            packs=packs,
            zone=strictest.situation.zone.key if resolved else "",
            local_time=strictest.situation.local if resolved else None,
        )

    def _look(self, intent: Intent, at: datetime, zone: ZoneInfo, tokens: set[str], full: bool) -> _Seen:
        """Ask every rule in force at `at` on the clock of `zone`."""
        situation = Situation(intent, at, zone)
        plan = self._plan(intent, situation.today)
        debts = intent.debt_kind
        findings: list[Finding] = []
        passed: list[Finding] = []
        closes_at: datetime | None = None
        for step, failure, closes in self._answers(plan, situation, full):
            rule = step.rule
            if rule.when_debt and rule.when_debt.isdisjoint(debts):
                if full:
                    passed.append(_found(rule, Outcome.NOT_APPLICABLE, inputs={"debt_kind": debts}))
            elif failure is None:
                if closes is not None and (closes_at is None or closes < closes_at) and step.unless.isdisjoint(tokens):
                    closes_at = closes
                if full:
                    passed.append(_found(rule, Outcome.PASS, inputs=_evidence(rule, situation, closes)))
            elif by := _exempted(step, situation, tokens):
                if full:
                    passed.append(_found(rule, Outcome.EXEMPT, inputs={"by": by}))
            else:
                findings.append(_found(rule, Outcome.FAIL, _until_lapse(rule, failure, zone)))
        obligations = plan.attached
        for step in plan.obligations:
            rule = step.rule
            if (not rule.when_debt or not rule.when_debt.isdisjoint(debts)) and step.unless.isdisjoint(tokens):
                obligations += rule.attach
                if full:
                    passed.append(_found(rule, Outcome.ATTACH, inputs={"attach": rule.attach}))
        return _Seen(findings, passed, closes_at, obligations, plan, situation)

    def _answers(self, plan: Plan, situation: Situation, full: bool) -> Iterable[_Answer]:
        """What each rule says of the situation, exemptions aside; unless `full`, rules that pass may be left out."""
        steps = plan.steps if full else self._speaking(plan, situation.intent)
        found = [(step, step.check(step.rule, situation), None) for step in steps if step.check is not None]
        return [*found, *self._open_hours(plan, situation)]

    def _speaking(self, plan: Plan, intent: Intent) -> tuple[Step, ...]:
        key = (plan.number, silence(intent))
        steps = self._steps.get(key)
        if steps is None:
            self._steps[key] = steps = speaking(plan, intent)
        return steps

    # -- waiting -----------------------------------------------------------------------------------------------------

    def _next_slot(
        self, intent: Intent, clocks: tuple[ZoneInfo, ...], tokens: set[str], failing: list[Finding]
    ) -> datetime | None:
        """The first moment at which nothing defers any more, or None within the horizon.

        Each round jumps to the latest moment the failing rules name. That is never later than the answer, because each
        rule names the first moment it could pass; so the first moment at which none fails is the answer.
        """
        end = intent.at + HORIZON
        until = _latest(failing)
        for _ in range(_ROUNDS):
            if until is None or until > end:
                return None
            waiting: list[Finding] = []
            for zone in clocks:
                seen = self._look(intent, until, zone, tokens, False)
                if seen.plan.missing:
                    return None
                waiting += [f for f in seen.findings if f.verdict is Ruling.DEFER]
            if not waiting:
                return until
            later = _latest(waiting)
            if later is None or later <= until:
                return None
            until = later
        return None

    # -- what is remembered ------------------------------------------------------------------------------------------

    def _zones(self, names: tuple[str, ...]) -> tuple[ZoneInfo, ...]:
        """The candidate clocks; empty when none is given or one of them does not exist."""
        found = self._zone_sets.get(names)
        if found is None:
            try:
                found = tuple(ZoneInfo(name) for name in dict.fromkeys(names))
            except (LookupError, ValueError, OSError):
                found = ()
            if len(self._zone_sets) >= _REMEMBERED:
                self._zone_sets.clear()
            self._zone_sets[names] = found
        return found

    def _fallback(self, intent: Intent) -> tuple[ZoneInfo, ...]:
        """Without a debtor's clock, days are counted on all clocks of the jurisdictions, for what is not bound to
        hours.
        """
        plan = self._plan(intent, intent.at.date())
        return self._zones(plan.tz) or (ZoneInfo("UTC"),)

    def _plan(self, intent: Intent, on: date) -> Plan:
        key = (
            intent.jurisdictions,
            intent.channel,
            intent.action,
            on,
            NO_PRACTICE in intent.flags,
            intent.loosened,
            intent.tenant_rules,
        )
        plan = self._plans.get(key)
        if plan is None:
            plan = make_plan(intent, on, self.packs, next(self._numbers))
            if len(self._plans) >= _REMEMBERED:
                self._plans.clear()
                self._hours.clear()
                self._steps.clear()
            self._plans[key] = plan
        return plan

    def _open_hours(self, plan: Plan, s: Situation) -> tuple[_Answer, ...]:
        if not plan.timed:
            return ()
        intent = s.intent
        seconds = s.at.timestamp()
        key = (
            plan.number,
            s.zone.key,
            seconds if intent.expected_ring else seconds // 60,
            intent.subdivision,
            intent.holiday_overrides,
            intent.expected_ring,
        )
        hours = self._hours.get(key)
        if hours is None:
            hours = tuple((step, *time_window(step.rule, s, step.calendar)) for step in plan.timed)
            if len(self._hours) >= _REMEMBERED:
                self._hours.clear()
            self._hours[key] = hours
        return hours


def _integrity(intent: Intent, plans: list[Plan], resolved: bool, failing: list[Finding]) -> None:
    """Phase 0: is this a question the packs can answer, on every clock?"""
    missing = {one for plan in plans for one in plan.missing}
    if missing or not intent.jurisdictions:
        failing.append(_engine_finding("GATE.PACK", Code.PACK_MISSING, missing=tuple(sorted(missing))))
    if intent.channel not in ANY_CHANNEL:
        failing.append(_engine_finding("GATE.CHANNEL", Code.CHANNEL_UNKNOWN, channel=intent.channel))
    if intent.action not in ACTIONS:
        failing.append(_engine_finding("GATE.ACTION", Code.ACTION_UNKNOWN, action=intent.action))
    if not resolved and intent.action == "contact" and intent.channel in TIMED_CHANNELS:
        failing.append(_engine_finding("GATE.ZONE", Code.TZ_UNRESOLVED, zones=intent.zones))
    if "not_owned" in intent.contact_point_flags:
        failing.append(_engine_finding("GATE.CONTACT_POINT", Code.CONTACT_POINT_NOT_OWNED))
    if intent.licences is not None:
        needed = {one for plan in plans for one in plan.preconditions}
        if lacking := tuple(sorted(needed.difference(intent.licences))):
            failing.append(_engine_finding("GATE.LICENCE", Code.LICENCE_MISSING, lacking=lacking))


def _tokens(intent: Intent) -> set[str]:
    """All the words an exemption may name."""
    tokens = {*intent.flags, f"party:{intent.party}", f"message:{intent.message}"}
    for consent in intent.consents:
        if consent.at is None or consent.at <= intent.at:
            tokens.add(f"consent:{consent.kind}")
    for kind in {event.kind for event in intent.history}:
        tokens.add(f"history:{kind}")
    return tokens


def _exempted(step: Step, s: Situation, tokens: set[str]) -> tuple[str, ...]:
    """The exemptions that lift the rule: plain words, and consents given today or in the days before that the rule
    lets.
    """
    if step.unless and not step.unless.isdisjoint(tokens):
        return tuple(sorted(step.unless & tokens))
    if not step.lapsing:
        return ()
    days = step.rule.consent_valid_days or 0
    return tuple(
        f"consent:{consent.kind}"
        for consent in s.intent.consents
        if consent.at is not None
        and f"consent:{consent.kind}" in step.lapsing
        and 0 <= (s.today - consent.at.astimezone(s.zone).date()).days < days
    )


def _until_lapse(rule: Rule, failure: Failure, zone: ZoneInfo) -> Failure:
    """A rule that ends before it would pass stops deferring when it ends."""
    if rule.effective_to is None or failure.verdict is not Ruling.DEFER:
        return failure
    ends = midnight(rule.effective_to + timedelta(days=1), zone)
    return failure._replace(until=ends) if failure.until is None or failure.until > ends else failure


def _evidence(rule: Rule, s: Situation, closes_at: datetime | None) -> dict[str, object]:
    """What a passing rule is recorded with: the counter, for rules that count; the closing, for hours."""
    if rule.kind == "cap":
        return {"count": len(counted_days(rule, s)), "max": rule.max, "days": rule.days, "per": rule.per}
    return {} if closes_at is None else {"closes_at": closes_at}


def _latest(findings: list[Finding]) -> datetime | None:
    """The latest moment the deferring findings name; None when one of them names none."""
    moments = [f.until for f in findings if f.verdict is Ruling.DEFER]
    return None if any(m is None for m in moments) else max((m for m in moments if m is not None), default=None)


def _merge(every: list[_Seen]) -> tuple[list[Finding], _Seen, datetime | None]:
    """The strictest of several clocks: each rule's worst finding, the clock to show, and the earliest closing."""
    never = datetime.max.replace(tzinfo=UTC)

    def weight(finding: Finding) -> tuple[int, datetime]:
        return SEVERITY[finding.verdict], finding.until or never

    worst: dict[tuple[str, str], Finding] = {}
    for seen in every:
        for finding in seen.findings:
            key = (finding.rule_id, str(finding.code))
            if key not in worst or weight(finding) > weight(worst[key]):
                worst[key] = finding
    strictest = max(every, key=lambda seen: max((weight(f) for f in seen.findings), default=(0, _NEVER_BEFORE)))
    closing = [seen.closes_at for seen in every if seen.closes_at is not None]
    return list(worst.values()), strictest, min(closing, default=None)


_NEVER_BEFORE = datetime.min.replace(tzinfo=UTC)


@lru_cache(maxsize=1)
def _shared() -> Engine:
    return Engine()


def evaluate(intent: Intent, *, full: bool = False) -> Verdict:
    """Decide `intent` under the shipped packs; see `Engine.evaluate`."""
    return _shared().evaluate(intent, full=full)


def evaluate_batch(intents: Iterable[Intent], *, full: bool = False) -> list[Verdict]:
    """Decide many under the shipped packs; see `Engine.evaluate_batch`."""
    return _shared().evaluate_batch(intents, full=full)
