"""Ways to reach a person: added with their source, judged by what happens when they are tried."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse
from stdnum import iban
from stdnum.exceptions import ValidationError

from agencies.actors import Actor, user_of
from audit import record
from common.refusals import NotUnderstood, Refused
from debtors.models import USABLE, ContactPoint, ContactPointKind, Debtor, OwnerRole, Validity

ADDED = record.kind("debtor.contact_point_added", gettext_lazy("A contact point was added: %(kind)s from %(source)s."))
JUDGED = record.kind("debtor.contact_point_judged", gettext_lazy("A contact point was marked: %(validity)s."))
TAKEN = record.kind(
    "debtor.number_from_holder",
    gettext_lazy("The numbers were dead: the holder was asked for another one and gave it."),
)
CONFIRMED = record.kind(
    "debtor.contact_point_confirmed", gettext_lazy("A contact point was confirmed as the debtor's own.")
)

FROM_OTHERS = frozenset({"THIRD_PARTY", "EMPLOYER", "NEIGHBOUR", "RELATIVE"})
"""Sources that do not make sure that a number is the debtor's (S004-60)."""

HOLDER_ASKED = "HOLDER_ASKED"
SOURCES = {
    "CREDITOR": gettext_lazy("Creditor"),
    "DEBTOR": gettext_lazy("The debtor"),
    "HOLDER_ASKED": gettext_lazy("The holder, asked because the numbers were dead"),
    "THIRD_PARTY": gettext_lazy("Someone else"),
    "EMPLOYER": gettext_lazy("Employer"),
    "NEIGHBOUR": gettext_lazy("Neighbour"),
    "RELATIVE": gettext_lazy("Relative"),
    "YELLOW_PAGES": gettext_lazy("Yellow pages"),
    "WEB": gettext_lazy("Web search"),
    "TOWN_HALL": gettext_lazy("Town hall"),
    "TENANTS_ASSOCIATION": gettext_lazy("Tenants' association"),
    "VISIT": gettext_lazy("Visit"),
    "OTHER_APPLICATION": gettext_lazy("Another application"),
}
"""Where contact data comes from, skip-tracing sources included (S004-54)."""


class NotAContactPoint(NotUnderstood):
    field = "value"


class AlreadyKnown(Refused):
    field = "value"


def normalise(kind: str, value: str, *, country: str) -> str:
    """Return `value` as it is stored: E.164, lower case, one line, or an IBAN without spaces.

    Raises:
        NotAContactPoint: it is no phone number of any country, no e-mail address, no address, or no IBAN.
    """
    value = " ".join(value.split())
    if kind == ContactPointKind.PHONE:
        return _phone(value, country)
    if kind == ContactPointKind.EMAIL:
        name, _at, domain = value.rpartition("@")
        if not name or "." not in domain or " " in value:
            raise NotAContactPoint(_("This is not an e-mail address."))
        return value.lower()
    if kind == ContactPointKind.ACCOUNT:
        try:
            return str(iban.validate(value))
        except ValidationError as error:
            raise NotAContactPoint(_("This is not an IBAN: a character is missing or wrong.")) from error
    if len(value) < 5:
        raise NotAContactPoint(_("Give street, number and town."))
    return value


def _phone(value: str, country: str) -> str:
    try:
        number = parse(value, country)
    except NumberParseException:
        number = None
    if number is None or not is_possible_number(number):
        raise NotAContactPoint(
            _("This is not a phone number. Write it with its country code, for example +373 60 123 456.")
        )
    return str(format_number(number, PhoneNumberFormat.E164))


def add(
    debtor: Debtor,
    *,
    kind: str,
    value: str,
    place: str = "HOME",
    source: str = "DEBTOR",
    owner_role: str = OwnerRole.HOLDER,
    by: Actor,
    now: datetime,
    case_id: int | None = None,
    **address: str,
) -> ContactPoint:
    """Add a phone, e-mail, address or bank account. What a third party gave stays unconfirmed until it is known to be
    the debtor's.

    `address`: street, city, postal_code, region, country of an address.

    Raises:
        NotAContactPoint: `value` cannot be understood.
        AlreadyKnown: the person has it already.
    """
    address = {"country": debtor.country} | address
    return _add(
        ADDED, debtor, kind=kind, value=value, by=by, now=now, case_id=case_id, place=place, source=source,
        owner_role=owner_role, **address,
    )  # fmt: skip


