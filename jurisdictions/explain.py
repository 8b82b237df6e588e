"""What a verdict means, as data for one human sentence per reason. The words themselves are translated elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jurisdictions.codes import Code, Outcome, Ruling
from jurisdictions.verdict import Finding, Verdict

CODES = Code
"""Every code a sentence must exist for."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason. `code` chooses the sentence, `params` fill it; the same names always mean the same things.

    `until`: when this reason ends, on the debtor's clock if that is known; `zone` names the clock. `cite`, `force`: the
    source and its weight. The rest are the rule's own facts, where it has them: `count`, `max`, `days`, `per`,
    `event_on`, `due_on`, `windows`, `holiday`, `local_time`, `party`, `place`, `notice`, `needs`, `missing`, `found`,
    `statuses`, `dpd`, `min_dpd`.
    """

    code: Code
    rule_id: str
    verdict: Ruling
    params: Mapping[str, object]


def explain(answer: Verdict | Finding, zone: str = "") -> Explanation:
    """The worst reason of a verdict, or the reason of one finding (then `zone` is the clock to show moments on).

    For an allowed verdict the code is OK and the obligations are in `params`. For a deferred verdict `until` is the
    moment everything passes, not only the worst rule.
    """
    if isinstance(answer, Finding):
        return _of(answer, zone, answer.until)
    failures = _failures(answer)
    if not failures:
        params: dict[str, object] = {"zone": answer.zone, "until": None, "obligations": answer.obligations}
        return Explanation(Code.OK, "", answer.verdict, params)
    until = answer.until if answer.verdict is not Ruling.BLOCK else None
    return _of(failures[0], answer.zone, until)


def explain_all(answer: Verdict) -> tuple[Explanation, ...]:
    """Every failing rule of a verdict, worst first, each with the moment that rule alone would pass."""
    return tuple(_of(finding, answer.zone, finding.until) for finding in _failures(answer))


def _failures(answer: Verdict) -> list[Finding]:
    return [finding for finding in answer.findings if finding.outcome is Outcome.FAIL]


def _of(finding: Finding, zone: str, until: datetime | None) -> Explanation:
    shown = until.astimezone(ZoneInfo(zone)) if until is not None and zone else until
    params = {**finding.inputs, "until": shown, "zone": zone, "cite": finding.cite, "force": finding.force.value}
    return Explanation(finding.code, finding.rule_id, finding.verdict, params)
