"""Small case files of our own making, and the way from bytes to cases."""

import io
from typing import Any

from django.utils import timezone

from agencies.models import Membership
from cases import opening, tasks
from portfolios import checking, inspecting, mapping, receiving
from portfolios.models import CaseFile, CaseFileRow, Portfolio

WORKERS = (tasks.open_case_file, tasks.check_case_file)
"""Known by name to whoever asks for them; a test's worker is the test itself."""

HEADER = "Contract nr;Nume;Prenume;IDNP;Telefon;Adresa;Localitatea;Valuta;Principal;Dobânda;Data scadenței"
ION = "A-1;Țurcanu;Ion;2000000000004;069123456;str. Florilor 1;Chișinău;MDL;1000,00;50,50;15.08.2026"
ANA = "A-2;Ceban;Ana;2000000000015;079123456;str. Ștefan 2;Bălți;MDL;2000,00;0;31.10.2026"


def csv_of(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return ("\r\n".join([header, *lines]) + "\r\n").encode(encoding)


def receive(portfolio: Portfolio, content: bytes, by: Membership, *, filename: str = "debts.csv") -> CaseFile:
    case_file, _new = receiving.receive(portfolio, content=io.BytesIO(content), filename=filename, by=by)
    inspecting.inspect(case_file, now=timezone.now()) if case_file.state == "RECEIVED" else None
    return CaseFile.objects.get(id=case_file.id)


def checked(
    portfolio: Portfolio, content: bytes, by: Membership, *, spec: dict[str, Any] | None = None, **options: Any
) -> CaseFile:
    """Receive, map by `spec` or by the suggestion, and check."""
    case_file = receive(portfolio, content, by, **options)
    if case_file.state == "NEEDS_MAPPING":
        chosen = mapping.spec_of(spec or completed(case_file.detected["suggestion"]))
        case_file = inspecting.apply_mapping(case_file, spec=chosen, by=by.user, now=timezone.now())
    checking.check(case_file.agency_id, case_file.id, now=timezone.now())
    return CaseFile.objects.get(id=case_file.id)


def completed(suggestion: dict[str, Any]) -> dict[str, Any]:
    """A suggestion whose undecided columns are kept without a meaning."""
    columns = [column | {"to": column["to"] or "extra"} for column in suggestion["columns"]]
    return suggestion | {"columns": columns}


def opened(portfolio: Portfolio, content: bytes, by: Membership, **options: Any) -> CaseFile:
    case_file = checked(portfolio, content, by, **options)
    confirmed = checking.confirm(case_file, by=by.user, now=timezone.now())
    opening.open_confirmed(confirmed, now=timezone.now())
    return CaseFile.objects.get(id=case_file.id)


def verdicts(case_file: CaseFile) -> list[str]:
    return list(CaseFileRow.objects.filter(case_file=case_file).order_by("line").values_list("verdict", flat=True))


def codes(case_file: CaseFile) -> list[str]:
    """All reasons of the file, in the order of its rows."""
    found = CaseFileRow.objects.filter(case_file=case_file).order_by("line").values_list("reasons", flat=True)
    return [reason["code"] for reasons in found for reason in reasons]
