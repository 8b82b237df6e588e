"""Law firms and their people. A firm with a creditor takes only that creditor's cases (S002-11)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Membership
from audit import record
from common.refusals import Refused
from legal.models import LawFirm, LawFirmMember

SAVED = record.kind("legal.firm_saved", gettext_lazy("A law firm was entered or changed."))


class FirmKnown(Refused):
    """Another firm of the agency has this name."""

    field = "name"


def save_firm(firm: LawFirm, *, by: Actor, now: datetime) -> LawFirm:
    """Keep a new or changed firm.

    Raises:
        FirmKnown
    """
    try:
        with transaction.atomic():
            firm.save()
            record.record(SAVED, by=user_of(by), subject_id=firm.id, at=now, active=firm.is_active)
    except IntegrityError:
        raise FirmKnown(_("There is a law firm of this name already.")) from None
    return firm


def firm_of(member: Membership) -> LawFirm | None:
    """The one firm whose handoffs the member sees."""
    found = LawFirmMember.objects.filter(membership=member).select_related("firm").first()
    return found.firm if found else None


def choices() -> list[tuple[int, str]]:
    return list(LawFirm.objects.filter(is_active=True).order_by("name", "id").values_list("id", "name"))


def admit(membership: Membership, invitation: Any) -> None:
    """An accepted invitation of a law firm's user opens that firm's handoffs to them."""
    if invitation.law_firm_id:
        LawFirmMember.objects.update_or_create(membership=membership, defaults={"firm_id": invitation.law_firm_id})
