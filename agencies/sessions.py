"""Where a person is signed in, and signing them out elsewhere."""

from allauth.usersessions.models import UserSession

from agencies.models import User


def end_all(user: User, *, but: str = "") -> int:
    """Sign `user` out everywhere at once, except in the session with the key `but`. Returns how many ended."""
    sessions = [session for session in UserSession.objects.filter(user_id=user.pk) if session.session_key != but]
    for session in sessions:
        session.end()
    return len(sessions)
