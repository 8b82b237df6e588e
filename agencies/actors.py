"""Who did it: domain functions take the member (whose role they may ask) or the user; history names the user."""

from agencies.models import Membership, User

Actor = User | Membership | None
"""None: the machine itself, by rule."""


def user_of(actor: Actor) -> User | None:
    """The user behind a member; None stays None."""
    return actor.user if isinstance(actor, Membership) else actor
