"""What stands between a case and a new act: a payment, a hold, a case taken back, and since which day (S002-11).

A payment is looked at by a legal officer; a hold is lifted on the case itself. What a court or the debtor did, and an
act that was done before the stop began, can always be reported.
"""

from datetime import date

from django.utils.translation import gettext as _

from cases import standstill
from cases.models import Case, Stage
from cases.standstill import Stop
from common.refusals import Refused
from common.templatetags.trade import money
from legal.models import Handoff, LawsuitDecision

LOOKED_AT = frozenset({"PAYMENT", "LESS_OWED"})
"""Stops that end with a legal officer's words; the others end where they began."""


class EnforcementStopped(Refused):
    """A payment or a dispute stands in the way until a legal officer resolved it (S002-11)."""


def stops(handoff: Handoff) -> list[Stop]:
    """Why no new act of enforcement may be done now."""
    case = handoff.case
    found = standstill.stops(case, cleared_at=handoff.cleared_at)
    if case.stage not in {Stage.LEGAL, Stage.CLOSED}:
        taken_back = _("Stopped: the case was taken back from the legal stage.")
        found.append(Stop("TAKEN_BACK", taken_back, case.stage_since))
    return found


def check_going(handoff: Handoff, *, done_on: date | None = None) -> None:
    """Let a new act pass only while nothing stands in its way; one done on `done_on` if nothing stood there yet.

    Raises:
        EnforcementStopped
    """
    found = [one for one in stops(handoff) if done_on is None or one.since is None or one.since <= done_on]
    if found:
        raise EnforcementStopped(found[0].sentence, reasons=[one.code for one in found])


def before_handing_over(decision: LawsuitDecision, case: Case) -> list[Stop]:
    """Why the case may not be handed over as it was approved: what came in since approval was asked for counts.

    Less can be owed without a payment too: costs taken back, a part waived.
    """
    found = standstill.stops(case, cleared_at=decision.asked_at or decision.drafted_at)
    owed = case.account.balance
    if not found and owed < decision.claim:
        said = {"owed": money(owed, case.currency), "claim": money(decision.claim, decision.currency)}
        found = [Stop("LESS_OWED", _("Stopped: %(owed)s is owed now, less than the claim of %(claim)s.") % said)]
    return found


def check_handing_over(decision: LawsuitDecision, case: Case, *, note: str) -> bool:
    """Let a case be handed over when nothing stands in the way, or when `note` says why less is no obstacle.

    Returns whether there was something to look at.

    Raises:
        EnforcementStopped
    """
    found = before_handing_over(decision, case)
    shut = [one for one in found if one.code not in LOOKED_AT]
    codes = [one.code for one in found]
    if shut:
        raise EnforcementStopped(shut[0].sentence, reasons=codes)
    if found and not note.strip():
        advice = _("Say why the case is handed over all the same, or withdraw the decision and ask anew.")
        raise EnforcementStopped(f"{found[0].sentence} {advice}", field="payment_note", reasons=codes)
    return bool(found)
