"""Invitations: the only way into an agency. Sent by e-mail, valid for seven days, used once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import history
from agencies.actors import Actor, user_of
from agencies.models import Agency, Invitation, Membership, Team, User
from agencies.people import role_of
from agencies.roles import ROLE_CHOICES
from agencies.scope import agency_scope, current_agency_id
from agencies.tokens import hash_of, new_secret
from common.refusals import NotUnderstood, Refused

VALID_FOR = timedelta(days=7)
CREDITOR_ROLE = "CREDITOR_USER"
LAW_FIRM_ROLE = "LAW_FIRM_USER"

INVITED = history.kind(
    "people.invited", gettext_lazy("Somebody was invited with the role %(role)s."), role=ROLE_CHOICES
)
WITHDRAWN = history.kind("people.invitation_withdrawn", gettext_lazy("An invitation was withdrawn."))
JOINED = history.kind("people.joined", gettext_lazy("A member joined with the role %(role)s."), role=ROLE_CHOICES)

Joined = Callable[[Membership, Invitation], None]
_creditor_choices: list[Callable[[], list[tuple[int, str]]]] = []
_law_firm_choices: list[Callable[[], list[tuple[int, str]]]] = []
_joined: dict[str, Joined] = {}


class AlreadyMember(Refused):
    field = "email"


class CreditorMissing(NotUnderstood):
    """A creditor's user is invited for exactly one creditor, and nobody else is."""

    field = "creditor"


class LawFirmMissing(NotUnderstood):
    """A law firm's user is invited for exactly one firm, and nobody else is."""

    field = "law_firm"


class InvitationOver(Refused):
    """The invitation was used, withdrawn, or its seven days are over."""

    status = 410


class InvitationForSomebodyElse(Refused):
    """The person signed in has another e-mail address than the invitation."""


def offer_creditors(choices: Callable[[], list[tuple[int, str]]]) -> None:
    """Register how to list (id, name) of the creditors of the agency in scope; the floor above knows them."""
    _creditor_choices[:] = [choices]


def offer_law_firms(choices: Callable[[], list[tuple[int, str]]]) -> None:
    """Register how to list (id, name) of the law firms of the agency in scope."""
    _law_firm_choices[:] = [choices]


def on_joined(name: str, callback: Joined) -> None:
    """Register what else happens, in the same transaction and scope, when an invitation is accepted."""
    _joined[name] = callback


def creditor_choices() -> list[tuple[int, str]]:
    return [choice for offer in _creditor_choices for choice in offer()]


def law_firm_choices() -> list[tuple[int, str]]:
    return [choice for offer in _law_firm_choices for choice in offer()]


def invite(
    *,
    email: str,
    role: str,
    by: Actor,
    now: datetime,
    team: Team | None = None,
    creditor_id: int | None = None,
    law_firm_id: int | None = None,
) -> tuple[Invitation, str]:
    """Invite somebody into the agency in scope. An earlier open invitation of the same address ends.

    The e-mail leaves when the transaction is committed. Returns the invitation and its secret, which is not stored.

    Raises:
        RoleNotKnown, CreditorMissing, LawFirmMissing, AlreadyMember
    """
    email = email.strip().lower()
    if (role_of(role) == CREDITOR_ROLE) != (creditor_id is not None):
        raise CreditorMissing(_("Choose the creditor of a creditor user, and of nobody else."))
    if creditor_id is not None and creditor_id not in dict(creditor_choices()):
        raise CreditorMissing(_("There is no such creditor."))
    if (role == LAW_FIRM_ROLE) != (law_firm_id is not None):
        raise LawFirmMissing(_("Choose the law firm of a law-firm user, and of nobody else."))
    if law_firm_id is not None and law_firm_id not in dict(law_firm_choices()):
        raise LawFirmMissing(_("There is no such law firm."))
    if Membership.objects.filter(user__email=email, is_active=True).exists():
        raise AlreadyMember(_("This person already works in the agency."))
    secret, stored = new_secret()
    with transaction.atomic():
        Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        invitation: Invitation = Invitation.objects.create(
            email=email, role=role, team=team, creditor_id=creditor_id, law_firm_id=law_firm_id, token_hash=stored,
            invited_by=user_of(by), created_at=now, expires_at=now + VALID_FOR,
        )  # fmt: skip
        history.tell(INVITED, by=by, subject_id=invitation.pk, at=now, role=role)
        transaction.on_commit(partial(_send, invitation, secret, Agency.objects.get(pk=current_agency_id())))
    return invitation, secret


def withdraw(invitation: Invitation, *, by: Membership, now: datetime) -> None:
    """End an open invitation: its link stops working at once."""
    with transaction.atomic():
        still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if still_open.update(withdrawn_at=now):
            history.tell(WITHDRAWN, by=by, subject_id=invitation.pk, at=now)


def link_of(secret: str) -> str:
    return settings.PUBLIC_BASE_URL.rstrip("/") + reverse("join", args=[secret])


def _send(invitation: Invitation, secret: str, agency: Agency) -> None:
    with translation.override(agency.language):
        context = {"invitation": invitation, "agency": agency, "link": link_of(secret)}
        send_mail(
            subject=_("%(agency)s invites you to its collection desk") % {"agency": agency.name},
            message=render_to_string("agencies/email/invitation.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[invitation.email],
        )


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """Find the invitation of a link, before any scope is open.

    Raises:
        InvitationOver: unknown, used, withdrawn or expired; a stranger is not told which.
    """
    invitation = Invitation.before_scope.select_related("agency").filter(token_hash=hash_of(secret)).first()
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now:
        raise InvitationOver(_("This invitation is no longer valid. Ask for a new one."))
    return invitation  # type: ignore[no-any-return]


def known_person(invitation: Invitation) -> User | None:
    """Return who already signs in with the invited address; they accept as themselves, with no new password."""
    return User.objects.filter(email=invitation.email).first()


def accept_as_new(invitation: Invitation, *, full_name: str, password: str, now: datetime) -> Membership:
    """Make the invited person's account and their place in the agency.

    Raises:
        ValidationError: the password is too weak.
        InvitationOver, InvitationForSomebodyElse
    """
    if known_person(invitation) is not None:
        raise InvitationForSomebodyElse(_("This address already has an account: sign in to accept."))
    user = User(email=invitation.email, full_name=full_name, language=invitation.agency.language)
    validate_password(password, user)
    with agency_scope(invitation.agency_id):
        user.set_password(password)
        user.save()
        return _join(invitation, user, now=now)


def accept_as(user: User, invitation: Invitation, *, now: datetime) -> Membership:
    """Give a person who already has an account their place in the agency.

    Raises:
        InvitationOver, InvitationForSomebodyElse
    """
    if user.email != invitation.email:
        raise InvitationForSomebodyElse(_("This invitation is for another e-mail address. Sign in with that one."))
    with agency_scope(invitation.agency_id):
        return _join(invitation, user, now=now)


def _join(invitation: Invitation, user: User, *, now: datetime) -> Membership:
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    if not taken.update(accepted_at=now):
        raise InvitationOver(_("This invitation is no longer valid. Ask for a new one."))
    membership, _made = Membership.objects.update_or_create(
        user=user, defaults={"role": invitation.role, "team": invitation.team, "is_active": True}
    )
    membership.agency = invitation.agency
    for callback in _joined.values():
        callback(membership, invitation)
    history.tell(JOINED, by=user, subject_id=membership.pk, at=now, role=invitation.role)
    return membership  # type: ignore[no-any-return]
