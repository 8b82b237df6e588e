"""Figures about contacts, for dashboards: by channel and outcome, and what they cost."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Sum

from contacts.facts import NOT_PLACED
from contacts.models import Contact


class ChannelOutcome(NamedTuple):
    """How many contacts of one channel ended in one way, and their cost in the agency's currency."""

    channel: str
    outcome: str
    contacts: int
    cost: Decimal


def by_channel_and_outcome(since: datetime, until: datetime) -> list[ChannelOutcome]:
    """Contacts made in [since, until), those the carrier never took left out."""
    rows = (
        Contact.objects.filter(at__gte=since, at__lt=until, direction="OUT")
        .exclude(outcome=NOT_PLACED)
        .values_list("channel", "outcome")
        .annotate(contacts=Count("id"), cost=Sum("cost"))
        .order_by("channel", "outcome")
    )
    return [ChannelOutcome(*row) for row in rows]


def cost(since: datetime, until: datetime) -> Decimal:
    """What contacts made in [since, until) cost."""
    found = Contact.objects.filter(at__gte=since, at__lt=until).aggregate(sum=Sum("cost"))["sum"]
    return found or Decimal(0)
