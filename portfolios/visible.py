"""Whose files a member may see: people of the agency all of them, a creditor's user those of one creditor."""

from typing import Any

from django.db.models import Q

from agencies.models import Membership
from agencies.permissions import Permission
from agencies.roles import ROLES
from portfolios.models import CaseFile, Creditor, CreditorUser, Portfolio


def creditor_of(member: Membership) -> int | None:
    """The one creditor an outside member may see; None for people of the agency; 0 for an outsider without one."""
    if not member.role_class.outside:
        return None
    found = CreditorUser.objects.filter(membership=member).values_list("creditor_id", flat=True).first()
    return int(found) if found else 0


def _within(member: Membership, rows: Any, field: str) -> Any:
    creditor_id = creditor_of(member)
    return rows if creditor_id is None else rows.filter(**{field: creditor_id})


def files_of(member: Membership) -> Any:
    return _within(member, CaseFile.objects.select_related("creditor", "portfolio__mandate", "mapping"), "creditor_id")


def portfolios_of(member: Membership) -> Any:
    """Portfolios a file may be uploaded for: those that are open."""
    rows = Portfolio.objects.filter(closed_on=None).select_related("creditor", "mandate")
    return _within(member, rows.order_by("creditor__name", "name", "id"), "creditor_id")


def creditor_choices() -> list[tuple[int, str]]:
    return list(Creditor.objects.order_by("name", "id").values_list("id", "name"))


def admit(membership: Membership, invitation: Any) -> None:
    """An accepted invitation of a creditor's user opens that creditor's files to them."""
    if invitation.creditor_id:
        CreditorUser.objects.get_or_create(membership=membership, creditor_id=invitation.creditor_id)


def uploaders_for(creditor: Creditor) -> Any:
    """Members who may upload this creditor's files: people of the agency, and the creditor's own users."""
    may = {code: role for code, role in ROLES.items() if Permission.FILES_UPLOAD in role.permissions}
    inside = [code for code, role in may.items() if not role.outside]
    own = CreditorUser.objects.filter(creditor=creditor).values("membership_id")
    rows = Membership.objects.select_related("user").filter(is_active=True)
    return rows.filter(Q(role__in=inside) | Q(role__in=may, id__in=own)).order_by("user__full_name", "id")
