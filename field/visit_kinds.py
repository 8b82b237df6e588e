"""Soft and hard visits: which kind the contract's status admits, and how many visits in vain come first.

A soft visit comes before termination (S002-08), the hard one needs the terminated contract and softer visits in vain
(S002-10). Both are data of agency, creditor or portfolio (`portfolios.escalation`); without a rule every visit is
admitted and has no kind.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, ContractStatus
from common.refusals import Refused
from field.models import POSITIVE, Visit, VisitKind
from portfolios import escalation
from portfolios.models import EscalationRule


class VisitNotAdmitted(Refused):
    """The contract's status does not admit such a visit; the sentence says what would."""

    field = "kind"


@dataclass(frozen=True)
class Admitted:
    """The kinds a case may be visited in, the gentler first; `ruled` False: any visit, without a kind."""

    ruled: bool
    kinds: tuple[VisitKind, ...]
    why_not: str = ""
    """Why there is no kind at all; empty otherwise."""


def vain_count(case: Case) -> int:
    """Visits that did not meet the debtor and were not hard ones (S002-14)."""
    visits = Visit.objects.filter(case=case).exclude(outcome__in=POSITIVE).exclude(order__kind=VisitKind.HARD)
    return int(visits.count())


def admitted(case: Case, *, as_of: date) -> Admitted:
    """Which visits the rule in force lets be made of this case."""
    rule = escalation.in_force(case.portfolio_id, case.creditor_id, as_of)
    if rule is None or not rule.rules_visits:
        return Admitted(False, ())
    kinds = [VisitKind.SOFT] if case.contract_status in rule.soft_visit_in else []
    why_not = _shut(case)
    if case.contract_status in rule.hard_visit_in:
        missing = rule.hard_visit_after - (vain_count(case) if rule.hard_visit_after else 0)
        if missing <= 0:
            kinds.append(VisitKind.HARD)
        else:
            why_not = _too_few(rule, missing)
    return Admitted(True, tuple(kinds), "" if kinds else why_not)


def choose(case: Case, kind: str = "", *, as_of: date) -> str:
    """The kind of a visit to be ordered: the one asked for, else the gentlest admitted; "" where nothing is ruled.

    Raises:
        VisitNotAdmitted
    """
    found = admitted(case, as_of=as_of)
    if not found.ruled:
        return ""
    if not found.kinds:
        raise VisitNotAdmitted(found.why_not)
    if not kind:
        return str(found.kinds[0])
    if kind not in found.kinds:
        raise VisitNotAdmitted(_refused(case, kind, as_of))
    return kind


def _refused(case: Case, kind: str, as_of: date) -> str:
    rule = escalation.in_force(case.portfolio_id, case.creditor_id, as_of)
    if kind == VisitKind.HARD and rule is not None and case.contract_status in rule.hard_visit_in:
        return _too_few(rule, rule.hard_visit_after - vain_count(case))
    status = ContractStatus(case.contract_status).label
    if kind == VisitKind.HARD:
        return _("The contract is “%(status)s”: a hard visit is not made yet.") % {"status": status}
    return _("The contract is “%(status)s”: a soft visit is not made any more.") % {"status": status}


def _shut(case: Case) -> str:
    return _("The contract is “%(status)s”: the rule of this portfolio admits no visit.") % {
        "status": ContractStatus(case.contract_status).label
    }


def _too_few(rule: EscalationRule, missing: int) -> str:
    return ngettext(
        "A hard visit needs %(needed)s softer visits in vain; %(missing)s is missing.",
        "A hard visit needs %(needed)s softer visits in vain; %(missing)s are missing.",
        missing,
    ) % {"needed": rule.hard_visit_after, "missing": missing}


def columns(as_of: date) -> dict[str, list[object]]:
    """The rules of all portfolios that have one, for `RULES_SQL`: one array per column."""
    rules = {pid: rule for pid, rule in escalation.in_force_by_portfolio(as_of).items() if rule.rules_visits}
    return {
        "ruled": list(rules),
        "ruled_soft": [",".join(rule.soft_visit_in) for rule in rules.values()],
        "ruled_hard": [",".join(rule.hard_visit_in) for rule in rules.values()],
        "ruled_after": [rule.hard_visit_after for rule in rules.values()],
        "met": [str(outcome) for outcome in POSITIVE],
    }


RULES_SQL = """unnest(%(ruled)s::bigint[], %(ruled_soft)s::text[], %(ruled_hard)s::text[], %(ruled_after)s::int[])
 AS r(portfolio_id, soft, hard, after)"""

KIND_SQL = """CASE WHEN r.portfolio_id IS NULL THEN ''
 WHEN c.contract_status = ANY(string_to_array(r.soft, ',')) THEN 'SOFT'
 WHEN c.contract_status = ANY(string_to_array(r.hard, ',')) AND r.after <= (
    SELECT count(*) FROM field_visit v JOIN field_visitorder vo ON vo.agency_id = v.agency_id AND vo.id = v.order_id
    WHERE v.agency_id = c.agency_id AND v.case_id = c.id AND v.outcome <> ALL(%(met)s) AND vo.kind <> 'HARD')
 THEN 'HARD' END"""
"""The kind `choose` would give a case `c` with its rule `r` (or none), NULL where no visit is admitted."""
