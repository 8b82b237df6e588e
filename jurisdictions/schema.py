"""Reading a pack: every field is checked, and an error names the pack, the rule and the field."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, cast, get_args

from jurisdictions.codes import ACTIONS, ANY_CHANNEL, CHANNEL_GROUPS, EVENT_KINDS, Code, Force, Ruling
from jurisdictions.model import Cite, CiteStatus, HolidaySpec, Pack, Retention, Rule, Week, Windows

SCHEMA_VERSION = 1

KINDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "debt_state": (frozenset({"when"}), frozenset()),
    "status": (frozenset({"statuses"}), frozenset()),
    "party": (frozenset({"allow"}), frozenset({"approve"})),
    "place": (frozenset({"forbid"}), frozenset()),
    "contact_point": (frozenset({"bad"}), frozenset()),
    "channel_ban": (frozenset(), frozenset()),
    "consent": (frozenset({"needs"}), frozenset()),
    "opt_out": (frozenset(), frozenset()),
    "opt_out_scope": (frozenset({"scope"}), frozenset()),
    "notice_before": (frozenset({"notice"}), frozenset()),
    "notice_due": (frozenset({"notice", "within_days", "after"}), frozenset()),
    "standstill": (frozenset({"after", "days"}), frozenset({"if_absent"})),
    "not_first_channel": (frozenset(), frozenset()),
    "min_dpd": (frozenset({"dpd"}), frozenset()),
    "content_required": (frozenset({"elements"}), frozenset({"messages"})),
    "content_forbidden": (frozenset({"elements"}), frozenset({"messages"})),
    "preference_window": (frozenset(), frozenset()),
    "time_window": (frozenset({"week"}), frozenset({"holiday"})),
    "cap": (frozenset({"count", "max", "days", "per"}), frozenset()),
    "cooldown": (frozenset({"after", "days"}), frozenset({"per"})),
    "obligation": (frozenset({"attach"}), frozenset()),
}
"""Kind of rule -> (fields it must have, fields it may have) beside the common ones."""

DEFERRABLE = frozenset({"time_window", "preference_window", "cap", "cooldown", "standstill"})
"""Kinds that know when they will pass, so they alone may defer."""

_COMMON = frozenset({"id", "phase", "kind", "force", "channels", "actions", "verdict", "code", "cite", "effective"})
_OPTIONAL = frozenset({"when", "unless", "consent_valid_days"})
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$")
_UNLESS = re.compile(
    r"^(reply_to_debtor|legally_required|(party|message|consent|profile|purpose|history):[A-Za-z0-9_]+)$"
)


class PackError(ValueError):
    """A pack does not follow the schema. Names the pack, the rule (empty for the pack's own fields) and the field."""

    def __init__(self, pack_id: str, rule_id: str, field: str, problem: str) -> None:
        self.pack_id, self.rule_id, self.field, self.problem = pack_id, rule_id, field, problem
        where = f"pack {pack_id}" + (f", rule {rule_id}" if rule_id else "")
        super().__init__(f"{where}, field '{field}': {problem}")


class _Reader:
    """A mapping that gives typed fields and remembers where it stands, for errors."""

    def __init__(self, raw: object, pack_id: str, rule_id: str, prefix: str = "") -> None:
        self.pack_id, self.rule_id, self.prefix = pack_id, rule_id, prefix
        if not isinstance(raw, Mapping):
            raise self.error("", "must be a mapping")
        self.raw: Mapping[str, Any] = raw

    def error(self, field: str, problem: str) -> PackError:
        name = ".".join(part for part in (self.prefix, field) if part)
        return PackError(self.pack_id, self.rule_id, name or "(all)", problem)

    def only(self, fields: frozenset[str]) -> None:
        for name in self.raw:
            if name not in fields:
                raise self.error(str(name), "is not a known field here")

    def need(self, fields: frozenset[str]) -> None:
        for name in sorted(fields):
            if self.raw.get(name) is None:
                raise self.error(name, "is required")

    def text(self, name: str, default: str = "") -> str:
        value = self.raw.get(name, default)
        if not isinstance(value, str):
            raise self.error(name, "must be text")
        return value

    def maybe_text(self, name: str) -> str | None:
        return None if self.raw.get(name) is None else self.text(name)

    def one_of(self, name: str, allowed: tuple[str, ...] | frozenset[str], default: str = "") -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise self.error(name, f"must be one of {', '.join(sorted(allowed))}; it is {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.raw.get(name, ())
        if isinstance(value, str) or not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise self.error(name, "must be a list of words")
        return tuple(value)

    def number(self, name: str, default: int = 0, least: int = 0) -> int:
        value = self.raw.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.error(name, f"must be a whole number of at least {least}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.raw.get(name, default)
        if not isinstance(value, bool):
            raise self.error(name, "must be true or false")
        return value

    def day(self, name: str) -> date | None:
        value = self.raw.get(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.error(name, 'must be a day written "YYYY-MM-DD" in quotes') from None

    def inner(self, name: str) -> "_Reader":
        return _Reader(self.raw.get(name, {}), self.pack_id, self.rule_id, f"{self.prefix}.{name}".strip("."))

    def span(self, name: str) -> tuple[date | None, date | None]:
        """Both days inclusive."""
        inner = self.inner(name)
        inner.only(frozenset({"from", "to"}))
        start, end = inner.day("from"), inner.day("to")
        if start and end and end < start:
            raise self.error(name, "ends before it starts")
        return start, end

    def cite(self, name: str) -> Cite:
        inner = self.inner(name)
        inner.only(frozenset({"text", "status", "url", "checked_on", "checked_by"}))
        inner.need(frozenset({"text", "status"}))
        status = cast(CiteStatus, inner.one_of("status", get_args(CiteStatus)))
        return Cite(
            inner.text("text"), status, inner.maybe_text("url"), inner.day("checked_on"), inner.maybe_text("checked_by")
        )

    def windows(self, name: str) -> Windows:
        """`closed`, or `HH:MM-HH:MM` windows separated by commas, in order and apart."""
        value = self.text(name)
        if value == "closed":
            return ()
        found: list[tuple[int, int]] = []
        for part in value.split(","):
            match = _WINDOW.match(part.strip())
            if not match:
                raise self.error(name, f"must be closed or HH:MM-HH:MM; it is {value!r}")
            opens_h, opens_m, closes_h, closes_m = (int(g) for g in match.groups() if g is not None)
            opens, closes = opens_h * 3600 + opens_m * 60, closes_h * 3600 + closes_m * 60
            if closes <= opens or (found and opens < found[-1][1]):
                raise self.error(name, f"windows must be in order and close after they open; it is {value!r}")
            found.append((opens, closes))
        return tuple(found)

    def week(self, name: str) -> Week:
        inner = self.inner(name)
        days: list[Windows | None] = [None] * 7
        for key in inner.raw:
            first, _, last = str(key).partition("-")
            if first not in _DAYS or (last and last not in _DAYS) or (last and _DAYS.index(last) < _DAYS.index(first)):
                raise inner.error(str(key), "must be a day such as mon, or a range such as mon-fri")
            for at in range(_DAYS.index(first), _DAYS.index(last or first) + 1):
                if days[at] is not None:
                    raise inner.error(str(key), f"{_DAYS[at]} is given twice")
                days[at] = inner.windows(str(key))
        if all(day is None for day in days):
            raise self.error(name, "names no day")
        return tuple(days)

    def channels(self, name: str) -> frozenset[str]:
        value = self.raw.get(name)
        if isinstance(value, str):
            if value not in CHANNEL_GROUPS:
                raise self.error(name, f"must be a list, or one of {', '.join(CHANNEL_GROUPS)}; it is {value!r}")
            return CHANNEL_GROUPS[value]
        found = frozenset(self.texts(name))
        if not found or found - ANY_CHANNEL:
            raise self.error(name, f"must list some of {', '.join(sorted(ANY_CHANNEL))}")
        return found


def canonical(content: object) -> str:
    """The one JSON text of `content`: sorted keys, no spaces, so that equal content has an equal hash."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def parse_rule(raw: object, pack_id: str) -> Rule:
    """Read one rule of pack `pack_id`.

    Raises:
        PackError: a field is missing, unknown, or has a value outside its meaning.
    """
    rule_id = str(raw.get("id", "?")) if isinstance(raw, Mapping) else "?"
    read = _Reader(raw, pack_id, rule_id)
    kind = read.one_of("kind", frozenset(KINDS))
    required, optional = KINDS[kind]
    read.only(_COMMON | _OPTIONAL | required | optional)
    read.need(frozenset({"id", "phase", "force", "channels", "cite"}) | required)
    obligation = kind == "obligation"
    if not obligation:
        read.need(frozenset({"verdict", "code"}))
    verdict = Ruling.ALLOW if obligation else Ruling(read.one_of("verdict", ("block", "approve", "defer")))
    if verdict is Ruling.DEFER and kind not in DEFERRABLE:
        raise read.error("verdict", f"a {kind} rule does not know when it will pass, so it cannot defer")
    code = Code.OK if obligation else Code(read.one_of("code", frozenset(Code)))
    phase = read.number("phase", least=1)
    if phase > 9:
        raise read.error("phase", "must be between 1 and 9")
    actions = frozenset(read.texts("actions")) or frozenset({"contact"})
    if actions - ACTIONS:
        raise read.error("actions", f"must list some of {', '.join(sorted(ACTIONS))}")
    unless = frozenset(read.texts("unless"))
    for word in sorted(unless):
        if not _UNLESS.match(word):
            raise read.error("unless", f"does not know the exemption {word!r}")
    when = read.inner("when")
    when.only(frozenset({"debt"}))
    start, end = read.span("effective")
    counted = frozenset(read.texts("count"))
    if counted - EVENT_KINDS or (kind == "cap" and not counted):
        raise read.error("count", f"must list some of {', '.join(sorted(EVENT_KINDS))}")
    for name in sorted(required & {"statuses", "allow", "forbid", "bad", "elements", "attach"}):
        if not read.texts(name):
            raise read.error(name, "must not be empty")
    if "when" in required and not when.texts("debt"):
        raise when.error("debt", "must not be empty")
    least_days = 1 if kind in {"cap", "cooldown", "standstill"} else 0
    return Rule(
        id=read.text("id"),
        pack_id=pack_id,
        phase=phase,
        kind=kind,
        force=Force(read.one_of("force", frozenset(Force) - {Force.ENGINE})),
        channels=read.channels("channels"),
        actions=actions,
        verdict=verdict,
        code=code,
        cite=read.cite("cite"),
        source=canonical(read.raw),
        when_debt=frozenset(when.texts("debt")),
        unless=unless,
        consent_valid_days=read.number("consent_valid_days", least=1) if "consent_valid_days" in read.raw else None,
        effective_from=start,
        effective_to=end,
        statuses=frozenset(read.texts("statuses")),
        bad=frozenset(read.texts("bad")),
        allow=frozenset(read.texts("allow")),
        approve=frozenset(read.texts("approve")),
        forbid=frozenset(read.texts("forbid")),
        elements=read.texts("elements"),
        messages=frozenset(read.texts("messages")) - {"any"},
        attach=read.texts("attach"),
        count=counted,
        per=cast(Literal["person", "debt", "point"], read.one_of("per", ("person", "debt", "point"), "person")),
        max=read.number("max"),
        days=read.number("days", default=least_days, least=least_days),
        dpd=read.number("dpd"),
        within_days=read.number("within_days"),
        notice=read.text("notice"),
        after=read.text("after"),
        needs=read.text("needs"),
        scope=read.one_of("scope", ("", "all_messages")),
        if_absent=Ruling(read.one_of("if_absent", ("block", "approve"))) if "if_absent" in read.raw else None,
        week=read.week("week") if kind == "time_window" else (None,) * 7,
        holiday=None if read.text("holiday", "open") == "open" else read.windows("holiday"),
    )


def tenant_rule(raw: Mapping[str, object]) -> Rule:
    """Read an agency's own rule: it may add to or tighten the packs. Force is always `tenant`; a citation is optional.

    Raises:
        PackError: the rule does not follow the schema, or its id does not begin with `TENANT.`.
    """
    whole = {"cite": {"text": "the agency's own rule", "status": "agency"}, **raw, "force": Force.TENANT.value}
    if not str(whole.get("id", "")).startswith("TENANT."):
        raise PackError("TENANT", str(whole.get("id", "?")), "id", "an agency's rule id begins with TENANT.")
    return parse_rule(whole, "TENANT")


def parse_pack(raw: object) -> Pack:
    """Read one pack from what its YAML holds.

    Raises:
        PackError: with the pack, the rule and the field.
    """
    pack_id = str(raw.get("id", "?")) if isinstance(raw, Mapping) else "?"
    read = _Reader(raw, pack_id, "")
    known = {"schema", "id", "version", "reviewed_by", "effective", "rules", "extends", "disable", "tz", "holidays"}
    known |= {"languages", "obligations", "tenant_preconditions", "tenant_may_loosen", "retention", "note"}
    read.only(frozenset(known))
    read.need(frozenset({"schema", "id", "version", "effective", "rules"}))
    if "reviewed_by" not in read.raw:
        raise read.error("reviewed_by", "is required; null until somebody signs the pack")
    if read.number("schema") != SCHEMA_VERSION:
        raise read.error("schema", f"must be {SCHEMA_VERSION}")
    if not isinstance(read.raw["rules"], list):
        raise read.error("rules", "must be a list")
    rules = tuple(parse_rule(rule, pack_id) for rule in read.raw["rules"])
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise PackError(pack_id, rule.id, "id", "is used twice")
        if rule.force is Force.TENANT:
            raise PackError(pack_id, rule.id, "force", "tenant is for an agency's own rules")
        seen.add(rule.id)
    start, end = read.span("effective")
    content = {name: value for name, value in read.raw.items() if name != "reviewed_by"}
    return Pack(
        id=read.text("id"),
        version=read.text("version"),
        sha256=hashlib.sha256(canonical(content).encode()).hexdigest(),
        extends=read.texts("extends"),
        disable=frozenset(read.texts("disable")),
        rules=rules,
        tz=read.texts("tz"),
        holidays=_holidays(read) if "holidays" in read.raw else None,
        languages=read.texts("languages"),
        effective_from=start,
        effective_to=end,
        obligations=read.texts("obligations"),
        preconditions=read.texts("tenant_preconditions"),
        retention=_retention(read) if "retention" in read.raw else None,
        tenant_may_loosen=read.flag("tenant_may_loosen", True),
        reviewed_by=read.maybe_text("reviewed_by"),
        note=read.text("note"),
    )


def _holidays(read: _Reader) -> HolidaySpec:
    inner = read.inner("holidays")
    inner.only(frozenset({"country", "subdivided", "note"}))
    inner.need(frozenset({"country"}))
    return HolidaySpec(inner.text("country"), inner.flag("subdivided", False), inner.text("note"))


def _retention(read: _Reader) -> Retention:
    inner = read.inner("retention")
    inner.only(frozenset({"evidence_years", "evidence_from", "recordings_months", "recordings_from", "note", "cite"}))
    return Retention(
        evidence_years=inner.number("evidence_years") if "evidence_years" in inner.raw else None,
        evidence_from=inner.text("evidence_from"),
        recordings_months=inner.number("recordings_months") if "recordings_months" in inner.raw else None,
        recordings_from=inner.text("recordings_from"),
        note=inner.text("note"),
        cite=inner.cite("cite") if "cite" in inner.raw else None,
    )
