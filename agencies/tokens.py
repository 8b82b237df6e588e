"""Secrets handed out once: API tokens and invitations. The database keeps only their SHA-256."""

import secrets
from collections.abc import Collection
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import history
from agencies.actors import Actor, user_of
from agencies.api_scopes import PERSONAL, ApiScope
from agencies.models import ApiToken, Membership, User
from agencies.permissions import Permission
from common.refusals import NotUnderstood, Refused

API_PREFIX = "crm_"
ISSUED = history.kind("token.issued", gettext_lazy("The API token %(name)s was issued."))
REVOKED = history.kind("token.revoked", gettext_lazy("The API token %(name)s was revoked."))


class TokenForSomebodyElse(Refused):
    """People make tokens for themselves; who manages people also makes them for the others of the agency."""

    field = "membership"


class NoSuchScope(NotUnderstood):
    """None chosen, or one that does not exist."""

    field = "scopes"


class DecidesForSomebodyElse(Refused):
    """A yes is a person's own: nobody hands it out for another."""

    field = "scopes"


def new_secret(prefix: str = "") -> tuple[str, bytes]:
    """Return a new secret and the hash that is stored in its place."""
    secret = prefix + secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def issue_token(
    membership: Membership, *, name: str, by: User, expires_at: datetime | None = None,
    scopes: Collection[str] | None = None,
) -> tuple[ApiToken, str]:  # fmt: skip
    """Give a machine a key that acts as `membership`; the secret is returned once and never again.

    `scopes`: what it may be used for; None: whatever the person may.
    """
    secret, stored = new_secret(API_PREFIX)
    with transaction.atomic():
        token = ApiToken.objects.create(
            membership=membership,
            name=name,
            prefix=secret[:10],
            token_hash=stored,
            created_by=by,
            expires_at=expires_at,
            scopes=None if scopes is None else sorted(scopes),
        )  # fmt: skip
        history.tell(ISSUED, by=by, subject_id=token.pk, name=name, membership=membership.pk, scopes=token.scopes)
    return token, secret


def may_issue_for(membership: Membership, *, by: Membership) -> bool:
    """Whether `by` may hand out a key that acts as `membership`: their own, or anybody's when they manage people."""
    if not membership.may(Permission.API):
        return False
    return membership.pk == by.pk or (by.may(Permission.TEAM_MANAGE) and membership.is_active)


def hand_out(
    membership: Membership, *, name: str, by: Membership, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Issue a token on somebody's request. It does what its scopes say, and nothing its member's role does not allow.

    Raises:
        TokenForSomebodyElse: not their own, and they do not manage people.
        NoSuchScope: none, or one that does not exist.
        DecidesForSomebodyElse: it would approve in another's name.
    """
    if not may_issue_for(membership, by=by):
        raise TokenForSomebodyElse(_("You can issue tokens for yourself alone."))
    if not scopes or set(scopes) - set(ApiScope.values):
        raise NoSuchScope(_("Choose what the token is for."))
    if membership.user_id != by.user_id and PERSONAL & set(scopes):
        raise DecidesForSomebodyElse(_("People who approve issue the token for it themselves."))
    return issue_token(membership, name=name, by=by.user, expires_at=expires_at, scopes=scopes)


def revoke(token: ApiToken, *, by: Actor, now: datetime) -> None:
    """End a token: the next call with it is refused."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            history.tell(REVOKED, by=user_of(by), subject_id=token.pk, at=now, name=token.name)


def note_use(secret: str, *, on: date) -> None:
    """Remember the day of a token's last use, once a day, in the scope of its agency."""
    stale = Q(last_used_on=None) | Q(last_used_on__lt=on)
    ApiToken.objects.filter(stale, token_hash=hash_of(secret)).update(last_used_on=on)


def token_of(secret: str, *, at: datetime) -> ApiToken | None:
    """Find an API token with its member, before any scope is open; None when unknown, expired, revoked or inactive."""
    token: ApiToken | None = ApiToken.before_scope.filter(token_hash=hash_of(secret), revoked_at=None).first()
    if token is None or (token.expires_at and token.expires_at <= at):
        return None
    membership: Membership | None = (
        Membership.before_scope.select_related("user", "agency")
        .filter(id=token.membership_id, is_active=True, user__is_active=True)
        .first()
    )
    if membership is None:
        return None
    token.membership = membership
    return token
