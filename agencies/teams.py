"""Teams: the groups cases are allocated to."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import history
from agencies.models import Membership, Team
from common.refusals import Refused

TEAM_SAVED = history.kind("team.saved", gettext_lazy("The team %(name)s was set up."))
TEAM_CLOSED = history.kind("team.closed", gettext_lazy("The team %(name)s was closed."))


class TeamExists(Refused):
    field = "name"


class TeamInUse(Refused):
    """A team with people or cases cannot be closed."""


def save_team(team: Team, *, by: Membership, now: datetime) -> Team:
    """Create or rename a team.

    Raises:
        TeamExists: another team of the agency has this name.
    """
    if Team.objects.filter(name=team.name).exclude(pk=team.pk).exists():
        raise TeamExists(_("There already is a team with this name."))
    with transaction.atomic():
        team.save()
        history.tell(TEAM_SAVED, by=by, subject_id=team.pk, at=now, name=team.name)
    return team


def close_team(team: Team, *, by: Membership, now: datetime) -> None:
    """Delete a team nobody and no case belongs to.

    Raises:
        TeamInUse
    """
    team_id = team.pk
    try:
        with transaction.atomic():
            team.delete()
            history.tell(TEAM_CLOSED, by=by, subject_id=team_id, at=now, name=team.name)
    except (ProtectedError, IntegrityError) as error:
        raise TeamInUse(_("People or cases still belong to this team. Move them first.")) from error
