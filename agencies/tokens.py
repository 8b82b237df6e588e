"""Secrets handed out once: API tokens and invitations. The database keeps only their SHA-256."""

import secrets
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import history
from agencies.actors import Actor, user_of
from agencies.models import ApiToken, Membership, User
from agencies.permissions import Permission
from common.refusals import Refused

API_PREFIX = "crm_"
ISSUED = history.kind("token.issued", gettext_lazy("The API token %(name)s was issued."))
REVOKED = history.kind("token.revoked", gettext_lazy("The API token %(name)s was revoked."))


class TokenForSomebodyElse(Refused):
    """People make tokens for themselves; who manages people also makes them for those from outside."""

    field = "membership"


def new_secret(prefix: str = "") -> tuple[str, bytes]:
    """Return a new secret and the hash that is stored in its place."""
    secret = prefix + secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def issue_token(
    membership: Membership, *, name: str, by: User, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Give a machine a key that acts as `membership`; the secret is returned once and never again."""
    secret, stored = new_secret(API_PREFIX)
    with transaction.atomic():
        token = ApiToken.objects.create(
            membership=membership,
            name=name,
            prefix=secret[:10],
            token_hash=stored,
            created_by=by,
            expires_at=expires_at,
        )  # fmt: skip
        history.tell(ISSUED, by=by, subject_id=token.pk, name=name)
    return token, secret


def may_issue_for(membership: Membership, *, by: Membership) -> bool:
    """Whether `by` may hand out a key that acts as `membership`: a token never grants more than its issuer may give."""
    if membership.pk == by.pk:
        return True
    return by.may(Permission.TEAM_MANAGE) and membership.role_class.outside and membership.is_active


def hand_out(
    membership: Membership, *, name: str, by: Membership, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Issue a token on somebody's request.

    Raises:
        TokenForSomebodyElse: neither their own nor that of somebody from outside whom they look after.
    """
    if not may_issue_for(membership, by=by):
        raise TokenForSomebodyElse(_("You can issue tokens for yourself and for people from outside the agency."))
    return issue_token(membership, name=name, by=by.user, expires_at=expires_at)


def revoke(token: ApiToken, *, by: Actor, now: datetime) -> None:
    """End a token: the next call with it is refused."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            history.tell(REVOKED, by=user_of(by), subject_id=token.pk, at=now, name=token.name)


def note_use(secret: str, *, on: date) -> None:
    """Remember the day of a token's last use, once a day, in the scope of its agency."""
    stale = Q(last_used_on=None) | Q(last_used_on__lt=on)
    ApiToken.objects.filter(stale, token_hash=hash_of(secret)).update(last_used_on=on)


def membership_of(secret: str, *, at: datetime) -> Membership | None:
    """Find whose API token this is, before any scope is open; None when unknown, expired, revoked or inactive."""
    token = ApiToken.before_scope.filter(token_hash=hash_of(secret), revoked_at=None).first()
    if token is None or (token.expires_at and token.expires_at <= at):
        return None
    membership: Membership | None = (
        Membership.before_scope.select_related("user", "agency")
        .filter(id=token.membership_id, is_active=True, user__is_active=True)
        .first()
    )
    return membership
