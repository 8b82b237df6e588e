"""The two agencies of the demo, their people and their creditors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from agencies.creating import create_agency
from agencies.models import Agency, Membership, Team, User
from agencies.scope import agency_scope
from agencies.teams import save_team
from collections_crm.demo.files import SOURCES, Source
from portfolios.models import Creditor, CreditorUser, Mandate, Portfolio, Strategy

PASSWORD = "demo-demo-demo"  # noqa: S105 - the demo's logins are printed on the screen


@dataclass(frozen=True)
class House:
    """An agency of the demo and how it is spoken to."""

    slug: str
    name: str
    country: str
    time_zone: str
    currency: str
    language: str
    address: str
    phone: str
    iban: str
    costs: tuple[str, str, str]
    """A call, an SMS, a letter; in the agency's currency."""
    people: tuple[tuple[str, str, str, str], ...]
    """Login, full name, role, team."""


HOUSES = (
    House(
        "prut", "Prut Recuperare", "MD", "Europe/Chisinau", "MDL", "ro", "Strada Izvor 12, MD-2001 Chișinău",
        "+37322200100", "MD24AG000225100013104168", ("1.20", "0.35", "9.50"),
        (
            ("manager", "Elena Munteanu", "MANAGER", ""), ("coordinator", "Victor Lungu", "COORDINATOR", "Centru"),
            ("coordinator2", "Doina Sandu", "COORDINATOR", "Teren"), ("collector", "Ana Ceban", "COLLECTOR", "Centru"),
            ("collector2", "Mihai Rotaru", "COLLECTOR", "Centru"), ("collector3", "Cristina Bostan", "COLLECTOR", "Centru"),
            ("collector4", "Igor Cazacu", "COLLECTOR", "Centru"), ("field", "Sergiu Ursu", "FIELD_COLLECTOR", "Teren"),
            ("field2", "Vadim Botnari", "FIELD_COLLECTOR", "Teren"),
            ("restructuring", "Aliona Moraru", "RESTRUCTURING_OFFICER", "Restructurare"),
            ("skiptracing", "Nicolae Guțu", "SKIP_TRACING_OFFICER", "Căutare"),
            ("antifraud", "Tatiana Melnic", "ANTI_FRAUD_OFFICER", ""), ("legal", "Andrei Balan", "LEGAL_OFFICER", ""),
        ),
    ),
    House(
        "baltia", "Baltia Skolos", "LT", "Europe/Vilnius", "EUR", "en", "Pušyno g. 4, 01001 Vilnius",
        "+37052100200", "LT601010012345678901", ("0.18", "0.05", "1.10"),
        (
            ("manager", "Rasa Urbonaitė", "MANAGER", ""), ("coordinator", "Jonas Butkus", "COORDINATOR", "Vilnius desk"),
            ("collector", "Eglė Šimkutė", "COLLECTOR", "Vilnius desk"), ("collector2", "Tomas Žukauskas", "COLLECTOR", "Vilnius desk"),
            ("collector3", "Lucie Benešová", "COLLECTOR", "Vilnius desk"), ("collector4", "Marco Conti", "COLLECTOR", "Vilnius desk"),
            ("field", "Petr Fiala", "FIELD_COLLECTOR", "Vilnius desk"), ("legal", "Daiva Kazlauskienė", "LEGAL_OFFICER", ""),
        ),
    ),
)  # fmt: skip

CREDITOR_LOGINS = {
    "Banca Codrilor": ("creditor@codrilor.example", "Veronica Popa", "ro"),
    "Telenistru": ("creditor@telenistru.example", "Dumitru Rusu", "ro"),
    "Credit Carpați IFN": ("creditor@carpati.example", "Roxana Oprea", "ro"),
    "Kredito Uostas": ("creditor@uostas.example", "Vilma Navickienė", "lt"),
    "Finanza Adige": ("creditor@adige.example", "Silvia Moretti", "it"),
    "Leasing Vltava": ("creditor@vltava.example", "Hana Kučerová", "cs"),
}
SPEAK = {"collector@baltia.example": "lt", "collector3@baltia.example": "cs", "collector4@baltia.example": "it"}
"""Who reads the pages in another language than the agency's."""
OPERATOR = "operator@platform.example"
ROLE_WORDS = {"ro": "ro", "en": "en"}


@dataclass(frozen=True)
class Entrusted:
    """What one creditor of the demo entrusts, and who uploads for it."""

    source: Source
    creditor: Creditor
    mandate: Mandate
    portfolio: Portfolio
    uploader: Membership


def found(house: House, *, on: date, now: datetime) -> Agency:
    """Create the agency, its people and teams as of the day it began."""
    created = create_agency(
        name=house.name, slug=house.slug, country=house.country, time_zone=house.time_zone, currency=house.currency,
        language=house.language, admin_email=f"admin@{house.slug}.example", admin_name="Administrator",
        password=PASSWORD, by=None, now=now,
    )  # fmt: skip
    agency = created.agency
    call, sms, letter = map(Decimal, house.costs)
    Agency.objects.filter(pk=agency.pk).update(
        address=house.address, phone=house.phone, email=f"contact@{house.slug}.example", payment_iban=house.iban,
        call_cost=call, sms_cost=sms, letter_cost=letter, sms_sender=house.phone, voice_caller=house.phone,
        licence_no="DEMO-2026/17", registration_no="1003600000011",
    )  # fmt: skip
    agency.refresh_from_db()
    if created.membership is None:
        raise RuntimeError("the demo's administrator was not created")
    with agency_scope(agency.pk):
        teams: dict[str, Team] = {}
        kinds = {"Teren": "FIELD", "Restructurare": "RESTRUCTURING", "Căutare": "SKIP_TRACING"}
        for login, full_name, role, team in house.people:
            if team and team not in teams:
                teams[team] = save_team(
                    Team(name=team, kind=kinds.get(team, "CALL_CENTRE")), by=created.membership, now=now
                )
            Membership.objects.create(
                user=User.objects.create_user(
                    f"{login}@{house.slug}.example", PASSWORD, full_name=full_name,
                    language=SPEAK.get(f"{login}@{house.slug}.example", house.language),
                ),
                role=role, team=teams.get(team),
            )  # fmt: skip
        if not Strategy.objects.exists():
            Strategy.objects.create(effective_on=on)
    return agency


def entrust(house: House, agency: Agency, *, on: date) -> list[Entrusted]:
    """Give the agency its creditors, mandates, portfolios and the creditors' own users."""
    made = []
    with agency_scope(agency.pk):
        for source in (s for s in SOURCES if s.agency == house.slug):
            email, name, language = CREDITOR_LOGINS[source.creditor]
            creditor = Creditor.objects.create(
                name=source.creditor, country=source.country, contact_name=name, contact_email=email,
                address=f"{source.creditor}, {source.country}", registration_no=f"{source.prefix}-100200",
            )  # fmt: skip
            mandate = Mandate.objects.create(
                creditor=creditor, name="2026", starts_on=date(on.year, 1, 1), jurisdiction=source.country,
                currency=source.currency, **source.mandate,
            )  # fmt: skip
            portfolio = Portfolio.objects.create(
                creditor=creditor, mandate=mandate, name=source.portfolio, received_on=on - timedelta(days=1)
            )
            uploader = Membership.objects.create(
                user=User.objects.create_user(email, PASSWORD, full_name=name, language=language), role="CREDITOR_USER"
            )
            CreditorUser.objects.create(membership=uploader, creditor=creditor)
            made.append(Entrusted(source, creditor, mandate, portfolio, uploader))
    return made
