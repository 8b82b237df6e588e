"""The people of an agency: their role, team and capacity, and how their place ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import history, sessions
from agencies.models import ApiToken, Membership, Team, User
from agencies.permissions import Permission
from agencies.roles import ROLE_CHOICES, ROLES
from common.refusals import NotUnderstood, Refused

PLACED = history.kind(
    "people.placed",
    gettext_lazy("A member now has the role %(role)s, the team %(team)s and a capacity of %(capacity)s cases."),
    role=ROLE_CHOICES,
)
DEACTIVATED = history.kind("people.deactivated", gettext_lazy("A member lost access to the agency."))
REACTIVATED = history.kind("people.reactivated", gettext_lazy("A member got access to the agency again."))


class LastAdministrator(Refused):
    """An agency keeps at least one active person who may manage its people."""


class OwnPlace(Refused):
    """People do not change or end their own place: a slip would lock them out."""


class RoleNotKnown(NotUnderstood):
    field = "role"


class RoleOfAnotherKind(Refused):
    """Someone from outside (a creditor, a law firm) cannot become staff by a change of role, nor the other way."""

    field = "role"


def role_of(code: str) -> str:
    if code not in ROLES:
        raise RoleNotKnown(_("There is no such role."))
    return code


def _managers() -> list[str]:
    return [code for code, role in ROLES.items() if Permission.TEAM_MANAGE in role.permissions]


def _others_can_manage(membership: Membership) -> bool:
    administrators = Membership.objects.select_for_update().filter(role__in=_managers(), is_active=True)
    return any(other.pk != membership.pk for other in administrators)


def change_place(
    membership: Membership,
    *,
    role: str,
    team: Team | None,
    capacity: int,
    by: Membership,
    now: datetime,
    is_expert: bool | None = None,
) -> Membership:
    """Give a member another role, team, capacity (cases on the desk at most) or skill. It counts from the next click.

    Raises:
        OwnPlace, RoleNotKnown, RoleOfAnotherKind, LastAdministrator
    """
    if membership.pk == by.pk and role != membership.role:
        raise OwnPlace(_("You cannot change your own role. Ask another administrator."), field="role")
    if ROLES[role_of(role)].outside != membership.role_class.outside:
        raise RoleOfAnotherKind(_("Staff and people from outside cannot change places: invite the person anew."))
    with transaction.atomic():
        if role not in _managers() and membership.role in _managers() and not _others_can_manage(membership):
            raise LastAdministrator(_("This is the last administrator. Name another one first."), field="role")
        membership.role, membership.team, membership.capacity = role, team, capacity
        membership.is_expert = membership.is_expert if is_expert is None else is_expert
        membership.save(update_fields=["role", "team", "capacity", "is_expert"])
        history.tell(
            PLACED, by=by, subject_id=membership.pk, at=now, role=role, team=team.name if team else None,
            capacity=capacity, expert=membership.is_expert,
        )  # fmt: skip
    return membership


def deactivate(membership: Membership, *, by: Membership, now: datetime) -> None:
    """End a member's access at once: the place, every session of the person, and the tokens that act for them.

    Raises:
        OwnPlace, LastAdministrator
    """
    if membership.pk == by.pk:
        raise OwnPlace(_("You cannot end your own access. Ask another administrator."))
    with transaction.atomic():
        if membership.role in _managers() and not _others_can_manage(membership):
            raise LastAdministrator(_("This is the last administrator. Name another one first."))
        if not Membership.objects.filter(pk=membership.pk, is_active=True).update(is_active=False):
            return
        membership.is_active = False
        ApiToken.objects.filter(membership=membership, revoked_at=None).update(revoked_at=now)
        history.tell(DEACTIVATED, by=by, subject_id=membership.pk, at=now)
        user: User = membership.user
        sessions.end_all(user)


def reactivate(membership: Membership, *, by: Membership, now: datetime) -> None:
    """Give a member access again, with the role they had. Their tokens stay revoked."""
    with transaction.atomic():
        if Membership.objects.filter(pk=membership.pk, is_active=False).update(is_active=True):
            membership.is_active = True
            history.tell(REACTIVATED, by=by, subject_id=membership.pk, at=now)
