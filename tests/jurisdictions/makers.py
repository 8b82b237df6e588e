"""An ordinary reminder call in Romania on a Tuesday morning, to be changed one fact at a time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jurisdictions.codes import Code
from jurisdictions.evaluator import Engine, Event, Intent, evaluate
from jurisdictions.model import Rule
from jurisdictions.packs import parse_pack, tenant_rule
from jurisdictions.verdict import Verdict

BUCHAREST, CHISINAU, ROME, NEW_YORK = "Europe/Bucharest", "Europe/Chisinau", "Europe/Rome", "America/New_York"


def local(text: str, zone: str = BUCHAREST) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def intent(at: str | datetime = "2026-11-24T10:00", zone: str = BUCHAREST, **facts: Any) -> Intent:
    """Facts override the ordinary call. `events` is `kind@local ...` in `zone`."""
    moment = local(at, zone) if isinstance(at, str) else at.astimezone(UTC)
    events = tuple(
        Event(kind, local(day, zone)) for kind, day in (w.split("@") for w in facts.pop("events", "").split())
    )
    ordinary: dict[str, Any] = {
        "jurisdictions": ("RO",),
        "channel": "call",
        "party": "debtor",
        "place": "home",
        "zones": (zone,),
        "debt_kind": ("consumer_credit",),
        "dpd": 120,
        "message": "reminder",
        "notices_sent": ("assignment_notice", "first_notice", "visit_notice", "validation_notice"),
        "history": events,
    }
    return Intent(at=moment, **(ordinary | facts))


def ask(at: str | datetime = "2026-11-24T10:00", zone: str = BUCHAREST, **facts: Any) -> Verdict:
    return evaluate(intent(at, zone, **facts))


def own_rule(kind: str, code: Code = Code.TENANT_RULE, **fields: Any) -> Rule:
    """A rule of the agency's own, blocking on any channel unless said otherwise."""
    raw: dict[str, Any] = {"id": "TENANT.X", "phase": 8, "kind": kind, "channels": "any", "code": code.value}
    return tenant_rule(raw | {"verdict": "block"} | fields)


def country(*rules: dict[str, Any], **fields: Any) -> Engine:
    """An engine that knows one made-up country, TT, with these rules and nothing else."""
    cite = {"text": "made up", "status": "memory"}
    raw = {
        "schema": 1,
        "id": "TT",
        "version": "1",
        "reviewed_by": None,
        "tz": [BUCHAREST],
        "effective": {"from": "2020-01-01"},
        "rules": [
            {"id": f"TT.{n}", "phase": 1, "force": "law", "channels": "any", "cite": cite, "verdict": "block"}
            | ({} if rule.get("kind") == "obligation" else {"code": "TENANT_RULE"})
            | rule
            for n, rule in enumerate(rules)
        ],
    }
    for rule in raw["rules"]:
        if rule["kind"] == "obligation":
            del rule["verdict"]
    return Engine({"TT": parse_pack(raw | fields)})
