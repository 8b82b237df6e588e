from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import Agency
from agencies.scope import agency_scope
from ledger.proof import prove


class Command(BaseCommand):
    help = "Prove the books: entries balance, cached balances equal the sums of their lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", help="slug of one agency; all when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        agencies = Agency.objects.order_by("id")
        if options["agency"]:
            agencies = agencies.filter(slug=options["agency"])
            if not agencies:
                raise CommandError(f"There is no agency {options['agency']}.")
        wrong = False
        for agency in agencies:
            with agency_scope(agency.id):
                faults = prove()
            wrong = wrong or bool(faults)
            for fault in faults:
                self.stdout.write(f"{agency.slug}: {fault.count} {fault.what}: {', '.join(map(str, fault.ids))}")
            if not faults:
                self.stdout.write(f"{agency.slug}: the books are right.")
        if wrong:
            raise CommandError("The books are not right.")
