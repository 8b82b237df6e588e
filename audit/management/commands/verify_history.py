"""Check the seals of one agency or of all; exit code 1 when history was altered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import Agency
from agencies.scope import agency_scope
from audit import sealing
from audit.models import Seal


class Command(BaseCommand):
    help = "Check that no event of the history was altered, removed or smuggled in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", help="slug of one agency; without it all agencies are checked")

    def handle(self, *args: Any, **options: Any) -> None:
        agencies = Agency.objects.order_by("id")
        if options["agency"]:
            agencies = agencies.filter(slug=options["agency"])
            if not agencies:
                raise CommandError(f"There is no agency {options['agency']!r}.")
        flaws = sum(self._check(agency) for agency in agencies)
        if flaws:
            raise CommandError(f"{flaws} seals do not hold.")

    def _check(self, agency: Agency) -> int:
        with agency_scope(agency.id):
            findings = sealing.verify()
            count, last = Seal.objects.count(), Seal.objects.order_by("-id").first()
        for finding in findings:
            span = f"{finding.from_id} to {finding.to_id}"
            self.stdout.write(f"{agency.slug}: seal {finding.seal_id} over events {span}: {finding.flaw}")
        if not findings:
            mark = bytes(last.digest).hex() if last else "nothing sealed yet"
            self.stdout.write(f"{agency.slug}: whole, {count} seals, last {mark}")
        return len(findings)
