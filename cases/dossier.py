"""The dossier of a case: everything that proves the claim and what was done, for a court.

Floors above this one bring their parts (`register_part`) and files (`register_files`); nobody is imported.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.queries import timeline
from cases.documents import content_of, current
from cases.models import Case, Document, DocumentKind, Party
from common.templatetags.trade import day, moment, money
from debtors.models import USABLE, ContactPoint, Debtor
from ledger.queries import statement

MOST_EVENTS = 5000


@dataclass(frozen=True)
class Part:
    """One chapter: a table in the reader's language. `numeric` holds the places of columns with figures."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    numeric: frozenset[int] = field(default_factory=frozenset)
    note: str = ""


@dataclass(frozen=True)
class File:
    """One file of the dossier by its name, with slashes for folders."""

    name: str
    content: bytes


PartOf = Callable[[Case], Part | None]
FilesOf = Callable[[Case], Iterable[File]]
_parts: dict[str, tuple[int, PartOf]] = {}
_files: dict[str, FilesOf] = {}


def register_part(name: str, part: PartOf, *, order: int = 100) -> None:
    """`part` is called in the scope of the agency and in the dossier's language; None when there is nothing to say."""
    _parts[name] = (order, part)


def register_files(name: str, files: FilesOf) -> None:
    _files[name] = files


def parts_of(case: Case) -> list[Part]:
    """All chapters of the case in their order."""
    ordered = sorted(_parts.items(), key=lambda one: (one[1][0], one[0]))
    return [part for part in (build(case) for _name, (_order, build) in ordered) if part is not None]


def files_of(case: Case) -> list[File]:
    """All files of the case, by name."""
    found = [file for name in sorted(_files) for file in _files[name](case)]
    return sorted(found, key=lambda file: file.name)


def statement_part(case: Case) -> Part | None:
    rows: list[tuple[str, ...]] = [
        (
            day(row.value_on), row.kind_label, row.reference,
            ", ".join(f"{name} {money(amount)}" for name, amount in row.parts),
            money(row.change, case.currency), money(row.balance, case.currency),
        )
        for row in statement(case.account)
    ]  # fmt: skip
    columns = (_("Day"), _("Entry"), _("Reference"), _("Parts"), _("Change"), _("Balance"))
    return Part(_("Statement of account"), columns, rows, frozenset({4, 5}))


def parties_part(case: Case) -> Part | None:
    """Who is on the case, with what a claim must name: birth day, national id, addresses for service."""
    people: list[tuple[Debtor, str, str]] = [(case.debtor, _("Debtor"), "")]
    for party in Party.objects.filter(case=case).select_related("person").order_by("role", "id"):
        people.append((party.person, party.get_role_display(), party.authorised_by_document))
    addresses: dict[int, list[str]] = {}
    points = ContactPoint.objects.filter(
        debtor_id__in=[person.id for person, _role, _by in people], kind="ADDRESS", validity__in=USABLE
    )
    for point in points.order_by("id"):
        addresses.setdefault(point.debtor_id, []).append(point.value)
    rows: list[tuple[str, ...]] = [
        (
            person.name, role, day(person.birth_on) if person.birth_on else "", person.national_id,
            "; ".join(addresses.get(person.id, [])), document,
        )
        for person, role, document in people
    ]  # fmt: skip
    columns = (
        pgettext("person", "Name"),
        _("Role"),
        _("Born on"),
        _("National id"),
        _("Addresses"),
        _("Authorised by"),
    )
    return Part(_("Persons"), columns, rows)


def chronology_part(case: Case) -> Part | None:
    events = timeline(case.id, limit=MOST_EVENTS)
    rows: list[tuple[str, ...]] = [
        (moment(event.at), event.sentence, str(event.actor) if event.actor else _("the system"))
        for event in reversed(events)
    ]
    note = (
        _("Only the latest %(count)s events are shown.") % {"count": MOST_EVENTS} if len(events) == MOST_EVENTS else ""
    )
    return Part(_("Chronology"), (_("When"), _("What"), pgettext("person", "By")), rows, note=note)


def documents_part(case: Case) -> Part | None:
    rows: list[tuple[str, ...]] = [
        (name, document.get_kind_display(), document.title, day(document.made_at.date()), document.sha256)
        for name, document in _documents(case)
    ]
    if not rows:
        return None
    return Part(_("Documents"), (_("File"), _("Kind"), _("Title"), _("Added on"), "SHA-256"), rows)


def document_files(case: Case) -> Iterable[File]:
    for name, document in _documents(case):
        yield File(name, content_of(document))


def _documents(case: Case) -> list[tuple[str, Document]]:
    """Every document but earlier dossiers, with the name it gets in the dossier."""
    found: Any = current(case).exclude(kind=DocumentKind.DOSSIER).order_by("id")
    return [(f"documents/{place:03d}-{document.filename}", document) for place, document in enumerate(found, 1)]


def register() -> None:
    register_part("parties", parties_part, order=10)
    register_part("statement", statement_part, order=20)
    register_part("chronology", chronology_part, order=50)
    register_part("documents", documents_part, order=90)
    register_files("documents", document_files)
