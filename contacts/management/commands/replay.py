"""Decide stored decisions of the gate again, under their own packs, and tell where the record does not hold."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.models import Agency
from agencies.scope import agency_scope
from contacts.models import Decision
from contacts.replaying import replay
from jurisdictions.packs import PackVersionUnknown


class Command(BaseCommand):
    help = "Decide stored decisions of the gate again, under their own packs, and tell where the record does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", help="short name of the agency")
        parser.add_argument("--decision", type=int, help="one decision by its number; without it the latest ones")
        parser.add_argument("--most", type=int, default=1000, help="so many of the latest (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']}.")
        confirmed = wrong = 0
        with agency_scope(agency.id):
            found = Decision.objects.order_by("-id")
            if options["decision"]:
                found = found.filter(id=options["decision"])
            for decision in found[: options["most"]].iterator(chunk_size=500):
                if problem := self._problem(decision):
                    wrong += 1
                    self.stdout.write(f"Decision {decision.id}: {problem}")
                else:
                    confirmed += 1
        self.stdout.write(f"{confirmed} confirmed, {wrong} not.")
        if wrong:
            raise CommandError("Some decisions do not come out as they were recorded.")

    def _problem(self, decision: Decision) -> str:
        try:
            found = replay(decision)
        except PackVersionUnknown as error:
            return str(error)
        return "; ".join(f"{one.field} was {one.then}, is {one.now}" for one in found.differences)
