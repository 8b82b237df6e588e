from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from cases import roll
from cases.next_actions import local_day


class Command(BaseCommand):
    help = "Do the night's work of a day: what fell due, promises, holds, stages. Doing it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", help="slug of one agency; all when not given")
        parser.add_argument("--as-of", type=date.fromisoformat, help="YYYY-MM-DD; the agency's today when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        agencies = Agency.objects.order_by("id")
        if options["agency"]:
            agencies = agencies.filter(slug=options["agency"])
            if not agencies:
                raise CommandError(f"There is no agency {options['agency']}.")
        for agency in agencies:
            now = timezone.now()
            day = options["as_of"] or local_day(agency, now)
            with agency_scope(agency.id):
                done = roll.roll_day(as_of=day, now=now)
            words = ", ".join(f"{name} {count}" for name, count in done.items()) or "nothing to do"
            self.stdout.write(f"{agency.slug} {day}: {words}")
