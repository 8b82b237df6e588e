from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import Agency, Membership
from agencies.permissions import Permission
from agencies.scope import agency_scope
from cases import statement_booking, statement_pages
from common.refusals import Refused
from ledger.models import BankStatement, StatementFile
from ledger.statements import keeping


class Command(BaseCommand):
    help = "Take a bank statement in (MT940 or CAMT.053) and book what names its contract. Again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", help="slug of the agency")
        parser.add_argument("file", type=Path, nargs="+")
        parser.add_argument("--by", help="e-mail of the member who takes it in; the first who may, when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']}.")
        for path in options["file"]:
            try:
                self._take_in(agency, path, options["by"])
            except Refused as refusal:
                raise CommandError(f"{path.name}: {refusal.sentence}") from refusal

    def _take_in(self, agency: Agency, path: Path, email: str | None) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        with agency_scope(agency.id):
            file, is_new = keeping.keep(
                content, filename=path.name, by=_member(email), now=timezone.now(), via="COMMAND"
            )
        statement_booking.match_file(agency.id, file.id, now=timezone.now())
        with agency_scope(agency.id):
            self._tell(file, is_new)

    def _tell(self, file: StatementFile, is_new: bool) -> None:
        self.stdout.write(f"{file.filename}: {file.form}{'' if is_new else ', taken in before'}")
        statements = BankStatement.objects.filter(file=file).select_related("account").order_by("id")
        counts = statement_pages.counts_of(statements)
        for one in statements:
            found = counts[one.id]
            self.stdout.write(
                f"  {one.account.number} {one.closed_on} {one.opening} -> {one.closing} {one.account.currency}:"
                f" {found['BOOKED']} booked, {found['OPEN']} open, {found['IGNORED']} set aside, {one.known} known"
            )
            for sentence in statement_pages.warning_sentences(one):
                self.stdout.write(f"  {sentence}")


def _member(email: str | None) -> Membership:
    members = Membership.objects.select_related("user", "agency").filter(is_active=True).order_by("id")
    for member in members.filter(user__email=email.lower()) if email else members:
        if member.may(Permission.STATEMENTS_MATCH):
            return member
    raise CommandError(
        "No member of the agency may match statements." if not email else f"{email} may not match statements."
    )