def dead(debtor: Debtor) -> bool:
    """The holder's numbers are no longer valid: whoever reaches them asks for another one (S004-59)."""
    known = ContactPoint.objects.filter(
        debtor=debtor, kind=ContactPointKind.PHONE, owner_role=OwnerRole.HOLDER
    ).values_list("validity", flat=True)
    return are_dead(list(known))


def are_dead(validities: Collection[str]) -> bool:
    """One at least proved bad, and none is left that may be called; what others gave does not count."""
    found = set(validities) - {Validity.UNCONFIRMED}
    return bool(found) and not found & set(USABLE)


def take_from_holder(
    debtor: Debtor, value: str, *, by: Actor, now: datetime, case_id: int | None = None
) -> ContactPoint:
    """Keep the number the holder gave when asked for one because all the others are dead (S004-59).

    It has a source and an event of its own, so that these numbers can be told from what came by chance.

    Raises:
        NotAContactPoint, AlreadyKnown.
    """
    return _add(
        TAKEN, debtor, kind=ContactPointKind.PHONE, value=value, by=by, now=now, case_id=case_id, place="MOBILE",
        source=HOLDER_ASKED, owner_role=OwnerRole.HOLDER, country=debtor.country,
    )  # fmt: skip


def _add(
    event: str, debtor: Debtor, *, kind: str, value: str, by: Actor, now: datetime, case_id: int | None, source: str,
    country: str, **fields: str,
) -> ContactPoint:  # fmt: skip
    stored = normalise(kind, value, country=country or debtor.country)
    validity = Validity.UNCONFIRMED if source in FROM_OTHERS else Validity.UNKNOWN
    try:
        with transaction.atomic():
            point: ContactPoint = ContactPoint.objects.create(
                debtor=debtor, kind=kind, value=stored, source=source, validity=validity, created_by=user_of(by),
                country=country, **fields,
            )  # fmt: skip
            record.record(
                event,
                by=user_of(by),
                case_id=case_id,
                subject_id=point.id,
                at=now,
                kind=kind,
                source=source,
                validity=str(validity),
            )
    except IntegrityError as error:
        raise AlreadyKnown(_("This person already has this contact point.")) from error
    return point


def invalidate(
    point: ContactPoint, *, validity: str, by: Actor, now: datetime, case_id: int | None = None
) -> ContactPoint:
    """Mark a contact point as not to be used any more, and why (S004-54).

    Raises:
        Refused: `validity` is one that allows use.
    """
    if validity in USABLE:
        raise NotUnderstood(_("Say what is wrong with the contact point."), field="validity")
    point.validity = Validity(validity)
    with transaction.atomic():
        point.save(update_fields=["validity"])
        record.record(JUDGED, by=user_of(by), case_id=case_id, subject_id=point.id, at=now, validity=str(validity))
    return point


def confirm(point: ContactPoint, *, by: Actor, now: datetime, case_id: int | None = None) -> ContactPoint:
    """Record that the contact point is known to be the debtor's own (S004-60)."""
    point.validity, point.verified_at = Validity.VALID, now
    with transaction.atomic():
        point.save(update_fields=["validity", "verified_at"])
        record.record(CONFIRMED, by=user_of(by), case_id=case_id, subject_id=point.id, at=now)
    return point


def answered(point: ContactPoint, *, now: datetime) -> None:
    """Remember that the debtor was reached there; the conversation's own event tells it."""
    point.validity, point.last_answered_at = Validity.VALID, now
    point.save(update_fields=["validity", "last_answered_at"])


def placed(point_id: int, *, latitude: Decimal, longitude: Decimal) -> None:
    """Remember where an address is; a position that is known already stays. The visit's own event tells it."""
    ContactPoint.objects.filter(id=point_id, kind=ContactPointKind.ADDRESS, latitude=None).update(
        latitude=latitude, longitude=longitude
    )


def points_of(debtor_id: int) -> list[ContactPoint]:
    """Every way to reach a person, good or bad, by kind and by whose it is."""
    return list(ContactPoint.objects.filter(debtor_id=debtor_id).order_by("kind", "owner_role", "id"))


def usable_phones(debtor: Debtor) -> list[ContactPoint]:
    """Phones that may be tried, in the order of seed 004, 2.2: holder, employer; last answered first within each."""
    rank = {role: place for place, role in enumerate(OwnerRole.values)}
    points = ContactPoint.objects.filter(debtor=debtor, kind=ContactPointKind.PHONE, validity__in=USABLE).order_by("id")
    return sorted(
        points,
        key=lambda p: (
            rank[p.owner_role],
            p.validity != Validity.VALID,
            -(p.last_answered_at.timestamp() if p.last_answered_at else 0),
        ),
    )
