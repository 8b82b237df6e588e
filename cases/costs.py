"""Costs of recovery charged to a case: the debt grows by them at once."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.actors import Actor
from cases import money, transitions
from cases.models import Case, Settlement, Stage
from cases.next_actions import local_day
from common.refusals import Refused
from common.templatetags.trade import day
from ledger import posting
from ledger.models import Entry


class CaseTakesNoCosts(Refused):
    """The case is closed, or a settlement is offered that would waive them."""


def charge(case: Case, *, amount: Decimal, incurred_on: date, reference: str, by: Actor, now: datetime) -> Entry:
    """Charge `amount` in the case's currency. `case` and its account are brought up to date.

    Raises:
        CaseTakesNoCosts; ledger.posting refusals.
    """
    if case.stage == Stage.CLOSED:
        raise CaseTakesNoCosts(_("The case is closed, so no costs can be charged to it."))
    as_of = local_day(case.agency, now)
    offer = Settlement.objects.filter(case=case, state=Settlement.State.OFFERED, pay_by__gte=as_of).first()
    if offer is not None:
        raise CaseTakesNoCosts(
            _("A settlement is offered until %(day)s: its payment would waive these costs. Charge them afterwards.")
            % {"day": day(offer.pay_by)}
        )
    with transaction.atomic():
        entry = posting.post_cost(
            case.account, amount=amount, incurred_on=incurred_on, reference=reference, by=by, now=now, case_id=case.id
        )  # fmt: skip
        money.refresh(case, as_of)
    return entry


def give_back(case: Case, entry: Entry, *, reason: str, by: Actor, now: datetime) -> Entry:
    """Take charged costs back, and let the case follow what is owed then. `case` is brought up to date.

    Raises:
        ledger.posting.NothingToReverse, ledger.posting.CostsWerePaid
    """
    as_of = local_day(case.agency, now)
    with transaction.atomic():
        reversal = posting.reverse_cost(entry, by=by, now=now, reason=reason, case_id=case.id)
        case.account = entry.account
        money.refresh(case, as_of)
        transitions.follow(case, as_of=as_of, now=now)
    return reversal
