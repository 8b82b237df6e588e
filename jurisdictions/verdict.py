"""The answer of the engine, with every reason and the exact law it was given under."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jurisdictions.codes import Code, Force, Outcome, Ruling
from jurisdictions.intent import plain_inputs
from jurisdictions.model import PackVersion


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule said. `until`: the first moment (UTC) this rule alone would pass, for those that know it.

    `verdict` is what the finding asks for: the rule's own for a failure, allow otherwise. `inputs` are the facts it
    looked at.
    """

    rule_id: str
    outcome: Outcome
    code: Code
    verdict: Ruling
    phase: int
    force: Force
    cite: str
    until: datetime | None = None
    inputs: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may happen, and why.

    `codes`: every failing code, worst first, each once. `until`: for defer (and for approve that must also wait) the
    first moment, in UTC, at which no hour, count or cooldown stands against it. `open_until`: when the hours now open
    close, in UTC, so that a permit can end with them; None when no hours bind. `obligations`: what must accompany the
    contact. `findings`: failures, worst first; with `full`, then every other rule in order. `zone`, `local_time`: the
    debtor's clock the strictest answer was read on; empty and None when unresolved. `packs`: the law it was decided
    under.
    """

    verdict: Ruling
    codes: tuple[Code, ...]
    until: datetime | None
    open_until: datetime | None
    obligations: tuple[str, ...]
    findings: tuple[Finding, ...]
    packs: tuple[PackVersion, ...]
    zone: str
    local_time: datetime | None

    @property
    def allowed(self) -> bool:
        """Whether the contact may leave now."""
        return self.verdict is Ruling.ALLOW

    def to_json(self) -> str:
        """For evidence; read back with `from_json`."""
        return json.dumps(
            {
                "verdict": self.verdict,
                "codes": self.codes,
                "until": _iso(self.until),
                "open_until": _iso(self.open_until),
                "obligations": self.obligations,
                "packs": self.packs,
                "zone": self.zone,
                "local_time": _iso(self.local_time),
                "findings": [
                    {
                        "rule_id": f.rule_id,
                        "outcome": f.outcome,
                        "code": f.code,
                        "verdict": f.verdict,
                        "phase": f.phase,
                        "force": f.force,
                        "cite": f.cite,
                        "until": _iso(f.until),
                        "inputs": plain_inputs(f.inputs),
                    }
                    for f in self.findings
                ],
            },
            sort_keys=True,
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        """Read what `to_json` wrote. Inputs come back as JSON values (days and moments as text)."""
        raw: dict[str, Any] = json.loads(text)
        return cls(
            verdict=Ruling(raw["verdict"]),
            codes=tuple(Code(c) for c in raw["codes"]),
            until=_moment(raw["until"]),
            open_until=_moment(raw["open_until"]),
            obligations=tuple(raw["obligations"]),
            findings=tuple(
                Finding(
                    rule_id=f["rule_id"],
                    outcome=Outcome(f["outcome"]),
                    code=Code(f["code"]),
                    verdict=Ruling(f["verdict"]),
                    phase=f["phase"],
                    force=Force(f["force"]),
                    cite=f["cite"],
                    until=_moment(f["until"]),
                    inputs=f["inputs"],
                )
                for f in raw["findings"]
            ),
            packs=tuple((p[0], p[1], p[2]) for p in raw["packs"]),
            zone=raw["zone"],
            local_time=_moment(raw["local_time"]),
        )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
