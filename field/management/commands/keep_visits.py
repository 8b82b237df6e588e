from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from cases.next_actions import local_day
from field import orders


class Command(BaseCommand):
    help = "Open the visits that are due, cancel those no longer needed, mark the late ones. The worker does it too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", help="slug of one agency; all when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        agencies = Agency.objects.order_by("id")
        if options["agency"]:
            agencies = agencies.filter(slug=options["agency"])
            if not agencies:
                raise CommandError(f"There is no agency {options['agency']}.")
        for agency in agencies:
            now = timezone.now()
            with agency_scope(agency.id):
                done = orders.keep_in_step(as_of=local_day(agency, now), now=now)
            words = ", ".join(f"{name} {count}" for name, count in done.items()) or "nothing to do"
            self.stdout.write(f"{agency.slug}: {words}")
