"""Create an agency and its first administrator, from a shell."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from agencies import creating
from agencies.invitations import link_of
from common.refusals import Refused


class Command(BaseCommand):
    help = "Create an agency with its first administrator (invited by e-mail, or with a password at once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--slug", help="short name; made from the name when not given")
        parser.add_argument("--country", required=True, help="two letters, such as MD")
        parser.add_argument("--time-zone", required=True, help="such as Europe/Chisinau")
        parser.add_argument("--currency", required=True, help="three letters, such as MDL")
        parser.add_argument("--language", default="en", help="en, ro, it, cs or lt")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", default="")
        parser.add_argument("--password", nargs="?", const="", help="set a password at once; asked for when left empty")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"]
        if password == "":
            password = getpass.getpass("Password of the administrator: ")
        try:
            made = creating.create_agency(
                name=options["name"], slug=options["slug"] or slugify(options["name"]), country=options["country"],
                time_zone=options["time_zone"], currency=options["currency"], language=options["language"],
                admin_email=options["admin_email"], admin_name=options["admin_name"], password=password,
                by=None, now=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{made.agency.name} was created as {made.agency.slug}.")
        if made.invitation is not None:
            self.stdout.write(f"{made.invitation.email} was invited: {link_of(made.secret)}")
        else:
            self.stdout.write(f"{options['admin_email']} may sign in.")
