"""When the holder's numbers are dead, whoever reaches the holder asks for another one, and that is marked (S004-59)."""

from datetime import datetime

from django.utils.translation import gettext as _

from agencies.models import Membership
from cases.models import Case, DispositionCode, PartyRole
from common.refusals import NotUnderstood
from debtors import contact_points

Effect = DispositionCode.Effect
TAKEN, NOT_GIVEN = "TAKEN", "NOT_GIVEN"
"""What the result of such a talk keeps as `details["number"]`."""
ASKS = frozenset({Effect.NONE, Effect.PROMISE, Effect.CLAIMS_PAID, Effect.DISPUTE, Effect.HARDSHIP})
"""Talks that go on. Who wants no contact, or is represented, is asked for nothing."""


class NumberNotAsked(NotUnderstood):
    """The holder was reached, every number is dead, and nobody asked for another one."""

    field = "new_number"


def wanted(case: Case, code: DispositionCode, *, spoke_with: str) -> bool:
    """Whether a talk that ended so must have asked for a number. `spoke_with` "": the debtor."""
    return (
        code.outcome == DispositionCode.Outcome.CONVERSATION
        and code.effect in ASKS
        and spoke_with in ("", PartyRole.HOLDER)
        and contact_points.dead(case.debtor)
    )


def ask(
    case: Case, code: DispositionCode, *, spoke_with: str, number: str, not_given: bool, by: Membership, now: datetime
) -> str:
    """Keep the number that was given. Returns what the result remembers: TAKEN, NOT_GIVEN, or "" when none is wanted.

    Raises:
        NumberNotAsked: one is wanted, and neither was one given nor does it say that the holder gives none.
        contact_points.NotAContactPoint, contact_points.AlreadyKnown.
    """
    if not wanted(case, code, spoke_with=spoke_with):
        return ""
    if number.strip():
        contact_points.take_from_holder(case.debtor, number, by=by, now=now, case_id=case.id)
        return TAKEN
    if not_given:
        return NOT_GIVEN
    raise NumberNotAsked(_("Every number of this person is dead. Ask for another one, or say that none is given."))
