"""Secrets handed out once: API tokens and invitations. The database keeps only their SHA-256."""

import secrets
from datetime import datetime
from hashlib import sha256

from agencies.models import ApiToken, Membership, User

API_PREFIX = "crm_"


def new_secret(prefix: str = "") -> tuple[str, bytes]:
    """Return a new secret and the hash that is stored in its place."""
    secret = prefix + secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def issue_token(membership: Membership, *, name: str, by: User, expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """Give a machine a key that acts as `membership`; the secret is returned once and never again."""
    secret, stored = new_secret(API_PREFIX)
    token = ApiToken.objects.create(
        membership=membership, name=name, prefix=secret[:10], token_hash=stored, created_by=by, expires_at=expires_at
    )
    return token, secret


def membership_of(secret: str, *, at: datetime) -> Membership | None:
    """Find whose API token this is, before any scope is open; None when unknown, expired, revoked or inactive."""
    token = ApiToken.before_scope.filter(token_hash=hash_of(secret), revoked_at=None).first()
    if token is None or (token.expires_at and token.expires_at <= at):
        return None
    return (
        Membership.before_scope.select_related("user", "agency")
        .filter(id=token.membership_id, is_active=True, user__is_active=True)
        .first()
    )
