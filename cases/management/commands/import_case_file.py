import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import Agency, Membership
from agencies.permissions import Permission
from agencies.scope import agency_scope
from cases import opening
from common.refusals import Refused
from portfolios import checking, inspecting, mapping, reasons, receiving
from portfolios.models import CaseFile, CaseFileRow, Portfolio


class Command(BaseCommand):
    help = "Take a case file in as a creditor's upload would: check it, print counts, open its cases on request."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", help="slug of the agency")
        parser.add_argument("portfolio", help="name or number of the portfolio")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="JSON file that says what the columns mean")
        parser.add_argument("--confirm", action="store_true", help="open the cases of the accepted rows")
        parser.add_argument("--by", help="e-mail of the member who uploads; the first who may, when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']}.")
        try:
            self._import(agency, options)
        except Refused as refusal:
            lines = [refusal.sentence, *(problem["sentence"] for problem in refusal.details.get("problems", [])[1:])]
            raise CommandError("\n".join(lines)) from refusal

    def _import(self, agency: Agency, options: dict[str, Any]) -> None:
        now = timezone.now()
        with agency_scope(agency.id):
            by = _member(options["by"])
            portfolio = _portfolio(options["portfolio"])
            with options["file"].open("rb") as content:
                name = options["file"].name
                case_file, _is_new = receiving.register(portfolio, content=content, filename=name, by=by)
            if case_file.state == CaseFile.State.RECEIVED:
                inspecting.inspect(case_file, now=now)
            if options["mapping"] and case_file.state in (CaseFile.State.NEEDS_MAPPING, CaseFile.State.CHECKED):
                spec = mapping.spec_of(json.loads(options["mapping"].read_text(encoding="utf-8")))
                case_file = inspecting.apply_mapping(case_file, spec=spec, by=by.user, now=now)
        checking.check(agency.id, case_file.id, now=now)
        if options["confirm"]:
            with agency_scope(agency.id):
                case_file = checking.confirm(CaseFile.objects.get(id=case_file.id), by=by.user, now=now)
            opening.open_confirmed(case_file, now=timezone.now())
        with agency_scope(agency.id):
            self._tell(CaseFile.objects.get(id=case_file.id))

    def _tell(self, case_file: CaseFile) -> None:
        self.stdout.write(f"{case_file.filename}: {case_file.state}, {case_file.rows_total} rows")
        if case_file.problem:
            self.stdout.write(case_file.problem["sentence"])
        if case_file.state == CaseFile.State.NEEDS_MAPPING:
            self.stdout.write(json.dumps(case_file.detected["suggestion"], ensure_ascii=False, indent=1))
            for question in case_file.detected["questions"]:
                self.stdout.write(f"Open question: {question['kind']} of {question['column']}")
        for name, count in case_file.counts.items():
            self.stdout.write(f"  {name}: {count}")
        for currency, sums in case_file.sums.items():
            self.stdout.write(f"  {sums['total']} {currency} in {sums['cases']} cases, {sums['secured']} of it secured")
        problems = CaseFileRow.objects.filter(case_file=case_file, verdict__in=["ERROR", "INELIGIBLE"]).order_by("line")
        for row in problems[:10]:
            self.stdout.write(f"  row {row.line}: {' '.join(reasons.sentence(reason) for reason in row.reasons)}")


def _member(email: str | None) -> Membership:
    members = Membership.objects.select_related("user", "agency").filter(is_active=True).order_by("id")
    for member in members.filter(user__email=email.lower()) if email else members:
        if member.may(Permission.FILES_UPLOAD):
            return member
    raise CommandError("No member of the agency may upload case files." if not email else f"{email} may not upload.")


def _portfolio(name: str) -> Portfolio:
    found = Portfolio.objects.filter(id=int(name)) if name.isdigit() else Portfolio.objects.filter(name=name)
    if len(found) != 1:
        raise CommandError(f"There are {len(found)} portfolios {name}.")
    return found[0]
