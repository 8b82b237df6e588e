"""How an agency begins: its row, what every floor sets up for it, and its first administrator."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import history
from agencies.actors import Actor
from agencies.invitations import invite
from agencies.models import Agency, Invitation, Language, Membership, User
from agencies.scope import agency_scope
from common.refusals import NotUnderstood, Refused

CREATED = history.kind("agency.created", gettext_lazy("The agency was created."))
FIRST_ROLE = "AGENCY_ADMINISTRATOR"

_setups: dict[str, Callable[[Agency], object]] = {}


class AgencyExists(Refused):
    """Another agency has this short name."""

    field = "slug"


class AgencyNotUnderstood(NotUnderstood):
    """A country, zone, currency or language that does not exist."""


@dataclass(frozen=True)
class Created:
    """The new agency, and its first administrator: a member at once (with a password) or an invitation."""

    agency: Agency
    membership: Membership | None
    invitation: Invitation | None
    secret: str


def on_agency_created(name: str, setup: Callable[[Agency], object]) -> None:
    """Register what a floor sets up in the scope of each new agency: codes, templates, a strategy."""
    _setups[name] = setup


def create_agency(
    *, name: str, slug: str, country: str, time_zone: str, currency: str, language: str, admin_email: str,
    by: Actor, now: datetime, admin_name: str = "", password: str | None = None,
) -> Created:  # fmt: skip
    """Create an agency with everything it needs to open its first case.

    With `password` the administrator's account exists at once; without it an invitation is sent.

    Raises:
        AgencyNotUnderstood, AgencyExists
    """
    _check(country=country, time_zone=time_zone, currency=currency, language=language)
    try:
        with transaction.atomic():
            agency = Agency.objects.create(
                name=name, slug=slug, country=country, time_zone=time_zone, currency=currency, language=language,
                email=admin_email,
            )  # fmt: skip
    except IntegrityError as error:
        raise AgencyExists(_("There already is an agency with this short name.")) from error
    with agency_scope(agency.id):
        for setup in _setups.values():
            setup(agency)
        history.tell(CREATED, by=by, subject_id=agency.id, at=now)
        if password is None:
            invitation, secret = invite(email=admin_email, role=FIRST_ROLE, by=by, now=now)
            return Created(agency, None, invitation, secret)
        membership = _first_administrator(agency, admin_email, admin_name, password)
        return Created(agency, membership, None, "")


def _check(*, country: str, time_zone: str, currency: str, language: str) -> None:
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise AgencyNotUnderstood(_("A country is two capital letters, for example MD."), field="country")
    if time_zone not in available_timezones():
        raise AgencyNotUnderstood(_("There is no such time zone."), field="time_zone")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise AgencyNotUnderstood(_("A currency is three capital letters, for example MDL."), field="currency")
    if language not in Language.values:
        raise AgencyNotUnderstood(_("This language is not spoken here."), field="language")


def _first_administrator(agency: Agency, email: str, full_name: str, password: str) -> Membership:
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, password, full_name=full_name or email, language=agency.language
    )
    membership: Membership = Membership.objects.create(user=user, role=FIRST_ROLE)
    return membership
