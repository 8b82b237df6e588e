"""`manage.py demo`: build the demo's two agencies once; print their logins each time."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from collections_crm import embedded
from collections_crm.demo import cast
from collections_crm.demo.build import build, is_built
from collections_crm.demo.court import FIRMS
from collections_crm.demo.files import SOURCES


class Command(BaseCommand):
    help = "Build the demonstration data (once) and print one login for each role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="do not tell what is being done")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_built():
            build(
                today=timezone.localdate(),
                state=embedded.place_of().home / "run" / "carrier.db",
                tell=_silent if options["quiet"] else self._tell,
            )
        self.stdout.write(logins())

    def _tell(self, what: str) -> None:
        self.stderr.write(what)
        sys.stderr.flush()


def _silent(what: str) -> None:
    """Tell nobody."""


def logins() -> str:
    """One login per role of each agency, as lines of text."""
    lines = [f"Password of every login: {cast.PASSWORD}", ""]
    for house in cast.HOUSES:
        lines.append(f"{house.name} ({house.slug})")
        shown: set[str] = set()
        for login, name, role, _team in (*house.people, ("admin", "Administrator", "AGENCY_ADMINISTRATOR", "")):
            if role not in shown:
                lines.append(f"  {role.replace('_', ' ').capitalize():22} {login}@{house.slug}.example  ({name})")
                shown.add(role)
        for source in (s for s in SOURCES if s.agency == house.slug):
            email, name, _language = cast.CREDITOR_LOGINS[source.creditor]
            lines.append(f"  {'Creditor user':22} {email}  ({source.creditor})")
        for firm, _country, email, _person in FIRMS[house.slug]:
            lines.append(f"  {'Law-firm user':22} {email}  ({firm})")
        lines.append("")
    lines.append(f"Platform operator        {cast.OPERATOR}")
    return "\n".join(lines)
